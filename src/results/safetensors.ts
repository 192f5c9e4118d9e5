/** A tensor of a file. */
export interface FileTensor {
  readonly shape: readonly number[];
  readonly values: Float32Array;
}

/** Bytes that are no file of tensors; the message names the place and the reason. */
export class SafetensorsError extends Error {
  override name = 'SafetensorsError';
}

/** Of the length of the header, in front. */
const PREFIX = 8;
/** What the format allows a header to be: 100 MB. */
const LONGEST_HEADER = 100_000_000;
const METADATA = '__metadata__';
/** Would reach an object's prototype when it is set by somebody less careful. */
const NO_NAME = '__proto__';
/** Beyond it a whole number has no float of its own. */
const LARGEST_WHOLE = 2 ** 24;

interface Kind {
  readonly bytes: number;
  readonly read: (view: DataView, at: number) => number;
  /** Whether a value that was read stays what it is as a 32-bit float. */
  readonly fits: (value: number) => boolean;
}

const always = () => true;
const isExact = (value: number) => Math.abs(value) <= LARGEST_WHOLE;

const KINDS: Readonly<Record<string, Kind>> = {
  F32: { bytes: 4, read: (view, at) => view.getFloat32(at, true), fits: always },
  F16: { bytes: 2, read: (view, at) => halfOf(view.getUint16(at, true)), fits: always },
  BF16: { bytes: 2, read: (view, at) => floatOf(view.getUint16(at, true) * 0x10000), fits: always },
  F64: {
    bytes: 8,
    read: (view, at) => view.getFloat64(at, true),
    // Rounded to the nearest; only what would become infinite is refused.
    fits: (value) => Number.isFinite(Math.fround(value)) || !Number.isFinite(value),
  },
  I32: { bytes: 4, read: (view, at) => view.getInt32(at, true), fits: isExact },
  I64: { bytes: 8, read: (view, at) => Number(view.getBigInt64(at, true)), fits: isExact },
};

/** IEEE 754 half precision. */
function halfOf(bits: number): number {
  const sign = bits & 0x8000 ? -1 : 1;
  const [exponent, fraction] = [(bits >> 10) & 0x1f, bits & 0x3ff];
  if (exponent === 0x1f) return fraction === 0 ? sign * Number.POSITIVE_INFINITY : Number.NaN;
  return sign * (exponent === 0 ? fraction * 2 ** -24 : (1 + fraction / 1024) * 2 ** (exponent - 15));
}

const scratch = new DataView(new ArrayBuffer(4));

/** The float of 32 bits. */
function floatOf(bits: number): number {
  scratch.setUint32(0, bits);
  return scratch.getFloat32(0);
}

/**
 * A file of tensors: 8 bytes little-endian length of the header; the header, JSON, filled up with spaces to a multiple of 8;
 * the values, one tensor after the other, as 32-bit floats.
 *
 * @throws SafetensorsError for a name that the format keeps for itself, or values that are not as many as the shape says
 */
export function writeSafetensors(
  tensors: Readonly<Record<string, FileTensor>>,
  metadata: Readonly<Record<string, string>>,
): Uint8Array<ArrayBuffer> {
  let end = 0;
  const entries = Object.entries(tensors).map(([name, { shape, values }]) => {
    if (name === METADATA || name === NO_NAME) throw new SafetensorsError(`“${name}” is no name for a tensor.`);
    if (countOf(name, shape) !== values.length) {
      throw new SafetensorsError(`“${name}” is [${shape.join(', ')}], but has ${values.length} values.`);
    }
    const begin = end;
    end += 4 * values.length;
    return [name, { dtype: 'F32', shape, data_offsets: [begin, end] }] as const;
  });
  const words = JSON.stringify(Object.fromEntries([[METADATA, metadata], ...entries]));
  const text = new TextEncoder().encode(words);
  const header = Math.ceil(text.length / 8) * 8;
  const bytes = new Uint8Array(PREFIX + header + end);
  const view = new DataView(bytes.buffer);
  view.setBigUint64(0, BigInt(header), true);
  bytes.fill(' '.charCodeAt(0), PREFIX, PREFIX + header).set(text, PREFIX);
  let at = PREFIX + header;
  for (const { values } of Object.values(tensors)) {
    for (let i = 0; i < values.length; i++, at += 4) view.setFloat32(at, values[i], true);
  }
  return bytes;
}

/**
 * The tensors of a file. Nothing is made larger than the bytes there are, whatever the header says.
 *
 * @throws SafetensorsError for anything that is not as the format says, and for types of values that cannot be told as
 * 32-bit floats
 */
export function readSafetensors(bytes: Uint8Array): {
  tensors: Record<string, FileTensor>;
  metadata: Record<string, string>;
} {
  const { header, data } = partsOf(bytes);
  let metadata: Record<string, string> = {};
  const placed: Placed[] = [];
  for (const [name, written] of Object.entries(header)) {
    if (name === METADATA) metadata = metadataOf(written);
    else placed.push(placeOf(name, written, data.byteLength));
  }
  checkOrder(placed, data.byteLength);
  const tensors = Object.fromEntries(placed.map((one) => [one.name, { shape: one.shape, values: valuesOf(one, data) }]));
  return { tensors, metadata };
}

function partsOf(bytes: Uint8Array): { header: Record<string, unknown>; data: DataView } {
  if (bytes.length < PREFIX) {
    throw new SafetensorsError(`The file ends after ${bytes.length} bytes, within the length of its header (8 bytes).`);
  }
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const length = view.getBigUint64(0, true);
  if (length > BigInt(LONGEST_HEADER)) {
    throw new SafetensorsError(`The header is said to be ${length} bytes long; at most ${LONGEST_HEADER} are allowed.`);
  }
  const end = PREFIX + Number(length);
  if (end > bytes.length) {
    throw new SafetensorsError(`The header is said to be ${length} bytes long, but only ${bytes.length - PREFIX} follow.`);
  }
  return {
    header: headerOf(bytes.subarray(PREFIX, end)),
    data: new DataView(bytes.buffer, bytes.byteOffset + end, bytes.length - end),
  };
}

