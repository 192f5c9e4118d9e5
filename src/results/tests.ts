import type { Configuration } from '../configuration/schema.ts';
import { type CrossedTest, type SeededRun, testOverBoth } from '../engine/evaluation/crossed.ts';
import { instanceValues, type Metrics, metricOf, type Protocol } from '../engine/evaluation/metrics.ts';
import {
  averageOverSeeds,
  type PairedTest,
  type SeedResult,
  testOverInstances,
  testOverSeeds,
} from '../engine/evaluation/significance.ts';
import { seedsOf } from './pairing.ts';
import type { RunDetails } from './run.ts';
import { testedBy } from './task.ts';

/** What the pairs of a test are: test instances, seeds, or every instance of every seed. */
export type Pairing = 'instances' | 'seeds' | 'both';

/** What a finished run brings to its tests. */
export interface Tested {
  /** Names its data: runs on the same data have the same. */
  readonly dataset: string;
  readonly configuration: Configuration;
  readonly test: Metrics;
  /** Null where the outcomes of single instances were not kept. */
  readonly details: Pick<RunDetails, 'instances' | 'targets' | 'users' | 'outcomes'> | null;
}

/** Why two groups cannot be compared. */
export interface Unpaired {
  readonly reason: string;
}

/** A paired test, of which is known how many seeds and users it went over where it went over both. */
export type MatrixTest = PairedTest & Partial<Pick<CrossedTest, 'seeds' | 'users'>>;

/** A test of each group against each other, row − column, or why there is none; null on the diagonal. */
export type TestMatrix = readonly (readonly (MatrixTest | Unpaired | null)[])[];

/** Paired tests between groups of runs; the runs of a group differ in nothing but their seed. */
export function testsBetween(
  groups: readonly (readonly Tested[])[],
  metric: string,
  protocol: Protocol,
  over: Pairing,
): TestMatrix {
  const sides = groups.map((runs) => sideOf(runs, metric, protocol, over));
  const table: (MatrixTest | Unpaired | null)[][] = groups.map(() => groups.map(() => null));
  sides.forEach((a, i) => {
    sides.slice(0, i).forEach((b, j) => {
      const test = comparison(a, b, protocol, over);
      table[i][j] = test;
      table[j][i] = 'effect' in test ? { ...test, effect: -test.effect } : test;
    });
  });
  return table;
}

/** What a group brings to its tests. */
interface Side {
  /** One of its runs; undefined where they were deleted meanwhile. */
  readonly run: Tested | undefined;
  /** Of each instance the mean over the seeds; empty where that is not asked for. */
  readonly instances: ReadonlyMap<number, number>;
  readonly seeds: readonly SeedResult[];
  readonly bySeed: readonly SeededRun[];
}

function sideOf(runs: readonly Tested[], metric: string, protocol: Protocol, over: Pairing): Side {
  const bySeed = runs.flatMap(({ configuration: { seed }, details }) => {
    const values = details && instanceValues(details.outcomes, details.targets, metric, protocol);
    return details && values ? [{ seed, instances: details.instances, users: details.users, values }] : [];
  });
  const seeds = runs.flatMap(({ configuration: { seed }, test }) => {
    const measured = metricOf(test, metric, protocol);
    return measured === undefined ? [] : [{ seed, value: measured.value }];
  });
  return { run: runs[0], instances: averageOverSeeds(over === 'instances' ? bySeed : []), seeds, bySeed };
}

const NOTHING_SHARED: Readonly<Record<Pairing, string>> = {
  instances: 'no test instance in common',
  seeds: 'no seed in common',
  both: 'no test instance of the same seed in common',
};

function comparison(a: Side, b: Side, protocol: Protocol, over: Pairing): MatrixTest | Unpaired {
  if (a.run === undefined || b.run === undefined) return { reason: 'deleted' };
  return unlike(a.run, b.run, protocol, over) ?? paired(a, b, over);
}

function paired(a: Side, b: Side, over: Pairing): MatrixTest | Unpaired {
  const test: MatrixTest =
    over === 'instances'
      ? testOverInstances(a.instances, b.instances)
      : over === 'seeds'
        ? testOverSeeds(...pairedBy(a, b, ({ seeds }) => seeds))
        : testOverBoth(...pairedBy(a, b, ({ bySeed }) => bySeed));
  return test.n > 0 ? test : { reason: NOTHING_SHARED[over] };
}

/** Both sides by the seeds that they are paired by. */
function pairedBy<R extends { readonly seed: number }>(a: Side, b: Side, of: (side: Side) => readonly R[]) {
  const [first, second] = [a, b].map((side) => ({ method: side.run?.configuration.method, runs: of(side) }));
  return [seedsOf(first, second), seedsOf(second, first)] as const;
}

/** What two runs differ in so that their numbers are not of the same task; null if nothing. */
function unlike(a: Tested, b: Tested, protocol: Protocol, over: Pairing): Unpaired | null {
  if (a.dataset !== b.dataset) return { reason: 'another dataset' };
  const { dataset, evaluation } = a.configuration;
  const other = b.configuration;
  // Negatives are drawn by the split's seed, one by one for each instance.
  if (protocol === 'sampled' && dataset.splitSeed !== other.dataset.splitSeed) return { reason: 'other candidates' };
  if (protocol === 'sampled' && evaluation.candidates !== other.evaluation.candidates) return { reason: 'other candidates' };
  if (over !== 'seeds') return null;
  return testedBy(a.dataset, a.configuration) === testedBy(b.dataset, other) ? null : { reason: 'other test instances' };
}
