import type { Dataset, Instances } from './dataset.ts';
import { permutation, permutationInSteps, type RandomStream, randomStream } from './random.ts';
import { drained, type Steps } from './steps.ts';

/** Which instances train, validate and test: indices into the instances, ascending. */
export interface Split {
  readonly train: Int32Array;
  readonly validation: Int32Array;
  readonly test: Int32Array;
}

export type SplitKind = 'random' | 'latest';

/**
 * Splits the instances of a dataset. `random`: 80 / 5 / 15 %, seeded. `latest`: a user's last instance tests if they have
 * two or more, the one before validates if three or more.
 */
export function splitInstances(dataset: Dataset, instances: Instances, kind: SplitKind, seed: number): Split {
  return kind === 'random' ? randomSplit(instances.item.length, seed) : latestSplit(dataset);
}

function randomSplit(count: number, seed: number): Split {
  const { order, test, validation } = drained(randomOrder(count, seed));
  return {
    test: order.slice(0, test).sort(),
    validation: order.slice(test, test + validation).sort(),
    train: order.slice(test + validation).sort(),
  };
}

/** The random split as an order of the instances: so many test, as many as said behind them validate, and all others train. */
export function* randomOrder(
  count: number,
  seed: number,
): Steps<{ readonly order: Int32Array; readonly test: number; readonly validation: number }> {
  // A catalogue of a handful still gets one instance to validate and one to test on.
  const atLeastOne = count >= 3 ? 1 : 0;
  const test = Math.max(atLeastOne, Math.floor(0.15 * count));
  const validation = Math.max(atLeastOne, Math.floor(0.05 * count));
  return { order: yield* permutationInSteps(randomStream(seed, 'split'), count), test, validation };
}

function latestSplit({ targets }: Dataset): Split {
  const parts = { train: [] as number[], validation: [] as number[], test: [] as number[] };
  for (let u = 0; u + 1 < targets.offsets.length; u++) {
    const from = targets.offsets[u];
    const count = targets.offsets[u + 1] - from;
    for (let i = 0; i < count; i++) {
      const fromEnd = count - 1 - i;
      const part = fromEnd === 0 && count >= 2 ? parts.test : fromEnd === 1 && count >= 3 ? parts.validation : parts.train;
      part.push(from + i);
    }
  }
  return {
    train: Int32Array.from(parts.train),
    validation: Int32Array.from(parts.validation),
    test: Int32Array.from(parts.test),
  };
}

/** A seeded share of the training instances (Table 5 keeps 10 %), at least one. */
export function fractionOf(train: Int32Array, fraction: number, seed: number): Int32Array {
  if (fraction === 1) return train;
  const kept = Math.max(1, Math.round(fraction * train.length));
  const order = permutation(randomStream(seed, 'training fraction'), train.length);
  return order
    .slice(0, kept)
    .map((i) => train[i])
    .sort();
}

/** One item ≠ target, uniform over the others. */
export function drawOther(random: RandomStream, target: number, items: number): number {
  const drawn = random.integer(items - 1);
  // Those at and above the target move up by one.
  return drawn < target ? drawn : drawn + 1;
}

/** `count` distinct items ≠ target, each set equally likely, from a catalogue of `items`; all others where there are fewer. */
export function drawOthers(random: RandomStream, target: number, items: number, count: number): Int32Array {
  const others = items - 1;
  const wanted = Math.min(count, others);
  // Floyd's algorithm: `wanted` distinct numbers below `others`.
  const chosen = new Set<number>();
  for (let last = others - wanted; last < others; last++) {
    const drawn = random.integer(last + 1);
    chosen.add(chosen.has(drawn) ? last : drawn);
  }
  return Int32Array.from(chosen, (i) => (i < target ? i : i + 1));
}

/**
 * The other candidates of one instance. Drawn from the split's seed and the instance alone: all methods and seeds share
 * them, so that paired tests hold.
 */
export const drawNegatives = (seed: number, instance: number, target: number, items: number, count: number): Int32Array =>
  drawOthers(randomStream(seed, 'candidates', instance), target, items, count);
