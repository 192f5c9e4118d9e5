import type { StudioDatabase } from './database.ts';
import { type FileStore, FilesUnavailableError, sweep } from './files.ts';
import { whileAllNamed } from './filesLock.ts';
import { namedFiles } from './named.ts';
import { openOpfs } from './opfs.ts';
import { rowFiles } from './rowFiles.ts';

const stores = new WeakMap<StudioDatabase, Promise<FileStore>>();

/**
 * The files beside a database: on disk where the browser has a file system, otherwise rows of the database.
 *
 * @param openDisk a seam for tests of what a browser may refuse
 */
export function filesOf(database: StudioDatabase, openDisk = openOpfs): Promise<FileStore> {
  const store = stores.get(database) ?? choose(database, openDisk);
  stores.set(database, store);
  return store;
}

async function choose(database: StudioDatabase, openDisk: typeof openOpfs): Promise<FileStore> {
  try {
    return (await openDisk()) ?? rowFiles(database);
  } catch (error) {
    const inRows = new Set(await database.files.toCollection().primaryKeys());
    const isOnDisk = Array.from(await namedFiles(database)).some((name) => !inRows.has(name));
    // Refused from the first, as in a private window of some browsers: rows take the place of files.
    if (!isOnDisk) return rowFiles(database);
    stores.delete(database);
    return unopened(new FilesUnavailableError(error instanceof Error ? error.message : String(error), { cause: error }));
  }
}

/** Files that are there, and cannot be had now: none may be taken for missing. Asked for again the next time. */
function unopened(error: FilesUnavailableError): FileStore {
  const refuse = () => Promise.reject(error);
  return { isOnDisk: true, create: refuse, open: refuse, remove: refuse, list: refuse };
}

/** Removes files that no row names, unless somebody is writing some. */
export const sweepFiles = (database: StudioDatabase, locks: LockManager | undefined): Promise<void> =>
  whileAllNamed(locks, async () => sweep(await filesOf(database), () => namedFiles(database), Date.now()));
