import { expose } from 'comlink';
import { holdLifeline } from '../src/services/lifeline.ts';

/** Lets the page call a service, and know whether this worker is alive. */
export function serve(service: object): void {
  // Where locks are missing the page looks for none.
  if (navigator.locks !== undefined) holdLifeline(self, navigator.locks);
  expose(service);
}
