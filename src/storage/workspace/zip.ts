import { Inflate } from 'fflate';
import { crc32 } from '../../data/import/crc32.ts';

/** A file inside a zip, as the directory at its end lists it. */
export interface ZipEntry {
  readonly name: string;
  readonly size: number;
  readonly packedSize: number;
  /** 0: as it is; 8: deflated. */
  readonly method: number;
  readonly crc: number;
  /** Where its own header stands. */
  readonly at: number;
}

/** Something that is no zip, or one whose directory cannot be read. */
export class ZipError extends Error {
  override name = 'ZipError';
}

/** One file of a zip cannot be read; the others can. */
export class DamagedEntryError extends Error {
  override name = 'DamagedEntryError';
}

const END = 0x06054b50;
const END_64_LOCATOR = 0x07064b50;
const END_64 = 0x06064b50;
const LISTED = 0x02014b50;
const LOCAL = 0x04034b50;

const END_BYTES = 22;
const LONGEST_COMMENT = 0xffff;
/** Deflate never does better. */
const LARGEST_RATIO = 1032;
/** A million names of common length. */
const LARGEST_DIRECTORY = 200_000_000;
/** Packed bytes at a time: even of nothing but zeros 17 MB come of them. */
const AT_A_TIME = 1 << 14;
/** Bytes at a time of what is not packed. */
const PART = 1 << 20;

const viewOf = async (blob: Blob, from: number, to: number) => new DataView(await blob.slice(from, to).arrayBuffer());

/** The directory of a zip. Nothing in it is believed but names: sizes are checked as files are read. @throws ZipError */
export async function readDirectory(blob: Blob): Promise<ZipEntry[]> {
  const { count, size, at } = await endOf(blob);
  if (size > LARGEST_DIRECTORY || at + size > blob.size) throw new ZipError('Its list of contents lies outside of it.');
  const view = await viewOf(blob, at, at + size);
  const entries: ZipEntry[] = [];
  let offset = 0;
  for (let i = 0; i < count; i++) {
    if (offset + 46 > view.byteLength || view.getUint32(offset, true) !== LISTED)
      throw new ZipError('Its list of contents is cut off.');
    const [nameBytes, extraBytes, commentBytes] = [28, 30, 32].map((field) => view.getUint16(offset + field, true));
    const end = offset + 46 + nameBytes + extraBytes + commentBytes;
    if (end > view.byteLength) throw new ZipError('Its list of contents is cut off.');
    entries.push(entryAt(view, offset, nameBytes, extraBytes));
    offset = end;
  }
  // Files that share their bytes make a small zip a large one.
  const packed = entries.reduce((sum, entry) => sum + entry.packedSize, 0);
  if (packed > blob.size) throw new ZipError('Its files are larger than it is itself.');
  return entries;
}

/** Where the directory is, from the last bytes of the zip. */
async function endOf(blob: Blob): Promise<{ count: number; size: number; at: number }> {
  const from = Math.max(0, blob.size - END_BYTES - LONGEST_COMMENT);
  const view = await viewOf(blob, from, blob.size);
  for (let offset = view.byteLength - END_BYTES; offset >= 0; offset--) {
    if (view.getUint32(offset, true) !== END) continue;
    const end = {
      count: view.getUint16(offset + 10, true),
      size: view.getUint32(offset + 12, true),
      at: view.getUint32(offset + 16, true),
    };
    const isLarge = end.count === 0xffff || end.size === 0xffffffff || end.at === 0xffffffff;
    if (!isLarge || offset < 20 || view.getUint32(offset - 20, true) !== END_64_LOCATOR) return end;
    return largeEnd(blob, numberAt(view, offset - 12));
  }
  throw new ZipError('It was cut off, or is no zip: its list of contents is missing.');
}

async function largeEnd(blob: Blob, at: number): Promise<{ count: number; size: number; at: number }> {
  const view = await viewOf(blob, at, at + 56);
  if (view.byteLength < 56 || view.getUint32(0, true) !== END_64) throw new ZipError('Its list of contents is missing.');
  return { count: numberAt(view, 32), size: numberAt(view, 40), at: numberAt(view, 48) };
}

/** @throws ZipError for a number that no file reaches */
function numberAt(view: DataView, offset: number): number {
  const value = view.getBigUint64(offset, true);
  if (value > BigInt(Number.MAX_SAFE_INTEGER)) throw new ZipError('Its sizes cannot be true.');
  return Number(value);
}

