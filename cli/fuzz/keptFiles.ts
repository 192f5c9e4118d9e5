import { createHash } from 'node:crypto';
import type { RandomStream } from '../../src/data/random.ts';
import { SIMULATOR_DEFAULTS, simulate } from '../../src/data/simulator.ts';
import { writeState } from '../../src/engine/checkpoint/format.ts';
import type { StateTensor, TrainingState } from '../../src/engine/checkpoint/state.ts';
import { memoryFile } from '../../src/engine/checkpoint/testing.ts';
import { DATASET, madeRanks, resultRun } from '../../src/results/testing.ts';
import { storageService } from '../../src/services/storageService.ts';
import { addDataset, hashOf, StudioDatabase } from '../../src/storage/database.ts';
import { rowFiles } from '../../src/storage/rowFiles.ts';
import { takeInRuns } from '../../src/storage/takeIn.ts';
import { takeInExperiment } from '../../src/storage/takeInModel.ts';
import { mappingRow, runRow } from '../../src/storage/testing.ts';
import { type FuzzFile, textFile } from './files.ts';
import { experiment } from './resultFiles.ts';

/** What a run between two steps needs to go on. */
function stateOf(random: RandomStream): TrainingState {
  const tensor = (role: StateTensor['role'], name: string, shape: number[]): StateTensor => ({
    role,
    name,
    shape,
    type: role === 'last step' ? 'int32' : 'float32',
    read: async () => {
      const values = Array.from({ length: shape.reduce((size, length) => size * length, 1) }, () => random.integer(100));
      return role === 'last step' ? Int32Array.from(values) : Float32Array.from(values);
    },
  });
  return {
    numbers: {
      position: { stage: 'fine-tuning', epoch: 2, step: 3 },
      pretraining: { epochs: [{ epoch: 1, loss: random.uniform() }], seconds: 1 },
      epochs: [],
      seconds: { fineTuning: 1, evaluation: 2 },
      mean: { sum: random.uniform(), weight: 7 },
      draws: { streams: { gumbel: [1, 2, 3, 4] }, source: { given: 4, sampling: null } },
      optimiser: { step: 9, settled: ['items'] },
      best: { epoch: 1, value: random.uniform() },
    },
    tensors: [
      tensor('parameter', 'items', [4, 3]),
      tensor('first', 'items', [4, 3]),
      tensor('last step', 'items', [4]),
      tensor('best', 'none', [0]),
    ],
  };
}

/** The facts by which a checkpoint is known to be whole, and a hash by which the fuzzer knows it. */
export interface CheckpointFacts {
  readonly bytes: number;
  readonly checksum: number;
  readonly hash: string;
}

export const hashOfBytes = (bytes: Uint8Array): string => createHash('sha256').update(bytes).digest('hex');

/** A checkpoint, and what its row says of it. */
export async function checkpoint(random: RandomStream): Promise<FuzzFile[]> {
  const file = memoryFile();
  const written = await writeState(stateOf(random), file);
  const facts: CheckpointFacts = { ...written, hash: hashOfBytes(file.bytes) };
  return [{ name: 'checkpoint', bytes: file.bytes }, textFile('row.json', JSON.stringify(facts))];
}

/** A workspace with a dataset, a finished run, one that was interrupted and has a checkpoint, an experiment, settings and a mapping. */
export async function workspace(random: RandomStream): Promise<FuzzFile[]> {
  const database = new StudioDatabase(`fuzzed workspace ${random.integer(2 ** 30)}`);
  try {
    const files = rowFiles(database);
    const datasetId = await addDataset(database, simulate({ ...SIMULATOR_DEFAULTS, users: 12, seed: random.integer(1000) }), [
      'A note.',
    ]);
    const hash = await hashOf(database, datasetId);
    const row = await database.datasets.get(datasetId);
    if (row === undefined || hash === null) throw new Error('The dataset of a workspace is gone.');
    const { name, task, origin, figures } = row;
    const test = Math.floor(0.3 * figures.instances);
    const report = { ...DATASET, name, hash, task, origin, ...figures, test, validation: 0, train: figures.instances - test };
    await takeInRuns(database, [resultRun('finetune-all', 1, madeRanks('finetune-all', 1, 0.3, test), { dataset: report })]);
    await takeInExperiment(database, experiment(random));
    const { id: _id, ...interrupted } = runRow(9, { method: 'uaf-soft' }, { datasetId, status: 'interrupted' });
    const runId = await database.runs.add(interrupted);
    const file = await files.create('checkpoint');
    const written = await writeState(stateOf(random), file);
    await file.finish();
    const place = { stage: 'fine-tuning', epoch: 2, step: 3 } as const;
    await database.checkpoints.add({ runId, file: file.name, ...written, savedAt: 5, ...place });
    await database.settings.add({ name: 'variant on a GPU', value: 'register 4×8' });
    await database.mappings.add(mappingRow);
    const service = storageService({
      database,
      files: async () => files,
      locks: undefined,
      platform: 'test',
      usage: async () => null,
    });
    const exported = await service.exportWorkspace(null, datasetId, () => {});
    if (!exported.ok || exported.value.blob === null) throw new Error('A workspace could not be exported.');
    return [{ name: 'workspace.zip', bytes: new Uint8Array(await exported.value.blob.arrayBuffer()) }];
  } finally {
    await database.delete();
  }
}
