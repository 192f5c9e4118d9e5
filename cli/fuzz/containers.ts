import { gunzipSync, gzipSync } from 'node:zlib';
import { unzipSync, zipSync } from 'fflate';
import { type Bytes, bytesOf } from './files.ts';
import { integersIn } from './thrift.ts';

/** What a zip says of one of its files, or of itself: where in the directory, and in how many bytes. */
const ZIP_FIELDS = {
  flags: [8, 2],
  method: [10, 2],
  crc: [16, 4],
  packed: [20, 4],
  size: [24, 4],
  'length of name': [28, 2],
  'length of extra': [30, 2],
  offset: [42, 4],
} as const;
const END_FIELDS = { count: [10, 2], 'size of directory': [12, 4], 'place of directory': [16, 4], comment: [20, 2] } as const;
export const ZIP_LIES = [...Object.keys(ZIP_FIELDS), ...Object.keys(END_FIELDS)] as readonly (
  | keyof typeof ZIP_FIELDS
  | keyof typeof END_FIELDS
)[];
export type ZipLie = (typeof ZIP_LIES)[number];

export const NAMES = [
  '../../../etc/passwd',
  '/etc/passwd',
  'C:\\autoexec.bat',
  'constructor',
  '\u202evsc.csv',
  'a\0b.csv',
  '<img src=x>.csv',
  'x'.repeat(5000),
  '',
  'folder/',
  '__MACOSX/._a.csv',
  'inner.zip',
];

const END = 0x06054b50;
const CENTRAL = 0x02014b50;

/** Where the entries of the directory begin, and where its end stands; null for what is no zip. */
function directoryOf(view: DataView): { readonly entries: readonly number[]; readonly end: number } | null {
  let end = view.byteLength - 22;
  while (end >= 0 && view.getUint32(end, true) !== END) end--;
  if (end < 0) return null;
  const entries: number[] = [];
  for (let at = view.getUint32(end + 16, true); at + 46 <= end && view.getUint32(at, true) === CENTRAL; ) {
    entries.push(at);
    at += 46 + [28, 30, 32].reduce((sum, field) => sum + view.getUint16(at + field, true), 0);
  }
  return entries.length === 0 ? null : { entries, end };
}

const viewOf = ({ buffer, byteOffset, byteLength }: Uint8Array): DataView => new DataView(buffer, byteOffset, byteLength);
const pick = <T>(values: readonly T[], share: number): T =>
  values[Math.min(values.length - 1, Math.floor(share * values.length))];

/** Another number where the directory of a zip has one; of everything else nothing is changed. */
export function withZipLie(bytes: Bytes, which: number, lie: ZipLie, value: bigint): Bytes {
  const lied = bytes.slice();
  const view = viewOf(lied);
  const directory = directoryOf(view);
  if (directory === null) return lied;
  const isOfEnd = lie in END_FIELDS;
  const [field, width] = { ...ZIP_FIELDS, ...END_FIELDS }[lie];
  const at = (isOfEnd ? directory.end : pick(directory.entries, which)) + field;
  if (width === 2) view.setUint16(at, Number(BigInt.asUintN(16, value)), true);
  else view.setUint32(at, Number(BigInt.asUintN(32, value)), true);
  return lied;
}

/** A file of an archive under another name, packed anew. */
export const withZipName = (bytes: Bytes, which: number, name: string): Bytes =>
  repacked(bytes, (files) => {
    const before = pick(Object.keys(files), which);
    return Object.fromEntries(Object.entries(files).map(([path, contents]) => [path === before ? name : path, contents]));
  });

/** The contents of a zip or gzip changed, and packed anew, so that sizes and checksums are right; of everything else nothing is changed. */
export function withContents(bytes: Bytes, which: number, change: (contents: Bytes) => Bytes): Bytes {
  if (bytes[0] === 0x1f && bytes[1] === 0x8b) {
    const plain = unlessDamaged(() => new Uint8Array(gunzipSync(bytes)));
    return plain === null ? bytes : new Uint8Array(gzipSync(change(plain)));
  }
  return repacked(bytes, (files) => {
    const path = pick(Object.keys(files), which);
    return { ...files, [path]: change(new Uint8Array(files[path])) };
  });
}

