import { ImportError } from '../errors.ts';
import { type AttributesFormat, type NamesFormat, recogniseAttributes, recogniseNames } from './keyed.ts';
import { SEPARATORS, type Separator } from './rows.ts';
import { columnOf, ITEM, LABEL, mode, named, sample, TIME, USER } from './table.ts';
import { readBeginning, type SourceFile } from './text.ts';

export const TIME_UNITS = ['seconds', 'milliseconds', 'iso', 'number'] as const;
/** How a time is written: Unix seconds or milliseconds, an ISO date, or any number that only orders. */
export type TimeUnit = (typeof TIME_UNITS)[number];

/** A table with a user on each row: which column is what. */
interface ColumnsFormat {
  readonly separator: Separator;
  readonly header: boolean;
  /** Columns a row has. */
  readonly width: number;
  readonly user: number;
  /** The item; in a file of labels, the label. */
  readonly item: number;
  readonly time: number | null;
  readonly timeUnit: TimeUnit;
}

/** One interaction a row, or one user with their label (a profile task). */
export interface LongFormat extends ColumnsFormat {
  readonly format: 'long' | 'labels';
}

/** The release's files: a user's source items on each line, and for fine-tuning the target items after a double comma. */
interface LineFormat {
  readonly format: 'pretraining-lines' | 'fine-tuning-lines';
}

export type FileFormat = LongFormat | LineFormat | NamesFormat | AttributesFormat;

/** What the user knows better than the recognition. */
export interface Hint {
  readonly format?: FileFormat['format'];
  readonly separator?: Separator;
}

/** What a file seems to be, with its first rows to judge it by. */
export interface Recognition {
  readonly format: FileFormat;
  /** A name a column: from the header, or `column 1`, …; empty for the line formats. */
  readonly columns: readonly string[];
  /** At most 50 rows, without the header. */
  readonly preview: readonly (readonly string[])[];
}

const PREVIEW_ROWS = 50;
const SAMPLED_LINES = 400;
const SAMPLED_CHARACTERS = 1 << 17;

/**
 * Recognises a file by its content, but for what `hint` says. Names of items and attributes of users are only recognised
 * where the hint says so: what they are shows beside the other files (`roles.ts`).
 *
 * @throws ImportError for a file in which no two columns can be told apart
 */
export async function recognise(file: SourceFile, hint: Hint = {}): Promise<Recognition> {
  const text = await readBeginning(file, SAMPLED_CHARACTERS);
  const lines = text
    .split(/\r\n?|\n/)
    .filter((line) => line.trim() !== '')
    .slice(0, SAMPLED_LINES);
  if (hint.format === 'pretraining-lines' || hint.format === 'fine-tuning-lines') return linesOf(hint.format, lines);
  const isKeyed = hint.format === 'names' || hint.format === 'attributes';
  const separator = hint.separator ?? separatorOf(text, isKeyed);
  const rows = separator === null ? [] : sample(text, separator);
  if (separator === null || rows.every((row) => row.length < 2)) throw oneColumn(file, lines);
  if (hint.format === 'names') return withPreview(rows, recogniseNames(rows, separator));
  if (hint.format === 'attributes') return withPreview(rows, recogniseAttributes(rows, separator));
  if (separator === ',' && hint.format === undefined && !namesColumns(rows)) {
    const double = lines.filter((line) => /^[^,].*[^,],,[^,]/.test(line)).length;
    if (double > 0.5 * lines.length) return linesOf('fine-tuning-lines', lines);
  }
  return separator === ',' && hint.format === undefined && isPretraining(rows)
    ? linesOf('pretraining-lines', lines)
    : recogniseLong(rows, separator, hint.format);
}

const linesOf = (format: LineFormat['format'], lines: readonly string[]): Recognition => ({
  format: { format },
  columns: [],
  preview: lines.slice(0, PREVIEW_ROWS).map((line) => line.split(format === 'fine-tuning-lines' ? ',,' : '\n')),
});

/** What a table would be as one about items, and as one about users. @throws ImportError where there is one column only */
export function keyedFormats(file: SourceFile, text: string): { names: NamesFormat; attributes: AttributesFormat } {
  const beginning = text.slice(0, SAMPLED_CHARACTERS);
  const separator = separatorOf(beginning, true);
  if (separator === null) throw oneColumn(file, beginning.split('\n'));
  const rows = sample(beginning, separator);
  return { names: recogniseNames(rows, separator), attributes: recogniseAttributes(rows, separator) };
}

const oneColumn = ({ name }: SourceFile, [first = '']: readonly string[]): ImportError =>
  new ImportError(
    `${name} has only one column. Expected at least a user and an item on each line, separated by a comma, tab, semicolon or space; line 1 is “${first.slice(0, 60)}”.`,
  );

function withPreview(rows: readonly string[][], format: NamesFormat | AttributesFormat): Recognition {
  const columns = format.header ? rows[0] : Array.from({ length: format.width }, (_, c) => `column ${c + 1}`);
  return { format, columns, preview: rows.slice(format.header ? 1 : 0, PREVIEW_ROWS + Number(format.header)) };
}

/**
 * The separator that gives most rows the same number (at least two) of columns; of equals, the one that gives more columns.
 * Names and words are full of spaces: there (`isKeyed`) a space only separates where nothing else does.
 */
