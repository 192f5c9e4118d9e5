import { type Configuration, complete, nest, type Value } from './schema.ts';

/** The paper's own settings. Epochs and early stopping are not given there; these are ours. */
const paper: Configuration = {
  method: 'uaf-hard',
  seed: 1,
  channels: 128,
  dilations: [1, 4, 1, 4, 1, 4, 1, 4],
  kernelSize: 3,
  sequenceLength: 50,
  readout: 'last',
  targetLoss: 'bpr',
  targetBias: true,
  temperature: 10,
  gateLogits: 'log-softmax',
  evaluationGate: 'argmax',
  evaluationSeed: 0,
  exploration: 1,
  rewardGamma: 1,
  rewardBeta: 1,
  rewardForm: 'paper',
  baselineNoise: false,
  warmupEpochs: 5,
  curriculum: 'none',
  adapterWidth: 32,
  adapterNorms: 'trained',
  pretraining: { epochs: 10, learningRate: 1e-4, batchSize: 256, softmax: 'full', sampledItems: 4096, maskPadding: true },
  fineTuning: {
    epochs: 20,
    learningRate: 1e-4,
    batchSize: 256,
    patience: 0,
    selectOn: 'validation',
    trainingFraction: 1,
    multiTaskWeight: 1,
  },
  dataset: { split: 'random', splitSeed: 1, minimumTargetItemCount: 1, maximumTargetsPerUser: 0 },
  evaluation: { candidates: 100, cutoffs: [5, 10, 20] },
};

/** One setting in which the authors' released code does something else than their paper says. */
export interface ReleasedDifference {
  readonly key: string;
  readonly released: Value;
  /** What it changes. */
  readonly words: string;
  /** Where the paper's choice stands. */
  readonly paper: string;
  /** Where the code's choice stands. */
  readonly code: string;
}

/** All differences between the presets `paper` and `released-code`: each is one key, so that anyone can measure which matter. */
export const RELEASED_DIFFERENCES: readonly ReleasedDifference[] = [
  {
    key: 'readout',
    released: 'mean',
    words: 'The user vector is the mean over all positions, padding included, in place of the last position.',
    paper: 'Eq. 7',
    code: 'models/target_embedding.py: the mean of all hidden states',
  },
  {
    key: 'targetLoss',
    released: 'bce',
    words: 'Positive and negative are scored apart (binary cross-entropy), not against each other.',
    paper: 'Eq. 8',
    code: 'models/target_embedding.py: train_loss',
  },
  {
    key: 'targetBias',
    released: false,
    words: 'Target items have no bias: popularity has to come out of the user vector.',
    paper: 'the target layer of Eq. 7',
    code: 'models/target_embedding.py: an embedding only',
  },
  {
    key: 'gateLogits',
    released: 'sigmoid',
    words: 'σ(v) takes the place of log π in the gates: the two options never differ by more than 1, so the noise decides more.',
    paper: 'Eq. 9',
    code: 'models/policy_net_rl.py: tf.sigmoid(logits)',
  },
  {
    key: 'evaluationGate',
    released: 'sampled',
    words: 'Gates are drawn with Gumbel noise at evaluation, too: the same user may be treated differently by another draw.',
    paper: 'not said; the likelier choice is ours',
    code: 'modules/gumbel_softmax.py: noise whatever the stage',
  },
  {
    key: 'baselineNoise',
    released: true,
    words: 'UAF-RL: the greedy policy that the sampled one is measured against is noisy itself.',
    paper: 'Eq. 15: the greedy policy',
    code: 'modules/gumbel_softmax.py: noise also in the hard gate',
  },
  {
    key: 'rewardForm',
    released: 'released',
    words: 'UAF-RL: the sign of the blocks in the reward is the other way round: fine-tuning many of them pays.',
    paper: 'Eq. 13',
    code: 'the reward_fn of its RL training',
  },
  {
    key: 'pretraining.maskPadding',
    released: false,
    words: 'Padding is predicted like an item in pre-training: short sequences mostly teach to predict padding.',
    paper: 'Eqs. 3-5 sum over the items of a sequence',
    code: 'its pre-training loss',
  },
  {
    key: 'fineTuning.selectOn',
    released: 'test',
    words: 'Two parts, 80 / 20 %, and the best epoch is the one that is best on the test part: results are too good.',
    paper: 'its experimental settings: 80 / 5 / 15 %',
    code: 'split_ratio 0.2; the model of the best test MRR@5 is kept',
  },
  {
    key: 'pretraining.batchSize',
    released: 128,
    words: 'Sequences a step of pre-training.',
    paper: 'its experimental settings: 256',
    code: 'its run scripts',
  },
  {
    key: 'fineTuning.batchSize',
    released: 128,
    words: 'Instances a step of fine-tuning.',
    paper: 'its experimental settings: 256',
    code: 'its run scripts',
  },
  {
    key: 'pretraining.epochs',
    released: 50,
    words: 'Passes over all source users.',
    paper: 'not given; 10 is ours',
    code: 'its run scripts',
  },
  {
    key: 'fineTuning.epochs',
    released: 50,
    words: 'Passes over the training instances.',
    paper: 'not given; 20 is ours',
    code: 'its run scripts',
  },
];

const releasedCode = complete(paper, nest(Object.fromEntries(RELEASED_DIFFERENCES.map(({ key, released }) => [key, released]))));

/** Small enough for a laptop without a GPU; the settings of the simulator's planted truth. */
const quick: Configuration = {
  ...paper,
  channels: 16,
  dilations: [1, 4],
  sequenceLength: 17,
  adapterWidth: 4,
  pretraining: { ...paper.pretraining, epochs: 15, learningRate: 5e-3, batchSize: 128 },
  fineTuning: { ...paper.fineTuning, epochs: 14, learningRate: 3e-3, batchSize: 64 },
};

export const PRESETS = { quick, paper, 'released-code': releasedCode } as const;
export type PresetName = keyof typeof PRESETS;
export const PRESET_NAMES = Object.keys(PRESETS) as PresetName[];

/** What each preset is for, in a sentence. */
export const PRESET_WORDS: Record<PresetName, string> = {
  quick: 'k 16, two blocks, 15 + 14 epochs: small enough for a laptop without a GPU. On the simulated data a run takes seconds.',
  paper: 'k 128, eight blocks, Adam 1e-4, batch 256: the settings of the paper; wants a GPU.',
  'released-code': 'As preset paper, with what the authors’ published code does differently. Each difference is a switch below.',
};

/** Beyond so many source items the paper's sizes take a sampled softmax. */
const FULL_SOFTMAX_ITEMS = 50_000;

/** What presets depend on. */
export interface DatasetTraits {
  readonly scenario: string | null;
  readonly sourceItems: number;
}

/**
 * A preset as it applies to one dataset: the scenario `hidden` needs a trunk that cannot see the markers, and a large
 * catalogue a sampled softmax.
 */
export function presetFor(name: PresetName, { scenario, sourceItems }: DatasetTraits): Configuration {
  const preset = PRESETS[name];
  if (name === 'quick') return scenario === 'hidden' ? { ...preset, dilations: [1, 1] } : preset;
  return sourceItems <= FULL_SOFTMAX_ITEMS ? preset : { ...preset, pretraining: { ...preset.pretraining, softmax: 'sampled' } };
}
