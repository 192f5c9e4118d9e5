/**
 * Large contents, beside the rows that name them: values of large datasets, checkpoints, what an import cannot hold in memory.
 * Opening is asynchronous, reading and writing are not, so that a loop over events or a batch of users needs no await.
 */
export interface FileStore {
  /** Whether a file may be larger than memory. */
  readonly isOnDisk: boolean;
  /** A new file under a name that no other has. It lasts once it is finished, and until it is removed. */
  readonly create: (kind: FileKind) => Promise<NewFile>;
  /** @throws FileMissingError */
  readonly open: (name: string) => Promise<StoredFile>;
  /** Does nothing where there is none, or where it is being written. */
  readonly remove: (name: string) => Promise<void>;
  readonly list: () => Promise<readonly FileEntry[]>;
}

/** `scratch` is what only the worker that made it needs. */
export type FileKind = 'dataset' | 'checkpoint' | 'scratch';

export interface FileEntry {
  readonly name: string;
  readonly kind: FileKind;
  readonly bytes: number;
  /** When it was made, in milliseconds. */
  readonly createdAt: number;
}

export interface StoredFile {
  readonly name: string;
  readonly size: number;
  /** Fills `into` from `at` on. @throws FileCutShortError where the file ends before */
  readonly read: (into: Uint8Array, at: number) => void;
  readonly close: () => void;
}

/** A file that is being written; what was written can be read and written over. */
export interface NewFile extends StoredFile {
  /** @throws QuotaExceededError as the browser does, FileWriteError */
  readonly write: (bytes: Uint8Array, at: number) => void;
  /** Makes what was written last; it stays open. */
  readonly flush: () => Promise<void>;
  /** Makes it last, and closes it. */
  readonly finish: () => Promise<void>;
  /** Closes it, and leaves nothing behind. */
  readonly abandon: () => Promise<void>;
}

/** The browser does not open its files now, as it did before: nothing is known of what is in them. */
export class FilesUnavailableError extends Error {
  override name = 'FilesUnavailableError';
  constructor(reason: string, options?: ErrorOptions) {
    super(
      `The browser does not open its files at the moment (${reason}). What was saved in them is still there. Reload the page to try again.`,
      options,
    );
  }
}

/** Whether an error is of the browser's files, not of the database: whatever only tidies up does without them. */
export const isFileFault = (error: unknown): boolean => error instanceof FilesUnavailableError || error instanceof DOMException;

/** A row names a file that is not there: the browser, or someone, removed it. */
export class FileMissingError extends Error {
  override name = 'FileMissingError';
  constructor(file: string, options?: ErrorOptions) {
    super(`A part of what was stored is missing (${file}).`, options);
  }
}

export class FileCutShortError extends Error {
  override name = 'FileCutShortError';
  constructor(file: string) {
    super(`A part of what was stored is cut short (${file}).`);
  }
}

/** The disk did not take what was to be written, for whatever reason: what was stored before is as it was. */
export class FileWriteError extends Error {
  override name = 'FileWriteError';
  constructor(file: string, options?: ErrorOptions) {
    super(`A part of what was to be stored could not be written (${file}).`, options);
  }
}

/** `checkpoint-1764100000000-<random>`: what a list needs without opening the file. */
export const newName = (kind: FileKind): string => `${kind}-${Date.now()}-${crypto.randomUUID()}`;

const KINDS: readonly FileKind[] = ['dataset', 'checkpoint', 'scratch'];

/** Null for a name that is not ours. */
export function entryOf(name: string, bytes: number): FileEntry | null {
  const [word, time] = name.split('-');
  const kind = KINDS.find((candidate) => candidate === word);
  return kind === undefined ? null : { name, kind, bytes, createdAt: Number(time) };
}

/** Between being finished and being named by a row a file belongs to nobody for a moment; scratch is never finished. */
const GRACE: Record<FileKind, number> = { dataset: 10 * 60_000, checkpoint: 10 * 60_000, scratch: 10_000 };

/** Whether nobody is writing a file that no row names. @param now in milliseconds */
export const isLeftBehind = ({ kind, createdAt }: FileEntry, now: number): boolean => now - createdAt > GRACE[kind];

/**
 * Removes what a worker that died left behind: files that no row names, and no one is writing.
 *
 * @param namedNow the names in rows. Asked for after the files were listed: one that was finished by then has its row
 */
export async function sweep(files: FileStore, namedNow: () => Promise<ReadonlySet<string>>, now: number): Promise<void> {
  const old = (await files.list()).filter((entry) => isLeftBehind(entry, now));
  if (old.length === 0) return;
  const named = await namedNow();
  for (const { name } of old) if (!named.has(name)) await files.remove(name);
}
