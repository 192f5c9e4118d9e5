import { expose } from 'comlink';
import { presetFor } from '../../src/configuration/presets.ts';
import { type Dataset, paddedSequences } from '../../src/data/dataset.ts';
import { randomStream } from '../../src/data/random.ts';
import { openBackend } from '../../src/engine/backend.ts';
import { StoppedError } from '../../src/engine/errors.ts';
import { pretrain } from '../../src/engine/training/pretraining.ts';
import { contentsOf, StudioDatabase } from '../../src/storage/database.ts';
import { readWasm } from '../../workers/readWasm.ts';

let dataset: Dataset | null = null;

const training = {
  /** Opens a dataset as the training worker does; how many seconds it took. */
  open: async (id: number): Promise<number> => {
    const started = performance.now();
    dataset = await contentsOf(new StudioDatabase(), id);
    return (performance.now() - started) / 1000;
  },
  /** Reads the sequences of 256 users at random so many times; milliseconds of each. */
  batches: async (count: number): Promise<number> => {
    if (dataset === null) throw new Error('No dataset is open.');
    const random = randomStream(1, 'benchmark');
    const started = performance.now();
    for (let i = 0; i < count; i++) {
      const users = Int32Array.from({ length: 256 }, () => random.integer(dataset?.users.length ?? 1));
      paddedSequences(dataset, users, 50);
    }
    return (performance.now() - started) / count;
  },
  /** Takes some steps of pre-training on WASM; milliseconds of each. */
  train: async (count: number): Promise<number[]> => {
    if (dataset === null) throw new Error('No dataset is open.');
    await openBackend('wasm', { readWasm, startThread: null });
    const configuration = presetFor('quick', { scenario: null, sourceItems: dataset.figures.sourceItems });
    const times: number[] = [];
    let last = performance.now();
    const turn = async () => {
      const now = performance.now();
      times.push(now - last);
      last = now;
      if (times.length === count) throw new StoppedError();
    };
    const nothing = async () => {};
    const observer = {
      now: () => performance.now(),
      turn,
      progress: () => {},
      pretrainingEpoch: nothing,
      pretrainingReused: nothing,
      fineTuningEpoch: nothing,
    };
    await pretrain(dataset, configuration, observer).catch((error) => {
      if (!(error instanceof StoppedError)) throw error;
    });
    return times;
  },
};

export type Training = typeof training;

expose(training);
