import { headlines, metricOf } from '../../engine/evaluation/metrics.ts';
import { overSeeds } from '../../engine/evaluation/significance.ts';
import type { RunRow } from '../../storage/database.ts';
import { digitsFor } from '../format.ts';

/** A row's headline metric over its seeds. */
export interface RowMean {
  readonly mean: number;
  /** Sample standard deviation over the seeds; null of one. */
  readonly deviation: number | null;
  readonly seeds: number;
}

/** Of the runs of one row, by their seeds; null where none has a result. */
export function meanOf(runs: Iterable<RunRow>): RowMean | null {
  const values = Array.from(runs).flatMap(({ result }) => {
    const measured = result === null ? undefined : metricOf(result.test, headlines(result.test)[0], 'sampled');
    return measured === undefined ? [] : [measured.value];
  });
  if (values.length === 0) return null;
  const { value: mean, deviation, n: seeds } = overSeeds(values);
  return { mean, deviation: seeds < 2 ? null : deviation, seeds };
}

/** Decimals of a column: as many as the least certain of its means supports, so that they stand below each other. */
export const columnDigits = (means: readonly (RowMean | null)[]): number =>
  digitsFor(Math.max(0, ...means.map((one) => one?.deviation ?? 0)));

/** “0.154 ± 0.003”, and of how many seeds where some are missing. */
export function meanWords({ mean, deviation, seeds }: RowMean, digits: number, allSeeds: number): string {
  const value = deviation === null ? mean.toFixed(digits) : `${mean.toFixed(digits)} ± ${deviation.toFixed(digits)}`;
  return seeds < allSeeds ? `${value} (${seeds} of ${allSeeds})` : value;
}

/** The places of the highest mean among those over most seeds: a mean over fewer is no match. None where fewer than two compete. */
export function bestOf(means: readonly (RowMean | null)[]): number[] {
  const most = Math.max(0, ...means.map((one) => one?.seeds ?? 0));
  const rivals = means.flatMap((one, place) => (one?.seeds === most ? [{ place, mean: one.mean }] : []));
  if (rivals.length < 2) return [];
  const highest = Math.max(...rivals.map(({ mean }) => mean));
  return rivals.flatMap(({ place, mean }) => (mean === highest ? [place] : []));
}