function separatorOf(text: string, isKeyed: boolean): Separator | null {
  let best: { separator: Separator; agreeing: number; width: number } | null = null;
  for (const separator of SEPARATORS) {
    if (isKeyed && separator === ' ' && best !== null && best.agreeing > 0.5) continue;
    const widths = sample(text, separator).map((row) => row.length);
    const width = mode(widths);
    if (width < 2) continue;
    const agreeing = widths.filter((w) => w === width).length / widths.length;
    if (best === null || agreeing > best.agreeing || (agreeing === best.agreeing && width > best.width)) {
      best = { separator, agreeing, width };
    }
  }
  return best?.separator ?? null;
}

/** Many items a line, of one kind, padded with 0 at the beginning; or so many columns that nothing else makes sense. */
function isPretraining(rows: readonly string[][]): boolean {
  const width = mode(rows.map((row) => row.length));
  if (width < 4) return false;
  const padded = rows.filter((row) => row[0] === '0' && row[1] === '0').length;
  const dated = Array.from({ length: width }, (_, c) => timeUnitOf(columnOf(rows.slice(1), c))).some(isDate);
  return !namesColumns(rows) && !dated && (padded > 0.1 * rows.length || width >= 8);
}

/** Whether the first row is a header that says what its columns are. */
const namesColumns = ([first]: readonly string[][]): boolean =>
  [USER, ITEM, TIME, /^id$/i].some((pattern) => first.some(named(pattern)));

function recogniseLong(rows: readonly string[][], separator: Separator, wanted?: FileFormat['format']): Recognition {
  const width = mode(rows.map((row) => row.length));
  // What is to the right of all other rows is no column.
  const first = rows[0].slice(0, width);
  const hasNames =
    rows[0].length === width && first.some(named(USER)) && [ITEM, LABEL].some((pattern) => first.some(named(pattern)));
  // Without telling names: a header is a first row whose words stand over numbers.
  const body = rows.slice(1);
  const over = first.some(
    (field, c) =>
      field !== '' && Number.isNaN(Number(field)) && timeUnitOf([field]) === null && timeUnitOf(columnOf(body, c)) !== null,
  );
  const header = hasNames || over;
  const columns = header ? first : Array.from({ length: width }, (_, c) => `column ${c + 1}`);
  const data = header ? body : rows;
  const byName = (pattern: RegExp) => (header ? columns.findIndex(named(pattern)) : -1);
  const user = Math.max(0, byName(USER));
  const another = (pattern: RegExp) => columns.findIndex((name, c) => c !== user && header && named(pattern)(name));
  // Labels have no time; a table that has one is of interactions, whatever its columns are called.
  const dated = byName(TIME) >= 0 || columns.some((_, c) => c !== user && isDate(timeUnitOf(columnOf(data, c))));
  const isLabels =
    wanted === 'labels' ||
    (wanted === undefined && another(ITEM) < 0 && !dated && (another(LABEL) >= 0 || looksLikeLabels(data, width)));
  const namedItem = another(isLabels ? LABEL : ITEM);
  const item = namedItem >= 0 ? namedItem : user === 1 ? 0 : 1;
  const time = isLabels ? null : timeColumn(data, width, [user, item], byName(TIME));
  return {
    format: {
      format: isLabels ? 'labels' : 'long',
      separator,
      header,
      width,
      user,
      item,
      time,
      timeUnit: (time === null ? null : timeUnitOf(columnOf(data, time))) ?? 'seconds',
    },
    columns,
    preview: data.slice(0, PREVIEW_ROWS),
  };
}

/** Two columns, each user once, and few different words in the second. */
function looksLikeLabels(data: readonly string[][], width: number): boolean {
  const [users, words] = [0, 1].map((c) => new Set(columnOf(data, c)).size);
  return width === 2 && data.length >= 20 && users === data.length && words <= Math.min(20, data.length / 5);
}

function timeColumn(data: readonly string[][], width: number, taken: readonly number[], named: number): number | null {
  if (named >= 0 && !taken.includes(named)) return named;
  const free = Array.from({ length: width }, (_, c) => c).filter((c) => !taken.includes(c));
  const dated = free.findLast((c) => isDate(timeUnitOf(columnOf(data, c))));
  if (dated !== undefined) return dated;
  // Numbers that only order, such as day numbers; a handful of different values is a rating.
  const ordered = free.findLast((c) => timeUnitOf(columnOf(data, c)) === 'number' && new Set(columnOf(data, c)).size > 10);
  return ordered ?? null;
}

/** A unit that only times have; a plain number may be anything. */
const isDate = (unit: TimeUnit | null): boolean => unit !== null && unit !== 'number';

/** The unit in which most of a column's values make sense as times; null if they make none. */
function timeUnitOf(values: readonly string[]): TimeUnit | null {
  if (values.length === 0) return null;
  const most = (test: (value: string) => boolean) => values.filter(test).length > 0.9 * values.length;
  const within = (from: number, to: number) => (value: string) => Number(value) >= from && Number(value) < to;
  if (most(within(1e8, 1e10))) return 'seconds';
  if (most(within(1e11, 1e13))) return 'milliseconds';
  if (most((value) => !Number.isNaN(Number(value)))) return 'number';
  return most((value) => Number.isFinite(parseTime(value, 'iso'))) ? 'iso' : null;
}

/** A time as a number that orders; NaN if it is none. */
export function parseTime(text: string, unit: TimeUnit): number {
  if (unit === 'iso') return /^\d{4}-\d{2}/.test(text.trim()) ? Date.parse(text.trim()) : Number.NaN;
  if (text.trim() === '') return Number.NaN;
  const time = Number(text);
  // Milliseconds taken for seconds would lie thousands of years ahead.
  return unit === 'seconds' && Math.abs(time) >= 1e11 ? Number.NaN : time;
}
