import { crc32 } from './crc32.ts';
import { type Sliced, viewOf, type ZipEntry } from './directory.ts';
import { unpackedAtOnce } from './pieces.ts';

/** One file of a zip cannot be read; the others can. */
export class DamagedEntryError extends Error {
  override name = 'DamagedEntryError';
}

export const STORED = 0;
export const DEFLATED = 8;

const LOCAL = 0x04034b50;
const LOCAL_BYTES = 30;
/** Deflate never does better. */
const LARGEST_RATIO = 1032;
/** Bytes that are read at a time. */
const PIECE = 1 << 20;

/** Where the contents begin: behind a header whose length only it knows. @throws DamagedEntryError */
export async function contentsAt(archive: Sliced, { offset, packed }: ZipEntry): Promise<number> {
  const header = await viewOf(archive, offset, offset + LOCAL_BYTES);
  if (header.byteLength < LOCAL_BYTES || header.getUint32(0, true) !== LOCAL)
    throw new DamagedEntryError('It does not begin as it should.');
  const from = offset + LOCAL_BYTES + header.getUint16(26, true) + header.getUint16(28, true);
  if (from + packed > archive.size) throw new DamagedEntryError('It is cut off.');
  return from;
}

/**
 * The bytes of a file, part by part.
 *
 * @param look how many packed bytes were read, and to how many they came; it throws to give up
 * @throws DamagedEntryError as soon as they are not what the directory says, at the latest at the end
 */
export async function* partsOf(
  archive: Sliced,
  entry: ZipEntry,
  look: (packed: number, unpacked: number) => void = () => {},
): AsyncGenerator<Uint8Array<ArrayBuffer>> {
  const { size, packed, method, crc, isEncrypted } = entry;
  if (isEncrypted || (method !== STORED && method !== DEFLATED))
    throw new DamagedEntryError('It is packed in a way that is not known here.');
  const from = await contentsAt(archive, entry);
  let taken = 0;
  /** What reading met, which is no damage of the zip. */
  let unread: { readonly error: unknown } | null = null;
  const raw = new ReadableStream<Uint8Array<ArrayBuffer>>({
    async pull(controller) {
      if (taken === packed) return controller.close();
      try {
        const piece = await archive.slice(from + taken, from + Math.min(taken + PIECE, packed));
        if (piece.length === 0) throw new DamagedEntryError('It is cut off.');
        taken += piece.length;
        for (const part of unpackedAtOnce(piece)) controller.enqueue(part);
      } catch (error) {
        unread = { error };
        throw error;
      }
    },
  });
  const reader = (method === STORED ? raw : raw.pipeThrough(new DecompressionStream('deflate-raw'))).getReader();
  let isOver = false;
  let length = 0;
  let sum = 0;
  try {
    while (true) {
      const next = await reader.read().catch((error: unknown) => {
        isOver = true;
        throw unread === null
          ? new DamagedEntryError('It cannot be unpacked: it was damaged.', { cause: error })
          : (unread as { error: unknown }).error;
      });
      if (next.done) break;
      length += next.value.length;
      if (length > size) throw new DamagedEntryError('It is larger than it says.');
      look(taken, length);
      sum = crc32(next.value, sum);
      yield next.value;
    }
    isOver = true;
  } finally {
    if (!isOver) await reader.cancel();
  }
  if (length !== size) throw new DamagedEntryError('It is shorter than it says.');
  if (sum !== crc) throw new DamagedEntryError('Its checksum is not right: it was damaged.');
}

/** All bytes of a file. @param most that are taken into memory @throws DamagedEntryError */
export async function wholeOf(archive: Sliced, entry: ZipEntry, most: number): Promise<Uint8Array<ArrayBuffer>> {
  const { size, packed, method } = entry;
  // Before room is made for it.
  if (size > most) throw new DamagedEntryError('It is larger than can be held in memory.');
  if (size > (method === STORED ? packed : LARGEST_RATIO * packed + 64))
    throw new DamagedEntryError('It is shorter than it says.');
  const bytes = new Uint8Array(size);
  let at = 0;
  for await (const part of partsOf(archive, entry)) {
    bytes.set(part, at);
    at += part.length;
  }
  return bytes;
}