function entryAt(view: DataView, offset: number, nameBytes: number, extraBytes: number): ZipEntry {
  const name = new TextDecoder().decode(new Uint8Array(view.buffer, offset + 46, nameBytes));
  const short = {
    packedSize: view.getUint32(offset + 20, true),
    size: view.getUint32(offset + 24, true),
    at: view.getUint32(offset + 42, true),
  };
  return {
    name,
    method: view.getUint16(offset + 10, true),
    crc: view.getUint32(offset + 16, true),
    ...largeSizes(view, offset + 46 + nameBytes, extraBytes, short),
  };
}

/** Of zips beyond 4 GB sizes stand in an extra field, those alone that have no room in their own. */
function largeSizes(view: DataView, from: number, bytes: number, short: Pick<ZipEntry, 'size' | 'packedSize' | 'at'>) {
  for (let offset = from; offset + 4 <= from + bytes; ) {
    const length = view.getUint16(offset + 2, true);
    if (view.getUint16(offset, true) === 1 && offset + 4 + length <= from + bytes) {
      let next = offset + 4;
      const large = (value: number): number => {
        if (value !== 0xffffffff || next + 8 > offset + 4 + length) return value;
        next += 8;
        return numberAt(view, next - 8);
      };
      // In this order.
      const size = large(short.size);
      const packedSize = large(short.packedSize);
      return { size, packedSize, at: large(short.at) };
    }
    offset += 4 + length;
  }
  return short;
}

/** The bytes of a file, part by part. @throws DamagedEntryError as soon as they are not what the directory says, at the latest at the end */
export async function* partsOf(blob: Blob, entry: ZipEntry): AsyncGenerator<Uint8Array<ArrayBuffer>> {
  const { size, packedSize, method, crc, at } = entry;
  const header = await viewOf(blob, at, at + 30);
  if (header.byteLength < 30 || header.getUint32(0, true) !== LOCAL)
    throw new DamagedEntryError('It does not begin as it should.');
  const from = at + 30 + header.getUint16(26, true) + header.getUint16(28, true);
  if (from + packedSize > blob.size) throw new DamagedEntryError('It is cut off.');
  const packed = blob.slice(from, from + packedSize);
  let length = 0;
  let sum = 0;
  for await (const part of method === 0 ? slices(packed, PART) : inflated(packed, method)) {
    length += part.length;
    if (length > size) throw new DamagedEntryError('It is larger than it says.');
    sum = crc32(part, sum);
    yield part;
  }
  if (length !== size) throw new DamagedEntryError('It is shorter than it says.');
  if (sum !== crc) throw new DamagedEntryError('Its checksum is not right: it was damaged.');
}

async function* slices(blob: Blob, bytes: number): AsyncGenerator<Uint8Array<ArrayBuffer>> {
  for (let from = 0; from < blob.size; from += bytes) yield new Uint8Array(await blob.slice(from, from + bytes).arrayBuffer());
}

async function* inflated(packed: Blob, method: number): AsyncGenerator<Uint8Array<ArrayBuffer>> {
  if (method !== 8) throw new DamagedEntryError('It is packed in a way that is not known here.');
  let ready: Uint8Array<ArrayBuffer>[] = [];
  const inflate = new Inflate((part) => {
    ready.push(part as Uint8Array<ArrayBuffer>);
  });
  for await (const part of slices(packed, AT_A_TIME)) {
    try {
      inflate.push(part);
    } catch (error) {
      throw new DamagedEntryError('It cannot be unpacked: it was damaged.', { cause: error });
    }
    yield* ready;
    ready = [];
  }
}

/** All bytes of a file. @param most that are taken into memory @throws DamagedEntryError */
export async function wholeOf(blob: Blob, entry: ZipEntry, most: number): Promise<Uint8Array<ArrayBuffer>> {
  const { size, packedSize, method } = entry;
  // Before room is made for it.
  if (size > most) throw new DamagedEntryError('It is larger than can be held in memory.');
  if (size > (method === 0 ? packedSize : LARGEST_RATIO * packedSize + 64))
    throw new DamagedEntryError('It is shorter than it says.');
  const bytes = new Uint8Array(size);
  let at = 0;
  for await (const part of partsOf(blob, entry)) {
    bytes.set(part, at);
    at += part.length;
  }
  return bytes;
}
