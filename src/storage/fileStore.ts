import type { StudioDatabase } from './database.ts';
import { type FileStore, sweep } from './files.ts';
import { whileAllNamed } from './filesLock.ts';
import { namedFiles } from './named.ts';
import { openOpfs } from './opfs.ts';
import { rowFiles } from './rowFiles.ts';

const stores = new WeakMap<StudioDatabase, Promise<FileStore>>();

/** The files beside a database: on disk where the browser has a file system, otherwise rows of the database. */
export function filesOf(database: StudioDatabase): Promise<FileStore> {
  const store = stores.get(database) ?? openOpfs().then((opfs) => opfs ?? rowFiles(database));
  stores.set(database, store);
  return store;
}

/** Removes files that no row names, unless somebody is writing some. */
export const sweepFiles = (database: StudioDatabase, locks: LockManager | undefined): Promise<void> =>
  whileAllNamed(locks, async () => sweep(await filesOf(database), () => namedFiles(database), Date.now()));
