import { expect, it, vi } from 'vitest';
import { inParts } from '../data/dataset.ts';
import { FileValues } from './fileValues.ts';
import { readBytes } from './opfs.ts';

it('are read a part at a time, into the same memory', () => {
  const length = 2 ** 21 + 5;
  const all = Int32Array.from({ length }, (_, i) => 3 * i);
  const file = { name: 'values', size: 4 * length, read: readBytes('values', new Uint8Array(all.buffer)), close: () => {} };
  const buffers = new Set<ArrayBufferLike>();
  const read = new Int32Array(length);
  let at = 0;
  for (const part of inParts(new FileValues(file, length))) {
    buffers.add(part.buffer);
    read.set(part, at);
    at += part.length;
  }
  expect([at, buffers.size]).toEqual([length, 1]);
  expect(Buffer.compare(Buffer.from(read.buffer), Buffer.from(all.buffer))).toBe(0);
  // What is in memory is looked at where it lies, without room for a copy.
  const few = all.subarray(0, 3);
  const views = vi.spyOn(few, 'subarray');
  expect([...inParts(few)]).toEqual([all.subarray(0, 3)]);
  expect(views.mock.calls).toEqual([[0, 3, undefined]]);
});
