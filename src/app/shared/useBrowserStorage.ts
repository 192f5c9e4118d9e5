import { useLiveQuery } from 'dexie-react-hooks';
import { database } from '../../state/database.ts';

/** What the browser says about the room of this page. */
export interface BrowserStorage {
  readonly usage: number;
  readonly quota: number;
}

/** Asked again whenever datasets or runs come, go or end; null where the browser says nothing. */
export function useBrowserStorage(): BrowserStorage | null {
  const found = useLiveQuery(async () => {
    await Promise.all([database.datasets.count(), database.runs.where('status').notEqual('queued').count()]);
    const { usage, quota } = (await navigator.storage?.estimate()) ?? {};
    return usage === undefined || quota === undefined ? null : { usage, quota };
  }, []);
  return found ?? null;
}
