import jStat from 'jstat';
import { meanOf } from './metrics.ts';
import {
  type ComparedRun,
  groupedTest,
  type PairedTest,
  pairedTest,
  type SeedResult,
  testOverSeeds,
  twoSided,
} from './significance.ts';

/** A paired test of which the chance of training is part: what another seed and other instances would change. */
export interface CrossedTest extends PairedTest {
  /** Runs with which both sides are there; with 1 the chance of training is unknown, and p is of the instances alone. */
  readonly seeds: number;
  /** Of how many users the test instances are; null where that is not known, or where n counts something else. */
  readonly users: number | null;
  /** Of Student's t, by which p is; 0 where there is no p. */
  readonly freedom: number;
}

/** A run of a comparison, by the seed that it is paired by. */
export interface SeededRun extends ComparedRun {
  readonly seed: number;
  /** The user of each of its instances, the same number in all runs; null where that was not kept. */
  readonly users: Int32Array | null;
}

/**
 * The paired test of two methods whose differences d[s][i] vary with the seed s and with the test instance i, both drawn at random
 * (Scheffé 1959, ch. 7: the two-way random model with one observation a cell; Dorfman, Berbaum and Metz 1992 compare methods so, with
 * readers and cases):
 *
 *     d[s][i] = μ + a[s] + b[i] + e[s][i],   Var(mean) = (MS_seed + MS_instance − MS_error) / (S · I)
 *
 * with Satterthwaite's degrees of freedom. In the variance a mean square that is below MS_error by chance is taken as MS_error, which is
 * its component at 0: so it is never negative, and never smaller than in a test over seeds or over instances alone. The degrees of
 * freedom take mean squares as they are: with so few seeds they would else be those of the seeds even where these do not differ.
 *
 * The instances of one user move together, so what is drawn is users: i stands for one of U users, whose d[s][i] is the sum of its
 * instances' deviations from the seed's mean, times U over the number of all instances, plus that mean (as in `groupedTest`, which it is
 * with one seed). Where users are not known, every instance is taken for one of its own.
 *
 * At the level .05 a true null hypothesis is rejected in 1 to 9 of 100 cases with three seeds, in 1 to 13 with two (simulated, with 30 to
 * 300 users of one to nine instances): least often where neither seeds nor users differ, most often where users differ and seeds do so by
 * several of their standard errors.
 *
 * @param first one run a seed, and all with the same test instances, ascending; runs whose seed the other side lacks are left out, and
 *   of instances those count that every run has. Of several runs with the same seed the last counts.
 * @returns `n` counts instances; p is null with fewer than two users, or where nothing varies
 */
export function testOverBoth(first: readonly SeededRun[], second: readonly SeededRun[]): CrossedTest {
  const others = new Map(second.map((run) => [run.seed, run]));
  const pairs = Array.from(new Map(first.map((run) => [run.seed, run])).values()).flatMap((run) => {
    const other = others.get(run.seed);
    return other === undefined ? [] : [[run, other] as const];
  });
  if (pairs.length === 0) return { effect: 0, standardError: 0, p: null, n: 0, seeds: 0, users: null, freedom: 0 };
  const shared = pairs.flat().reduce<Int32Array>((instances, run) => inBoth(instances, run.instances), pairs[0][0].instances);
  const rows = pairs.map(([a, b]) => {
    const [own, other] = [valuesAt(a.instances, a.values, shared), valuesAt(b.instances, b.values, shared)];
    const differences = new Float64Array(shared.length);
    for (let i = 0; i < differences.length; i++) differences[i] = own[i] - other[i];
    return differences;
  });
  const known = pairs.flat().find(({ users }) => users !== null);
  const groups = known?.users ? placesOf(valuesAt(known.instances, known.users, shared)) : null;
  if (rows.length === 1) return overInstances(rows[0], groups);
  const n = shared.length;
  return groups === null
    ? { ...crossed(rows), n }
    : { ...crossed(rows.map((row) => summed(row, groups))), n, users: groups.count };
}

/** Of each instance the place of its user among `count` ones. */
interface Groups {
  readonly places: Int32Array;
  readonly count: number;
}

function placesOf(users: Int32Array): Groups {
  const known = new Map<number, number>();
  const places = users.map((user) => {
    const place = known.get(user) ?? known.size;
    if (place === known.size) known.set(user, place);
    return place;
  });
  return { places, count: known.size };
}

/** The same where only the metrics of the runs are known: n counts seeds. */
export function testOfSeeds(first: readonly SeedResult[], second: readonly SeedResult[]): CrossedTest {
  const test = testOverSeeds(first, second);
  return { ...test, seeds: test.n, users: null, freedom: test.p === null ? 0 : test.n - 1 };
}

