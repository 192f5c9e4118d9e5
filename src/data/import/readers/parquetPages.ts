import type { CompressionCodec, Compressors } from 'hyparquet';
import { deserializeTCompactProtocol, readVarInt } from 'hyparquet/src/thrift.js';

/** What the footer says of a column in a group of rows. */
export interface ColumnFacts {
  readonly rows: number;
  readonly codec: CompressionCodec;
  /** Fields may be empty: a level stands before the values. */
  readonly isOptional: boolean;
  readonly isBoolean: boolean;
}

/** Pages are a megabyte as a rule. */
const LARGEST_PAGE = 1 << 28;
const [DATA_PAGE, DICTIONARY_PAGE, DATA_PAGE_V2] = [0, 2, 3];
const [PLAIN_DICTIONARY, RLE, RLE_DICTIONARY] = [2, 3, 8];
const LEVEL_BITS = 1;

/**
 * Walks over the pages of a flat column before they are decoded, since decoding believes what they say: that a page has a
 * billion values, or a run of the same.
 *
 * @param chunk the bytes of the column
 * @param from the rows that are needed: pages before them, and behind `to`, are not looked at
 * @returns the unpacked pages by where their packed bytes begin, so that none is unpacked twice
 * @throws Error saying which promise is broken
 */
export function checkPages(
  chunk: Uint8Array,
  { rows, codec, isOptional, isBoolean }: ColumnFacts,
  from: number,
  to: number,
  compressors: Compressors,
): ReadonlyMap<number, Uint8Array> {
  const unpacked = new Map<number, Uint8Array>();
  const reader = { view: viewOf(chunk), offset: 0 };
  const unpack = (begin: number, bytes: number, size: number): Uint8Array => {
    const packed = chunk.subarray(begin, begin + bytes);
    if (codec === 'UNCOMPRESSED') return packed;
    const decompress = compressors[codec];
    if (decompress === undefined) throw new Error(`its compression (${codec ?? 'without a name'}) is not known here`);
    const page = decompress(packed, size);
    if (page.length !== size) throw new Error('a page is not as long as it says');
    unpacked.set(begin, page);
    return page;
  };
  let seen = 0;
  while (seen < to && reader.offset < chunk.length - 1) {
    const header: Readonly<Record<string, unknown>> = deserializeTCompactProtocol(reader);
    const type = numberOf(header.field_1);
    const size = numberOf(header.field_2);
    const bytes = numberOf(header.field_3);
    const at = reader.offset;
    if (size > LARGEST_PAGE) throw new Error(`a page of ${size} bytes is too large`);
    if (at + bytes > chunk.length) throw new Error('a page does not lie in its column');
    reader.offset = at + bytes;
    if (type === DICTIONARY_PAGE) {
      if (numberOf(partOf(header.field_7).field_1) > 8 * size) throw new Error('a dictionary has more values than bytes');
      unpack(at, bytes, size);
    } else if (type === DATA_PAGE) {
      const { field_1, field_2 } = partOf(header.field_5);
      const count = countOf(field_1, rows - seen);
      seen += count;
      if (seen < from) continue;
      const page = unpack(at, bytes, size);
      let values = 0;
      if (isOptional) {
        const length = viewOf(page).getUint32(0, true);
        checkRuns(page, 4, 4 + length, LEVEL_BITS, count);
        values = 4 + length;
      }
      checkIndices(page, values, numberOf(field_2), isBoolean, count);
    } else if (type === DATA_PAGE_V2) {
      const { field_1, field_3, field_4, field_5, field_6, field_7 } = partOf(header.field_8);
      const count = countOf(field_1, rows - seen);
      if (numberOf(field_3) !== count) throw new Error('a page has another number of rows than of values');
      seen += count;
      if (seen < from) continue;
      const levels = numberOf(field_5) + numberOf(field_6);
      if (levels > bytes || levels > size) throw new Error('the levels of a page do not lie in it');
      checkRuns(chunk, at, at + levels, LEVEL_BITS, count);
      const values =
        field_7 === false ? chunk.subarray(at + levels, at + bytes) : unpack(at + levels, bytes - levels, size - levels);
      checkIndices(values, 0, numberOf(field_4), isBoolean, count);
    }
  }
  if (seen < Math.min(to, rows)) throw new Error(`a column has ${seen} of ${rows} values`);
  return unpacked;
}

/** Values that are places in a dictionary, or booleans, come in runs. */
function checkIndices(page: Uint8Array, at: number, encoding: number, isBoolean: boolean, count: number): void {
  if (encoding === RLE && isBoolean) checkRuns(page, at + 4, page.length, 1, count);
  else if ([PLAIN_DICTIONARY, RLE, RLE_DICTIONARY].includes(encoding) && at < page.length && page[at] > 0)
    checkRuns(page, at + 1, page.length, page[at], count);
}

/** @throws Error for a run that is longer than all values together */
function checkRuns(bytes: Uint8Array, from: number, to: number, bits: number, count: number): void {
  const reader = { view: viewOf(bytes), offset: from };
  const end = Math.min(to, bytes.length);
  for (let seen = 0; seen < count && reader.offset < end; ) {
    const header = readVarInt(reader) >>> 0;
    const isPacked = (header & 1) === 1;
    const values = isPacked ? 8 * (header >>> 1) : header >>> 1;
    // Packed values come in eights, and whole blocks may stand at the end.
    if (values > count + (isPacked ? 1024 : 0)) throw new Error('a run of values is longer than its page');
    reader.offset += isPacked ? (header >>> 1) * bits : Math.ceil(bits / 8);
    seen += values;
  }
}

function countOf(value: unknown, most: number): number {
  const count = numberOf(value);
  if (count > most) throw new Error(`a page says that it has ${count} values, where ${most} are left`);
  return count;
}

function numberOf(value: unknown): number {
  if (typeof value !== 'number' || !Number.isSafeInteger(value) || value < 0) throw new Error('a page’s header makes no sense');
  return value;
}

function partOf(value: unknown): Readonly<Record<string, unknown>> {
  if (typeof value !== 'object' || value === null) throw new Error('a page’s header lacks a part');
  return { ...value };
}

const viewOf = ({ buffer, byteOffset, byteLength }: Uint8Array): DataView => new DataView(buffer, byteOffset, byteLength);
