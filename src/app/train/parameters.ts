import type { Value } from '../../configuration/schema.ts';

/** A control for one key of the configuration. */
export interface ParameterControl {
  readonly key: string;
  readonly label: string;
  /** In the paper's notation, with what it does. */
  readonly help: string;
  readonly kind: 'number' | 'list' | 'switch' | 'choice';
  readonly choices?: readonly string[];
  readonly min?: number;
  readonly max?: number;
  readonly step?: number;
}

export interface ParameterGroup {
  readonly title: string;
  readonly controls: readonly ParameterControl[];
}

/** Every key that changes something for the methods of this version, in the paper's notation. */
export const PARAMETER_GROUPS: readonly ParameterGroup[] = [
  {
    title: 'Network',
    controls: [
      { key: 'channels', label: 'Channels k', help: 'Width of embeddings and blocks.', kind: 'number', min: 1, max: 1024 },
      {
        key: 'dilations',
        label: 'Dilations',
        help: 'One block each; its second convolution has twice the dilation. N is their number.',
        kind: 'list',
      },
      { key: 'kernelSize', label: 'Kernel size', help: 'Positions a convolution looks at.', kind: 'number', min: 1, max: 9 },
      {
        key: 'sequenceLength',
        label: 'Sequence length n',
        help: 'The most recent source items of a user.',
        kind: 'number',
        min: 2,
        max: 1000,
      },
      {
        key: 'readout',
        label: 'User vector',
        help: 'Last position (Eq. 7), or the mean over all (released code).',
        kind: 'choice',
        choices: ['last', 'mean'],
      },
    ],
  },
  {
    title: 'Pre-training',
    controls: [
      { key: 'pretraining.epochs', label: 'Epochs', help: 'Passes over all source users.', kind: 'number', min: 0 },
      { key: 'pretraining.learningRate', label: 'Learning rate', help: 'Adam’s.', kind: 'number', min: 0, step: 0.0001 },
      { key: 'pretraining.batchSize', label: 'Batch size', help: 'Users a step.', kind: 'number', min: 1 },
      {
        key: 'pretraining.maskPadding',
        label: 'Mask padding',
        help: 'Padded positions are no targets (the released code counts them).',
        kind: 'switch',
      },
    ],
  },
  {
    title: 'Fine-tuning',
    controls: [
      { key: 'fineTuning.epochs', label: 'Epochs', help: 'Passes over the training instances.', kind: 'number', min: 1 },
      { key: 'fineTuning.learningRate', label: 'Learning rate', help: 'Adam’s.', kind: 'number', min: 0, step: 0.0001 },
      { key: 'fineTuning.batchSize', label: 'Batch size B', help: 'Instances a step.', kind: 'number', min: 1 },
      {
        key: 'fineTuning.patience',
        label: 'Patience',
        help: 'Stop after so many epochs without a better validation MRR@5; 0 never stops.',
        kind: 'number',
        min: 0,
      },
      {
        key: 'fineTuning.trainingFraction',
        label: 'Training fraction',
        help: 'Share of the training instances that is used (Table 5: 0.1).',
        kind: 'number',
        min: 0.01,
        max: 1,
        step: 0.1,
      },
      {
        key: 'targetLoss',
        label: 'Loss',
        help: 'BPR (Eq. 8), or binary cross-entropy (released code).',
        kind: 'choice',
        choices: ['bpr', 'bce'],
      },
      { key: 'targetBias', label: 'Target bias', help: 'A bias b for each target item.', kind: 'switch' },
    ],
  },
  {
    title: 'Policy (UAF)',
    controls: [
      {
        key: 'temperature',
        label: 'Temperature τ',
        help: 'Of the Gumbel-softmax’s gradient (Eq. 10). Small values saturate the gates at once.',
        kind: 'number',
        min: 0.01,
        step: 1,
      },
      {
        key: 'exploration',
        label: 'Exploration α',
        help: 'Mixes the policy with its opposite while training (BlockDrop); 1 is off.',
        kind: 'number',
        min: 0.5,
        max: 1,
        step: 0.05,
      },
      {
        key: 'gateLogits',
        label: 'Gate logits',
        help: 'log π (Eq. 9), or σ(v) as in the released code.',
        kind: 'choice',
        choices: ['log-softmax', 'sigmoid'],
      },
    ],
  },
  {
    title: 'Split and evaluation',
    controls: [
      {
        key: 'dataset.split',
        label: 'Split',
        help: 'random: 80 / 5 / 15 % of the instances, as in the paper; it leaks the future. latest: each user’s last instance tests.',
        kind: 'choice',
        choices: ['random', 'latest'],
      },
      {
        key: 'dataset.splitSeed',
        label: 'Split seed',
        help: 'Of the split and of the candidates; shared by all methods and seeds.',
        kind: 'number',
        min: 0,
      },
      {
        key: 'evaluation.candidates',
        label: 'Candidates',
        help: 'The target and its negatives in the sampled protocol.',
        kind: 'number',
        min: 2,
      },
      { key: 'evaluation.cutoffs', label: 'Cut-offs', help: 'Lengths of the lists that HR, MRR and NDCG look at.', kind: 'list' },
    ],
  },
];

/** “1, 4, 1, 4” → [1, 4, 1, 4]; null if it is no list of whole numbers. */
export function parseList(text: string): number[] | null {
  const numbers = text
    .split(/[\s,]+/)
    .filter((word) => word !== '')
    .map(Number);
  return numbers.length > 0 && numbers.every((n) => Number.isSafeInteger(n) && n > 0) ? numbers : null;
}

export const writeValue = (value: Value): string => (Array.isArray(value) ? `[${value.join(', ')}]` : String(value));
