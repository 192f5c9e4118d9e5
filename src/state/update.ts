import type { Workbox } from 'workbox-window';
import { create } from 'zustand';
import { TRAINING_LOCK } from '../services/protocol.ts';

/** Whether the studio works without a network, and whether a newer one has been built. */
export interface UpdateState {
  /** Whether everything is kept, so that no network is needed; `now`: since this visit. A sentence where it cannot be kept. */
  readonly offline: 'unknown' | 'now' | 'kept' | { readonly problem: string };
  /** A newer version is kept and waits. `taken`: another tab has taken it, this one still shows the older. */
  readonly newer: 'waiting' | 'taken' | null;
  /** Something trains, in whichever tab; only looked at while there is a newer version. */
  readonly training: boolean;
}

export const useUpdate = create<UpdateState>()(() => ({ offline: 'unknown', newer: null, training: false }));

/** The page first: what the worker fetches is not needed for its first view. */
const AFTER_START = 2000;
/** A tab may stay open for weeks. */
const LOOK_EVERY = 3_600_000;
const LOOK_FOR_TRAINING_EVERY = 1000;

let workbox: Workbox | null = null;
/** The user took the newer version in this tab. */
let asked = false;

const wait = (milliseconds: number) =>
  new Promise<void>((resolve) => {
    setTimeout(resolve, milliseconds);
  });

/** Once a visit, see `watch`; a browser that refuses is no reason to alarm anybody: the studio works with a network. */
export function watchUpdates(): void {
  watch().catch((error: unknown) => {
    const reason = error instanceof Error ? error.message : String(error);
    useUpdate.setState({ offline: { problem: `The browser does not keep the studio for use without a network: ${reason}` } });
  });
}

/**
 * Has the browser keep the whole studio, and notices when there is a newer one. Nothing is ever reloaded by itself.
 *
 * @throws Error where there are no service workers, or the worker cannot be fetched or started
 */
async function watch(): Promise<void> {
  await wait(AFTER_START);
  if (!('serviceWorker' in navigator)) throw new Error('it has no service workers here, which need https or this machine.');
  const { Workbox } = await import('workbox-window');
  const watched = new Workbox('./sw.js');
  workbox = watched;
  let controlled = navigator.serviceWorker.controller !== null;
  watched.addEventListener('activated', ({ isUpdate, isExternal }) => {
    if (!isUpdate && !isExternal) useUpdate.setState({ offline: 'now' });
  });
  watched.addEventListener('waiting', () => note('waiting'));
  navigator.serviceWorker.addEventListener('controllerchange', () => {
    // The first worker of all takes over the page that has just been loaded: that is no newer version.
    const wasAsked = asked;
    asked = false;
    if (controlled || wasAsked) note('taken');
    controlled = true;
    // A run may have begun since it was asked for: then it is offered again.
    if (wasAsked) takeUpdate().catch(() => undefined);
  });
  const registration = await watched.register();
  if (registration?.active && useUpdate.getState().offline === 'unknown') useUpdate.setState({ offline: 'kept' });
  setInterval(() => {
    // Whoever serves it may be gone; that is what it was kept for.
    watched.update().catch(() => undefined);
  }, LOOK_EVERY);
}

function note(newer: 'waiting' | 'taken'): void {
  if (useUpdate.getState().newer === null) setInterval(lookForTraining, LOOK_FOR_TRAINING_EVERY);
  useUpdate.setState({ newer });
  lookForTraining();
}

/** Whoever trains holds the lock, also between two runs of the queue. */
async function lookForTraining(): Promise<boolean> {
  const { held = [] } = await navigator.locks.query();
  const training = held.some(({ name }) => name === TRAINING_LOCK);
  useUpdate.setState({ training });
  return training;
}

/** Goes over to the newer version: this tab is reloaded. Not while anything trains. */
export async function takeUpdate(): Promise<void> {
  if (await lookForTraining()) return;
  if (useUpdate.getState().newer === 'taken') {
    location.reload();
    return;
  }
  asked = true;
  workbox?.messageSkipWaiting();
}
