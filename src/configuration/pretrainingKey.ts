import type { Configuration } from './schema.ts';

/** Equal for runs that start from the same pre-trained model, on one dataset and backend. */
export function pretrainingKey({ seed, channels, dilations, kernelSize, sequenceLength, pretraining }: Configuration): string {
  return JSON.stringify({ seed, channels, dilations, kernelSize, sequenceLength, pretraining });
}
