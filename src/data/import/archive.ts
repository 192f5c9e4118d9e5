import { ImportError } from '../errors.ts';
import { shownName } from '../shownName.ts';
import { crc32 } from './crc32.ts';
import { checkUnpacked } from './limits.ts';
import { type SourceFile, unpackedAtOnce } from './text.ts';

/** A file in a zip archive, as the archive's directory has it. */
export interface ZipEntry {
  /** With the folders that it is in. */
  readonly path: string;
  /** Of its local header. */
  readonly offset: number;
  readonly packed: number;
  readonly size: number;
  readonly crc: number;
  readonly method: number;
  readonly isEncrypted: boolean;
}

type Slice = NonNullable<SourceFile['slice']>;

const LOCAL = 0x04034b50;
const CENTRAL = 0x02014b50;
const END = 0x06054b50;
const END_BYTES = 22;
const CENTRAL_BYTES = 46;
const LOCAL_BYTES = 30;
/** What stands in place of a size or number that needs the larger directory of zip64. */
const ELSEWHERE = 0xffffffff;
const LONGEST_COMMENT = 0xffff;
const MOST_ENTRIES = 1000;
const PIECE = 1 << 20;
const STORED = 0;
const DEFLATED = 8;

/** Whether a file is a zip archive, by its first bytes. */
export async function isZip({ slice }: SourceFile): Promise<boolean> {
  if (slice === null) return false;
  const [p, k, a, b] = await slice(0, 4);
  // The second pair: an archive without entries.
  return p === 0x50 && k === 0x4b && ((a === 3 && b === 4) || (a === 5 && b === 6));
}

/**
 * The files of an archive, from its directory: nothing is unpacked. Folders, and what macOS adds, are left out.
 *
 * @throws ImportError for an archive that is damaged, empty, too large for the plain format, or has too many files
 */
export async function entriesOf(file: SourceFile): Promise<readonly ZipEntry[]> {
  const slice = file.slice;
  if (slice === null) throw new ImportError(`${file.name} is a zip archive inside another file. Unpack it first.`);
  const tailStart = Math.max(0, file.size - END_BYTES - LONGEST_COMMENT);
  const tail = viewOf(await slice(tailStart, file.size));
  let at = tail.byteLength - END_BYTES;
  while (at >= 0 && tail.getUint32(at, true) !== END) at--;
  if (at < 0) throw damaged(file, 'its directory at the end is missing');
  const count = tail.getUint16(at + 10, true);
  const bytes = tail.getUint32(at + 12, true);
  const offset = tail.getUint32(at + 16, true);
  if (count === 0xffff || bytes === ELSEWHERE || offset === ELSEWHERE) throw zip64(file);
  if (count > MOST_ENTRIES) {
    throw new ImportError(
      `${file.name} has ${count} files; at most ${MOST_ENTRIES} are looked at. Unpack it and drop those needed.`,
    );
  }
  if (offset + bytes > tailStart + at) throw damaged(file, 'its directory does not lie in the file');
  const directory = viewOf(await slice(offset, offset + bytes));
  const entries: ZipEntry[] = [];
  for (let n = 0, next = 0; n < count; n++) {
    if (next + CENTRAL_BYTES > bytes || directory.getUint32(next, true) !== CENTRAL)
      throw damaged(file, `its directory ends after ${n} of ${count} files`);
    const names = [28, 30, 32].map((field) => directory.getUint16(next + field, true));
    const flags = directory.getUint16(next + 8, true);
    const path = pathOf(directory, next + CENTRAL_BYTES, names[0], file);
    const entry: ZipEntry = {
      path,
      offset: directory.getUint32(next + 42, true),
      packed: directory.getUint32(next + 20, true),
      size: directory.getUint32(next + 24, true),
      crc: directory.getUint32(next + 16, true),
      method: directory.getUint16(next + 10, true),
      isEncrypted: (flags & 1) === 1,
    };
    if ([entry.offset, entry.packed, entry.size].includes(ELSEWHERE)) throw zip64(file);
    if (entry.offset + entry.packed > file.size) throw damaged(file, `${path} does not lie in the file`);
    if (!path.endsWith('/') && !/(^|\/)(__MACOSX\/|\.DS_Store$|\._)/.test(path)) entries.push(entry);
    next += CENTRAL_BYTES + names[0] + names[1] + names[2];
  }
  // Office files are archives, too: no table of theirs is one of the files in it.
  if (entries.some(({ path }) => path === '[Content_Types].xml')) throw office(file, entries);
  if (entries.length === 0) throw new ImportError(`${file.name} is a zip archive without files.`);
  return entries;
}

/** Names that are no UTF-8 lose single letters: names are shown, and nothing else. */
function pathOf(directory: DataView, at: number, length: number, file: SourceFile): string {
  if (at + length > directory.byteLength) throw damaged(file, 'a name in its directory is cut off');
  return shownName(new TextDecoder().decode(new Uint8Array(directory.buffer, directory.byteOffset + at, length)));
}

