import * as tf from '@tensorflow/tfjs';
import { receptiveField } from '../../configuration/receptiveField.ts';
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

/** How many positions of a sequence, from the last, the user vector of a trunk depends on. */
export const positionsSeen = (
  length: number,
  dilations: readonly number[],
  { readout, kernelSize }: { readonly readout: Readout; readonly kernelSize: number },
): number => (readout === 'mean' ? length : Math.min(length, receptiveField(dilations, kernelSize)));

/** A stack of residual blocks over an item embedding. */
export interface Trunk {
  readonly table: tf.Tensor;
  readonly dilations: readonly number[];
  readonly kernelSize: number;
  /** [B, inner of the first, k] → [B, outer of the last, k]. */
  readonly blocks: Blocks;
}

/** A stack of blocks, or a part of one: `first` is the number of the block that the first geometry is of. */
export type Blocks = (x: tf.Tensor, geometries: readonly BlockGeometry[], first: number) => tf.Tensor;

/** Block by block: `block` l makes [B, outer, k] of x [B, inner, k]. */
export const oneByOne =
  (block: (x: tf.Tensor, l: number, geometry: BlockGeometry) => tf.Tensor): Blocks =>
  (x, geometries, first) =>
    geometries.reduce((input, geometry, i) => block(input, first + i, geometry), x);

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
export function hiddenStates(trunk: Trunk, sequences: Sequences, reach: Reach): tf.Tensor {
  return statesAfter(trunk, sequences, reach, trunk.dilations.length);
}

/** The states that the first `count` blocks leave, at the places that the rest of the trunk reads: [B, places, k]. */
function statesAfter(trunk: Trunk, sequences: Sequences, reach: Reach, count: number): tf.Tensor {
  const { positions, blocks } = trunkGeometry(sequences.length, trunk.dilations, trunk.kernelSize, reach);
  return trunk.blocks(embed(trunk.table, sequences, positions), blocks.slice(0, count), 0);
}

const reachOf = (readout: Readout): Reach => (readout === 'mean' ? 'everywhere' : 'last');

/** The hidden states that a readout needs → [B, k]. */
function readOut(hidden: tf.Tensor, readout: Readout): tf.Tensor {
  if (readout === 'mean') return tf.mean(hidden, 1);
  const [rows, , channels] = hidden.shape;
  return tf.reshape(hidden, [rows, channels as number]);
}

/** One vector a user [B, k]: the last position (Eq. 7), or the mean over all of them (release). */
export function userVectors(trunk: Trunk, sequences: Sequences, readout: Readout): tf.Tensor {
  return readOut(hiddenStates(trunk, sequences, reachOf(readout)), readout);
}

/**
 * What the first `count` blocks make of sequences, as far as the rest needs it: [B, places, k]; after all of them the user
 * vectors, as one place. `userVectorsFrom` goes on from there, to the same bits as `userVectors`.
 */
export function firstStates(trunk: Trunk, sequences: Sequences, readout: Readout, count: number): tf.Tensor {
  const states = statesAfter(trunk, sequences, reachOf(readout), count);
  return count < trunk.dilations.length ? states : tf.expandDims(readOut(states, readout), 1);
}

/** The user vectors [B, k] from the `firstStates` of sequences of `length`. The mean over one place is that place. */
export function userVectorsFrom(states: tf.Tensor, trunk: Trunk, length: number, readout: Readout, count: number): tf.Tensor {
  const { blocks } = trunkGeometry(length, trunk.dilations, trunk.kernelSize, reachOf(readout));
  return readOut(trunk.blocks(states, blocks.slice(count), count), readout);
}
