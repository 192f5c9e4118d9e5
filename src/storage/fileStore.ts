import type { StudioDatabase } from './database.ts';
import { FileMissingError, type FileStore, FilesUnavailableError, isFileFault, sweep } from './files.ts';
import { whileAllNamed } from './filesLock.ts';
import { namedFiles } from './named.ts';
import { openOpfs } from './opfs.ts';
import { rowFiles } from './rowFiles.ts';

const stores = new WeakMap<StudioDatabase, Promise<FileStore>>();

/**
 * The files beside a database: on disk where the browser has a file system, otherwise rows of the database. A disk that the browser
 * refused is asked for again the next time.
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
    const disk = await openDisk();
    return disk === null ? rowFiles(database) : withRows(disk, rowFiles(database));
  } catch (error) {
    stores.delete(database);
    // Refused from the first, as in a private window of some browsers: rows take the place of files.
    if (!(await isOnlyOnDisk(database))) return rowFiles(database);
    return unopened(new FilesUnavailableError(error instanceof Error ? error.message : String(error), { cause: error }));
  }
}

/** Whether files are named, and none of them is a row. A browser that has only ever kept rows may have lost one: that one is missing. */
const isOnlyOnDisk = ({ datasets, checkpoints, files }: StudioDatabase): Promise<boolean> =>
  files.db.transaction('r', datasets, checkpoints, files, async () => {
    const inRows = new Set(await files.toCollection().primaryKeys());
    const named = Array.from(await namedFiles({ datasets, checkpoints }));
    return named.length > 0 && !named.some((name) => inRows.has(name));
  });

/** The disk, and what was kept as rows while it did not open: they are found, and removed, under their names. */
const withRows = (disk: FileStore, rows: FileStore): FileStore => ({
  ...disk,
  open: (name) =>
    disk.open(name).catch((error: unknown) => {
      if (!(error instanceof FileMissingError)) throw error;
      return rows.open(name);
    }),
  remove: async (name) => {
    await disk.remove(name);
    await rows.remove(name);
  },
  list: async () => [...(await disk.list()), ...(await rows.list())],
});

/** Files that are there, and cannot be had now: none may be taken for missing. */
function unopened(error: FilesUnavailableError): FileStore {
  const refuse = () => Promise.reject(error);
  return { isOnDisk: true, create: refuse, open: refuse, remove: refuse, list: refuse };
}

/** Files that rows do not name any more, after the transaction. Those that cannot be removed now are swept later, as those that a worker has open. */
export async function removeFiles(database: StudioDatabase, names: readonly string[]): Promise<void> {
  if (names.length === 0) return;
  const files = await filesOf(database);
  try {
    for (const name of names) await files.remove(name);
  } catch (error) {
    if (!isFileFault(error)) throw error;
  }
}

/** Removes files that no row names, unless somebody is writing some. Where the browser does not let it, it is left to the next time. */
export async function sweepFiles(database: StudioDatabase, locks: LockManager | undefined): Promise<void> {
  try {
    await whileAllNamed(locks, async () => sweep(await filesOf(database), () => namedFiles(database), Date.now()));
  } catch (error) {
    if (!isFileFault(error)) throw error;
  }
}
