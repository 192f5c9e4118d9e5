import type { Bytes } from './files.ts';

/** Where a number stands, which may be a length. */
interface Place {
  readonly at: number;
  readonly length: number;
}

const [BYTE, I16, I64, DOUBLE, BINARY, LIST, SET, STRUCT] = [3, 4, 6, 7, 8, 9, 10, 12];
const DEEPEST = 16;

/**
 * The numbers of a struct of Thrift (compact protocol), in their order, with the lengths of its texts; as far as it can be read.
 *
 * @param from where it begins
 * @param to where it ends at the latest
 */
export function integersIn(bytes: Bytes, from: number, to: number): readonly Place[] {
  const places: Place[] = [];
  let at = from;
  const varint = (): number => {
    const start = at;
    let value = 0;
    for (let shift = 0; at < to; shift += 7) {
      const byte = bytes[at++];
      value += (byte & 0x7f) * 2 ** shift;
      if (byte < 0x80) break;
    }
    places.push({ at: start, length: at - start });
    return value;
  };
  const value = (type: number, depth: number, isElement: boolean): boolean => {
    if (at >= to || depth > DEEPEST) return false;
    if (type <= 2) at += isElement ? 1 : 0;
    else if (type === BYTE) at++;
    else if (type >= I16 && type <= I64) varint();
    else if (type === DOUBLE) at += 8;
    else if (type === BINARY) at += varint();
    else if (type === LIST || type === SET) {
      const head = bytes[at++];
      const size = head >> 4 === 15 ? varint() : head >> 4;
      for (let i = 0; i < size; i++) if (!value(head & 15, depth + 1, true)) return false;
    } else if (type === STRUCT) return struct(depth + 1);
    else return false;
    return true;
  };
  const struct = (depth: number): boolean => {
    while (at < to) {
      const head = bytes[at++];
      if (head === 0) return true;
      if (head >> 4 === 0) varint();
      if (!value(head & 15, depth, false)) return false;
    }
    return false;
  };
  struct(0);
  return places;
}
