import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { readSafetensors, SafetensorsError, writeSafetensors } from './safetensors.ts';

/** A file of a header, as it is written here, and data. */
function file(header: string | Uint8Array, data: readonly number[] = [], length?: bigint): Uint8Array {
  const text = typeof header === 'string' ? new TextEncoder().encode(header) : header;
  const bytes = new Uint8Array(8 + text.length + data.length);
  new DataView(bytes.buffer).setBigUint64(0, length ?? BigInt(text.length), true);
  bytes.set(text, 8);
  bytes.set(data, 8 + text.length);
  return bytes;
}

const entry = (dtype: string, shape: string, offsets: string) =>
  `{"dtype":"${dtype}","shape":${shape},"data_offsets":${offsets}}`;

describe('bytes written by hand after the description of the format', () => {
  const header = '{"__metadata__":{"a":"b"},"w":{"dtype":"F32","shape":[1,2],"data_offsets":[0,8]}}';
  const bytes = Uint8Array.from([
    // 88, the length of the header with its spaces, in 8 bytes, the lowest first.
    ...[0x58, 0, 0, 0, 0, 0, 0, 0],
    ...Array.from(`${header}       `, (character) => character.charCodeAt(0)),
    // 1 and -2.5.
    ...[0x00, 0x00, 0x80, 0x3f, 0x00, 0x00, 0x20, 0xc0],
  ]);

  it('are what is written', () => {
    expect(header).toHaveLength(81);
    expect(writeSafetensors({ w: { shape: [1, 2], values: Float32Array.from([1, -2.5]) } }, { a: 'b' })).toEqual(bytes);
  });

  it('are read, wherever they stand in a buffer', () => {
    const within = new Uint8Array(bytes.length + 3);
    within.set(bytes, 3);
    const read = { tensors: { w: { shape: [1, 2], values: Float32Array.from([1, -2.5]) } }, metadata: { a: 'b' } };
    expect(readSafetensors(bytes)).toEqual(read);
    expect(readSafetensors(within.subarray(3))).toEqual(read);
  });

  it.each([
    ['F16', [0x00, 0x3c, 0x00, 0xc0, 0x01, 0x00, 0xff, 0x7b, 0x00, 0xfc], [1, -2, 2 ** -24, 65504, Number.NEGATIVE_INFINITY]],
    ['BF16', [0x80, 0x3f, 0x20, 0xc0], [1, -2.5]],
    ['F64', [0, 0, 0, 0, 0, 0, 0xf8, 0x3f], [1.5]],
    ['I32', [0xff, 0xff, 0xff, 0xff, 7, 0, 0, 0], [-1, 7]],
    ['I64', [0xfe, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff], [-2]],
  ])('of %s are read', (dtype, data, values) => {
    const { tensors } = readSafetensors(file(`{"x":${entry(dtype, `[${values.length}]`, `[0,${data.length}]`)}}`, data));
    expect(Array.from(tensors.x.values)).toEqual(values);
  });
});

const floats = fc.array(fc.float({ noNaN: true }), { maxLength: 12 });
const named = fc
  .string({ unit: 'grapheme', minLength: 1, maxLength: 20 })
  .filter((name) => name !== '__metadata__' && name !== '__proto__');
const tensorsOf = fc.dictionary(
  named,
  floats.map((values) => ({ shape: [1, values.length], values: Float32Array.from(values) })),
);
const metadataOf = fc.dictionary(named, fc.string({ unit: 'grapheme' }));

