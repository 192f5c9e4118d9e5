import type { Value } from './schema.ts';

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

/** Every key but the method, the seed and the dataset's own filters, which have places of their own; in the paper's notation. */
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
        key: 'pretraining.softmax',
        label: 'Softmax',
        help: 'Over all items, or over sampled ones: for catalogues too large for all.',
        kind: 'choice',
        choices: ['full', 'sampled'],
      },
      {
        key: 'pretraining.sampledItems',
        label: 'Sampled items',
        help: 'Of the sampled softmax: items a step, drawn by frequency.',
        kind: 'number',
        min: 1,
      },
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
        help: 'Stop after so many epochs without a better MRR@5 (labels: accuracy) on what chooses the best epoch; 0 never stops.',
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
      {
        key: 'fineTuning.selectOn',
        label: 'Best epoch by',
        help: 'validation; or test, as in the released code: then validation joins test (80 / 20 %), and results are too good.',
        kind: 'choice',
        choices: ['validation', 'test'],
      },
    ],
  },
  {
    title: 'MTL and PeterRec',
    controls: [
      {
        key: 'fineTuning.multiTaskWeight',
        label: 'Weight of the target loss',
        help: 'MTL: source loss + weight · target loss.',
        kind: 'number',
        min: 0,
        step: 0.1,
      },
      {
        key: 'adapterWidth',
        label: 'Adapter width',
        help: 'PeterRec: of the bottleneck; k / 4 is usual.',
        kind: 'number',
        min: 1,
      },
      {
        key: 'adapterNorms',
        label: 'Adapter norms',
        help: 'PeterRec: layer norms are trained, as with adapters usually, or frozen, as the UAF paper words it.',
        kind: 'choice',
        choices: ['trained', 'frozen'],
      },
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
      {
        key: 'evaluationGate',
        label: 'Gates at evaluation',
        help: 'The likelier one (argmax), or drawn with Gumbel noise as in the released code.',
        kind: 'choice',
        choices: ['argmax', 'sampled'],
      },
      {
        key: 'evaluationSeed',
        label: 'Evaluation seed',
        help: 'Of what is drawn at evaluation; 0 is the run’s own seed. UAF-Random: another seed gives users other gates than in training.',
        kind: 'number',
        min: 0,
      },
    ],
  },
  {
    title: 'Reinforcement (UAF-RL)',
    controls: [
      {
        key: 'rewardGamma',
        label: 'Penalty γ',
        help: 'The reward of a wrong recommendation is −γ (Eq. 13).',
        kind: 'number',
        step: 0.1,
      },
      {
        key: 'rewardBeta',
        label: 'Weight β',
        help: 'Of the self-critical loss beside the target loss.',
        kind: 'number',
        step: 0.1,
      },
      {
        key: 'rewardForm',
        label: 'Reward',
        help: 'Few fine-tuned blocks pay (Eq. 13), or many, as in the released code.',
        kind: 'choice',
        choices: ['paper', 'released'],
      },
      {
        key: 'baselineNoise',
        label: 'Noise in the baseline',
        help: 'The greedy policy that is compared with is noisy itself (released code).',
        kind: 'switch',
      },
      {
        key: 'warmupEpochs',
        label: 'Warm-up epochs',
        help: 'Epochs in which UAF-RL trains as UAF-Hard does.',
        kind: 'number',
        min: 0,
      },
      {
        key: 'curriculum',
        label: 'Curriculum',
        help: 'last-to-first: after the warm-up the policy decides on the last block, an epoch later on the last two, …',
        kind: 'choice',
        choices: ['none', 'last-to-first'],
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

export const writeValue = (value: Value): string => (Array.isArray(value) ? `[${value.join(', ')}]` : String(value));

const LABELS = new Map(PARAMETER_GROUPS.flatMap(({ controls }) => controls.map(({ key, label }) => [key, label] as const)));

/** A key in the words of the page: “learning rate”. Both stages have some: pre-training's say so. */
export function parameterLabel(key: string): string {
  const label = LABELS.get(key) ?? key;
  const words = `${label[0].toLowerCase()}${label.slice(1)}`;
  return key.startsWith('pretraining.') ? `pre-training ${words}` : words;
}

/** A key with its value, to stand within a name: “learning rate 0.001”. */
export const parameterWords = (key: string, value: Value): string => `${parameterLabel(key)} ${writeValue(value)}`;
