import { metricOf } from '../../engine/evaluation/metrics.ts';
import { overSeeds } from '../../engine/evaluation/significance.ts';
import { counted, digitsFor, pWords } from '../digits.ts';
import type { FinishedRun } from '../run.ts';
import type { Variant } from '../variants.ts';
import type { Cell, Row } from './table.ts';

/** A metric of a variant: its mean over seeds. */
export interface MeasuredVariant {
  readonly mean: number;
  /** Standard deviation over seeds; null with one, and of MostPop, which does not depend on them. */
  readonly deviation: number | null;
  /** What digits are judged by: the larger one of the standard errors over seeds and over test instances. */
  readonly error: number;
  readonly seeds: number;
  /** Test instances of a run. */
  readonly n: number;
}

/** Null where one of the runs did not measure it. */
export function measuredVariant({ method, runs }: Variant, metric: string): MeasuredVariant | null {
  const measured = runs.flatMap((run: FinishedRun) => metricOf(run.report.test, metric, 'sampled') ?? []);
  if (measured.length < runs.length || runs.length === 0) return null;
  const { value, error, deviation, n } = overSeeds(measured.map((one) => one.value));
  const ofInstances = measured.reduce((sum, one) => sum + one.error, 0) / n;
  return {
    mean: value,
    deviation: n < 2 || method === 'most-popular' ? null : deviation,
    error: Math.max(error, ofInstances),
    seeds: n,
    n: runs[0].report.test.n,
  };
}

/** “0.412 ± 0.006”: mean and standard deviation over seeds; the mean alone of one seed. */
export function measuredCell(variant: Variant | null, metric: string): Cell {
  const measured = variant && measuredVariant(variant, metric);
  if (measured === null) return blank(variant === null ? 'there is no such run' : 'not measured');
  const { mean, deviation, error, seeds, n } = measured;
  const digits = digitsFor(error);
  const spread = deviation === null ? '' : ` ± ${deviation.toFixed(digits)}`;
  return {
    text: `${mean.toFixed(digits)}${spread}`,
    value: mean,
    over: { deviation, seeds, n },
    title: counted(seeds, 'seed'),
  };
}

export const blank = (title?: string): Cell => ({ text: '–', ...(title === undefined ? {} : { title }) });
export const text = (words: string): Cell => ({ text: words });
/** A whole number. */
export const whole = (value: number): Cell => ({ text: Math.round(value).toLocaleString('en'), value });

export const pCell = (p: number | null): Cell =>
  p === null ? blank('nothing varies') : { text: pWords(p).replace(/^p (= )?/, ''), value: p };

/** Three significant digits: of times and the like, whose spread is not known. Whole numbers as they are. */
export function rounded(value: number): Cell {
  if (Number.isInteger(value)) return whole(value);
  const digits = Math.max(0, 2 - Math.floor(Math.log10(Math.abs(value))));
  return {
    text: Number(value.toPrecision(3)).toLocaleString('en', { minimumFractionDigits: digits, maximumFractionDigits: digits }),
    value,
  };
}

/** The largest of some columns in bold, where there is something to compare; of equal ones all. */
export function withBest(rows: readonly Row[], columns: readonly number[]): Row[] {
  const largest = new Map(
    columns.map((column) => {
      const values = rows.flatMap(({ cells }) => cells[column].value ?? []);
      return [column, values.length < 2 ? null : Math.max(...values)];
    }),
  );
  return rows.map((row) => ({
    ...row,
    cells: row.cells.map((cell, column) => {
      const most = largest.get(column);
      return cell.value !== undefined && cell.value === most ? { ...cell, best: true } : cell;
    }),
  }));
}

export const BEST_NOTE = 'Bold: the highest mean of its column, whether or not the difference to the others is significant.';
export const SEEDS_NOTE =
  '± is the standard deviation over seeds; a number without it is of one seed, or does not depend on it (MostPop).';
