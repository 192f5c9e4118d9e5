import type { StudioDatabase } from './database.ts';
import { entryOf, type FileEntry, FileMissingError, type FileStore, newName } from './files.ts';
import { readBytes } from './opfs.ts';

/** Files as rows of the database, where there is no file system: whole in memory while they are open. */
export function rowFiles({ files }: StudioDatabase): FileStore {
  return {
    isOnDisk: false,
    create: async (kind) => {
      const name = newName(kind);
      let bytes = new Uint8Array(1 << 16);
      let size = 0;
      return {
        name,
        get size() {
          return size;
        },
        read: (into, at) => readBytes(name, bytes.subarray(0, size))(into, at),
        write: (more, at) => {
          const end = at + more.length;
          if (end > bytes.length) {
            const larger = new Uint8Array(Math.max(end, 2 * bytes.length));
            larger.set(bytes);
            bytes = larger;
          }
          bytes.set(more, at);
          size = Math.max(size, end);
        },
        close: () => {},
        // A view would be stored with all of its buffer. What is finished is closed, as in a file system: nothing more is read.
        finish: async () => {
          await files.put({ name, bytes: bytes.slice(0, size) });
          bytes = new Uint8Array();
          size = 0;
        },
        abandon: async () => {},
      };
    },
    open: async (name) => {
      const row = await files.get(name);
      if (row === undefined) throw new FileMissingError(name);
      return { name, size: row.bytes.length, read: readBytes(name, row.bytes), close: () => {} };
    },
    remove: (name) => files.delete(name),
    list: async () => {
      const entries: FileEntry[] = [];
      await files.each(({ name, bytes }) => {
        const entry = entryOf(name, bytes.length);
        if (entry !== null) entries.push(entry);
      });
      return entries;
    },
  };
}
