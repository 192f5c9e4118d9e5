import { presetFor } from '../../src/configuration/presets.ts';
import { complete, nest, type Value } from '../../src/configuration/schema.ts';
import { EXPERIMENT_VERSION, type Experiment, plannedRuns } from '../../src/experiments/experiment.ts';
import type { DatasetRow, ExperimentRow, RunRow } from '../../src/storage/database.ts';
import { traitsOf } from '../../src/storage/traits.ts';

/** What is trained, undisturbed and disturbed: runs of their own around those of an experiment. */
export interface QueuePlan {
  /** On which backend, as the preferences name it. */
  readonly backend: 'wasm' | 'webgpu';
  /** Of the simulated dataset. */
  readonly users: number;
  /** What differs from the preset `quick` in all of them, by flat keys. */
  readonly changes: Readonly<Record<string, Value>>;
  readonly experiment: Pick<Experiment, 'methods' | 'seeds'>;
  /** Method and seed of each run of its own. The first half comes before the experiment. */
  readonly alone: readonly (readonly [method: string, seed: number])[];
  /** Learning rates of the trials of a search, which end the queue: of them the best alone keeps its model. */
  readonly trials: readonly number[];
}

const small = {
  channels: 8,
  'pretraining.epochs': 3,
  'pretraining.batchSize': 16,
  'fineTuning.epochs': 4,
  'fineTuning.batchSize': 8,
  warmupEpochs: 2,
};

/** Fourteen runs of a second or two each on WASM. */
export const WASM_QUEUE: QueuePlan = {
  backend: 'wasm',
  users: 150,
  changes: small,
  experiment: { methods: ['uaf-hard', 'mtl', 'finetune-all'], seeds: [1, 2] },
  alone: [
    ['uaf-rl', 1],
    ['finetune-cls', 1],
    ['uaf-soft', 2],
    ['peterrec', 2],
    ['uaf-hard-gru', 1],
    ['uaf-rl', 3],
  ],
  trials: [3e-3, 1e-3],
};

/** Fewer and shorter ones: a GPU that the CPU plays takes a while for each step. */
export const WEBGPU_QUEUE: QueuePlan = {
  backend: 'webgpu',
  users: 60,
  changes: { ...small, channels: 4, sequenceLength: 9, 'pretraining.epochs': 2, 'fineTuning.epochs': 3, warmupEpochs: 1 },
  experiment: { methods: ['uaf-hard', 'finetune-all'], seeds: [1] },
  alone: [
    ['uaf-soft', 1],
    ['uaf-rl', 2],
  ],
  trials: [],
};

/** What a part of the tests trains. */
export const SHORT_QUEUE: QueuePlan = {
  backend: 'wasm',
  users: 120,
  changes: { ...small, 'pretraining.epochs': 2, 'fineTuning.epochs': 3, warmupEpochs: 1 },
  experiment: { methods: ['uaf-hard', 'finetune-all'], seeds: [1] },
  alone: [
    ['uaf-rl', 1],
    ['uaf-soft', 2],
  ],
  trials: [],
};

/** The rows of a queue on a dataset, as the page would have put them there; ids count from 1, in the order of the queue. */
export function rowsOf(plan: QueuePlan, dataset: DatasetRow): { experiments: ExperimentRow[]; runs: RunRow[] } {
  const preset = presetFor('quick', traitsOf(dataset));
  const base = complete(preset, nest(plan.changes));
  const experiment: Experiment = {
    version: EXPERIMENT_VERSION,
    name: 'Chaos',
    question: null,
    preset: 'quick',
    changes: { ...plan.changes },
    grid: [],
    variants: [],
    methods: [...plan.experiment.methods],
    seeds: [...plan.experiment.seeds],
  };
  const own = { experimentId: null, search: null };
  const alone = plan.alone.map(([method, seed]) => ({ ...own, configuration: complete(base, { method, seed }) }));
  const together = plannedRuns(experiment, preset).map(({ configuration }) => ({ ...own, configuration, experimentId: 1 }));
  const trials = plan.trials.map((learningRate) => {
    return { ...own, configuration: complete(base, { method: 'uaf-soft', fineTuning: { learningRate } }), search: 'chaos' };
  });
  const half = Math.ceil(alone.length / 2);
  const all = [...alone.slice(0, half), ...together, ...alone.slice(half), ...trials];
  return {
    experiments: [{ id: 1, createdAt: Date.now(), experiment }],
    runs: all.map((run, i) => ({
      ...run,
      id: i + 1,
      datasetId: dataset.id,
      datasetName: dataset.name,
      preset: 'quick',
      ...traitsOf(dataset),
      status: 'queued',
      position: i + 1,
      createdAt: Date.now(),
      startedAt: null,
      finishedAt: null,
      backend: null,
      error: null,
      pretraining: [],
      result: null,
    })),
  };
}
