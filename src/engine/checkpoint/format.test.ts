import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { crc32 } from '../../data/zip/crc32.ts';
import { CheckpointError } from './errors.ts';
import { readState, verify, writeState } from './format.ts';
import type { StateNumbers, StateTensor, TrainingState } from './state.ts';
import { memoryFile } from './testing.ts';

const numbers: StateNumbers = {
  position: { stage: 'fine-tuning', epoch: 2, step: 3 },
  pretraining: { epochs: [{ epoch: 1, loss: Math.fround(0.1) }], seconds: 1.25 },
  epochs: [],
  seconds: { fineTuning: 0.1, evaluation: 0.2 },
  mean: { sum: Math.fround(1 / 3), weight: 7 },
  draws: { streams: { gumbel: [-1, 2 ** 31 - 1, 0, 5] }, source: { given: 4, sampling: null } },
  optimiser: { step: 9, settled: [] },
  best: { epoch: 1, value: 1 / 7 },
};

const tensor = (name: string, values: Float32Array | Int32Array): StateTensor => ({
  role: values instanceof Int32Array ? 'last step' : 'parameter',
  name,
  shape: [values.length],
  type: values instanceof Int32Array ? 'int32' : 'float32',
  read: async () => values,
});

// Odd sizes, none, one larger than a chunk, and values that JSON would not keep.
const state: TrainingState = {
  numbers,
  tensors: [
    tensor('a', Float32Array.of(1e-38, -0, Number.POSITIVE_INFINITY)),
    tensor('none', new Float32Array()),
    tensor('rows', Int32Array.of(0, -1, 2 ** 31 - 1)),
    tensor(
      'large',
      Float32Array.from({ length: 300_001 }, (_, i) => Math.sin(i)),
    ),
  ],
};

const once = async () => {};

describe('a checkpoint as bytes', () => {
  it('gives back what was written, to the last bit', async () => {
    const file = memoryFile();
    const written = await writeState(state, file);
    expect(written.bytes).toBe(file.size);
    await verify(file, written, once);
    const read = readState(file);
    expect(read.numbers).toEqual(numbers);
    expect(read.tensors.map(({ name }) => name)).toEqual(['a', 'none', 'rows', 'large']);
    for (const [i, one] of state.tensors.entries()) expect(await read.tensors[i].read()).toEqual(await one.read());
  });

  it('knows a single other bit anywhere, and a file that is cut short', async () => {
    const file = memoryFile();
    const written = await writeState({ ...state, tensors: state.tensors.slice(0, 3) }, file);
    for (const at of [0, 9, 20, file.size >> 1, file.size - 1]) {
      file.bytes[at] ^= 16;
      await expect(verify(file, written, once), `byte ${at}`).rejects.toThrow(CheckpointError);
      file.bytes[at] ^= 16;
    }
    await verify(file, written, once);
    const short = memoryFile();
    short.write(file.bytes.subarray(0, file.size - 8), 0);
    await expect(verify(short, written, once)).rejects.toThrow(/bytes in place of/);
  });

  it('refuses bytes that lie, and allocates nothing for them', async () => {
    const file = memoryFile();
    await writeState({ ...state, tensors: state.tensors.slice(0, 3) }, file);
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.tuple(fc.nat(file.size - 1), fc.integer({ min: 1, max: 255 })), { minLength: 1 }),
        async (flips) => {
          const other = memoryFile();
          other.write(file.bytes, 0);
          for (const [at, by] of flips) other.bytes[at] ^= by;
          try {
            for (const one of readState(other).tensors) expect((await one.read()).byteLength).toBeLessThanOrEqual(file.size);
          } catch (error) {
            expect(error).toBeInstanceOf(CheckpointError);
          }
        },
      ),
      { numRuns: 300 },
    );
    for (const shape of ['[1e15]', '[-1]', '[0.5]', '[4294967296,4294967296]', 'null']) {
      const lying = memoryFile();
      const header = new TextEncoder().encode(
        `{"numbers":${JSON.stringify(numbers)},"tensors":[{"role":"first","name":"a","type":"float32","shape":${shape}}]}`,
      );
      lying.write(new Uint8Array(Uint32Array.of(0x43464155, 1, header.length, 0).buffer), 0);
      lying.write(header, 16);
      expect(() => readState(lying), shape).toThrow(CheckpointError);
    }
    expect(() => readState(memoryFile())).toThrow(/cut short/);
  });

  it('refuses numbers that nothing can go on from, whatever its checksum', async () => {
    const { draws, optimiser, position } = numbers;
    const lies: Record<string, unknown>[] = [
      { position: { ...position, stage: 'evaluation' } },
      { position: { ...position, epoch: 0 } },
      { position: { ...position, step: 0.5 } },
      { pretraining: { epochs: null, seconds: 1 } },
      { epochs: [{ epoch: 2 }] },
      { seconds: {} },
      { mean: { sum: null, weight: 1 } },
      { draws: { ...draws, streams: { gumbel: [1, 2, 3] } } },
      { draws: { ...draws, source: { given: 1, sampling: [1, 2, 3, null] } } },
      { optimiser: { ...optimiser, step: -1 } },
      { optimiser: { ...optimiser, settled: [7] } },
      { best: { epoch: 1 } },
    ];
    for (const lie of lies) {
      const lying = memoryFile();
      await writeState({ numbers: { ...numbers, ...lie }, tensors: [] }, lying);
      expect(() => readState(lying), JSON.stringify(lie)).toThrow(CheckpointError);
    }
  });

  it('has the checksum of zip', () => {
    expect(crc32(new TextEncoder().encode('123456789'))).toBe(0xcbf43926);
    const bytes = Uint8Array.from({ length: 1000 }, (_, i) => i * 7);
    expect(crc32(bytes.subarray(333), crc32(bytes.subarray(0, 333)))).toBe(crc32(bytes));
  });
});