/** A file of an archive as a file like any other; what is wrong with it is told when it is read. */
export function entryFile(archive: SourceFile, entry: ZipEntry): SourceFile {
  const name = entry.path.slice(entry.path.lastIndexOf('/') + 1);
  const { slice } = archive;
  if (slice === null) throw new ImportError(`${archive.name} cannot be read as an archive.`);
  return {
    name,
    size: entry.size,
    stream: () => streamOf(unpacked(archive, slice, entry)),
    slice:
      entry.method === STORED && !entry.isEncrypted
        ? async (start, end) => {
            const from = await contentsAt(archive, slice, entry);
            return slice(from + start, from + Math.min(end, entry.size));
          }
        : null,
  };
}

const streamOf = (pieces: AsyncGenerator<Uint8Array>): ReadableStream<Uint8Array> =>
  new ReadableStream<Uint8Array>({
    async pull(controller) {
      const { done, value } = await pieces.next();
      if (done) controller.close();
      else controller.enqueue(value);
    },
    async cancel() {
      await pieces.return(undefined);
    },
  });

/** The contents of an entry, checked against the size and checksum that the directory promises. */
async function* unpacked(archive: SourceFile, slice: Slice, entry: ZipEntry): AsyncGenerator<Uint8Array> {
  const { path, method, packed, size } = entry;
  if (entry.isEncrypted) throw new ImportError(`${path} in ${archive.name} is encrypted. Unpack it and drop the file.`);
  if (method !== STORED && method !== DEFLATED) {
    throw new ImportError(
      `${path} in ${archive.name} is packed by method ${method}, which is not known here (only “deflate” is). Unpack it and drop the file.`,
    );
  }
  const from = await contentsAt(archive, slice, entry);
  let taken = 0;
  const raw = new ReadableStream<Uint8Array<ArrayBuffer>>({
    async pull(controller) {
      if (taken === packed) return controller.close();
      const piece = await slice(from + taken, from + Math.min(taken + PIECE, packed));
      if (piece.length === 0) return controller.error(damaged(archive, `${path} ends too early`));
      taken += piece.length;
      for (const part of unpackedAtOnce(piece)) controller.enqueue(part);
    },
  });
  const plain = method === STORED ? raw : raw.pipeThrough(new DecompressionStream('deflate-raw'));
  const reader = plain.getReader();
  let done = 0;
  let crc = 0;
  let isWhole = false;
  try {
    while (true) {
      const next = await reader.read().catch((error: unknown) => {
        isWhole = true;
        throw error instanceof ImportError ? error : damaged(archive, `${path} cannot be unpacked`, error);
      });
      if (next.done) break;
      done += next.value.length;
      crc = crc32(next.value, crc);
      if (done > size) throw damaged(archive, `${path} is larger than it says`);
      checkUnpacked(path, taken, done);
      yield next.value;
    }
    isWhole = true;
    if (done !== size || crc !== entry.crc) throw damaged(archive, `${path} is not what was packed: its checksum is another one`);
  } finally {
    if (!isWhole) await reader.cancel();
  }
}

/** Where the contents begin: behind a header whose length only it knows. */
async function contentsAt(archive: SourceFile, slice: Slice, { path, offset, packed }: ZipEntry): Promise<number> {
  const header = viewOf(await slice(offset, offset + LOCAL_BYTES));
  if (header.byteLength < LOCAL_BYTES || header.getUint32(0, true) !== LOCAL)
    throw damaged(archive, `${path} does not begin where the directory says`);
  const from = offset + LOCAL_BYTES + header.getUint16(26, true) + header.getUint16(28, true);
  if (from + packed > archive.size) throw damaged(archive, `${path} does not lie in the file`);
  return from;
}

const viewOf = ({ buffer, byteOffset, byteLength }: Uint8Array): DataView => new DataView(buffer, byteOffset, byteLength);

const damaged = ({ name }: SourceFile, what: string, cause?: unknown): ImportError =>
  new ImportError(`${name} is a damaged zip archive: ${what}. Fetch it again, or unpack it and drop the files themselves.`, {
    cause,
  });

const office = ({ name }: SourceFile, entries: readonly ZipEntry[]): ImportError =>
  new ImportError(
    entries.some(({ path }) => path.startsWith('xl/'))
      ? `${name} is an Excel workbook. Save the sheet as CSV in Excel, and drop that file.`
      : `${name} is an Office document. Save its table as CSV, and drop that file.`,
  );

const zip64 = ({ name }: SourceFile): ImportError =>
  new ImportError(
    `${name} is a zip archive of the zip64 kind (over 4 GB or 65,535 files), which is not read here. Unpack it and drop the files themselves.`,
  );
