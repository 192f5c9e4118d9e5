import { describeMethod } from '../../configuration/methods.ts';
import type { TargetTask } from '../../data/dataset.ts';
import { bestOfDatasets, type Condition, isTenth, variantOf } from '../conditions.ts';
import { listed } from '../digits.ts';
import {
  COLD_REC,
  COLD_REC_TENTH,
  PROFILES,
  type PublishedMetric,
  type PublishedTable,
  printed,
  publishedName,
  publishedValue,
} from '../published.ts';
import { settingsNotes } from '../shownSettings.ts';
import { GATES_WORDS, type Variant } from '../variants.ts';
import { BEST_NOTE, blank, measuredCell, SEEDS_NOTE, text, withBest } from './measured.ts';
import { conditionNote, selectionNotes } from './notes.ts';
import type { Cell, Column, Row, TableModel } from './table.ts';

interface LayoutRow {
  readonly method: string;
  readonly otherGates?: boolean;
  readonly label?: string;
}

/** One of the paper's tables of methods × datasets. */
interface Layout {
  readonly id: string;
  readonly title: string;
  readonly task: TargetTask;
  readonly tenth: boolean;
  readonly published: PublishedTable;
  /** The published metric that is shown of other data than the user's. */
  readonly headline: PublishedMetric;
  readonly rows: (methods: readonly string[]) => readonly LayoutRow[];
  /** Only with a run of one of these it is a table of its own. */
  readonly needs: (row: LayoutRow) => boolean;
}

const row = (method: string): LayoutRow => ({ method });
const UAF = ['uaf-hard', 'uaf-soft', 'uaf-rl'];
const TABLE_2 = ['most-popular', 'finetune-zero', 'finetune-cls', 'finetune-all', 'mtl', 'peterrec', ...UAF];

/** The paper's order, with Finetune-Last-N of whatever N between Finetune-CLS and -All. */
function table2Rows(methods: readonly string[]): LayoutRow[] {
  const lasts = methods.filter((id) => /^finetune-last-\d+$/.test(id));
  lasts.sort((a, b) => Number(a.slice(14)) - Number(b.slice(14)));
  return TABLE_2.flatMap((id) => (id === 'finetune-all' ? [...lasts, id] : [id])).map(row);
}

const ranking = { task: 'ranking', tenth: false, published: COLD_REC, headline: 'HR@5' } as const;

const LAYOUTS: readonly Layout[] = [
  { ...ranking, id: 'table-2', title: 'UAF against the usual ways of transfer (Table 2)', rows: table2Rows, needs: () => true },
  {
    ...ranking,
    id: 'table-3',
    title: 'Policy networks against random policies (Table 3)',
    rows: () => [
      { method: 'uaf-random', label: 'UAF-Random, gates as in training' },
      { method: 'uaf-random', otherGates: true, label: 'UAF-Random, other gates' },
      ...UAF.map(row),
    ],
    needs: ({ method }) => method === 'uaf-random',
  },
  {
    ...ranking,
    id: 'table-4',
    title: 'A GRU as policy network (Table 4)',
    rows: () => UAF.flatMap((id) => [row(id), row(`${id}-gru`)]),
    needs: ({ method }) => method.endsWith('-gru'),
  },
  {
    ...ranking,
    id: 'table-5',
    title: 'With a tenth of the training data (Table 5)',
    tenth: true,
    published: COLD_REC_TENTH,
    rows: table2Rows,
    needs: () => true,
  },
  {
    id: 'table-7',
    title: 'Prediction of user profiles (Table 7)',
    task: 'profile',
    tenth: false,
    published: PROFILES,
    headline: 'accuracy',
    rows: table2Rows,
    needs: () => true,
  },
];

/** Tables 2, 3, 4, 5 and 7, as far as there are runs for them. */
export const methodTables = (conditions: readonly Condition[], names: ReadonlyMap<string, string>): TableModel[] =>
  LAYOUTS.flatMap((layout) => tablesOf(layout, conditions, names));

interface Part {
  readonly name: string;
  readonly condition: Condition;
  /** Of each row. */
  readonly variants: readonly (Variant | null)[];
  /** The paper's dataset of the same name. */
  readonly published: string | undefined;
}

/** More datasets do not fit on a page side by side: they go on in another table. */
const MOST_DATASETS = 4;

