import { closeSync, openSync, readSync, rmSync, writeSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { StudioDatabase } from '../../src/storage/database.ts';
import { FileCutShortError, type FileStore, type NewFile, newName } from '../../src/storage/files.ts';
import { rowFiles } from '../../src/storage/rowFiles.ts';

/** Files of a studio that has a disk, and how many of them are open. */
export interface Disk {
  readonly files: FileStore;
  readonly open: () => number;
}

/** What is finished becomes a row of the database, where it is counted with the others; until then it is on the disk of the machine. */
export function diskOf(database: StudioDatabase): Disk {
  const rows = rowFiles(database);
  let open = 0;
  const create: FileStore['create'] = async (kind) => {
    const name = newName(kind);
    const path = join(tmpdir(), `fuzz-${name}`);
    const handle = openSync(path, 'w+');
    let size = 0;
    open++;
    let isOpen = true;
    const close = () => {
      if (!isOpen) return;
      isOpen = false;
      open--;
      closeSync(handle);
      rmSync(path);
    };
    const read: NewFile['read'] = (into, at) => {
      if (at + into.length > size || readSync(handle, into, 0, into.length, at) < into.length) throw new FileCutShortError(name);
    };
    const flush = async () => {
      const bytes = new Uint8Array(size);
      read(bytes, 0);
      await database.files.put({ name, bytes });
    };
    return {
      name,
      get size() {
        return size;
      },
      read,
      write: (bytes, at) => {
        writeSync(handle, bytes, 0, bytes.length, at);
        size = Math.max(size, at + bytes.length);
      },
      close,
      flush,
      finish: async () => {
        await flush();
        close();
      },
      abandon: async () => {
        close();
        await database.files.delete(name);
      },
    };
  };
  return { files: { ...rows, isOnDisk: true, create }, open: () => open };
}
