import { parameterLabel, writeValue } from '../../../configuration/parameters.ts';
import { type Measured, metricOf, type Protocol } from '../../../engine/evaluation/metrics.ts';
import { overSeeds } from '../../../engine/evaluation/significance.ts';
import type { RunRow } from '../../../storage/database.ts';
import { duration, withError } from '../../format.ts';
import { metricLabel } from '../../shared/results.ts';
import { statusWord } from '../../shared/statusWord.ts';
import { groupMean } from '../groups.ts';
import { MEASURES, type Measure } from '../measures.ts';
import { type Entry, seedsOf } from './entries.ts';

/** A column of the run table. */
export interface RunColumn {
  readonly id: string;
  readonly title: string;
  /** Pixels. */
  readonly width: number;
  readonly isNumber: boolean;
  /** What rows are sorted by; undefined comes last. */
  readonly value: (entry: Entry) => string | number | undefined;
  readonly text: (entry: Entry) => string;
}

/** What columns have to know beside the rows. */
export interface ColumnContext {
  /** The metric chosen for the page. */
  readonly metric: string;
  readonly protocol: Protocol;
  /** Trials of a search whose test results are not shown. */
  readonly hidden: ReadonlySet<number>;
  /** Whether a row is of several seeds: ± is then their standard deviation, else the standard error of one run. */
  readonly grouped: boolean;
}

/** What is shown until somebody chooses. */
export const USUAL_COLUMNS = ['seed', 'n', 'measure:bestEpoch', 'time', 'dataset', 'changes'] as const;

/** Columns that are always there: who a row is, and how good. */
const FIXED = ['name', 'metric'] as const;

const NOTHING = '–';

/**
 * The column of an id: a name of `PLAIN`, `key:` with a flat configuration key, `metric:` with a metric, or `measure:` with one of
 * `MEASURES`. Null for what there is not: an address may name anything.
 */
export function columnOf(id: string, context: ColumnContext, keys: readonly string[]): RunColumn | null {
  const [kind, ...rest] = id.split(':');
  const name = rest.join(':');
  if (rest.length === 0) return plainColumn(id, context);
  if (kind === 'key') return keys.includes(name) ? keyColumn(id, name) : null;
  if (kind === 'metric') return metricColumn(id, name, context);
  const measure = kind === 'measure' ? MEASURES.find((one) => one.id === name) : undefined;
  return measure === undefined ? null : measureColumn(id, measure);
}

/** Run, name, metric and, of groups, the number of seeds; then those that were chosen, each once. */
export function columnsOf(chosen: readonly string[], context: ColumnContext, keys: readonly string[]): RunColumn[] {
  return Array.from(new Set([...(context.grouped ? [...FIXED, 'seeds'] : ['run', ...FIXED]), ...chosen])).flatMap(
    (id) => columnOf(id, context, keys) ?? [],
  );
}

/** Pixels: a letter, and what stands beside a name. */
const LETTER = 7.2;
const BESIDE = 36;
const NARROWEST = 200;
const WIDEST = 420;

/** Wide enough for the longest name: its end is what tells it from the others. */
export const nameWidth = (entries: readonly Entry[]): number =>
  Math.min(WIDEST, Math.max(NARROWEST, ...entries.map(({ label }) => Math.ceil(BESIDE + LETTER * label.length))));

/** Exactly what differs: the name stands for the method. */
export const differingColumns = (differing: readonly string[]): string[] =>
  differing.filter((key) => key !== 'method').map((key) => (key === 'seed' ? 'seed' : `key:${key}`));

const first = ({ runs }: Entry): RunRow => runs[0].run;

function plainColumn(id: string, context: ColumnContext): RunColumn | null {
  switch (id) {
    case 'run':
      return column(id, 'run', 64, true, (entry) => first(entry).id);
    case 'name':
      return column(id, 'method', 200, false, ({ label }) => label);
    case 'metric':
      return metricColumn(id, context.metric, context);
    case 'status':
      return column(id, 'status', 88, false, (entry) => statusWord(first(entry).status));
    case 'seed':
      return column(
        id,
        'seed',
        60,
        true,
        (entry) => seedsOf(entry)[0],
        (entry) => seedsOf(entry).join(', '),
      );
    case 'seeds':
      return column(
        id,
        'seeds',
        60,
        true,
        ({ runs }) => runs.length,
        ({ runs }) => String(runs.length),
      );
    case 'n':
      return column(
        id,
        'N',
        64,
        true,
        (entry) => shownOf(first(entry), context)?.n,
        (entry) => shownOf(first(entry), context)?.n.toLocaleString('en') ?? NOTHING,
      );
    case 'time':
      return column(
        id,
        'time',
        80,
        true,
        (entry) => meanSeconds(entry),
        (entry) => {
          const seconds = meanSeconds(entry);
          return seconds === undefined ? NOTHING : duration(seconds);
        },
      );
    case 'dataset':
      return column(id, 'dataset', 152, false, (entry) => first(entry).datasetName);
    case 'experiment':
      return column(id, 'experiment', 152, false, ({ runs }) => runs[0].experiment ?? undefined);
    case 'preset':
      return column(id, 'preset', 96, false, (entry) => first(entry).preset);
    case 'backend':
      return column(id, 'backend', 80, false, (entry) => first(entry).backend?.name);
    case 'changes':
      return column(
        id,
        'differs from its preset in',
        196,
        false,
        ({ runs }) => runs[0].changes,
        ({ runs: [{ run, changes }] }) => `${changes || NOTHING} (${[run.preset, run.backend?.name].filter(Boolean).join(', ')})`,
      );
    default:
      return null;
  }
}