function tablesOf(layout: Layout, conditions: readonly Condition[], names: ReadonlyMap<string, string>): TableModel[] {
  const { task, tenth, published } = layout;
  const methods = new Set(conditions.flatMap(({ variants }) => variants.map(({ method }) => method)));
  const rows = layout.rows(Array.from(methods));
  const parts = bestOfDatasets(conditions, (condition) => {
    if (condition.dataset.task !== task || isTenth(condition) !== tenth) return null;
    const variants = rows.map(({ method, otherGates }) => variantOf(condition, method, otherGates));
    return variants.some((variant, i) => variant !== null && layout.needs(rows[i])) ? variants : null;
  }).map(({ condition, found }): Part => {
    const name = names.get(condition.dataset.hash) ?? condition.dataset.name;
    return { name, condition, variants: found, published: publishedName(published, condition.dataset.name) };
  });
  return Array.from({ length: Math.ceil(parts.length / MOST_DATASETS) }, (_, t) => {
    const table = methodTable(layout, rows, parts.slice(t * MOST_DATASETS, (t + 1) * MOST_DATASETS), conditions);
    return t === 0 ? table : { ...table, id: `${table.id}-${t + 1}`, title: `${table.title}, continued` };
  });
}

function methodTable(
  layout: Layout,
  allRows: readonly LayoutRow[],
  parts: readonly Part[],
  conditions: readonly Condition[],
): TableModel {
  const { id, title, published, headline } = layout;
  const kept = allRows.map((_, i) => i).filter((i) => parts.some(({ variants }) => variants[i] !== null));
  const others = parts.every((part) => part.published !== undefined)
    ? []
    : published.datasets.filter((name) => !parts.some((part) => part.published === name));
  const rows = kept.map((i, place): Row => {
    const { method, otherGates, label } = allRows[i];
    const paper = (dataset: string, metric: PublishedMetric) =>
      publishedCell(otherGates === true ? undefined : publishedValue(published, method, dataset, metric));
    return {
      cells: [
        text(label ?? describeMethod(method).label),
        ...parts.flatMap((part) => [
          ...published.metrics.map((metric) => measuredCell(part.variants[i], metric)),
          ...(part.published === undefined ? [] : published.metrics.map((metric) => paper(part.published ?? '', metric))),
        ]),
        ...others.map((dataset) => paper(dataset, headline)),
      ],
      ruleAbove: place > 0 && groupOf(method) !== groupOf(allRows[kept[place - 1]].method),
    };
  });
  const columns = columnsOf(parts, others, layout);
  return {
    id,
    title,
    columns: columns.map(({ isOwn: _, ...column }) => column),
    rows: withBest(
      rows,
      columns.flatMap(({ isOwn }, i) => (isOwn ? [i] : [])),
    ),
    notes: notesOf(layout, parts, others, conditions),
  };
}

/** UAF stands below a rule. */
const groupOf = (method: string): string => (method.startsWith('uaf') ? 'UAF' : method === 'most-popular' ? 'floor' : 'other');

const publishedCell = (value: number | undefined): Cell =>
  value === undefined ? blank('the paper has no such number') : { text: printed(value), value, title: 'published' };

/** `isOwn`: of the user's runs. */
function columnsOf(
  parts: readonly Part[],
  others: readonly string[],
  { published, headline }: Layout,
): (Column & { isOwn: boolean })[] {
  const label = (metric: string) => (metric === 'macroF1' ? 'macro F1' : metric);
  const pair = (group: string, isOwn: boolean) =>
    published.metrics.map((metric) => ({ title: label(metric), group, align: 'right' as const, isOwn }));
  return [
    { title: 'Method', align: 'left', isOwn: false },
    ...parts.flatMap((part) => [
      ...pair(part.name, true),
      ...(part.published === undefined ? [] : pair(`${part.published}, published`, false)),
    ]),
    ...others.map((title) => ({
      title,
      group: `${label(headline)} published, other data`,
      align: 'right' as const,
      isOwn: false,
    })),
  ];
}

function notesOf(
  { published }: Layout,
  parts: readonly Part[],
  others: readonly string[],
  conditions: readonly Condition[],
): string[] {
  const shown = parts.map((part) => ({ ...part, variants: part.variants.filter((variant) => variant !== null) }));
  const sameName = parts.flatMap((part) => part.published ?? []);
  return [
    ...shown.map(({ name, condition, variants }) => conditionNote(name, condition, variants)),
    ...settingsNotes(shown, conditions),
    ...(shown.some(({ variants }) => variants.some(({ otherGates }) => otherGates)) ? [GATES_WORDS] : []),
    ...selectionNotes(parts.map(({ condition }) => condition)),
    SEEDS_NOTE,
    BEST_NOTE,
    ...(sameName.length === 0
      ? []
      : [`Published are the paper’s numbers of ${listed(sameName)}; that the data are the same is said by the name alone.`]),
    ...(others.length === 0
      ? []
      : [`The published values of ${listed(others)} are of different data: compare the order of the methods, not the numbers.`]),
    ...(published === PROFILES ? ['Which F1 is published is not said in the paper; ours is the mean over classes.'] : []),
  ];
}