/** Student's unpaired t-test of two groups with one variance: n counts both, `seeds` the smaller one. p is null with one value a group. */
export function unpairedTest(first: readonly number[], second: readonly number[]): CrossedTest {
  const [a, b] = [meanOf(first), meanOf(second)];
  const effect = a.value - b.value;
  const n = first.length + second.length;
  const seeds = Math.min(first.length, second.length);
  const nothing = { effect, standardError: 0, p: null, n, seeds, users: null, freedom: 0 };
  if (seeds < 2) return nothing;
  const squares = [first, second].map((values, i) => [a, b][i].error ** 2 * values.length * (values.length - 1));
  const variance = (squares[0] + squares[1]) / (n - 2);
  const standardError = Math.sqrt(variance * (1 / first.length + 1 / second.length));
  // Equal values come out equal up to rounding.
  if (standardError <= 1e-9 * Math.max(Math.abs(a.value), Math.abs(b.value))) return nothing;
  return { effect, standardError, p: twoSided(effect / standardError, n - 2), n, seeds, users: null, freedom: n - 2 };
}

function overInstances(differences: Float64Array, groups: Groups | null): CrossedTest {
  const test = groups === null ? pairedTest(differences) : groupedTest(differences, groups.places);
  const users = groups?.count ?? null;
  return { ...test, seeds: 1, users, freedom: test.p === null ? 0 : (users ?? test.n) - 1 };
}

/** @param rows differences of each seed, [seeds ≥ 2][instances, or users] */
function crossed(rows: readonly Float64Array[]): CrossedTest {
  const [seeds, instances] = [rows.length, rows[0].length];
  const means = new Float64Array(instances);
  const rowMeans = rows.map((row) => {
    let sum = 0;
    for (let i = 0; i < instances; i++) {
      sum += row[i];
      means[i] += row[i];
    }
    return sum / instances;
  });
  for (let i = 0; i < instances; i++) means[i] /= seeds;
  const effect = instances === 0 ? 0 : rowMeans.reduce((sum, mean) => sum + mean, 0) / seeds;
  const nothing = { effect, standardError: 0, p: null, n: instances, seeds, users: null, freedom: 0 };
  if (instances < 2) return nothing;
  const ofSeeds = (instances * rowMeans.reduce((sum, mean) => sum + (mean - effect) ** 2, 0)) / (seeds - 1);
  let betweenInstances = 0;
  for (let i = 0; i < instances; i++) betweenInstances += (means[i] - effect) * (means[i] - effect);
  const ofInstances = (seeds * betweenInstances) / (instances - 1);
  let rest = 0;
  for (let s = 0; s < seeds; s++) {
    const [row, shift] = [rows[s], effect - rowMeans[s]];
    for (let i = 0; i < instances; i++) {
      const residual = row[i] - means[i] + shift;
      rest += residual * residual;
    }
  }
  const ofError = rest / ((seeds - 1) * (instances - 1));
  const [seedPart, instancePart] = [Math.max(ofSeeds, ofError), Math.max(ofInstances, ofError)];
  const square = seedPart + instancePart - ofError;
  const standardError = Math.sqrt(square / (seeds * instances));
  // Equal differences come out equal up to rounding.
  if (standardError <= 1e-9 * Math.abs(effect)) return nothing;
  const freedom =
    square ** 2 /
    (ofSeeds ** 2 / (seeds - 1) + ofInstances ** 2 / (instances - 1) + ofError ** 2 / ((seeds - 1) * (instances - 1)));
  return { effect, standardError, p: twoSided(effect / standardError, freedom), n: instances, seeds, users: null, freedom };
}

/** What each user adds to the mean over users, which is the mean over all instances. */
function summed(row: Float64Array, { places, count }: Groups): Float64Array {
  let mean = 0;
  for (const value of row) mean += value / row.length;
  const sums = new Float64Array(count).fill(0);
  for (let i = 0; i < row.length; i++) sums[places[i]] += row[i] - mean;
  return sums.map((sum) => mean + (sum * count) / row.length);
}

/** Of two ascending lists what is in both. As a rule they are the same, which is seen at once. */
function inBoth(a: Int32Array, b: Int32Array): Int32Array {
  let same = a.length === b.length;
  for (let i = 0; same && i < a.length; i++) same = a[i] === b[i];
  if (same) return a;
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
function valuesAt<T extends Float64Array | Int32Array>(instances: Int32Array, values: T, wanted: Int32Array): T {
  if (instances.length === wanted.length) return values;
  const found = values.slice(0, wanted.length) as T;
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

/**
 * The true difference that such a test would find four times in five: 2.8 standard errors where there are many users and one test.
 *
 * @param tests that share the level .05
 */
export const detectable = ({ standardError, freedom }: CrossedTest, tests = 1): number | null =>
  freedom === 0 ? null : standardError * (jStat.studentt.inv(1 - 0.025 / tests, freedom) + jStat.studentt.inv(0.8, freedom));