/** Plain columns that can be chosen, with their words. */
export const PLAIN_COLUMNS: readonly (readonly [string, string])[] = [
  ['status', 'status'],
  ['seed', 'seed'],
  ['seeds', 'number of seeds'],
  ['n', 'N'],
  ['time', 'time'],
  ['dataset', 'dataset'],
  ['experiment', 'experiment'],
  ['preset', 'preset'],
  ['backend', 'backend'],
  ['changes', 'differs from its preset in'],
];

function column(
  id: string,
  title: string,
  width: number,
  isNumber: boolean,
  value: RunColumn['value'],
  text?: RunColumn['text'],
): RunColumn {
  return { id, title, width, isNumber, value, text: text ?? ((entry) => String(value(entry) ?? NOTHING)) };
}

function keyColumn(id: string, key: string): RunColumn {
  const value = (entry: Entry) => entry.runs[0].flat[key];
  return {
    id,
    title: parameterLabel(key),
    width: 128,
    isNumber: false,
    value: (entry) => {
      const own = value(entry);
      return typeof own === 'number' ? own : writeValue(own);
    },
    text: (entry) => (key === 'seed' ? seedsOf(entry).join(', ') : writeValue(value(entry))),
  };
}

function measureColumn(id: string, { title, of, write }: Measure): RunColumn {
  const valuesOf = ({ runs }: Entry) => runs.map(({ run }) => of(run)).filter((value) => value !== null);
  const meanOf = (entry: Entry) => {
    const values = valuesOf(entry);
    return values.length === 0 ? undefined : overSeeds(values);
  };
  return {
    id,
    title,
    width: 104,
    isNumber: true,
    value: (entry) => meanOf(entry)?.value,
    text: (entry) => {
      const mean = meanOf(entry);
      if (mean === undefined) return NOTHING;
      return mean.n === 1 || mean.deviation === 0 ? write(mean.value) : spreadText(mean, write);
    },
  };
}

function metricColumn(id: string, metric: string, context: ColumnContext): RunColumn {
  const { protocol, grouped } = context;
  const measured = (run: RunRow) => {
    const shown = shownOf(run, context);
    return shown === null ? undefined : metricOf(shown, metric, protocol);
  };
  const meanOf = (entry: Entry) => groupMean({ runs: entry.runs.map(({ run }) => run) }, metric, protocol);
  return {
    id,
    title: grouped ? `${metricLabel(metric)}, mean ± sd` : metricLabel(metric),
    width: grouped ? 176 : 152,
    isNumber: true,
    value: (entry) => (grouped ? meanOf(entry) : measured(first(entry)))?.value,
    text: (entry) => (grouped ? groupText(meanOf(entry)) : runText(first(entry), measured(first(entry)), context)),
  };
}

/** What of a run may be looked at: of a trial its validation results. */
const shownOf = (run: RunRow, { hidden }: ColumnContext) =>
  (hidden.has(run.id) ? run.result?.validation : run.result?.test) ?? null;

function runText(run: RunRow, measured: Measured | undefined, { hidden }: ColumnContext): string {
  if (measured !== undefined) return `${hidden.has(run.id) ? 'validation ' : ''}${withError(measured.value, measured.error)}`;
  return run.result === null ? statusWord(run.status) : 'not measured';
}

function groupText(mean: ReturnType<typeof groupMean>): string {
  if (mean === undefined) return 'not measured';
  if (mean.n < 2) return `${mean.value.toFixed(3)} (one seed)`;
  return withError(mean.value, mean.deviation);
}

/** From so many on a number is written with three figures: “1.23M”. */
const MANY = 1000;

/** Mean ± standard deviation of what was counted or measured. */
const spreadText = ({ value, deviation }: { value: number; deviation: number }, write: (value: number) => string): string =>
  value < MANY ? withError(value, deviation) : `${write(value)} ± ${write(deviation)}`;

/** Without pre-training, which may have been shared. */
function meanSeconds({ runs }: Entry): number | undefined {
  const seconds = runs.flatMap(({ run: { result } }) =>
    result === null ? [] : [result.seconds.fineTuning + result.seconds.evaluation],
  );
  return seconds.length === 0 ? undefined : seconds.reduce((sum, one) => sum + one, 0) / seconds.length;
}
