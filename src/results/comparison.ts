import { type CrossedTest, type SeededRun, testOfSeeds, testOverBoth } from '../engine/evaluation/crossed.ts';
import { instanceValues, metricOf } from '../engine/evaluation/metrics.ts';
import type { Variant } from './conditions.ts';
import type { FinishedRun } from './run.ts';

/** How two variants differ in a metric, or why it cannot be tested. */
export type Compared = { readonly test: CrossedTest; readonly over: 'instances' | 'seeds' } | { readonly missing: string };

/**
 * first − second in a metric among the candidates (or of a profile task), over the seeds that both have: over test instances and seeds
 * where the ranks of all these runs were kept, else over seeds alone. MostPop does not depend on a seed: its run is there for each.
 */
export function compareVariants(first: Variant, second: Variant, metric: string): Compared {
  const [own, other] = [seedsOf(first, second), seedsOf(second, first)];
  const seeds = new Set(own.map(({ seed }) => seed).filter((seed) => other.some((one) => one.seed === seed)));
  if (seeds.size === 0) return { missing: 'they have no seed in common' };
  const sides = [own, other].map((side) => side.filter(({ seed }) => seeds.has(seed)));
  const valued = sides.map((side) => side.flatMap(({ seed, run }) => valuesOf(run, seed, metric)));
  if (valued.every((side) => side.length === seeds.size)) {
    const test = testOverBoth(valued[0], valued[1]);
    return test.n === 0 ? { missing: 'they have no test instance in common' } : { test, over: 'instances' };
  }
  if (seeds.size === 1) return { missing: 'ranks were not kept, and there is one seed only' };
  const results = sides.map((side) =>
    side.flatMap(({ seed, run }) => {
      const measured = metricOf(run.report.test, metric, 'sampled');
      return measured === undefined ? [] : [{ seed, value: measured.value }];
    }),
  );
  return { test: testOfSeeds(results[0], results[1]), over: 'seeds' };
}

interface Seeded {
  readonly seed: number;
  readonly run: FinishedRun;
}

function seedsOf(side: Variant, other: Variant): Seeded[] {
  if (side.method !== 'most-popular' || other.method === 'most-popular')
    return side.runs.map((run) => ({ seed: run.report.seed, run }));
  return other.runs.map(({ report: { seed } }) => ({ seed, run: side.runs[0] }));
}

function valuesOf({ details }: FinishedRun, seed: number, metric: string): SeededRun[] {
  if (details === null) return [];
  const values = instanceValues(details.outcomes, details.targets, metric, 'sampled');
  return values === undefined ? [] : [{ seed, instances: details.instances, values }];
}
