import type { Scenario } from '../src/data/dataset.ts';

/** One row of the independent implementation's table: one seed, test N 1,200. Shares of fine-tuned blocks by kind. */
export interface ReferenceRow {
  readonly method: string;
  readonly label: string;
  readonly changes: Readonly<Record<string, number>>;
  readonly hr: number;
  readonly mrr: number;
  readonly steady: number;
  readonly nostalgic: number;
  /** AUC of the recovered kinds; null for methods without a policy of their own. */
  readonly auc: number | null;
}

/** Standard error of an HR@5 of the table. */
export const REFERENCE_N = 1200;

const row = (
  method: string,
  label: string,
  values: readonly [number, number, number, number, number | null],
  changes: ReferenceRow['changes'] = {},
): ReferenceRow => {
  const [hr, mrr, steady, nostalgic, auc] = values;
  return { method, label, changes, hr, mrr, steady, nostalgic, auc };
};

const EXPLORATION = { exploration: 0.8 };

/** Measured by the independent implementation with the settings of the preset `quick`. */
export const REFERENCE: Readonly<Record<Scenario, readonly ReferenceRow[]>> = {
  hidden: [
    row('finetune-cls', 'Finetune-CLS', [0.376, 0.267, 0.575, 0.176, null]),
    row('finetune-zero', 'Finetune-Zero', [0.518, 0.352, 0.53, 0.505, null]),
    row('finetune-all', 'Finetune-All', [0.517, 0.344, 0.525, 0.508, null]),
    row('uaf-random', 'UAF-Random', [0.501, 0.358, 0.591, 0.41, null]),
    row('uaf-hard', 'UAF-Hard', [0.672, 0.496, 0.676, 0.667, 1]),
    row('uaf-soft', 'UAF-Soft', [0.673, 0.491, 0.676, 0.669, 1]),
    row('uaf-rl', 'UAF-RL', [0.665, 0.486, 0.658, 0.672, 1]),
    row('uaf-rl', 'UAF-RL, exploration .8', [0.664, 0.488, 0.688, 0.641, 1], EXPLORATION),
  ],
  open: [
    row('finetune-cls', 'Finetune-CLS', [0.376, 0.257, 0.562, 0.189, null]),
    row('finetune-zero', 'Finetune-Zero', [0.625, 0.441, 0.645, 0.605, null]),
    row('finetune-all', 'Finetune-All', [0.658, 0.452, 0.653, 0.664, null]),
    row('uaf-random', 'UAF-Random', [0.503, 0.343, 0.606, 0.398, null]),
    row('uaf-hard', 'UAF-Hard', [0.657, 0.466, 0.669, 0.644, 0.98]),
    row('uaf-soft', 'UAF-Soft', [0.654, 0.463, 0.648, 0.661, 0.69]),
    row('uaf-rl', 'UAF-RL', [0.653, 0.461, 0.665, 0.642, 0.97]),
    row('uaf-rl', 'UAF-RL, exploration .8', [0.613, 0.422, 0.66, 0.565, 0.98], EXPLORATION),
  ],
};
