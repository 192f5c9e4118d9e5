import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { decodeRecord, encodeRecord, RecordError } from './record.ts';

const joined = (parts: readonly Uint8Array[]): Uint8Array<ArrayBuffer> => {
  const bytes = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0));
  let at = 0;
  for (const part of parts) {
    bytes.set(part, at);
    at += part.length;
  }
  return bytes;
};

/** A record whose head says what it likes. */
const forged = (head: unknown, rest = 64): Uint8Array<ArrayBuffer> => {
  const text = new TextEncoder().encode(JSON.stringify(head));
  const bytes = new Uint8Array(8 + text.length + rest);
  new DataView(bytes.buffer).setBigUint64(0, BigInt(text.length), true);
  bytes.set(text, 8);
  return bytes;
};

const arrays = fc.oneof(
  fc.uint8Array(),
  fc.int32Array(),
  fc.uint32Array(),
  fc.float32Array({ noNaN: true }),
  fc.float64Array({ noNaN: true }),
);
const { value } = fc.letrec((tie) => ({
  value: fc.oneof(
    { maxDepth: 4 },
    fc.string(),
    fc.integer(),
    fc.boolean(),
    fc.constant(null),
    arrays,
    fc.array(tie('value'), { maxLength: 4 }),
    fc.dictionary(
      fc.string().filter((key) => key !== '__proto__'),
      tie('value'),
      { maxKeys: 4, noNullPrototype: true },
    ),
  ),
}));

describe('records', () => {
  it('come back as they were written', () => {
    fc.assert(
      fc.property(value, (inner) => {
        const record = { inner };
        expect(decodeRecord(joined(encodeRecord(record)))).toEqual(record);
      }),
      { numRuns: 200 },
    );
  });

  it('hold parts of arrays without the rest, and give copies', () => {
    const whole = Int32Array.from([1, 2, 3, 4]);
    const bytes = joined(encodeRecord({ part: whole.subarray(1, 3) }));
    const read = decodeRecord(bytes) as { part: Int32Array };
    expect(read.part).toEqual(Int32Array.from([2, 3]));
    expect(read.part.buffer.byteLength).toBe(8);
  });

  it('refuse what JSON would change', () => {
    expect(() => encodeRecord({ a: { b: Number.NaN } })).toThrow(/“a.b” is NaN/);
    expect(() => encodeRecord({ a: new Int16Array(2) })).toThrow(RecordError);
  });

  it('write to no other place than those that were left for arrays', () => {
    const at = (path: unknown, value: unknown = { a: null }) =>
      forged({ value, arrays: [{ path, type: 'Uint8Array', length: 8 }] });
    expect(decodeRecord(at(['a']))).toEqual({ a: new Uint8Array(8) });
    for (const path of [['__proto__', 'polluted'], ['constructor', 'prototype'], ['b'], ['a', 'length'], [], 'a', [{}]]) {
      expect(() => decodeRecord(at(path))).toThrow(RecordError);
    }
    expect(() => decodeRecord(at(['a'], { a: 1 }))).toThrow(/already/);
    expect(({} as Record<string, unknown>).polluted).toBeUndefined();
  });

  it('believe no size', () => {
    const of = (length: unknown, type = 'Float64Array') =>
      forged({ value: { a: null }, arrays: [{ path: ['a'], type, length }] });
    for (const length of [9, 1e15, -1, 1.5, '8', null]) expect(() => decodeRecord(of(length))).toThrow(RecordError);
    expect(() => decodeRecord(of(1, 'SharedArrayBuffer'))).toThrow(RecordError);
    const long = forged({ value: 1, arrays: [] });
    new DataView(long.buffer).setBigUint64(0, 2n ** 63n, true);
    expect(() => decodeRecord(long)).toThrow(/longer/);
    expect(() => decodeRecord(new Uint8Array(3))).toThrow(/cut off/);
  });

  it('are refused, whatever became of their bytes, or read', () => {
    const bytes = joined(encodeRecord({ a: Int32Array.from([1, 2]), b: 'text', c: [Uint8Array.from([1])] }));
    fc.assert(
      fc.property(fc.nat(bytes.length - 1), fc.integer({ min: 0, max: 255 }), fc.nat(bytes.length), (at, byte, length) => {
        const changed = bytes.slice(0, length);
        if (at < length) changed[at] = byte;
        try {
          decodeRecord(changed);
        } catch (error) {
          expect(error).toBeInstanceOf(RecordError);
        }
      }),
      { numRuns: 500 },
    );
  });
});
