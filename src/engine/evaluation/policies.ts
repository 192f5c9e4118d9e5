/** What a run's policies look like, over some users. */
export interface PolicySummary {
  /** Mean I_l of each block (Fig. 3). */
  readonly utilisation: number[];
  /** How many different policies occur (Soft rounded at ½), out of 2^N. */
  readonly distinct: number;
  /** Mean binary entropy of the probability of fine-tuning, in bits. */
  readonly entropy: number;
  /** See `isCollapsed`. */
  readonly collapsed: boolean;
}

/** Up to so many blocks all 2^N hard policies of a user are tried: more make a picture, and a wait, that are too large. */
export const MOST_TRIED_BLOCKS = 8;

/** The gates of hard policy p of the 2^N: bit l of p (1 for block 1, 2 for block 2, 4, …) fine-tunes. */
export const gatesOfPattern = (p: number, blocks: number): (0 | 1)[] =>
  Array.from({ length: blocks }, (_, l) => ((p >> l) & 1 ? 1 : 0));

/** Gates and probabilities of users, [users × blocks], row by row. */
export interface UserPolicies {
  readonly users: Int32Array;
  readonly blocks: number;
  readonly gate: Float32Array;
  readonly probability: Float32Array;
}

/** Summarises the policies of the users for which `includes` says so. */
export function summarise(policies: UserPolicies, includes: (user: number) => boolean): PolicySummary {
  const { users, blocks, gate, probability } = policies;
  const utilisation = new Array<number>(blocks).fill(0);
  const sizes = new Map<string, number>();
  let entropy = 0;
  let counted = 0;
  for (let i = 0; i < users.length; i++) {
    if (!includes(users[i])) continue;
    counted++;
    let pattern = '';
    for (let l = 0; l < blocks; l++) {
      utilisation[l] += gate[i * blocks + l];
      entropy += binaryEntropy(probability[i * blocks + l]);
      pattern += gate[i * blocks + l] > 0.5 ? '1' : '0';
    }
    sizes.set(pattern, (sizes.get(pattern) ?? 0) + 1);
  }
  const divisor = Math.max(1, counted);
  return {
    utilisation: utilisation.map((sum) => sum / divisor),
    distinct: sizes.size,
    entropy: entropy / (divisor * blocks),
    collapsed: isCollapsed(Math.max(0, ...sizes.values()), counted),
  };
}

/** Everybody is treated alike: one policy covers at least 99 % of the users. @param largest users of the commonest policy */
export const isCollapsed = (largest: number, users: number): boolean => largest >= 0.99 * users;

function binaryEntropy(p: number): number {
  return p <= 0 || p >= 1 ? 0 : -(p * Math.log2(p) + (1 - p) * Math.log2(1 - p));
}

/**
 * The probability that a value of one class exceeds one of the other (ties count half): how well `values` tell the two
 * classes apart. 0.5 is chance.
 *
 * @param isPositive 1 for the class that should have the higher values
 */
export function areaUnderCurve(values: ArrayLike<number>, isPositive: ArrayLike<number>): number {
  const distinct = Array.from(new Set(Array.from(values))).sort((a, b) => a - b);
  const levelOf = new Map(distinct.map((value, level) => [value, level]));
  const counts = [new Int32Array(distinct.length), new Int32Array(distinct.length)];
  for (let i = 0; i < values.length; i++) counts[isPositive[i]][levelOf.get(values[i]) ?? 0]++;
  return countedAuc(counts[0], counts[1]);
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

/**
 * How well a two-valued attribute is recovered: the AUC of the number of fine-tuned blocks (Σ I_l), or of the best single
 * block's I where that tells more. At least ½: the direction is not counted.
 *
 * @param gate I_l of a user, by their place, and a block
 * @param code 0 or 1 of a user
 */
export function recoveredKinds(
  users: number,
  blocks: number,
  gate: (user: number, block: number) => number,
  code: (user: number) => number,
): { auc: number; by: string } {
  const isSecond = Array.from({ length: users }, (_, user) => (code(user) === 1 ? 1 : 0));
  const aucOf = (value: (user: number) => number) => {
    const auc = areaUnderCurve(
      Array.from({ length: users }, (_, user) => value(user)),
      isSecond,
    );
    return Math.max(auc, 1 - auc);
  };
  const total = (user: number) => {
    let sum = 0;
    for (let l = 0; l < blocks; l++) sum += gate(user, l);
    return sum;
  };
  let best = { auc: aucOf(total), by: 'the number of fine-tuned blocks' };
  for (let l = 0; l < blocks; l++) {
    const auc = aucOf((user) => gate(user, l));
    if (auc > best.auc + 1e-9) best = { auc, by: `the best single block, block ${l + 1}` };
  }
  return best;
}
