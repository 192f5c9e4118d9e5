/** A file whose bytes can be read anywhere: in the browser, on disk, or in another file. */
export interface Sliced {
  readonly size: number;
  readonly slice: (start: number, end: number) => Promise<Uint8Array<ArrayBuffer>>;
}

export const slicedBlob = (blob: Blob): Sliced => ({
  size: blob.size,
  slice: async (start, end) => new Uint8Array(await blob.slice(start, end).arrayBuffer()),
});

/** A file inside a zip, as the directory at its end lists it. */
export interface ZipEntry {
  /** With the folders that it is in. */
  readonly path: string;
  readonly size: number;
  readonly packed: number;
  /** 0: as it is; 8: deflated. */
  readonly method: number;
  readonly isEncrypted: boolean;
  readonly crc: number;
  /** Where its own header stands. */
  readonly offset: number;
}

/** Where a zip says that its directory is. */
export interface ZipEnd {
  readonly count: number;
  readonly bytes: number;
  readonly offset: number;
}

/** Something that is no zip, or one whose directory cannot be read. */
export class ZipError extends Error {
  override name = 'ZipError';
}

const END = 0x06054b50;
const END_64_LOCATOR = 0x07064b50;
const END_64 = 0x06064b50;
const LISTED = 0x02014b50;

const END_BYTES = 22;
const END_64_BYTES = 56;
const LOCATOR_BYTES = 20;
const LISTED_BYTES = 46;
const LONGEST_COMMENT = 0xffff;
/** A million names of common length. */
const LARGEST_DIRECTORY = 200_000_000;
/** What stands in place of a number that has no room: it is in what zip64 adds. */
const ELSEWHERE = 0xffffffff;

export const viewOf = async ({ slice }: Sliced, from: number, to: number): Promise<DataView> => {
  const { buffer, byteOffset, byteLength } = await slice(from, to);
  return new DataView(buffer, byteOffset, byteLength);
};

/** Where the directory is, from the last bytes of the zip. @throws ZipError */
export async function endOf(archive: Sliced): Promise<ZipEnd> {
  const from = Math.max(0, archive.size - END_BYTES - LONGEST_COMMENT);
  const view = await viewOf(archive, from, archive.size);
  for (let at = view.byteLength - END_BYTES; at >= 0; at--) {
    if (view.getUint32(at, true) !== END) continue;
    const end = {
      count: view.getUint16(at + 10, true),
      bytes: view.getUint32(at + 12, true),
      offset: view.getUint32(at + 16, true),
    };
    const locator = at - LOCATOR_BYTES;
    const isLarge = end.count === 0xffff || end.bytes === ELSEWHERE || end.offset === ELSEWHERE;
    if (!isLarge || locator < 0 || view.getUint32(locator, true) !== END_64_LOCATOR) return checked(end, from + at);
    const large = numberAt(view, locator + 8);
    return checked(await largeEnd(archive, large), large);
  }
  throw new ZipError('It was cut off, or is no zip: its list of contents is missing.');
}

/** @param before where the directory has to end at the latest */
function checked(end: ZipEnd, before: number): ZipEnd {
  if (end.bytes > LARGEST_DIRECTORY || end.offset + end.bytes > before)
    throw new ZipError('Its list of contents lies outside of it.');
  return end;
}

async function largeEnd(archive: Sliced, at: number): Promise<ZipEnd> {
  const view = await viewOf(archive, at, at + END_64_BYTES);
  if (view.byteLength < END_64_BYTES || view.getUint32(0, true) !== END_64)
    throw new ZipError('Its list of contents is missing.');
  return { count: numberAt(view, 32), bytes: numberAt(view, 40), offset: numberAt(view, 48) };
}

/** @throws ZipError for a number that no file reaches */
function numberAt(view: DataView, offset: number): number {
  const value = view.getBigUint64(offset, true);
  if (value > BigInt(Number.MAX_SAFE_INTEGER)) throw new ZipError('Its sizes cannot be true.');
  return Number(value);
}

/**
 * The files of a zip, from its directory: nothing is unpacked, and what they hold is checked as they are read (`contents.ts`).
 *
 * @throws ZipError where they cannot all be in it
 */
export async function entriesAt(archive: Sliced, { count, bytes, offset }: ZipEnd): Promise<ZipEntry[]> {
  const view = await viewOf(archive, offset, offset + bytes);
  const entries: ZipEntry[] = [];
  let at = 0;
  for (let i = 0; i < count; i++) {
    if (at + LISTED_BYTES > view.byteLength || view.getUint32(at, true) !== LISTED)
      throw new ZipError('Its list of contents is cut off.');
    const [nameBytes, extraBytes, commentBytes] = [28, 30, 32].map((field) => view.getUint16(at + field, true));
    const end = at + LISTED_BYTES + nameBytes + extraBytes + commentBytes;
    if (end > view.byteLength) throw new ZipError('Its list of contents is cut off.');
    entries.push(entryAt(view, at, nameBytes, extraBytes));
    at = end;
  }
  // Files that share their bytes make a small zip a large one.
  const packed = entries.reduce((sum, entry) => sum + entry.packed, 0);
  if (packed > archive.size) throw new ZipError('Its files are larger than it is itself.');
  return entries;
}

function entryAt(view: DataView, at: number, nameBytes: number, extraBytes: number): ZipEntry {
  const name = new Uint8Array(view.buffer, view.byteOffset + at + LISTED_BYTES, nameBytes);
  const short = {
    packed: view.getUint32(at + 20, true),
    size: view.getUint32(at + 24, true),
    offset: view.getUint32(at + 42, true),
  };
  return {
    // Names that are no UTF-8 lose single letters.
    path: new TextDecoder().decode(name),
    method: view.getUint16(at + 10, true),
    isEncrypted: (view.getUint16(at + 8, true) & 1) === 1,
    crc: view.getUint32(at + 16, true),
    ...largeSizes(view, at + LISTED_BYTES + nameBytes, extraBytes, short),
  };
}

/** Of zips beyond 4 GB sizes stand in an extra field, those alone that have no room in their own. */
function largeSizes(view: DataView, from: number, bytes: number, short: Pick<ZipEntry, 'size' | 'packed' | 'offset'>) {
  for (let at = from; at + 4 <= from + bytes; ) {
    const length = view.getUint16(at + 2, true);
    if (view.getUint16(at, true) === 1 && at + 4 + length <= from + bytes) {
      let next = at + 4;
      const large = (value: number): number => {
        if (value !== ELSEWHERE || next + 8 > at + 4 + length) return value;
        next += 8;
        return numberAt(view, next - 8);
      };
      // In this order.
      const size = large(short.size);
      const packed = large(short.packed);
      return known({ size, packed, offset: large(short.offset) });
    }
    at += 4 + length;
  }
  return known(short);
}

function known<Sizes extends Pick<ZipEntry, 'size' | 'packed' | 'offset'>>(sizes: Sizes): Sizes {
  if (Object.values(sizes).includes(ELSEWHERE)) throw new ZipError('The size of one of its files is missing.');
  return sizes;
}