function repacked(bytes: Bytes, change: (files: Record<string, Uint8Array>) => Record<string, Uint8Array>): Bytes {
  if (directoryOf(viewOf(bytes)) === null) return bytes;
  const files = unlessDamaged(() => unzipSync(bytes));
  // The library that packs it stumbles over the name of a prototype, which other changes bring in.
  if (files === null || Object.keys(files).length === 0 || Object.hasOwn(files, '__proto__')) return bytes;
  return new Uint8Array(zipSync(change(files), { mtime: '2020-01-01' }));
}

/** Null where an earlier change has damaged a container: a library’s words on that are of no interest here. */
function unlessDamaged<T>(unpack: () => T): T | null {
  try {
    return unpack();
  } catch {
    return null;
  }
}

/** A file as a gzip of two members, the second with something behind it, or cut off. */
export function inMembers(bytes: Bytes, at: number, behind: 'nothing' | 'zeros' | 'text' | 'half'): Bytes {
  const middle = Math.floor(at * bytes.length);
  const second = gzipSync(bytes.subarray(middle));
  const end = {
    nothing: second,
    zeros: [...second, 0, 0, 0],
    text: [...second, ...bytesOf('u1,i1\n')],
    half: second.subarray(0, 12),
  };
  return Uint8Array.from([...gzipSync(bytes.subarray(0, middle)), ...end[behind]]);
}

const MAGIC = 'PAR1';
/** Before it magic and a page’s header; behind it the footer’s length and magic. */
const isParquet = (bytes: Bytes): boolean =>
  bytes.length > 12 && [bytes.subarray(0, 4), bytes.subarray(-4)].every((part) => Buffer.from(part).toString('latin1') === MAGIC);

/** A number of the footer of a Parquet file becomes another one, and the footer’s length what it should be. */
export function withFooterNumber(bytes: Bytes, which: number, value: bigint): Bytes {
  if (!isParquet(bytes)) return bytes;
  const end = bytes.length - 8;
  const start = end - viewOf(bytes).getUint32(end, true);
  const places = start < 4 ? [] : integersIn(bytes, start, end);
  if (places.length === 0) return bytes;
  const { at, length } = pick(places, which);
  const number = varint(value);
  const lied = Uint8Array.from([...bytes.subarray(0, at), ...number, ...bytes.subarray(at + length)]);
  viewOf(lied).setUint32(lied.length - 8, end - start + number.length - length, true);
  return lied;
}

/** A number of the header of a page becomes another one, at the expense of the page, so that all else stays where it is. */
export function withPageNumber(bytes: Bytes, page: number, which: number, value: bigint): Bytes {
  if (!isParquet(bytes)) return bytes;
  const start = pick(pagesOf(bytes), page);
  const places = integersIn(bytes, start, bytes.length);
  if (places.length === 0) return bytes;
  const { at, length } = pick(places, which);
  const number = varint(value);
  const after = places[places.length - 1];
  const headerEnd = after.at + after.length;
  const grown = Math.max(0, number.length - length);
  const lied = Uint8Array.from([
    ...bytes.subarray(0, at),
    ...number,
    ...bytes.subarray(at + length, headerEnd),
    ...bytes.subarray(headerEnd + grown),
  ]);
  return lied;
}

/** Where headers of pages may begin: a type of page, and then two sizes. */
function pagesOf(bytes: Bytes): number[] {
  const pages = [4];
  for (let at = 5; at + 8 < bytes.length; at++) {
    const isHeader = bytes[at] === 0x15 && [0, 4, 6].includes(bytes[at + 1]) && bytes[at + 2] === 0x15;
    if (isHeader && integersIn(bytes, at, bytes.length).length > 3) pages.push(at);
  }
  return pages;
}

function varint(value: bigint): number[] {
  const bytes: number[] = [];
  let rest = BigInt.asUintN(64, value);
  do {
    const more = rest > 0x7fn;
    bytes.push(Number(rest & 0x7fn) | (more ? 0x80 : 0));
    rest >>= 7n;
  } while (rest > 0n);
  return bytes;
}
