import { gzipSync } from 'node:zlib';
import fc from 'fast-check';
import {
  inMembers,
  NAMES,
  withContents,
  withFooterNumber,
  withPageNumber,
  withZipLie,
  withZipName,
  ZIP_LIES,
  type ZipLie,
} from './containers.ts';
import type { Bytes } from './files.ts';

/** One change of a file's bytes. Places are shares of its length, so that a change means the same for files of any length. */
export type Mutation = PlainMutation | ContainerMutation;

/** Changes that know nothing of what the bytes are. */
type PlainMutation =
  | { readonly kind: 'truncate'; readonly at: number }
  | { readonly kind: 'flip'; readonly at: readonly number[]; readonly by: number }
  | { readonly kind: 'insert'; readonly at: number; readonly bytes: readonly number[] }
  | { readonly kind: 'overwrite'; readonly at: number; readonly bytes: readonly number[] }
  | { readonly kind: 'duplicate'; readonly from: number; readonly to: number }
  | { readonly kind: 'swap'; readonly from: number; readonly middle: number; readonly to: number }
  | { readonly kind: 'encode'; readonly as: 'utf-16le' | 'utf-16be' | 'latin1'; readonly mark: boolean }
  | { readonly kind: 'gzip'; readonly cut: number }
  | { readonly kind: 'number'; readonly which: number; readonly text: string }
  | { readonly kind: 'json'; readonly which: number; readonly as: (typeof JSON_CHANGES)[number] }
  | { readonly kind: 'lie'; readonly where: 'begin' | 'end'; readonly length: bigint; readonly bytes: 4 | 8 };

/** Changes of an archive, a gzip or a Parquet file that stays one. */
type ContainerMutation =
  | { readonly kind: 'zip'; readonly which: number; readonly lie: ZipLie; readonly value: bigint }
  | { readonly kind: 'name'; readonly which: number; readonly name: string }
  | { readonly kind: 'contents'; readonly which: number; readonly change: PlainMutation }
  | { readonly kind: 'members'; readonly at: number; readonly behind: 'nothing' | 'zeros' | 'text' | 'half' }
  | { readonly kind: 'footer'; readonly which: number; readonly value: bigint }
  | { readonly kind: 'page'; readonly page: number; readonly which: number; readonly value: bigint };

const ascii = (text: string): number[] => [...new TextEncoder().encode(text)];

/** What readers stumble over: signs of other formats, quotes, prototypes, formulas, names that are no words. */
const INSERTED: readonly (readonly number[])[] = [
  [0],
  [0, 0, 0, 0],
  [0xff],
  [0xc3, 0x28],
  [0xed, 0xa0, 0x80],
  [0xef, 0xbb, 0xbf],
  [0xff, 0xfe],
  [0x1f, 0x8b, 8, 0],
  [0x50, 0x4b, 3, 4],
  ...['PAR1', '"', '""', '"a\n', '\r', '\n\n\n', ',', ',,', '\t', ';', ' ', '{', '}', '[', ']', '\\', '\\u0000', '-'].map(ascii),
  ...['__proto__', 'constructor', '"__proto__":1,', '=cmd()', '<img src=x onerror=alert(1)>', '\u202e', '\u{1f600}'].map(ascii),
  ...['null', 'true', '{}', '[]', '1e999', '-1', '0', '1.5', `${'9'.repeat(400)}`, '['.repeat(10_000)].map(ascii),
];

const NUMBERS = [
  '1e999',
  '-1e999',
  '9'.repeat(400),
  '-1',
  '0',
  '0.1',
  '1e-400',
  '2147483648',
  '9007199254740993',
  'NaN',
  '"1"',
  'null',
];
/** What stands in place of a value of JSON, as a text; `without`: its key goes; `twice`: it is there twice. */
const JSON_CHANGES = [
  ...['null', 'true', '{}', '[]', '""', '"x"', '-1', '0.5', '1e999', '1e308', '-0', `"${'x'.repeat(10_000)}"`],
  ...['{"__proto__":{"a":1}}', '{"constructor":1}', `${'['.repeat(10_000)}${']'.repeat(10_000)}`, `[${'0,'.repeat(100_000)}0]`],
  ...['without', 'twice', '__proto__'],
] as const;
const DEEPEST = 50;
const LENGTHS = [0n, 1n, 7n, 2n ** 31n, 2n ** 32n - 1n, 2n ** 53n, 2n ** 63n, 2n ** 64n - 1n];

