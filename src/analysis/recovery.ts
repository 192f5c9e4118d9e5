import { countedAuc } from '../engine/evaluation/policies.ts';
import { type Policies, valuesOf } from './policies.ts';

/** How well the gates tell two kinds of users apart. The direction is not counted: AUCs are at least ½. */
export interface Recovery {
  /** AUC of the number of fine-tuned blocks, Σ I. */
  readonly overall: number;
  /** Its standard error. */
  readonly error: number;
  /** AUC of each block's I. */
  readonly blocks: readonly number[];
}

/** @param codes 0 or 1 of each user: the two kinds */
export function recoveryOf(policies: Policies, codes: Uint8Array): Recovery {
  const { bytes, blocks, kind } = policies;
  // In steps of 1 / 127, which is what a byte holds: levels are whole numbers.
  const level = Int32Array.from(valuesOf(kind), (value) => Math.round(127 * value));
  const countBy = (levelOf: (user: number) => number, levels: number) => {
    const counts = [new Int32Array(levels), new Int32Array(levels)];
    for (let user = 0; user < codes.length; user++) counts[codes[user]][levelOf(user)]++;
    return toldApart(counts[0], counts[1]);
  };
  const total = (user: number) => {
    let sum = 0;
    for (let block = 0; block < blocks; block++) sum += level[bytes[user * blocks + block]];
    return sum;
  };
  const { auc, error } = countBy(total, 127 * blocks + 1);
  return {
    overall: auc,
    error,
    blocks: Array.from({ length: blocks }, (_, block) => countBy((user) => level[bytes[user * blocks + block]], 128).auc),
  };
}

/** The AUC in the direction in which it is at least ½, with its standard error; of values that are counted by level. */
export function toldApart(first: Int32Array, second: Int32Array): { auc: number; error: number } {
  const auc = countedAuc(first, second);
  // The class that has the higher values is the second one; where it is not, the classes change places.
  if (auc < 0.5) return toldApart(second, first);
  const users = (counts: Int32Array) => counts.reduce((sum, n) => sum + n, 0);
  return { auc, error: aucError(auc, users(first), users(second)) };
}

/**
 * Standard error of an AUC (Hanley and McNeil 1982).
 *
 * @param second users of the class that has the higher values
 */
function aucError(auc: number, first: number, second: number): number {
  const q1 = auc / (2 - auc);
  const q2 = (2 * auc * auc) / (1 + auc);
  return Math.sqrt((auc * (1 - auc) + (second - 1) * (q1 - auc * auc) + (first - 1) * (q2 - auc * auc)) / (first * second));
}
