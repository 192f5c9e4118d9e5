import { type Chosen, type Policies, valuesOf } from './policies.ts';

/** How well the gates tell two kinds of users apart. The direction is not counted: AUCs are at least ½. */
export interface Recovery {
  /** AUC of the number of fine-tuned blocks, Σ I. */
  readonly overall: number;
  /** AUC of each block's I. */
  readonly blocks: readonly number[];
}

/** @param codes 0 or 1 of each user: the two kinds; `chosen` leaves out users of whom it is not known */
export function recoveryOf(policies: Policies, codes: Uint8Array, chosen: Chosen = null): Recovery {
  const { bytes, blocks, kind } = policies;
  const value = valuesOf(kind);
  // In steps of 1 / 127, which is what a byte holds: levels are whole numbers.
  const level = Int32Array.from(value, (v) => Math.round(127 * v));
  const users = bytes.length / blocks;
  const aucOf = (levelOf: (user: number) => number, levels: number) => {
    const counts = [new Int32Array(levels), new Int32Array(levels)];
    for (let user = 0; user < users; user++) {
      if (chosen === null || chosen[user] === 1) counts[codes[user]][levelOf(user)]++;
    }
    const auc = countedAuc(counts[0], counts[1]);
    return Math.max(auc, 1 - auc);
  };
  const total = (user: number) => {
    let sum = 0;
    for (let block = 0; block < blocks; block++) sum += level[bytes[user * blocks + block]];
    return sum;
  };
  return {
    overall: aucOf(total, 127 * blocks + 1),
    blocks: Array.from({ length: blocks }, (_, block) => aucOf((user) => level[bytes[user * blocks + block]], 128)),
  };
}

/**
 * The probability that a value of the second class exceeds one of the first (ties count half), of values that are counted by
 * level; not a number if one of the classes is empty.
 */
export function countedAuc(first: Int32Array, second: Int32Array): number {
  let below = 0;
  let pairs = 0;
  let seconds = 0;
  for (let level = 0; level < first.length; level++) {
    pairs += second[level] * (below + first[level] / 2);
    below += first[level];
    seconds += second[level];
  }
  return pairs / (below * seconds);
}

/** Standard error of an AUC over so many users of each class (Hanley and McNeil 1982). */
export function aucError(auc: number, first: number, second: number): number {
  const q1 = auc / (2 - auc);
  const q2 = (2 * auc * auc) / (1 + auc);
  return Math.sqrt((auc * (1 - auc) + (second - 1) * (q1 - auc * auc) + (first - 1) * (q2 - auc * auc)) / (first * second));
}
