import { type Remote, wrap } from 'comlink';
import type { Steps } from './steps.worker.ts';

declare global {
  interface Window {
    steps: Remote<Steps>;
  }
}

// In a worker, as in the studio: its main thread may not wait for another one.
window.steps = wrap<Steps>(new Worker(new URL('./steps.worker.ts', import.meta.url), { type: 'module', name: 'steps' }));