/** Evenly from 0 to 1: doubles of fast-check are mostly tiny. */
export const share = fc.nat(1_000_000).map((millionths) => millionths / 1_000_000);
const some = <T>(values: readonly T[]) => fc.constantFrom(...values);

const plain: fc.Arbitrary<PlainMutation> = fc.oneof(
  fc.record({ kind: fc.constant('truncate' as const), at: share }),
  fc.record({
    kind: fc.constant('flip' as const),
    at: fc.array(share, { minLength: 1, maxLength: 8 }),
    by: fc.integer({ min: 1, max: 255 }),
  }),
  fc.record({ kind: fc.constant('insert' as const), at: share, bytes: some(INSERTED) }),
  fc.record({ kind: fc.constant('overwrite' as const), at: share, bytes: some(INSERTED) }),
  fc.record({ kind: fc.constant('duplicate' as const), from: share, to: share }),
  fc.record({ kind: fc.constant('swap' as const), from: share, middle: share, to: share }),
  fc.record({ kind: fc.constant('encode' as const), as: some(['utf-16le', 'utf-16be', 'latin1'] as const), mark: fc.boolean() }),
  fc.record({ kind: fc.constant('gzip' as const), cut: some([0, 0, 1, 4, 12]) }),
  fc.record({ kind: fc.constant('number' as const), which: share, text: some(NUMBERS) }),
  fc.record({ kind: fc.constant('json' as const), which: share, as: some(JSON_CHANGES) }),
  fc.record({
    kind: fc.constant('lie' as const),
    where: some(['begin', 'end'] as const),
    length: some(LENGTHS),
    bytes: some([4, 8] as const),
  }),
);

const contained: fc.Arbitrary<ContainerMutation> = fc.oneof(
  fc.record({ kind: fc.constant('zip' as const), which: share, lie: some(ZIP_LIES), value: some(LENGTHS) }),
  fc.record({ kind: fc.constant('name' as const), which: share, name: some(NAMES) }),
  fc.record({ kind: fc.constant('contents' as const), which: share, change: plain }),
  fc.record({
    kind: fc.constant('members' as const),
    at: share,
    behind: some(['nothing', 'zeros', 'text', 'half'] as const),
  }),
  fc.record({ kind: fc.constant('footer' as const), which: share, value: some(LENGTHS) }),
  fc.record({ kind: fc.constant('page' as const), page: share, which: share, value: some(LENGTHS) }),
);

const ofContainers = fc.oneof({ weight: 1, arbitrary: plain }, { weight: 2, arbitrary: contained });

/**
 * What is done to a file, one after the other; nothing, seldom: what is valid has to be taken.
 *
 * @param isContained whether the file is packed, or Parquet
 */
export const mutations = (isContained: boolean): fc.Arbitrary<readonly Mutation[]> =>
  fc.oneof(
    { weight: 1, arbitrary: fc.constant([]) },
    { weight: 12, arbitrary: fc.array(isContained ? ofContainers : plain, { minLength: 1, maxLength: 3 }) },
  );

const joined = (...parts: readonly (Uint8Array | readonly number[])[]): Bytes => {
  const all = new Uint8Array(parts.reduce((sum, { length }) => sum + length, 0));
  let at = 0;
  for (const part of parts) {
    all.set(part, at);
    at += part.length;
  }
  return all;
};

