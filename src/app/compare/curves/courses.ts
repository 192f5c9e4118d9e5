import type { BandPoint, Series } from '../../../charts/lines.ts';
import { describeMethod } from '../../../configuration/methods.ts';
import { metricOf, type Protocol } from '../../../engine/evaluation/metrics.ts';
import type { EpochRow, RunRow } from '../../../storage/database.ts';
import { repeatedDash } from '../../shared/series.ts';
import { meanCurve } from './overSeeds.ts';
import { type CourseEpoch, peakWords } from './peak.ts';
import { smoothedCurve } from './smoothing.ts';

/** What is drawn as one line: a run, or the mean of runs that differ in their seed alone. */
export interface Course {
  readonly key: string;
  readonly label: string;
  /** One at least. */
  readonly runs: readonly RunRow[];
}

export type EpochsOfRuns = ReadonlyMap<number, readonly EpochRow[]>;

/** Epochs by their run, ascending. */
export function epochsByRun(rows: readonly EpochRow[]): EpochsOfRuns {
  const epochs = new Map<number, EpochRow[]>();
  for (const row of rows) {
    const known = epochs.get(row.runId);
    if (known === undefined) epochs.set(row.runId, [row]);
    else known.push(row);
  }
  for (const own of epochs.values()) own.sort((a, b) => a.epoch - b.epoch);
  return epochs;
}

/** The last epoch of any of them. */
export const lastEpoch = (epochs: EpochsOfRuns): number =>
  Math.max(1, ...Array.from(epochs.values(), (own) => own.at(-1)?.epoch ?? 1));

interface View {
  /** Of the smoothing; 0 for none. */
  readonly beta: number;
  /** First and last epoch in sight. */
  readonly range: readonly [number, number];
}

/** One line a course; where it is smoothed, another behind it as it was. The best epoch of a single run is marked. */
export function courseSeries(
  courses: readonly Course[],
  epochs: EpochsOfRuns,
  value: (epoch: EpochRow) => number,
  { beta, range }: View,
): Series[] {
  const inSight = ({ x }: BandPoint) => x >= range[0] && x <= range[1];
  return courses.flatMap(({ key, label, runs }, i) => {
    const [{ configuration, result }] = runs;
    const { colour, dash } = describeMethod(configuration.method);
    const before = courses.slice(0, i).filter((other) => other.runs[0].configuration.method === configuration.method).length;
    const curves = runs.map(({ id }) =>
      (epochs.get(id) ?? []).map((epoch) => ({ x: epoch.epoch, y: value(epoch) })).filter(({ y }) => Number.isFinite(y)),
    );
    const points = meanCurve(curves);
    const line = {
      key,
      label,
      colour,
      dash: repeatedDash(dash, before),
      marked: runs.length === 1 ? result?.bestEpoch : undefined,
    };
    const drawn = { ...line, points: smoothedCurve(points, beta).filter(inSight) };
    if (beta === 0) return [drawn];
    return [
      {
        ...line,
        key: `${key} as it was`,
        points: points.filter(inSight).map(({ x, y }) => ({ x, y })),
        faint: true,
        marked: undefined,
      },
      drawn,
    ];
  });
}

/** What each run's curve says of over-fitting; nothing of runs with fewer than two epochs. */
export function peaks(
  runs: readonly RunRow[],
  epochs: EpochsOfRuns,
  metric: string,
  protocol: Protocol,
): { readonly id: number; readonly words: string }[] {
  return runs.flatMap(({ id }) => {
    const course = (epochs.get(id) ?? []).flatMap(({ epoch, trainLoss, validation }): CourseEpoch[] => {
      const measured = metricOf(validation, metric, protocol);
      return measured === undefined ? [] : [{ epoch, validation: measured, loss: trainLoss }];
    });
    const words = peakWords(course);
    return words === null ? [] : [{ id, words }];
  });
}
