import {
  entryOf,
  FileCutShortError,
  type FileEntry,
  type FileKind,
  FileMissingError,
  type FileStore,
  FileWriteError,
  type NewFile,
  newName,
  type StoredFile,
} from './files.ts';

/** Where the studio's files are in the origin's private file system. */
const FOLDER = 'uaf-studio';

/**
 * The files of this origin; null where the browser knows none. Only workers read and write them: the page may list and remove.
 *
 * @throws whatever the browser says where it refuses them, as some do in private windows, or does not open them now
 */
export async function openOpfs(): Promise<FileStore | null> {
  if (typeof FileSystemFileHandle === 'undefined') return null;
  const isWorker = typeof document === 'undefined';
  if (isWorker && !('createSyncAccessHandle' in FileSystemFileHandle.prototype)) return null;
  const root = await navigator.storage.getDirectory();
  return opfs(await root.getDirectoryHandle(FOLDER, { create: true }));
}

function opfs(folder: FileSystemDirectoryHandle): FileStore {
  const remove = async (name: string): Promise<void> => {
    try {
      await folder.removeEntry(name);
    } catch (error) {
      if (!isNamed(error, 'NotFoundError') && !isNamed(error, 'NoModificationAllowedError')) throw error;
    }
  };
  return {
    isOnDisk: true,
    create: async (kind: FileKind): Promise<NewFile> => {
      const name = newName(kind);
      const handle = await (await folder.getFileHandle(name, { create: true })).createSyncAccessHandle();
      let size = 0;
      return {
        name,
        get size() {
          return size;
        },
        read: readFrom(name, handle),
        write: (bytes, at) => {
          writeTo(name, handle, bytes, at);
          size = Math.max(size, at + bytes.length);
        },
        close: () => handle.close(),
        flush: async () => handle.flush(),
        finish: async () => {
          handle.flush();
          handle.close();
        },
        abandon: async () => {
          handle.close();
          await remove(name);
        },
      };
    },
    open: async (name: string): Promise<StoredFile> => {
      const file = await folder.getFileHandle(name).catch((cause: unknown) => {
        throw isNamed(cause, 'NotFoundError') ? new FileMissingError(name, { cause }) : cause;
      });
      return openToRead(name, file);
    },
    remove,
    list: async () => {
      const entries: FileEntry[] = [];
      for await (const [name, handle] of folder.entries()) {
        if (handle.kind !== 'file') continue;
        const file = await (handle as FileSystemFileHandle).getFile().catch((error: unknown) => {
          // Removed since it was listed.
          if (isNamed(error, 'NotFoundError')) return null;
          throw error;
        });
        const entry = file && entryOf(name, file.size);
        if (entry !== null) entries.push(entry);
      }
      return entries;
    },
  };
}

/**
 * Several workers and tabs read the same file: that needs handles that only read (Chrome). Elsewhere the first one gets a handle
 * of its own, and whoever comes later reads the whole file into memory.
 */
async function openToRead(name: string, file: FileSystemFileHandle): Promise<StoredFile> {
  try {
    const handle = await createReadHandle(file);
    return { name, size: handle.getSize(), read: readFrom(name, handle), close: () => handle.close() };
  } catch (error) {
    if (!isNamed(error, 'NoModificationAllowedError')) throw error;
    const bytes = new Uint8Array(await (await file.getFile()).arrayBuffer());
    return { name, size: bytes.length, read: readBytes(name, bytes), close: () => {} };
  }
}

/** The option is not in TypeScript's types yet; browsers that do not know it ignore it. */
const createReadHandle = (file: FileSystemFileHandle): Promise<FileSystemSyncAccessHandle> =>
  (file.createSyncAccessHandle as (options: { mode: 'read-only' }) => Promise<FileSystemSyncAccessHandle>).call(file, {
    mode: 'read-only',
  });

const readFrom = (name: string, handle: FileSystemSyncAccessHandle) => (into: Uint8Array, at: number) => {
  if (handle.read(into as Uint8Array<ArrayBuffer>, { at }) !== into.length) throw new FileCutShortError(name);
};

/** A full disk takes a part, and says how much of it; in other words it is told as a state of the handle. */
export function writeTo(name: string, handle: Pick<FileSystemSyncAccessHandle, 'write'>, bytes: Uint8Array, at: number): void {
  let written: number;
  try {
    written = handle.write(bytes as Uint8Array<ArrayBuffer>, { at });
  } catch (cause) {
    throw isNamed(cause, 'InvalidStateError') ? new FileWriteError(name, { cause }) : cause;
  }
  if (written !== bytes.length)
    throw new DOMException(`The disk took ${written} of ${bytes.length} bytes.`, 'QuotaExceededError');
}

/** Reading of a file that is in memory. */
export const readBytes = (name: string, bytes: Uint8Array) => (into: Uint8Array, at: number) => {
  if (at + into.length > bytes.length) throw new FileCutShortError(name);
  into.set(bytes.subarray(at, at + into.length));
};

const isNamed = (error: unknown, name: string): boolean => error instanceof DOMException && error.name === name;
