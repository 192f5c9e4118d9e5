import { PRESETS } from '../configuration/presets.ts';
import { complete, nest } from '../configuration/schema.ts';
import { randomStream } from '../data/random.ts';
import { metricsOf } from '../engine/evaluation/metrics.ts';
import type { DatasetReport, RunReport } from '../engine/training/report.ts';
import type { ResultRun } from './run.ts';

export const DATASET: DatasetReport = {
  name: 'd',
  hash: 'd',
  task: 'ranking',
  classes: null,
  origin: { kind: 'files', files: ['source.csv', 'target.csv'] },
  sourceUsers: 100,
  sourceItems: 50,
  sourceInteractions: 1000,
  targetUsers: 80,
  targetItems: 200,
  instances: 200,
  targetOnlyUsers: 0,
  droppedTargetItems: 0,
  train: 160,
  validation: 10,
  test: 30,
  candidates: 100,
};

/** A finished run by the rank of each of its test instances. */
export function resultRun(
  method: string,
  seed: number,
  ranks: readonly number[],
  {
    changes = {},
    dataset = DATASET,
    report = {},
  }: { changes?: Record<string, unknown>; dataset?: DatasetReport; report?: Partial<RunReport> } = {},
): ResultRun {
  const outcomes = { sampled: Int32Array.from(ranks), all: Int32Array.from(ranks, (rank) => 2 * rank) };
  const targets = Int32Array.from(ranks, (_, i) => i % 7);
  const configuration = complete(PRESETS.quick, nest({ ...changes, method, seed }));
  const test = metricsOf(outcomes, targets, [5, 10, 20]);
  return {
    dataset,
    environment: { backend: 'wasm', adapter: 'SIMD', softwareAdapter: false, variant: 'relaxed', studio: '0', platform: 'tests' },
    preset: 'quick',
    experiment: null,
    report: {
      id: `${method}-${seed}`,
      status: 'finished',
      error: null,
      method,
      seed,
      configuration,
      pretraining: { epochs: [{ epoch: 1, loss: 4 }] },
      epochs: [{ epoch: 1, trainLoss: 0.5, validation: test, utilisation: null, policy: null }],
      bestEpoch: 1,
      test,
      policy: null,
      byTrainingTargets: null,
      cost: null,
      seconds: { pretraining: 1, fineTuning: 2, evaluation: 0.5, recommendation: 0.001 },
      ...report,
    },
    details: { instances: Int32Array.from(ranks, (_, i) => 3 * i), targets, users: null, outcomes, policies: null, epochs: [] },
  };
}

/** Ranks of which a share is within 5, drawn for each method and seed; half of what decides is how hard an instance is for all. */
export function madeRanks(method: string, seed: number, share: number, n: number): number[] {
  const [hardness, luck] = [randomStream(1, 'made ranks'), randomStream(seed, 'made ranks', method)];
  return Array.from({ length: n }, () => {
    const draw = hardness.integer(2) === 0 ? hardness.uniform() : luck.uniform();
    return draw < share ? 1 + Math.floor((5 * draw) / share) : 9;
  });
}
