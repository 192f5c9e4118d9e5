import type { Configuration } from './schema.ts';

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
  evaluationSeed: 1,
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

export const PRESETS = { quick, paper } as const;
export type PresetName = keyof typeof PRESETS;
export const PRESET_NAMES = Object.keys(PRESETS) as PresetName[];

/** What each preset is for, in a sentence. */
export const PRESET_WORDS: Record<PresetName, string> = {
  quick: 'k 16, two blocks, 15 + 14 epochs: the whole story in a minute or two on a laptop without a GPU.',
  paper: 'k 128, eight blocks, Adam 1e-4, batch 256: the settings of the paper; wants a GPU.',
};

/** A preset as it applies to one dataset: the scenario `hidden` needs a trunk that cannot see the markers. */
export function presetFor(name: PresetName, dataset: { readonly scenario: string | null }): Configuration {
  const preset = PRESETS[name];
  return name === 'quick' && dataset.scenario === 'hidden' ? { ...preset, dilations: [1, 1] } : preset;
}
