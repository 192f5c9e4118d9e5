import * as tf from '@tensorflow/tfjs';
import { type BlockGeometry, type Reach, trunkGeometry } from '../kernels/block/geometry.ts';
import { type Branch, gatedResidualBlocks, residualBlock } from '../kernels/block/index.ts';
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

/** A stack of residual blocks over an item embedding. */
export interface Trunk {
  readonly table: tf.Tensor;
  readonly dilations: readonly number[];
  readonly kernelSize: number;
  /** [B, inner of the first, k] → [B, outer of the last, k]. */
  readonly blocks: Blocks;
}

/** A stack of blocks. */
export type Blocks = (x: tf.Tensor, geometries: readonly BlockGeometry[]) => tf.Tensor;

/** Block by block: `block` l makes [B, outer, k] of x [B, inner, k]. */
export const oneByOne =
  (block: (x: tf.Tensor, l: number, geometry: BlockGeometry) => tf.Tensor): Blocks =>
  (x, geometries) =>
    geometries.reduce((input, geometry, l) => block(input, l, geometry), x);

/** The tensors of block `prefix` (`blocks.0`) by their short names. */
const branch = (parameters: Parameters, prefix: string): Branch =>
  Object.fromEntries(BRANCH_PARAMETERS.map((name) => [name, parameters[`${prefix}.${name}`]])) as Branch;

/** x + F(x), with the tensors of `blocks`, or of `policy.blocks`. */
export const plainBlocks = (parameters: Parameters, prefix: string): Blocks =>
  oneByOne((x, l, geometry) => residualBlock(x, branch(parameters, `${prefix}.${l}`), geometry));

/** Eq. 6: gates [B, N] choose between `blocks` and `tuned_blocks`. */
export const gatedBlocks =
  (parameters: Parameters, gate: tf.Tensor): Blocks =>
  (x, geometries) => {
    const all = (prefix: string) => geometries.map((_, l) => branch(parameters, `${prefix}.${l}`));
    return gatedResidualBlocks(x, all('blocks'), all('tuned_blocks'), gate, geometries);
  };

/** E(x) at some positions, [B, positions, k]. */
function embed(table: tf.Tensor, { items, rows, length }: Sequences, positions: Int32Array): tf.Tensor {
  const places = positions.length;
  const chosen = new Int32Array(rows * places);
  for (let row = 0, i = 0; row < rows; row++) for (const t of positions) chosen[i++] = items[row * length + t];
  return tf.reshape(gatherRows(table, chosen), [rows, places, table.shape[1] as number]);
}

/** The hidden states of NextItNet at all positions [B, n, k], or at the last one [B, 1, k]. */
export function hiddenStates({ table, dilations, kernelSize, blocks: body }: Trunk, sequences: Sequences, reach: Reach): tf.Tensor {
  const { positions, blocks } = trunkGeometry(sequences.length, dilations, kernelSize, reach);
  return body(embed(table, sequences, positions), blocks);
}

/** One vector a user [B, k]: the last position (Eq. 7), or the mean over all of them (release). */
export function userVectors(trunk: Trunk, sequences: Sequences, readout: Readout): tf.Tensor {
  if (readout === 'mean') return tf.mean(hiddenStates(trunk, sequences, 'everywhere'), 1);
  const hidden = hiddenStates(trunk, sequences, 'last');
  return tf.reshape(hidden, [sequences.rows, hidden.shape[2] as number]);
}
