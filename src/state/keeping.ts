import { create } from 'zustand';
import { usePreferences } from './preferences.ts';

/**
 * Whether the browser keeps the studio's data until the user clears it. `unknown`: not looked yet; `impossible`: it knows no such
 * thing.
 */
export type Keeping = 'unknown' | 'impossible' | 'kept' | 'not-kept';

export const useKeeping = create<{ readonly keeping: Keeping }>()(() => ({ keeping: 'unknown' }));

const told = (isKept: boolean) => useKeeping.setState({ keeping: isKept ? 'kept' : 'not-kept' });

/** Older browsers, and pages without a secure origin, have none. */
const manager = (): StorageManager | undefined => navigator.storage as StorageManager | undefined;

/** Looks, without asking for anything. */
export async function lookAtKeeping(): Promise<void> {
  const storage = manager();
  if (storage?.persisted === undefined) useKeeping.setState({ keeping: 'impossible' });
  else told(await storage.persisted());
}

/** Asks the browser, which may ask the user. */
export async function askAgain(): Promise<void> {
  const storage = manager();
  usePreferences.getState().noteKeepAsked();
  if (storage?.persist === undefined) useKeeping.setState({ keeping: 'impossible' });
  else told(await storage.persist());
}

/** Asks at the first thing worth keeping, after a user's action, and never again by itself. Nothing waits for the answer. */
export function askToKeep(): void {
  if (!usePreferences.getState().keepAsked) askAgain().catch(() => useKeeping.setState({ keeping: 'not-kept' }));
}
