import jStat from 'jstat';
import { meanOf } from './metrics.ts';
import { type ComparedRun, type PairedTest, pairedTest, type SeedResult, testOverSeeds, twoSided } from './significance.ts';

/** A paired test of which the chance of training is part: what another seed and other instances would change. */
export interface CrossedTest extends PairedTest {
  /** Runs with which both sides are there; with 1 the chance of training is unknown, and p is of the instances alone. */
  readonly seeds: number;
  /** Of Student's t, by which p is; 0 where there is no p. */
  readonly freedom: number;
}

/** A run of a comparison, by the seed that it is paired by. */
export interface SeededRun extends ComparedRun {
  readonly seed: number;
}

/**
 * The paired test of two methods whose differences d[s][i] vary with the seed s and with the test instance i, both drawn at random
 * (Scheffé 1959, ch. 7: the two-way random model with one observation a cell; Dorfman, Berbaum and Metz 1992 compare methods so, with
 * readers and cases):
 *
 *     d[s][i] = μ + a[s] + b[i] + e[s][i],   Var(mean) = (MS_seed + MS_instance − MS_error) / (S · I)
 *
 * with Satterthwaite's degrees of freedom. A mean square that is below MS_error by chance is taken as MS_error, which is its variance
 * component at 0: so the variance is never negative, and never smaller than that of a test over seeds or over instances alone.
 * With one seed it is `pairedTest` over the instances.
 *
 * @param first one run a seed, and all with the same test instances, ascending; runs whose seed the other side lacks are left out, and
 *   of instances those count that every run has. Of several runs with the same seed the last counts.
 * @returns `n` counts instances; p is null with fewer than two of them, or where nothing varies
 */
export function testOverBoth(first: readonly SeededRun[], second: readonly SeededRun[]): CrossedTest {
  const others = new Map(second.map((run) => [run.seed, run]));
  const pairs = Array.from(new Map(first.map((run) => [run.seed, run])).values()).flatMap((run) => {
    const other = others.get(run.seed);
    return other === undefined ? [] : [[run, other] as const];
  });
  if (pairs.length === 0) return { effect: 0, standardError: 0, p: null, n: 0, seeds: 0, freedom: 0 };
  const shared = pairs.flat().reduce<Int32Array>((instances, run) => inBoth(instances, run.instances), pairs[0][0].instances);
  const rows = pairs.map(([a, b]) => {
    const differences = valuesAt(a, shared);
    const other = valuesAt(b, shared);
    for (let i = 0; i < differences.length; i++) differences[i] -= other[i];
    return differences;
  });
  return rows.length === 1 ? overInstances(rows[0]) : crossed(rows, shared.length);
}

/** The same where only the metrics of the runs are known: n counts seeds. */
export function testOfSeeds(first: readonly SeedResult[], second: readonly SeedResult[]): CrossedTest {
  const test = testOverSeeds(first, second);
  return { ...test, seeds: test.n, freedom: test.p === null ? 0 : test.n - 1 };
}

/** Student's unpaired t-test of two groups with one variance: n counts both, `seeds` the smaller one. p is null with one value a group. */
export function unpairedTest(first: readonly number[], second: readonly number[]): CrossedTest {
  const [a, b] = [meanOf(first), meanOf(second)];
  const effect = a.value - b.value;
  const n = first.length + second.length;
  const seeds = Math.min(first.length, second.length);
  const nothing = { effect, standardError: 0, p: null, n, seeds, freedom: 0 };
  if (seeds < 2) return nothing;
  const squares = [first, second].map((values, i) => [a, b][i].error ** 2 * values.length * (values.length - 1));
  const variance = (squares[0] + squares[1]) / (n - 2);
  const standardError = Math.sqrt(variance * (1 / first.length + 1 / second.length));
  if (standardError <= 1e-9 * Math.abs(effect) || standardError === 0) return nothing;
  return { effect, standardError, p: twoSided(effect / standardError, n - 2), n, seeds, freedom: n - 2 };
}

function overInstances(differences: Float64Array): CrossedTest {
  const test = pairedTest(differences);
  return { ...test, seeds: 1, freedom: test.p === null ? 0 : test.n - 1 };
}

