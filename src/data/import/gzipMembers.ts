import { Gunzip } from 'fflate';
import { crc32 } from '../zip/crc32.ts';

/** Behind each part: its checksum and its size. */
const TRAILER = 8;
/** So many bytes are kept of what was given before: the head of a part may begin in them. */
const KEPT = 1024;
/** An eight-kilobyte piece of nothing but zeros is eight megabytes. */
const PIECE = 1 << 13;

/** A part is not what was packed. */
class MemberError extends Error {
  override name = 'MemberError';
}

/**
 * Unpacks a gzip of several parts, one behind the other, as programs write that append to one, or pack several pieces at once. Browsers
 * themselves unpack the first part alone.
 *
 * @throws Error for what is damaged
 */
export async function* unpackMembers(pieces: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
  let ready: Uint8Array[] = [];
  let crc = 0;
  let size = 0;
  /** The last bytes that were given, and where they begin. */
  let recent = new Uint8Array();
  let start = 0;
  const endMember = (at: number) => {
    const from = at - TRAILER - start;
    if (from < 0 || from + TRAILER > recent.length) throw new MemberError('The end of a part is missing.');
    const trailer = new DataView(recent.buffer, recent.byteOffset + from, TRAILER);
    if (trailer.getUint32(0, true) !== crc || trailer.getUint32(4, true) !== size % 2 ** 32)
      throw new MemberError('The checksum of a part is another one.');
    crc = 0;
    size = 0;
  };
  const gunzip = new Gunzip((part) => {
    if (part.length === 0) return;
    crc = crc32(part, crc);
    size += part.length;
    ready.push(part);
  });
  gunzip.onmember = endMember;
  for await (const whole of pieces) {
    for (let from = 0; from < whole.length; from += PIECE) {
      const piece = whole.slice(from, from + PIECE);
      const kept = recent.subarray(-KEPT);
      start += recent.length - kept.length;
      recent = joined(kept, piece);
      gunzip.push(piece);
      yield* ready;
      ready = [];
    }
  }
  gunzip.push(new Uint8Array(), true);
  yield* ready;
  endMember(start + recent.length);
}

function joined(first: Uint8Array, second: Uint8Array): Uint8Array<ArrayBuffer> {
  const all = new Uint8Array(first.length + second.length);
  all.set(first);
  all.set(second, first.length);
  return all;
}
