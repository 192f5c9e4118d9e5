/**
 * A record is what belongs together of a workspace, such as a run with its epochs, policies and model. As bytes: the length of its
 * head (eight bytes, little-endian), the head as JSON, then the typed arrays that the head lists, back to back, each from a multiple of
 * eight on. In `value` null stands in their places.
 */
interface Head {
  readonly value: unknown;
  readonly arrays: readonly ArrayPlace[];
}

interface ArrayPlace {
  /** Keys that lead to it. */
  readonly path: readonly (string | number)[];
  readonly type: ArrayType;
  readonly length: number;
}

const TYPES = { Uint8Array, Int32Array, Uint32Array, Float32Array, Float64Array } as const;
type ArrayType = keyof typeof TYPES;
type Stored = InstanceType<(typeof TYPES)[ArrayType]>;

/** A record that cannot be read, or something that no record can hold. */
export class RecordError extends Error {
  override name = 'RecordError';
}

const ALIGNMENT = 8;
const padded = (length: number): number => Math.ceil(length / ALIGNMENT) * ALIGNMENT;

/** Longer than browsers can hold as one text. */
const MOST_HEAD = 500_000_000;

/** The parts of a record, in their order. @throws RecordError for what JSON does not have, such as NaN */
export function encodeRecord(value: unknown): Uint8Array<ArrayBuffer>[] {
  const arrays: ArrayPlace[] = [];
  const parts: Uint8Array<ArrayBuffer>[] = [];
  const head: Head = { value: without(value, [], arrays, parts), arrays };
  const text = new TextEncoder().encode(JSON.stringify(head));
  const first = new Uint8Array(padded(8 + text.length)).fill(32);
  new DataView(first.buffer).setBigUint64(0, BigInt(first.length - 8), true);
  first.set(text, 8);
  return [first, ...parts];
}

/** The value with null where arrays were, which are noted with their bytes. */
function without(
  value: unknown,
  path: readonly (string | number)[],
  arrays: ArrayPlace[],
  parts: Uint8Array<ArrayBuffer>[],
): unknown {
  if (typeof value === 'number' && !Number.isFinite(value)) throw new RecordError(`“${path.join('.')}” is ${value}.`);
  if (typeof value !== 'object' || value === null) return value;
  if (ArrayBuffer.isView(value)) {
    const type = typeOf(value);
    if (type === undefined) throw new RecordError(`“${path.join('.')}” is of a type that records do not have.`);
    const { buffer, byteOffset, byteLength } = value;
    arrays.push({ path, type, length: byteLength / TYPES[type].BYTES_PER_ELEMENT });
    parts.push(new Uint8Array(buffer as ArrayBuffer, byteOffset, byteLength));
    if (byteLength % ALIGNMENT !== 0) parts.push(new Uint8Array(padded(byteLength) - byteLength));
    return null;
  }
  if (Array.isArray(value)) return value.map((part, i) => without(part, [...path, i], arrays, parts));
  return Object.fromEntries(Object.entries(value).map(([key, part]) => [key, without(part, [...path, key], arrays, parts)]));
}

const typeOf = (value: ArrayBufferView): ArrayType | undefined =>
  (Object.keys(TYPES) as ArrayType[]).find((type) => value instanceof TYPES[type]);

/** The value of a record; its arrays are copies. Nothing but its layout is checked. @throws RecordError */
export function decodeRecord(bytes: Uint8Array<ArrayBuffer>): unknown {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  if (bytes.length < 8) throw new RecordError('It is cut off.');
  const length = view.getBigUint64(0, true);
  if (length > BigInt(Math.min(bytes.length - 8, MOST_HEAD))) throw new RecordError('Its head is longer than it is itself.');
  const { value, arrays } = headOf(bytes.subarray(8, 8 + Number(length)));
  let at = 8 + Number(length);
  for (const { path, type, length: count } of arrays) {
    const size = count * TYPES[type].BYTES_PER_ELEMENT;
    if (at + size > bytes.length) throw new RecordError('It is cut off.');
    place(value, path, new TYPES[type](bytes.buffer.slice(bytes.byteOffset + at, bytes.byteOffset + at + size)));
    at += padded(size);
  }
  return value;
}

function headOf(text: Uint8Array): Head {
  let head: unknown;
  try {
    head = JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(text));
  } catch (error) {
    throw new RecordError('Its head cannot be read.', { cause: error });
  }
  if (typeof head !== 'object' || head === null || !('value' in head) || !('arrays' in head) || !Array.isArray(head.arrays))
    throw new RecordError('Its head is none.');
  if (!head.arrays.every(isPlace)) throw new RecordError('Its list of arrays cannot be read.');
  return { value: head.value, arrays: head.arrays };
}

function isPlace(written: unknown): written is ArrayPlace {
  if (typeof written !== 'object' || written === null) return false;
  const { path, type, length } = written as Record<string, unknown>;
  return (
    Array.isArray(path) &&
    path.length > 0 &&
    path.every((key) => typeof key === 'string' || (Number.isInteger(key) && key >= 0)) &&
    typeof type === 'string' &&
    Object.hasOwn(TYPES, type) &&
    Number.isSafeInteger(length) &&
    (length as number) >= 0
  );
}

/** Puts an array where null stands for it: no other place is ever written to. */
function place(value: unknown, path: readonly (string | number)[], array: Stored): void {
  let holder = value;
  path.forEach((key, i) => {
    if (typeof holder !== 'object' || holder === null || ArrayBuffer.isView(holder) || !Object.hasOwn(holder, key))
      throw new RecordError(`There is no place “${path.join('.')}”.`);
    const inside = holder as Record<string | number, unknown>;
    if (i < path.length - 1) {
      holder = inside[key];
      return;
    }
    if (inside[key] !== null) throw new RecordError(`There is something at “${path.join('.')}” already.`);
    // Own properties alone come this far, so that no setter is called.
    inside[key] = array;
  });
}
