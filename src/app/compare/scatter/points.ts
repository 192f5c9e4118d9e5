import type { ScatterSeries } from '../../../charts/scatter.ts';
import { describeMethod, METHOD_DESCRIPTIONS } from '../../../configuration/methods.ts';
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
    return drawn.length === 0 ? [] : [{ key: method, label, colour, marker: placeOf(method), points: drawn }];
  });
}

/** A method has the same marker everywhere; methods that are not listed, as Finetune-Last7, share the one after the last. */
function placeOf(method: string): number {
  const place = METHOD_DESCRIPTIONS.findIndex(({ id }) => id === method);
  return place < 0 ? METHOD_DESCRIPTIONS.length : place;
}
