import * as tf from '@tensorflow/tfjs';
import { type Branch, gatedResidualBlock, residualBlock } from '../kernels/block/index.ts';
import { BRANCH_PARAMETERS } from '../kernels/block/reference.ts';
import { gatherRows } from '../kernels/embedding/index.ts';
import type { Parameters } from './parameters.ts';

/** Item numbers [rows, length], row by row, padded at the beginning with 0. The host knows them: gradients sort by them. */
export interface Sequences {
  readonly items: Int32Array;
  readonly rows: number;
  readonly length: number;
}

export type Readout = 'last' | 'mean';

/** The tensors of block `prefix` (`blocks.0`) by their short names. */
export const branch = (parameters: Parameters, prefix: string): Branch =>
  Object.fromEntries(BRANCH_PARAMETERS.map((name) => [name, parameters[`${prefix}.${name}`]])) as Branch;

/** E(x) [B, n, k]. */
export function embed(table: tf.Tensor, { items, rows, length }: Sequences): tf.Tensor {
  return tf.reshape(gatherRows(table, items), [rows, length, table.shape[1] as number]);
}

/**
 * The hidden states of NextItNet at all positions, [B, n, k].
 *
 * @param prefix `blocks`, or `policy.blocks`
 * @param gates null for the plain trunk; otherwise one gate [B] a block, choosing between `blocks` and `tuned_blocks` (Eq. 6)
 */
export function hiddenStates(
  parameters: Parameters,
  embedded: tf.Tensor,
  prefix: string,
  dilations: readonly number[],
  gates: readonly tf.Tensor[] | null = null,
): tf.Tensor {
  return dilations.reduce((x, dilation, l) => {
    const frozen = branch(parameters, `${prefix}.${l}`);
    if (gates === null) return residualBlock(x, frozen, dilation);
    return gatedResidualBlock(x, frozen, branch(parameters, `tuned_${prefix}.${l}`), gates[l], dilation);
  }, embedded);
}

/** One vector a user [B, k]: the last position (Eq. 7), or the mean over all of them (release). */
export function read(hidden: tf.Tensor, readout: Readout): tf.Tensor {
  if (readout === 'mean') return tf.mean(hidden, 1);
  const [rows, length, channels] = hidden.shape as [number, number, number];
  return tf.reshape(tf.slice(hidden, [0, length - 1, 0], [rows, 1, channels]), [rows, channels]);
}
