import { describeMethod } from './methods.ts';
import { POLICY_DILATIONS } from './receptiveField.ts';
import type { Configuration } from './schema.ts';

/**
 * Floating-point operations of one recommendation, a multiplication and an addition being two: the user vector, the policy network
 * where there is one, and the scores of all target items. Hard gates run one branch of each block, UAF-Soft runs both. With readout
 * `last` only the positions count that the last one depends on. Counted are convolutions and matrix products alone. What norms, biases,
 * activations, residuals and gates add is some ten operations for each of the 2 · kernelSize · k of a convolution's output: a tenth more
 * with 16 channels and kernels of 3, a fortieth with 64, and the same share of every method that runs the same blocks.
 */
export function recommendationOperations(configuration: Configuration, targetItems: number): number {
  const { method, channels: k, dilations, kernelSize, sequenceLength, readout, adapterWidth } = configuration;
  if (method === 'most-popular') return 0;
  const { policy } = describeMethod(method);
  const convolution = 2 * kernelSize * k * k;
  const places = placesOf(dilations, kernelSize, sequenceLength, readout);
  const trunk = places * convolution * (policy === 'soft' ? 2 : 1);
  // Down to the adapter's width and up again.
  const adapters = method === 'peterrec' ? places * 4 * k * adapterWidth : 0;
  const scores = 2 * k * targetItems;
  return trunk + adapters + policyOperations(configuration) + scores;
}

function policyOperations({ method, channels: k, dilations, kernelSize, sequenceLength, readout }: Configuration): number {
  const { policy } = describeMethod(method);
  if (policy === null || method === 'uaf-random') return 0;
  const output = 2 * k * dilations.length * (policy === 'soft' ? 1 : 2);
  // Three gates, from the item and from the state.
  if (method.endsWith('-gru')) return sequenceLength * 2 * 6 * k * k + output;
  return placesOf(POLICY_DILATIONS, kernelSize, sequenceLength, readout) * 2 * kernelSize * k * k + output;
}

/** Outputs of convolutions that are computed, over all of them. */
function placesOf(dilations: readonly number[], taps: number, length: number, readout: Configuration['readout']): number {
  const convolutions = dilations.flatMap((d) => [d, 2 * d]);
  if (readout === 'mean') return convolutions.length * length;
  // Of the last convolution one position is needed; of those before, whatever the later ones read.
  let needed = new Set([length - 1]);
  let places = 0;
  for (let c = convolutions.length - 1; c >= 0; c--) {
    places += needed.size;
    const read = Array.from(needed).flatMap((at) => Array.from({ length: taps }, (_, tap) => at - tap * convolutions[c]));
    needed = new Set([...needed, ...read].filter((at) => at >= 0));
  }
  return places;
}