/** The bytes of a file after one change. */
export function mutate(bytes: Bytes, change: Mutation): Bytes {
  const place = (share: number) => Math.floor(share * bytes.length);
  switch (change.kind) {
    case 'truncate':
      return bytes.slice(0, place(change.at));
    case 'flip': {
      const flipped = bytes.slice();
      for (const at of change.at) if (place(at) < flipped.length) flipped[place(at)] ^= change.by;
      return flipped;
    }
    case 'insert':
      return joined(bytes.subarray(0, place(change.at)), change.bytes, bytes.subarray(place(change.at)));
    case 'overwrite':
      return joined(bytes.subarray(0, place(change.at)), change.bytes, bytes.subarray(place(change.at) + change.bytes.length));
    case 'duplicate': {
      const [from, to] = [place(change.from), place(change.to)].sort((a, b) => a - b);
      return joined(bytes.subarray(0, to), bytes.subarray(from));
    }
    case 'swap': {
      const [from, middle, to] = [place(change.from), place(change.middle), place(change.to)].sort((a, b) => a - b);
      return joined(bytes.subarray(0, from), bytes.subarray(middle, to), bytes.subarray(from, middle), bytes.subarray(to));
    }
    case 'encode':
      return encoded(new TextDecoder().decode(bytes), change.as, change.mark);
    case 'gzip': {
      const packed = gzipSync(bytes);
      return new Uint8Array(packed.subarray(0, packed.length - change.cut));
    }
    case 'number':
      return withNumber(bytes, change.which, change.text);
    case 'json':
      return withValue(bytes, change);
    case 'lie':
      return withLength(bytes, change);
    case 'zip':
      return withZipLie(bytes, change.which, change.lie, change.value);
    case 'name':
      return withZipName(bytes, change.which, change.name);
    case 'contents':
      return withContents(bytes, change.which, (contents) => mutate(contents, change.change));
    case 'members':
      return inMembers(bytes, change.at, change.behind);
    case 'footer':
      return withFooterNumber(bytes, change.which, change.value);
    case 'page':
      return withPageNumber(bytes, change.page, change.which, change.value);
  }
}

function encoded(text: string, as: 'utf-16le' | 'utf-16be' | 'latin1', mark: boolean): Bytes {
  const coded = Buffer.from(mark && as !== 'latin1' ? `\ufeff${text}` : text, as === 'latin1' ? 'latin1' : 'utf16le');
  return new Uint8Array(as === 'utf-16be' ? coded.swap16() : coded);
}

/** One of the numbers that stand in a text becomes another one. */
function withNumber(bytes: Bytes, which: number, text: string): Bytes {
  const before = Buffer.from(bytes).toString('latin1');
  const numbers = [...before.matchAll(/\d+(\.\d+)?/g)];
  if (numbers.length === 0) return bytes;
  const { 0: found, index } = numbers[Math.min(numbers.length - 1, Math.floor(which * numbers.length))];
  return new Uint8Array(Buffer.from(before.slice(0, index) + text + before.slice(index + found.length), 'latin1'));
}

/** A length where formats keep theirs: safetensors in front, Parquet before the last four bytes. */
function withLength(bytes: Bytes, { where, length, bytes: width }: Extract<Mutation, { kind: 'lie' }>): Bytes {
  const lied = bytes.slice();
  const at = where === 'begin' ? 0 : lied.length - 4 - width;
  if (at < 0 || at + width > lied.length) return lied;
  const view = new DataView(lied.buffer);
  if (width === 8) view.setBigUint64(at, length, true);
  else view.setUint32(at, Number(BigInt.asUintN(32, length)), true);
  return lied;
}

/** Another value at some place of what is JSON; of everything else nothing is changed. */
function withValue(bytes: Bytes, { which, as }: Extract<Mutation, { kind: 'json' }>): Bytes {
  let written: unknown;
  try {
    written = JSON.parse(new TextDecoder().decode(bytes));
  } catch {
    return bytes;
  }
  const places: { readonly in: object; readonly key: string }[] = [];
  // An earlier change may have made it thousands of lists deep.
  const walk = (value: unknown, depth: number): void => {
    if (typeof value !== 'object' || value === null || depth > DEEPEST) return;
    for (const key of Object.keys(value)) {
      places.push({ in: value, key });
      walk(Reflect.get(value, key), depth + 1);
    }
  };
  walk(written, 0);
  if (places.length === 0) return bytes;
  const place = places[Math.min(places.length - 1, Math.floor(which * places.length))];
  const before = JSON.stringify(Reflect.get(place.in, place.key));
  if (as === 'without') {
    Reflect.deleteProperty(place.in, place.key);
    return new Uint8Array(Buffer.from(JSON.stringify(written)));
  }
  // As a text, since no value becomes `1e999`, or has a key twice.
  const mark = '@@place@@';
  Reflect.set(place.in, place.key, mark);
  const text =
    as === 'twice' || as === '__proto__' ? `${before},${JSON.stringify(as === 'twice' ? place.key : as)}:${before}` : as;
  return new Uint8Array(Buffer.from(JSON.stringify(written).replace(JSON.stringify(mark), () => text)));
}
