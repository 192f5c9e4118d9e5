import { probabilityOf } from '../storage/policies.ts';
import { type Chosen, countBytes, type Policies, valuesOf } from './policies.ts';

/** Bins of a distribution of probabilities. */
export const BINS = 20;

/** What the gates of each block look like over some users. */
export interface BlockFigures {
  readonly users: number;
  /** Mean I of each block: the share of users on the fine-tuned block. */
  readonly shares: readonly number[];
  /**
   * Between-user standard deviation of each block's probability of fine-tuning: 0 where all are alike, ½ where one half of the
   * users surely keeps the block and the other surely re-learns it.
   */
  readonly separation: readonly number[];
  /** Users by their probability, [blocks × BINS]: bin i holds those from i / BINS on; 1 belongs to the last. */
  readonly histogram: Int32Array;
}

export function blockFigures(policies: Policies, chosen: Chosen): BlockFigures {
  const { blocks } = policies;
  const counts = countBytes(policies, chosen);
  const value = valuesOf(policies.kind);
  const shares: number[] = [];
  const separation: number[] = [];
  const histogram = new Int32Array(blocks * BINS);
  let users = 0;
  for (let byte = 0; byte < 256; byte++) users += counts[byte];
  for (let block = 0; block < blocks; block++) {
    let gates = 0;
    let sum = 0;
    let squares = 0;
    for (let byte = 0; byte < 256; byte++) {
      const n = counts[block * 256 + byte];
      const p = probabilityOf(byte);
      gates += n * value[byte];
      sum += n * p;
      squares += n * p * p;
      histogram[block * BINS + Math.min(BINS - 1, Math.floor(p * BINS))] += n;
    }
    const n = Math.max(1, users);
    shares.push(gates / n);
    separation.push(Math.sqrt(Math.max(0, squares / n - (sum / n) ** 2)));
  }
  return { users, shares, separation, histogram };
}

/** From this separation on a block counts as separated: half of what is possible. */
export const SEPARATED = 0.25;

/** The first epoch from which on a block stays separated to the end; null if it does not end separated. */
export function separatedFrom(epochs: readonly number[], separation: readonly number[]): number | null {
  const lastBelow = separation.findLastIndex((value) => value < SEPARATED);
  return epochs[lastBelow + 1] ?? null;
}
