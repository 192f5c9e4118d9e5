import { PRESETS } from '../../configuration/presets.ts';
import type { Configuration } from '../../configuration/schema.ts';
import type { Sizes } from './plan.ts';

/** Sizes of the paper's Table 1, with the length of sequences that each has. */
const DATASETS = {
  'coldrec-1': { sequenceLength: 50, sourceItems: 191_022, targetItems: 20_343, sourceUsers: 1_649_095, instances: 3_798_114 },
  'coldrec-2': { sequenceLength: 100, sourceItems: 645_981, targetItems: 17_880, sourceUsers: 1_472_428, instances: 2_947_688 },
} as const;

type Changes = (paper: Configuration) => Configuration;

const method =
  (id: string): Changes =>
  (paper) => ({ ...paper, method: id });
const pretraining =
  (softmax: 'full' | 'sampled', sampledItems = 4096): Changes =>
  (paper) => ({ ...paper, pretraining: { ...paper.pretraining, softmax, sampledItems } });

const STEPS: readonly [name: string, stage: Sizes['stage'], changes: Changes][] = [
  ['finetune-all', 'fine-tuning', method('finetune-all')],
  ['uaf-soft', 'fine-tuning', method('uaf-soft')],
  ['uaf-hard', 'fine-tuning', method('uaf-hard')],
  ['uaf-rl', 'fine-tuning', method('uaf-rl')],
  ['pretraining-sampled-4096', 'pretraining', pretraining('sampled', 4096)],
  ['pretraining-sampled-38204', 'pretraining', pretraining('sampled', 38_204)],
  ['pretraining-full', 'pretraining', pretraining('full')],
];

/** Steps of the paper's model (k 128, 8 blocks, batch 256) on its two public datasets, by name: `uaf-soft/coldrec-1`. */
export function planCases(): Map<string, Sizes> {
  const cases = new Map<string, Sizes>();
  for (const [dataset, { sequenceLength, ...sizes }] of Object.entries(DATASETS)) {
    for (const [step, stage, changes] of STEPS) {
      const configuration = changes({ ...PRESETS.paper, sequenceLength });
      cases.set(`${step}/${dataset}`, { configuration, stage, task: 'ranking', ...sizes });
    }
  }
  return cases;
}
