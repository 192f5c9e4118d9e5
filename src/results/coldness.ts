import { metricOf } from '../engine/evaluation/metrics.ts';
import { overSeeds } from '../engine/evaluation/significance.ts';
import { distinct } from './lists.ts';
import type { FinishedRun } from './run.ts';
import type { Variant } from './variants.ts';

/** Where users have many different numbers of training targets, those from one of these to the next are taken together. */
const EDGES = [0, 1, 2, 3, 5, 10, 20, 50];

/** Users by the number of their training targets, from … to. */
export interface TargetClass {
  readonly label: string;
  readonly from: number;
  readonly to: number;
}

/** A metric of the users of a class. */
export interface ColdResult {
  /** Test instances. */
  readonly n: number;
  readonly value: number;
  readonly error: number;
}

/** The classes of which there are users. */
export function targetClasses(variants: readonly Variant[]): TargetClass[] {
  const counts = variants.flatMap(({ runs }) =>
    runs.flatMap(({ report }) => report.byTrainingTargets?.map(({ targets }) => targets) ?? []),
  );
  const ascending = distinct(counts).sort((a, b) => a - b);
  if (ascending.length <= EDGES.length) return ascending.map((from) => ({ label: String(from), from, to: from }));
  const classes = EDGES.map((from, i) => {
    const to = (EDGES[i + 1] ?? Number.POSITIVE_INFINITY) - 1;
    const label = from === to ? String(from) : to === Number.POSITIVE_INFINITY ? `${from}+` : `${from}–${to}`;
    return { label, from, to };
  });
  return classes.filter(({ from, to }) => ascending.some((targets) => targets >= from && targets <= to));
}

/** The mean over the instances of a class, then over the seeds, with the mean of their standard errors; null without instances. */
export function coldResult({ runs }: Variant, own: TargetClass, metric: string): ColdResult | null {
  const each = runs.flatMap((run) => resultOfRun(run, own, metric) ?? []);
  if (each.length === 0) return null;
  const mean = (values: readonly number[]) => overSeeds(values).value;
  return { n: each[0].n, value: mean(each.map(({ value }) => value)), error: mean(each.map(({ error }) => error)) };
}

function resultOfRun({ report }: FinishedRun, { from, to }: TargetClass, metric: string): ColdResult | null {
  const measured = (report.byTrainingTargets ?? [])
    .filter(({ targets }) => targets >= from && targets <= to)
    .flatMap(({ test }) => {
      const found = metricOf(test, metric, 'sampled');
      return found === undefined ? [] : [{ ...found, n: test.n }];
    });
  const sum = (of: (one: ColdResult) => number) => measured.reduce((total, one) => total + of(one), 0);
  const n = sum((one) => one.n);
  return n === 0
    ? null
    : { n, value: sum((one) => one.n * one.value) / n, error: Math.sqrt(sum((one) => (one.n * one.error) ** 2)) / n };
}
