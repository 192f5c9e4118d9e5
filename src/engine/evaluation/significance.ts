import jStat from 'jstat';
import { type Measured, meanOf } from './metrics.ts';

/** A paired t-test: whether the mean of differences is zero. */
export interface PairedTest {
  /** Mean of first − second. */
  readonly effect: number;
  readonly standardError: number;
  /** Two-sided; null where there are fewer than two pairs, or where all differences are the same: then t is not defined. */
  readonly p: number | null;
  /** Pairs. */
  readonly n: number;
}

/**
 * Student's paired t-test on differences. The two-sided p is I_{ν/(ν+t²)}(ν/2, ½) with ν = n − 1, which keeps its digits
 * where 1 − F(t) would lose them.
 */
export function pairedTest(differences: ArrayLike<number>): PairedTest {
  const { value: effect, error: standardError } = meanOf(differences);
  const n = differences.length;
  if (n < 2) return { effect, standardError, p: null, n };
  // Equal differences come out equal up to rounding.
  if (standardError <= 1e-9 * Math.abs(effect)) return { effect, standardError: 0, p: null, n };
  const t = effect / standardError;
  return { effect, standardError, p: jStat.ibeta((n - 1) / (n - 1 + t * t), (n - 1) / 2, 0.5), n };
}

/** One run of a comparison: what each of its test instances adds to the metric. */
export interface ComparedRun {
  /** The dataset's instances, ascending. */
  readonly instances: Int32Array;
  readonly values: Float64Array;
}

/** Pairs the test instances that both sides share; each side as `averageOverSeeds` gives it. */
export function testOverInstances(first: ReadonlyMap<number, number>, second: ReadonlyMap<number, number>): PairedTest {
  return pairedTest(
    Array.from(first).flatMap(([instance, value]) => {
      const other = second.get(instance);
      return other === undefined ? [] : [value - other];
    }),
  );
}

/** For each test instance the mean over the runs that have it. */
export function averageOverSeeds(runs: readonly ComparedRun[]): Map<number, number> {
  const sums = new Map<number, { sum: number; count: number }>();
  for (const { instances, values } of runs) {
    instances.forEach((instance, i) => {
      const { sum, count } = sums.get(instance) ?? { sum: 0, count: 0 };
      sums.set(instance, { sum: sum + values[i], count: count + 1 });
    });
  }
  return new Map(Array.from(sums, ([instance, { sum, count }]) => [instance, sum / count]));
}

/** The metric of one run on its test instances. */
export interface SeedResult {
  readonly seed: number;
  readonly value: number;
}

/** Pairs the seeds that both sides ran with. */
export function testOverSeeds(first: readonly SeedResult[], second: readonly SeedResult[]): PairedTest {
  return pairedTest(
    first.flatMap(({ seed, value }) => {
      const other = second.find((result) => result.seed === seed);
      return other === undefined ? [] : [value - other.value];
    }),
  );
}

/** Mean and standard deviation over seeds. */
export function overSeeds(values: readonly number[]): Measured & { readonly deviation: number; readonly n: number } {
  const measured = meanOf(values);
  return { ...measured, deviation: measured.error * Math.sqrt(values.length), n: values.length };
}
