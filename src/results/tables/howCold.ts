import { describeMethod } from '../../configuration/methods.ts';
import { type Measured, type Metrics, metricOf } from '../../engine/evaluation/metrics.ts';
import { bestOfDatasets, type Condition, evidenceOf, isTenth, type Variant } from '../conditions.ts';
import { thousands, withError } from '../digits.ts';
import type { FinishedRun } from '../run.ts';
import { BEST_NOTE, blank, text, withBest } from './measured.ts';
import { conditionNote, selectionNotes } from './notes.ts';
import type { Cell, TableModel } from './table.ts';
import { distinctVariants } from './variants.ts';

/** Training targets of a user, from … to. */
const BINS: readonly (readonly [number, number])[] = [
  [0, 0],
  [1, 1],
  [2, 2],
  [3, 3],
  [4, 4],
  [5, 9],
  [10, Number.POSITIVE_INFINITY],
];

/** How cold users may be: HR@5 (accuracy) by the number of their targets in training; a table a dataset. */
export function howColdTables(conditions: readonly Condition[], names: ReadonlyMap<string, string>): TableModel[] {
  const parts = bestOfDatasets(conditions, (condition) => {
    if (isTenth(condition)) return null;
    const found = distinctVariants(condition).filter(({ runs }) => runs.every(({ report }) => report.byTrainingTargets !== null));
    return found.length === 0 ? null : { ...evidenceOf(found), found };
  });
  return parts.map(({ condition, found }, place) => {
    const name = names.get(condition.dataset.hash) ?? condition.dataset.name;
    const metric = condition.dataset.task === 'profile' ? 'accuracy' : 'HR@5';
    const bins = BINS.filter((bin) => found.some(({ runs }) => runs.some((run) => binOf(run, bin, metric) !== null)));
    const rows = found.map((variant) => ({
      cells: [text(labelOf(variant)), ...bins.map((bin) => binCell(variant, bin, metric))],
    }));
    return {
      id: parts.length === 1 ? 'how-cold' : `how-cold-${place + 1}`,
      title: `How cold: ${metric} by the number of a user’s targets in training, ${name}`,
      columns: [
        { title: 'Method', align: 'left' as const },
        ...bins.map((bin) => ({ title: binWords(bin), group: 'targets in training', align: 'right' as const })),
      ],
      rows: [
        { cells: [text('test instances'), ...bins.map((bin) => sizeCell(found, bin, metric))] },
        ...withBest(
          rows,
          bins.map((_, i) => i + 1),
        ),
      ].map((row, i) => (i === 1 ? { ...row, ruleAbove: true } : row)),
      notes: [
        conditionNote(name, condition, found),
        ...selectionNotes([condition]),
        'Means over seeds; ± is the standard error over the test instances of the group, which does not count the chance of training.',
        BEST_NOTE,
      ],
    };
  });
}

const labelOf = ({ method, otherGates }: Variant): string =>
  `${describeMethod(method).label}${otherGates ? ', other gates' : ''}`;

const binWords = ([from, to]: readonly [number, number]): string =>
  from === to ? String(from) : to === Number.POSITIVE_INFINITY ? `${from} and more` : `${from}–${to}`;

/** The mean over the instances of all users in a bin; null where there are none. */
function binOf(
  { report }: FinishedRun,
  [from, to]: readonly [number, number],
  metric: string,
): (Measured & { n: number }) | null {
  const groups = (report.byTrainingTargets ?? []).filter(({ targets }) => targets >= from && targets <= to);
  const n = groups.reduce((sum, { test }) => sum + test.n, 0);
  if (n === 0) return null;
  const of = (test: Metrics) => metricOf(test, metric, 'sampled') ?? { value: 0, error: 0 };
  const sum = groups.reduce((total, { test }) => total + test.n * of(test).value, 0);
  const squares = groups.reduce((total, { test }) => total + (test.n * of(test).error) ** 2, 0);
  return { value: sum / n, error: Math.sqrt(squares) / n, n };
}

function binCell({ runs }: Variant, bin: readonly [number, number], metric: string): Cell {
  const all = runs.flatMap((run) => binOf(run, bin, metric) ?? []);
  if (all.length === 0) return blank('no test instance');
  const mean = (of: (one: Measured) => number) => all.reduce((sum, one) => sum + of(one), 0) / all.length;
  const value = mean((one) => one.value);
  return {
    text: withError(
      value,
      mean((one) => one.error),
    ),
    value,
  };
}

function sizeCell(variants: readonly Variant[], bin: readonly [number, number], metric: string): Cell {
  const n = binOf(variants[0].runs[0], bin, metric)?.n ?? 0;
  return { text: thousands(n), title: 'test instances of these users' };
}
