import type { ScatterSeries } from '../../../charts/scatter.ts';
import { describeMethod, placeOfMethod } from '../../../configuration/methods.ts';
import { parameterLabel } from '../../../configuration/parameters.ts';
import { PRESETS } from '../../../configuration/presets.ts';
import { flatten } from '../../../configuration/schema.ts';
import { metricOf, type Protocol } from '../../../engine/evaluation/metrics.ts';
import { overSeeds } from '../../../engine/evaluation/significance.ts';
import type { RunRow } from '../../../storage/database.ts';
import { flatOf } from '../../shared/differing.ts';
import { metricLabel } from '../../shared/results.ts';
import { MEASURES, writeNumber } from '../measures.ts';

/** What an axis may be of. */
export interface AxisChoice {
  readonly id: string;
  /** With its unit. */
  readonly title: string;
  /** Null where a run does not have it. */
  readonly of: (run: RunRow) => number | null;
  readonly write: (value: number) => string;
  /** A value on the axis. */
  readonly tick: (value: number) => string;
}

/** What runs cost and used. */
export const measureAxes: readonly AxisChoice[] = MEASURES.map((measure) => ({
  ...measure,
  id: `measure:${measure.id}`,
  tick: measure.write,
}));

/** Every configuration key that is a number. */
export const keyAxes: readonly AxisChoice[] = Object.entries(flatten(PRESETS.paper))
  .filter(([, value]) => typeof value === 'number')
  .map(([key]) => ({
    id: `key:${key}`,
    title: parameterLabel(key),
    of: ({ configuration }) => {
      const value = flatOf(configuration)[key];
      return typeof value === 'number' ? value : null;
    },
    write: writeNumber,
    tick: writeNumber,
  }));

/**
 * What is drawn across until somebody chooses: of the keys that were varied, the one in which most runs differ from the others of their
 * method and dataset. What methods differ in by themselves, such as a batch size, is nothing that was asked about. Null if there is
 * none.
 */
export function variedAxis(runs: readonly RunRow[], axes: readonly AxisChoice[]): AxisChoice | null {
  const alike = new Map<string, RunRow[]>();
  for (const run of runs) {
    const key = `${run.datasetId} ${run.configuration.method}`;
    const known = alike.get(key);
    if (known === undefined) alike.set(key, [run]);
    else known.push(run);
  }
  const groups = Array.from(alike.values());
  let most: AxisChoice | null = null;
  let count = 0;
  for (const axis of axes) {
    const own = groups.reduce((sum, runsOfOne) => sum + differingRuns(runsOfOne, axis), 0);
    if (own > count) [most, count] = [axis, own];
  }
  return most;
}

/** How many do not have the value that most of them have. */
function differingRuns(runs: readonly RunRow[], { of }: AxisChoice): number {
  const counts = new Map<number | null, number>();
  for (const run of runs) counts.set(of(run), (counts.get(of(run)) ?? 0) + 1);
  return runs.length - Math.max(...counts.values());
}

/** Test metrics. */
export const metricAxes = (metrics: readonly string[], protocol: Protocol): AxisChoice[] =>
  metrics.map((metric) => ({
    id: `metric:${metric}`,
    title: metricLabel(metric),
    of: ({ result }) => (result === null ? null : (metricOf(result.test, metric, protocol)?.value ?? null)),
    write: (value) => value.toFixed(3),
    tick: writeNumber,
  }));

/** What a point is of: a run, or runs that differ in their seed alone. */
export interface PointOf {
  readonly key: string;
  readonly label: string;
  readonly runs: readonly RunRow[];
}

/** A series a method: of several runs their mean, with one standard deviation of y. Points that lack one of the two are left out. */
export function scatterSeries(points: readonly PointOf[], x: AxisChoice, y: AxisChoice): ScatterSeries[] {
  const methods = Array.from(new Set(points.map(({ runs: [{ configuration }] }) => configuration.method)));
  return methods.flatMap((method) => {
    const own = points.filter(({ runs: [{ configuration }] }) => configuration.method === method);
    const drawn = own.flatMap(({ key, label, runs }) => {
      const pairs = runs.flatMap((run) => {
        const [across, up] = [x.of(run), y.of(run)];
        return across === null || up === null ? [] : [{ across, up }];
      });
      if (pairs.length === 0) return [];
      const up = overSeeds(pairs.map((pair) => pair.up));
      const across = overSeeds(pairs.map((pair) => pair.across));
      return [{ key, label, x: across.value, y: up.value, error: up.n > 1 ? up.deviation : null }];
    });
    const { label, colour } = describeMethod(method);
    return drawn.length === 0 ? [] : [{ key: method, label, colour, marker: placeOfMethod(method), points: drawn }];
  });
}
