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
  readonly seed: number;
  /** The dataset's instances, ascending. */
  readonly instances: Int32Array;
  readonly values: Float64Array;
}

/** Pairs the test instances that both sides share, each with its mean over the side's seeds. */
export function testOverInstances(first: readonly ComparedRun[], second: readonly ComparedRun[]): PairedTest {
  const [a, b] = [byInstance(first), byInstance(second)];
  return pairedTest(Array.from(a).flatMap(([instance, value]) => (b.has(instance) ? [value - (b.get(instance) ?? 0)] : [])));
}

function byInstance(runs: readonly ComparedRun[]): Map<number, number> {
  const sums = new Map<number, { sum: number; count: number }>();
  for (const { instances, values } of runs) {
    instances.forEach((instance, i) => {
      const { sum, count } = sums.get(instance) ?? { sum: 0, count: 0 };
      sums.set(instance, { sum: sum + values[i], count: count + 1 });
    });
  }
  return new Map(Array.from(sums, ([instance, { sum, count }]) => [instance, sum / count]));
}

/** Pairs the seeds that both sides ran with, each with its mean over the test instances. */
export function testOverSeeds(first: readonly ComparedRun[], second: readonly ComparedRun[]): PairedTest {
  const mean = ({ values }: ComparedRun) => meanOf(values).value;
  return pairedTest(
    first.flatMap((a) => {
      const b = second.find(({ seed }) => seed === a.seed);
      return b === undefined ? [] : [mean(a) - mean(b)];
    }),
  );
}

/** Mean and standard deviation over seeds. */
export function overSeeds(values: readonly number[]): Measured & { readonly deviation: number; readonly n: number } {
  const measured = meanOf(values);
  return { ...measured, deviation: measured.error * Math.sqrt(values.length), n: values.length };
}
