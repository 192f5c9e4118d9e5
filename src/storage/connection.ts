import { type StudioDatabase, VERSION } from './database.ts';
import { storageFault } from './errors.ts';

/** Why nothing can be kept, or read, any more. */
export type ClosedFor =
  /** The browser has no IndexedDB here: some private windows. */
  | 'absent'
  /** A newer version of the studio stored what is here. */
  | 'newer'
  /** A newer version of the studio, in another tab, has just taken it over. */
  | 'outdated'
  /** What an earlier version stored could not be brought to the present form; it is as it was. */
  | 'not-upgraded'
  /** It cannot be opened, or opened again. */
  | 'unreadable';

/** How the page's connection to the database stands. */
export type ConnectionState =
  | { readonly type: 'open' }
  /** An older version of the studio, in another tab, holds the data: nothing can be opened until it is closed. */
  | { readonly type: 'blocked' }
  /** The browser closed it: it is being opened again. */
  | { readonly type: 'lost' }
  /** Opened again, but empty: all that was stored is gone. */
  | { readonly type: 'emptied' }
  | { readonly type: 'closed'; readonly why: ClosedFor; readonly message: string };

/** Milliseconds before each attempt to open it again. */
const ATTEMPTS = [100, 500, 1500, 4000];

const pause = (milliseconds: number) => new Promise((resolve) => setTimeout(resolve, milliseconds));

/**
 * Opens the database, and opens it again as often as the browser closes it, with a few attempts each time.
 *
 * @param tell how the connection stands, each time it changes
 * @param wait between attempts: a seam for tests
 */
export async function keepOpen(
  database: StudioDatabase,
  tell: (state: ConnectionState) => void,
  wait: (milliseconds: number) => Promise<unknown> = pause,
): Promise<void> {
  let state: ConnectionState['type'] | null = null;
  let isNew = false;
  const say = (next: ConnectionState) => {
    state = next.type;
    tell(next);
  };
  const end = async (error: unknown) => {
    // Dexie repeats what the browser said on a line of its own.
    const [message] = (error instanceof Error ? error.message : String(error)).split('\n');
    say({ type: 'closed', why: await reason(database, error), message });
  };
  database.on('populate', () => {
    isNew = true;
  });
  database.on('blocked', () => {
    say({ type: 'blocked' });
    return false;
  });
  database.on('close', () => {
    if (database.isOutdated) say({ type: 'closed', why: 'outdated', message: '' });
    // While it is being opened, whoever opens it says what came of it.
    else if (state === 'open' || state === 'emptied') void reopen();
  });
  const reopen = async () => {
    say({ type: 'lost' });
    isNew = false;
    let last: unknown = null;
    for (const milliseconds of ATTEMPTS) {
      await wait(milliseconds);
      try {
        await database.open();
        say({ type: isNew ? 'emptied' : 'open' });
        return;
      } catch (error) {
        last = error;
      }
      if (database.isOutdated) return;
    }
    await end(last);
  };
  try {
    if (await isNewer(database.name)) say({ type: 'closed', why: 'newer', message: '' });
    else {
      await database.open();
      say({ type: 'open' });
    }
  } catch (error) {
    await end(error);
  }
}

/** The version that is stored, 0 where nothing is; null where the browser does not tell it. */
async function storedVersion(name: string): Promise<number | null> {
  if (typeof indexedDB === 'undefined' || typeof indexedDB.databases !== 'function') return null;
  const stored = (await indexedDB.databases()).find((each) => each.name === name);
  return Math.floor((stored?.version ?? 0) / 10);
}

/** Looked at before it is opened: Dexie would add to a newer form whatever it misses there. */
const isNewer = async (name: string): Promise<boolean> => ((await storedVersion(name)) ?? 0) > VERSION;

async function reason(database: StudioDatabase, error: unknown): Promise<ClosedFor> {
  if (error instanceof Error) {
    if (error.name === 'NewerSchemaError' || error.name === 'VersionError') return 'newer';
    // Firefox refuses any change in some private windows.
    if (['MissingAPIError', 'SecurityError'].includes(error.name) || /mutation operation/i.test(error.message)) return 'absent';
    if (storageFault(error) === 'full') return 'unreadable';
  }
  const version = await storedVersion(database.name).catch(() => null);
  return version !== null && version > 0 && version < VERSION ? 'not-upgraded' : 'unreadable';
}