describe('safetensors', () => {
  it('gives back what was written, aligned to 8 bytes', () => {
    fc.assert(
      fc.property(tensorsOf, metadataOf, (tensors, metadata) => {
        const bytes = writeSafetensors(tensors, metadata);
        expect(new DataView(bytes.buffer).getBigUint64(0, true) % 8n).toBe(0n);
        const read = readSafetensors(bytes);
        // The dictionaries of fast-check have no prototype.
        expect(Object.entries(read.tensors)).toEqual(Object.entries(tensors));
        expect(Object.entries(read.metadata)).toEqual(Object.entries(metadata));
      }),
    );
  });

  it('knows scalars and tensors without values', () => {
    const tensors = { s: { shape: [], values: Float32Array.of(3) }, e: { shape: [0, 4], values: new Float32Array() } };
    expect(readSafetensors(writeSafetensors(tensors, {})).tensors).toEqual(tensors);
  });

  it('writes nothing that cannot be read', () => {
    expect(() => writeSafetensors({ w: { shape: [3], values: new Float32Array(2) } }, {})).toThrow(
      '“w” is [3], but has 2 values.',
    );
    const values = new Float32Array();
    expect(() => writeSafetensors({ __metadata__: { shape: [0], values } }, {})).toThrow(SafetensorsError);
  });

  const f32 = (shape: string, offsets: string) => entry('F32', shape, offsets);
  const eight = [0, 0, 0, 0, 0, 0, 0, 0];
  it.each<[string, Uint8Array, RegExp]>([
    ['too few bytes', Uint8Array.of(1, 2, 3), /ends after 3 bytes/],
    ['a header beyond the end', file('{}', [], 3n), /3 bytes long, but only 2 follow/],
    ['a header beyond what is allowed', file('{}', [], 100_000_001n), /at most 100000000/],
    ['a header of more bytes than numbers have', file('{}', [], 0xffffffffffffffffn), /18446744073709551615 bytes/],
    ['wrong UTF-8', file(Uint8Array.of(0x7b, 0xff, 0x7d)), /no UTF-8/],
    ['a mark of the order of bytes', file('\ufeff{}'), /begin with “{”/],
    ['spaces before the header', file(' {}'), /begin with “{”/],
    ['no JSON', file('{"a"'), /no JSON/],
    ['more than JSON', file('{}}'), /no JSON/],
    ['a list', file('[]'), /begin with “{”/],
    ['a tensor twice', file(`{"a":${f32('[0]', '[0,0]')},"\\u0061":${f32('[0]', '[0,0]')}}`), /“a” twice/],
    ['a key twice', file('{"a":{"dtype":"F32","dtype":"F64","shape":[0],"data_offsets":[0,0]}}'), /“dtype” twice/],
    ['a prototype', file(`{"__proto__":${f32('[0]', '[0,0]')}}`), /“__proto__” is no name/],
    ['metadata that is no text', file('{"__metadata__":{"a":1}}'), /“a” is no text/],
    ['metadata that is a list', file('{"__metadata__":[]}'), /no object/],
    ['no description', file('{"a":1}'), /“a”: its description/],
    ['no type', file('{"a":{"shape":[0],"data_offsets":[0,0]}}'), /“dtype”/],
    ['an unknown type', file(`{"a":${entry('F8_E4M3', '[0]', '[0,0]')}}`), /“a”: values of type “F8_E4M3”/],
    ['a type of the prototype', file(`{"a":${entry('toString', '[0]', '[0,0]')}}`), /“toString”/],
    ['a negative size', file(`{"a":${f32('[-1]', '[0,4]')}}`, [0, 0, 0, 0]), /“shape”/],
    ['a broken size', file(`{"a":${f32('[0.5]', '[0,2]')}}`, [0, 0]), /“shape”/],
    ['sizes that overflow', file(`{"a":${f32('[4294967296,4294967296,0]', '[0,0]')}}`), /more values than can be counted/],
    ['a shape of another size', file(`{"a":${f32('[3]', '[0,8]')}}`, eight), /takes 12 bytes, but it has 8/],
    ['negative offsets', file(`{"a":${f32('[1]', '[-4,0]')}}`), /“data_offsets”/],
    ['three offsets', file(`{"a":${f32('[1]', '[0,4,4]')}}`, [0, 0, 0, 0]), /“data_offsets”/],
    ['an end before the beginning', file(`{"a":${f32('[1]', '[4,0]')}}`, eight), /ends \(0\) before it begins \(4\)/],
    ['an end beyond the data', file(`{"a":${f32('[1000000000]', '[0,4000000000]')}}`, eight), /of which there are 8/],
    ['an overlap', file(`{"a":${f32('[1]', '[0,4]')},"b":${f32('[2]', '[0,8]')}}`, eight), /“b” begins at byte 0/],
    ['a hole', file(`{"a":${f32('[1]', '[4,8]')}}`, eight), /Bytes 0 to 4 .*before “a”/],
    ['bytes left over', file(`{"a":${f32('[1]', '[0,4]')}}`, eight), /last 4 bytes/],
    ['a whole number without a float', file(`{"a":${entry('I32', '[1]', '[0,4]')}}`, [1, 0, 0, 1]), /number 0 \(16777217, I32\)/],
    [
      'a number larger than any float',
      file(`{"a":${entry('F64', '[1]', '[0,8]')}}`, [0, 0, 0, 0, 0, 0, 0xe0, 0x7f]),
      /no 32-bit float/,
    ],
  ])('refuses %s', (_what, bytes, message) => {
    expect(() => readSafetensors(bytes)).toThrow(SafetensorsError);
    expect(() => readSafetensors(bytes)).toThrow(message);
  });

  it('says what is wrong with damaged files, and never makes more than there are bytes', () => {
    const written = writeSafetensors(
      { w: { shape: [2, 2], values: new Float32Array(4) }, v: { shape: [1], values: new Float32Array(1) } },
      {},
    );
    const damage = fc.array(fc.tuple(fc.nat(written.length - 1), fc.nat(255)), { minLength: 1, maxLength: 6 });
    const texts = fc.constantFrom('0', '9', '-', '[', ']', '{', '}', '"', ',', ':', 'e9', '\\', '99999999999');
    const check = (bytes: Uint8Array) => {
      try {
        const { tensors } = readSafetensors(bytes);
        const made = Object.values(tensors).reduce((sum, { values }) => sum + values.length, 0);
        expect(made * 2).toBeLessThanOrEqual(bytes.length);
      } catch (error) {
        if (!(error instanceof SafetensorsError)) throw error;
      }
    };
    fc.assert(
      fc.property(damage, fc.nat(written.length), (changes, cut) => {
        const bytes = written.slice();
        for (const [at, value] of changes) bytes[at] = value;
        check(bytes);
        check(bytes.subarray(0, cut));
      }),
      { numRuns: 500 },
    );
    const header = `{"w":${f32('[2]', '[0,8]')}}`;
    fc.assert(
      fc.property(fc.nat(header.length), texts, fc.nat(3), (at, text, gone) =>
        check(file(header.slice(0, at) + text + header.slice(at + gone), eight)),
      ),
      { numRuns: 1000 },
    );
    fc.assert(fc.property(fc.json(), (text) => check(file(text, eight))));
    fc.assert(fc.property(fc.uint8Array({ maxLength: 200 }), check));
  });
});
