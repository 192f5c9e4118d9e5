import { type CrossedTest, type SeededRun, testOfSeeds, testOverBoth } from '../engine/evaluation/crossed.ts';
import { instanceValues, metricOf } from '../engine/evaluation/metrics.ts';
import type { SeedResult } from '../engine/evaluation/significance.ts';
import { seedsOf } from './pairing.ts';
import type { FinishedRun } from './run.ts';
import type { Variant } from './variants.ts';

/** How two variants differ in a metric, or why it cannot be tested. */
export type Compared = { readonly test: CrossedTest; readonly over: 'instances' | 'seeds' } | { readonly missing: string };

/** What a variant brings to its comparisons in one metric: reckoned once, whatever it is compared with. */
export interface Measurement {
  readonly method: string;
  readonly runs: readonly {
    readonly seed: number;
    readonly values: Omit<SeededRun, 'seed'> | null;
    readonly result: number | null;
  }[];
}

/** In a metric among the candidates, or of a profile task. */
export const measurementOf = ({ method, runs }: Variant, metric: string): Measurement => ({
  method,
  runs: runs.map((run) => ({
    seed: run.report.seed,
    values: valuesOf(run, metric),
    result: metricOf(run.report.test, metric, 'sampled')?.value ?? null,
  })),
});

export const compareVariants = (first: Variant, second: Variant, metric: string): Compared =>
  compare(measurementOf(first, metric), measurementOf(second, metric));

/**
 * first − second, over the seeds that both have: over test instances and seeds where the ranks of all these runs were kept, else over
 * seeds alone. MostPop does not depend on a seed: its run is there for each.
 */
export function compare(first: Measurement, second: Measurement): Compared {
  const [own, other] = [seedsOf(first, second), seedsOf(second, first)];
  const seeds = new Set(own.map(({ seed }) => seed).filter((seed) => other.some((one) => one.seed === seed)));
  if (seeds.size === 0) return { missing: 'they have no seed in common' };
  const sides = [own, other].map((side) => side.filter(({ seed }) => seeds.has(seed)));
  const valued = sides.map((side) =>
    side.flatMap(({ seed, values }): SeededRun[] => (values === null ? [] : [{ seed, ...values }])),
  );
  if (valued.every((side) => side.length === seeds.size)) {
    const test = testOverBoth(valued[0], valued[1]);
    return test.n === 0 ? { missing: 'they have no test instance in common' } : { test, over: 'instances' };
  }
  if (seeds.size === 1) return { missing: 'ranks were not kept, and there is one seed only' };
  const results = sides.map((side) =>
    side.flatMap(({ seed, result }): SeedResult[] => (result === null ? [] : [{ seed, value: result }])),
  );
  return { test: testOfSeeds(results[0], results[1]), over: 'seeds' };
}

function valuesOf({ details }: FinishedRun, metric: string): Omit<SeededRun, 'seed'> | null {
  if (details === null) return null;
  const values = instanceValues(details.outcomes, details.targets, metric, 'sampled');
  return values === undefined ? null : { instances: details.instances, users: details.users, values };
}
