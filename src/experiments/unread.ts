import { describeMethod } from '../configuration/methods.ts';
import { type Configuration, complete, flatten, nest, type Value } from '../configuration/schema.ts';

const isOf = (pattern: RegExp) => (method: string) => pattern.test(method);
const reinforced = isOf(/^uaf-rl/);
const gumbel = isOf(/^uaf-(hard|rl)/);
const trained = (method: string) => method !== 'most-popular';

/** Keys that only some methods read. All others are read by every method. */
const READERS: Readonly<Record<string, (method: string, configuration: Configuration) => boolean>> = {
  temperature: gumbel,
  gateLogits: gumbel,
  evaluationGate: gumbel,
  evaluationSeed: (method, { evaluationGate }) => method === 'uaf-random' || (gumbel(method) && evaluationGate === 'sampled'),
  exploration: gumbel,
  rewardGamma: reinforced,
  rewardBeta: reinforced,
  rewardForm: reinforced,
  baselineNoise: reinforced,
  warmupEpochs: reinforced,
  curriculum: reinforced,
  adapterWidth: isOf(/^peterrec$/),
  adapterNorms: isOf(/^peterrec$/),
  'fineTuning.multiTaskWeight': isOf(/^mtl$/),
  ...Object.fromEntries(
    ['channels', 'dilations', 'kernelSize', 'sequenceLength', 'readout', 'targetLoss', 'targetBias'].map((key) => [key, trained]),
  ),
  ...Object.fromEntries(['epochs', 'learningRate', 'batchSize', 'patience'].map((key) => [`fineTuning.${key}`, trained])),
  'pretraining.epochs': (method) => describeMethod(method).pretrained,
  'pretraining.learningRate': (method) => describeMethod(method).pretrained,
  ...Object.fromEntries(
    ['batchSize', 'softmax', 'sampledItems', 'maskPadding'].map((key) => [
      `pretraining.${key}`,
      (method: string) => describeMethod(method).pretrained || method === 'mtl',
    ]),
  ),
};

/** Whether a run depends on a key at all. */
export const reads = (configuration: Configuration, key: string): boolean =>
  READERS[key]?.(configuration.method, configuration) ?? true;

/** A configuration with what its method does not read as `base` has it: runs that come to the same are the same. */
export function withoutUnread(configuration: Configuration, base: Configuration): Configuration {
  const before: Record<string, Value> = flatten(base);
  const unread = Object.keys(before).filter((key) => !reads(configuration, key));
  const own: Record<string, Value> = flatten(configuration);
  // Mostly so, and checking a configuration again takes longer than all else.
  if (unread.every((key) => JSON.stringify(own[key]) === JSON.stringify(before[key]))) return configuration;
  return complete(configuration, nest(Object.fromEntries(unread.map((key) => [key, before[key]]))));
}
