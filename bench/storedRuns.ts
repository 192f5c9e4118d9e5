import { PRESETS } from '../src/configuration/presets.ts';
import { complete } from '../src/configuration/schema.ts';
import { randomStream } from '../src/data/random.ts';
import { SIMULATOR_DEFAULTS } from '../src/data/simulator.ts';
import { metricsOf } from '../src/engine/evaluation/metrics.ts';
import type { RunRow } from '../src/storage/database.ts';
import { packPolicies } from '../src/storage/policies.ts';

const EPOCHS = 14;
const BEST = 10;
const BLOCKS = PRESETS.paper.dilations.length;

const base64 = (array: Uint8Array | Int32Array): string =>
  Buffer.from(array.buffer, array.byteOffset, array.byteLength).toString('base64');

/** Users with a random leaning for each block, which their gates follow more and more from epoch to epoch. */
function policiesOf(users: number, epoch: number): Uint8Array {
  const { uniform } = randomStream(1, 'trace');
  const sure = epoch / EPOCHS;
  const probability = Float32Array.from({ length: users * BLOCKS }, (_, i) => {
    const leaning = uniform() < 0.15 + 0.1 * (i % BLOCKS) ? 1 : 0;
    return (1 - sure) * 0.5 + sure * (0.02 + 0.96 * leaning) + 0.02 * (uniform() - 0.5);
  });
  return packPolicies({ gate: probability.map((p) => (p > 0.5 ? 1 : 0)), probability });
}

/** Rows of two finished runs on a simulated dataset: UAF-Hard with the policies of all its epochs, and Finetune-All. Arrays are in base 64. */
export function storedRuns(users: number, datasetId: number) {
  const { uniform } = randomStream(2, 'trace');
  const instances = Int32Array.from({ length: Math.floor(0.15 * users * SIMULATOR_DEFAULTS.targetsPerUser) }, (_, i) =>
    Math.floor(i / 0.15),
  );
  const targets = new Int32Array(instances.length);
  const methods = ['uaf-hard', 'finetune-all'] as const;
  const ranks = methods.map(() => instances.map(() => 1 + Math.floor(100 * uniform())));
  const runs = methods.map((method, i): RunRow => {
    const test = metricsOf({ all: ranks[i], sampled: ranks[i] }, targets, [5]);
    const policy = { utilisation: new Array<number>(BLOCKS).fill(0.5), distinct: 256, entropy: 0.5, collapsed: false };
    return {
      id: i + 1,
      datasetId,
      datasetName: 'traced',
      configuration: complete(PRESETS.paper, { method }),
      preset: 'paper',
      scenario: 'hidden',
      sourceItems: 132,
      search: null,
      experimentId: null,
      status: 'finished',
      position: i,
      createdAt: 0,
      startedAt: 0,
      finishedAt: 1,
      backend: null,
      error: null,
      pretraining: [],
      result: {
        bestEpoch: BEST,
        test,
        validation: test,
        policy: method === 'uaf-hard' ? policy : null,
        candidates: 100,
        classes: null,
        byTrainingTargets: null,
        cost: null,
        split: null,
        seconds: { pretraining: 0, fineTuning: 0, evaluation: 0, recommendation: null },
      },
    };
  });
  return {
    runs,
    policies: Array.from({ length: EPOCHS }, (_, i) => ({
      runId: 1,
      epoch: i + 1,
      bytes: base64(policiesOf(users, i + 1)),
    })),
    outcomes: runs.map(({ id }, i) => ({
      runId: id,
      ranks: base64(ranks[i]),
      instances: base64(instances),
      targets: base64(targets),
    })),
  };
}