/** @param rows differences of each seed, [seeds ≥ 2][instances] */
function crossed(rows: readonly Float64Array[], instances: number): CrossedTest {
  const seeds = rows.length;
  const means = new Float64Array(instances);
  const rowMeans = rows.map((row) => {
    let sum = 0;
    for (let i = 0; i < instances; i++) {
      sum += row[i];
      means[i] += row[i] / seeds;
    }
    return sum / instances;
  });
  const effect = instances === 0 ? 0 : rowMeans.reduce((sum, mean) => sum + mean, 0) / seeds;
  const nothing = { effect, standardError: 0, p: null, n: instances, seeds, freedom: 0 };
  if (instances < 2) return nothing;
  const ofSeeds = (instances * rowMeans.reduce((sum, mean) => sum + (mean - effect) ** 2, 0)) / (seeds - 1);
  let betweenInstances = 0;
  for (let i = 0; i < instances; i++) betweenInstances += (means[i] - effect) ** 2;
  const ofInstances = (seeds * betweenInstances) / (instances - 1);
  let rest = 0;
  rows.forEach((row, s) => {
    for (let i = 0; i < instances; i++) rest += (row[i] - rowMeans[s] - means[i] + effect) ** 2;
  });
  const ofError = rest / ((seeds - 1) * (instances - 1));
  const [seedPart, instancePart] = [Math.max(ofSeeds, ofError), Math.max(ofInstances, ofError)];
  const square = seedPart + instancePart - ofError;
  const standardError = Math.sqrt(square / (seeds * instances));
  // Equal differences come out equal up to rounding.
  if (standardError <= 1e-9 * Math.abs(effect)) return nothing;
  const freedom =
    square ** 2 /
    (seedPart ** 2 / (seeds - 1) + instancePart ** 2 / (instances - 1) + ofError ** 2 / ((seeds - 1) * (instances - 1)));
  return { effect, standardError, p: twoSided(effect / standardError, freedom), n: instances, seeds, freedom };
}

/** Of two ascending lists what is in both. */
function inBoth(a: Int32Array, b: Int32Array): Int32Array {
  if (a === b) return a;
  const both = new Int32Array(Math.min(a.length, b.length));
  let count = 0;
  for (let i = 0, j = 0; i < a.length && j < b.length; ) {
    if (a[i] === b[j]) {
      both[count++] = a[i];
      i++;
      j++;
    } else if (a[i] < b[j]) i++;
    else j++;
  }
  return both.subarray(0, count);
}

/** The values of some of a run's instances, which are all there and ascending. */
function valuesAt({ instances, values }: ComparedRun, wanted: Int32Array): Float64Array {
  const found = new Float64Array(wanted.length);
  let at = 0;
  for (let i = 0; i < wanted.length; i++) {
    while (instances[at] !== wanted[i]) at++;
    found[i] = values[at];
  }
  return found;
}

/** What a test says about its difference being `threshold`: two-sided p, and on which side it is; null where there is no spread. */
export function testAgainst(test: CrossedTest, threshold: number): { p: number; isAbove: boolean } | null {
  if (test.freedom === 0) return null;
  const t = (test.effect - threshold) / test.standardError;
  return { p: twoSided(t, test.freedom), isAbove: t > 0 };
}

/**
 * Schuirmann's two one-sided tests (1987): the larger of their p-values. Below .05 the difference lies between −margin and +margin, as
 * well as it lies within them with its 90 % confidence interval. Null where there is no spread.
 */
export function equivalence(test: CrossedTest, margin: number): number | null {
  const [low, high] = [testAgainst(test, -margin), testAgainst(test, margin)];
  if (low === null || high === null) return null;
  const oneSided = ({ p }: { p: number }, isRight: boolean) => (isRight ? p / 2 : 1 - p / 2);
  return Math.max(oneSided(low, low.isAbove), oneSided(high, !high.isAbove));
}

/** The true difference that such a test would find, at the level .05, four times in five: 2.8 standard errors where there are many runs. */
export const detectable = ({ standardError, freedom }: CrossedTest): number | null =>
  freedom === 0 ? null : standardError * (jStat.studentt.inv(0.975, freedom) + jStat.studentt.inv(0.8, freedom));
