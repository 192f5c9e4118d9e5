import type { RandomStream } from '../../data/random.ts';
import type { NegativeClasses } from '../kernels/crossEntropy/index.ts';

/**
 * Distinct classes drawn log-uniformly by frequency rank: rank r (from 0, the most frequent) comes with probability
 * log((r + 2) / (r + 1)) / log(R + 1). Draws go on until `count` classes are distinct; the expected count of a class
 * is the probability that it is among so many draws.
 *
 * @param first the class of rank 0; ranks follow the numbers, since items stand by falling frequency
 * @param ranks R, how many classes there are; all of them where `count` is not smaller
 */
export function drawLogUniform(random: RandomStream, first: number, ranks: number, count: number): NegativeClasses {
  if (count >= ranks) {
    return { classes: Int32Array.from({ length: ranks }, (_, r) => first + r), expectedCounts: new Float32Array(ranks).fill(1) };
  }
  const logRange = Math.log(ranks + 1);
  const chosen = new Set<number>();
  let draws = 0;
  for (; chosen.size < count; draws++) {
    chosen.add(Math.min(ranks - 1, Math.floor(Math.exp(random.uniform() * logRange)) - 1));
  }
  const probability = (rank: number) => Math.log1p(1 / (rank + 1)) / logRange;
  // 1 − (1 − p)^draws, without losing the digits of a small p.
  const expected = (rank: number) => -Math.expm1(draws * Math.log1p(-probability(rank)));
  const sorted = Int32Array.from(chosen).sort();
  return { classes: sorted.map((rank) => first + rank), expectedCounts: Float32Array.from(sorted, expected) };
}
