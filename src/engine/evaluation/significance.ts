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
  return tested(effect, standardError, differences.length, differences.length);
}

/**
 * The same where differences come in groups that move together, such as the instances of one user: the standard error is that of
 * the groups' sums (Liang and Zeger 1986), and t has one degree of freedom less than there are groups. With one difference a
 * group it is `pairedTest`.
 *
 * @param groups of each difference its group
 */
export function groupedTest(differences: ArrayLike<number>, groups: ArrayLike<number>): PairedTest {
  const n = differences.length;
  const { value: effect } = meanOf(differences);
  const sums = new Map<number, number>();
  for (let i = 0; i < n; i++) sums.set(groups[i], (sums.get(groups[i]) ?? 0) + differences[i] - effect);
  let squares = 0;
  for (const sum of sums.values()) squares += sum * sum;
  const standardError = sums.size < 2 ? 0 : Math.sqrt((squares * sums.size) / (sums.size - 1)) / n;
  return tested(effect, standardError, n, sums.size);
}

function tested(effect: number, standardError: number, n: number, groups: number): PairedTest {
  if (groups < 2) return { effect, standardError, p: null, n };
  // Equal differences come out equal up to rounding.
  if (standardError <= 1e-9 * Math.abs(effect)) return { effect, standardError: 0, p: null, n };
  return { effect, standardError, p: twoSided(effect / standardError, groups - 1), n };
}

/** How often Student's t with ν degrees of freedom is as far from 0 as this one. */
export const twoSided = (t: number, freedom: number): number => jStat.ibeta(freedom / (freedom + t * t), freedom / 2, 0.5);

/**
 * Holm's step-down correction (1979): the smallest of m p-values times m, the next times m − 1, …, and none below one before it. Below
 * .05 of them, in all, a true null hypothesis is rejected in at most one family of twenty, however the tests depend on each other.
 *
 * @param ps in any order; null where there was no test, which stays null and does not count
 */
export function holm(ps: readonly (number | null)[]): (number | null)[] {
  const known = ps.flatMap((p, place) => (p === null ? [] : [{ p, place }])).sort((a, b) => a.p - b.p);
  const corrected: (number | null)[] = ps.map(() => null);
  let largest = 0;
  known.forEach(({ p, place }, i) => {
    largest = Math.max(largest, Math.min(1, (known.length - i) * p));
    corrected[place] = largest;
  });
  return corrected;
}

/** A rank correlation. */
export interface Correlation {
  /** Spearman's ρ; null where one of the variables does not vary. */
  readonly rho: number | null;
  /** Two-sided, by Student's t of ρ; null where ρ is. */
  readonly p: number | null;
  readonly n: number;
}

/** Spearman's rank correlation of two variables; ties have their mean rank. */
export function rankCorrelation(first: readonly number[], second: readonly number[]): Correlation {
  const n = first.length;
  const varies = (values: readonly number[]) => values.some((value) => value !== values[0]);
  if (n < 3 || !varies(first) || !varies(second)) return { rho: null, p: null, n };
  const rho = Math.max(-1, Math.min(1, jStat.spearmancoeff(first, second)));
  return { rho, p: Math.abs(rho) === 1 ? 0 : twoSided(rho * Math.sqrt((n - 2) / (1 - rho * rho)), n - 2), n };
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