function headerOf(bytes: Uint8Array): Record<string, unknown> {
  let text: string;
  let header: unknown;
  try {
    text = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch {
    throw new SafetensorsError('The header is no UTF-8.');
  }
  if (!text.startsWith('{')) throw new SafetensorsError('The header does not begin with “{”.');
  try {
    header = JSON.parse(text);
  } catch (error) {
    throw new SafetensorsError('The header is no JSON.', { cause: error });
  }
  // It begins with a brace.
  if (!isObject(header)) throw new SafetensorsError('The header is no object.');
  checkKeys(text);
  return header;
}

const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/**
 * Refuses a key that an object has twice, of which JSON.parse would silently keep the last.
 *
 * @param text that is known to be JSON
 */
function checkKeys(text: string): void {
  const open: Set<string>[] = [];
  for (let at = 0; at < text.length; at++) {
    const character = text[at];
    if (character === '{' || character === '[') open.push(new Set());
    else if (character === '}' || character === ']') open.pop();
    else if (character === '"') {
      const from = at++;
      while (text[at] !== '"') at += text[at] === '\\' ? 2 : 1;
      let next = at + 1;
      while (/\s/.test(text[next] ?? '')) next++;
      if (text[next] !== ':') continue;
      const key: string = JSON.parse(text.slice(from, at + 1));
      const keys = open[open.length - 1];
      if (keys.has(key)) throw new SafetensorsError(`The header has “${key}” twice.`);
      if (key === NO_NAME) throw new SafetensorsError(`“${key}” is no name.`);
      keys.add(key);
    }
  }
}

function metadataOf(written: unknown): Record<string, string> {
  if (!isObject(written)) throw new SafetensorsError(`“${METADATA}” is no object.`);
  return Object.fromEntries(
    Object.entries(written).map(([key, value]) => {
      if (typeof value !== 'string') throw new SafetensorsError(`“${METADATA}”: “${key}” is no text.`);
      return [key, value];
    }),
  );
}

/** A tensor's place in the data, in bytes. */
interface Placed {
  readonly name: string;
  readonly kind: Kind;
  readonly dtype: string;
  readonly shape: readonly number[];
  readonly begin: number;
  readonly end: number;
}

function placeOf(name: string, written: unknown, dataBytes: number): Placed {
  const refuse = (why: string): never => {
    throw new SafetensorsError(`“${name}”: ${why}`);
  };
  if (!isObject(written)) return refuse('its description is no object.');
  const { dtype, shape, data_offsets: offsets } = written;
  if (typeof dtype !== 'string') return refuse('its “dtype” is no text.');
  if (!Object.hasOwn(KINDS, dtype)) {
    return refuse(`values of type “${dtype}” cannot be read, only ${Object.keys(KINDS).join(', ')}.`);
  }
  if (!isSizes(shape)) return refuse('its “shape” is no list of whole numbers from 0.');
  if (!isSizes(offsets) || offsets.length !== 2) return refuse('its “data_offsets” are no two whole numbers from 0.');
  const kind = KINDS[dtype];
  const [begin, end] = offsets;
  if (begin > end) return refuse(`it ends (${end}) before it begins (${begin}).`);
  if (end > dataBytes) return refuse(`it ends at byte ${end} of the data, of which there are ${dataBytes}.`);
  const bytes = countOf(name, shape) * kind.bytes;
  if (bytes !== end - begin) {
    return refuse(`[${shape.join(', ')}] of ${dtype} takes ${bytes} bytes, but it has ${end - begin}.`);
  }
  return { name, kind, dtype, shape, begin, end };
}

const isSizes = (value: unknown): value is number[] =>
  Array.isArray(value) && value.every((size) => Number.isSafeInteger(size) && size >= 0);

/** How many values a shape has. */
function countOf(name: string, shape: readonly number[]): number {
  return shape.reduce((product, size) => {
    if (!Number.isSafeInteger(8 * product * size)) {
      throw new SafetensorsError(`“${name}”: [${shape.join(', ')}] are more values than can be counted.`);
    }
    return product * size;
  }, 1);
}

/** One tensor after the other, and nothing else. */
function checkOrder(placed: readonly Placed[], dataBytes: number): void {
  const sorted = placed.slice().sort((a, b) => a.begin - b.begin || a.end - b.end);
  let at = 0;
  for (const { name, begin, end } of sorted) {
    if (begin < at) throw new SafetensorsError(`“${name}” begins at byte ${begin}, within the tensor before it (until ${at}).`);
    if (begin > at) throw new SafetensorsError(`Bytes ${at} to ${begin} of the data, before “${name}”, belong to no tensor.`);
    at = end;
  }
  if (at < dataBytes) throw new SafetensorsError(`The last ${dataBytes - at} bytes belong to no tensor.`);
}

function valuesOf({ name, kind, dtype, begin, end }: Placed, data: DataView): Float32Array {
  const values = new Float32Array((end - begin) / kind.bytes);
  for (let i = 0; i < values.length; i++) {
    const value = kind.read(data, begin + i * kind.bytes);
    if (!kind.fits(value)) {
      throw new SafetensorsError(`“${name}”: its value number ${i} (${value}, ${dtype}) has no 32-bit float of its own.`);
    }
    values[i] = value;
  }
  return values;
}
