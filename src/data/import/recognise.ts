import { ImportError } from '../errors.ts';
import { valuesOfColumn } from './domains.ts';
import { recogniseEvents } from './eventColumns.ts';
import {
  type AttributesFormat,
  columnsOf as columnsRead,
  type FileFormat,
  isTable,
  type LineFormat,
  type NamesFormat,
  type SequencesFormat,
  widthOf,
} from './format.ts';
import { recogniseAttributes, recogniseNames } from './keyed.ts';
import { mappingKey } from './mappings.ts';
import { readLines } from './readers/lines.ts';
import { isParquet } from './readers/parquet.ts';
import type { TableRows } from './readers/table.ts';
import { recogniseSequences, sequencesOf } from './recogniseSequences.ts';
import { isTypedHeader, jsonSample, namedTable, parquetSample, type Sampled, textSample } from './sample.ts';
import { RARE_SEPARATORS, SEPARATORS, type Separator } from './separators.ts';
import { columnOf, ITEM, mode, named, sample, TIME, USER } from './table.ts';
import { readBeginning, type SourceFile } from './text.ts';
import { isDate, timeUnitOf } from './times.ts';

/** What the user knows better than the recognition. */
export interface Hint {
  readonly format?: FileFormat['format'];
  readonly separator?: Separator;
}

/** What a file seems to be, with its first rows to judge it by. */
export interface Recognition {
  readonly format: FileFormat;
  /** A name a column: from the header, or `column 1`, …; empty for formats of lines. */
  readonly columns: readonly string[];
  /** At most 50 rows, without the header; whole lines for formats of lines. */
  readonly preview: readonly (readonly string[])[];
  /** Of formats of lines, the line of the file in which each of them stands, from 1; empty for tables. */
  readonly lines: readonly number[];
  /** What files like it have in common: under it corrections are kept. */
  readonly key: string;
  /** Whether it is read as Windows-1252, because it is not UTF-8, as far as its beginning shows. */
  readonly isWindows1252: boolean;
  /** When a file like it was corrected, if it is read as then; null if it is read as recognised. */
  readonly rememberedAt: number | null;
}

const PREVIEW_ROWS = 50;
const SAMPLED_LINES = 400;
const SAMPLED_CHARACTERS = 1 << 17;

/** What the beginning of a file holds. */
type Beginning =
  | { readonly kind: 'table'; readonly sampled: Sampled }
  | { readonly kind: 'text'; readonly text: string; readonly lines: readonly string[] };

interface Begun {
  readonly beginning: Beginning;
  readonly isWindows1252: boolean;
}

/**
 * Recognises a file by its content, but for what `hint` says. Names of items and attributes of users are only recognised
 * where the hint says so: what they are shows beside the other files (`roles.ts`).
 *
 * @throws ImportError for a file in which no two columns can be told apart
 */
export async function recognise(file: SourceFile, hint: Hint = {}): Promise<Recognition> {
  const { beginning, isWindows1252 } = await beginningOf(file);
  return { ...(await recogniseBeginning(file, beginning, hint)), isWindows1252 };
}

async function recogniseBeginning(file: SourceFile, beginning: Beginning, hint: Hint): Promise<Recognition> {
  if (beginning.kind === 'table') return ofTable(file, beginning.sampled, hint);
  const { text, lines } = beginning;
  if (hint.format === 'pretraining-lines' || hint.format === 'fine-tuning-lines') return ofLines(file, { format: hint.format });
  if (hint.format === 'sequences') return ofLines(file, sequencesOf(lines, hint.separator));
  const isKeyed = hint.format === 'names' || hint.format === 'attributes';
  if (hint.format === undefined && hint.separator === undefined) {
    const found = linesFormat(text, lines);
    if (found !== null) return ofLines(file, found);
  }
  const separator = hint.separator ?? separatorOf(text, isKeyed);
  const sampled = separator === null ? null : textSample(file.name, text, separator);
  if (sampled === null || sampled.rows.every((row) => row.length < 2)) throw oneColumn(file, lines);
  return ofTable(file, sampled, hint);
}

/**
 * Reads the beginning of a file in a format that another file like it had.
 *
 * @returns null where it does not fit
 * @throws ImportError for a file that cannot be read
 */
export async function recogniseAs(file: SourceFile, format: FileFormat): Promise<Recognition | null> {
  // The fields of JSON stand in any order: the format's columns are places in its own.
  const { beginning, isWindows1252 } = await beginningOf(
    file,
    isTable(format) && format.rows.kind === 'json-lines' ? format.rows.fields : undefined,
  );
  if (!isTable(format)) return beginning.kind === 'text' ? { ...(await ofLines(file, format)), isWindows1252 } : null;
  const { rows } = format;
  const sampled =
    beginning.kind === 'table'
      ? beginning.sampled
      : rows.kind === 'delimited'
        ? textSample(file.name, beginning.text, rows.separator)
        : null;
  if (sampled === null) return null;
  const table = namedTable(sampled, rows.kind === 'delimited' && rows.header);
  const isSame = table.rows.kind === rows.kind && widthOf(table.rows) === widthOf(rows);
  const hasColumns = columnsRead(format).every((column) => column < table.columns.length);
  return isSame && hasColumns ? { ...withPreview(format, table.columns, table.data), isWindows1252 } : null;
}

async function beginningOf(file: SourceFile, fields?: readonly string[]): Promise<Begun> {
  if (await isParquet(file))
    return { beginning: { kind: 'table', sampled: await parquetSample(file, SAMPLED_LINES) }, isWindows1252: false };
  let isWindows1252 = false;
  const onNote = () => {
    isWindows1252 = true;
  };
  const text = await readBeginning(file, SAMPLED_CHARACTERS, { onNote });
  const lines = linesOf(text).slice(0, SAMPLED_LINES);
  if (isJson(file, text, lines))
    return { beginning: { kind: 'table', sampled: jsonSample(file.name, lines, fields) }, isWindows1252 };
  return { beginning: { kind: 'text', text, lines }, isWindows1252 };
}

const linesOf = (text: string): readonly string[] => text.split(/\r\n?|\n/).filter((line) => line.trim() !== '');

/** Whether a text is JSON Lines. @throws ImportError where it is JSON of another shape */
function isJson({ name }: SourceFile, text: string, [first]: readonly string[]): boolean {
  if (!/^\s*(\[\s*)?\{\s*("|\}|$)/m.test(text.slice(0, 1000)) || !/^\s*[[{]/.test(text)) return false;
  try {
    const value: unknown = JSON.parse(first);
    if (typeof value === 'object' && value !== null && !Array.isArray(value)) return true;
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error;
  }
  if (!/^\s*(\[\s*)?\{\s*("|\}|[\r\n]|$)/.test(text)) return false;
  throw new ImportError(
    `${name} is JSON, but not JSON Lines: expected one whole object on each line, such as {"user": "u1", "item": "i1"}; line 1 is “${first.slice(0, 60)}”.`,
  );
}

/** The rows of a file from its beginning, as a format has them, to look for the ids in them. */
export async function rowsInBeginning(
  file: SourceFile,
  rows: TableRows,
  { characters, most }: { readonly characters: number; readonly most: number },
): Promise<Sampled> {
  if (rows.kind === 'parquet') return parquetSample(file, most);
  const text = await readBeginning(file, characters);
  return rows.kind === 'delimited'
    ? textSample(file.name, text, rows.separator, Number.POSITIVE_INFINITY)
    : jsonSample(file.name, linesOf(text));
}

/** What a table would be as one about items, and as one about users. @throws ImportError where there is one column only */
export function keyedFormats(
  file: SourceFile,
  sampled: Sampled,
  text: string,
): { names: NamesFormat; attributes: AttributesFormat } {
  const keyed = sampled.names === null ? keyedSample(file, text.slice(0, SAMPLED_CHARACTERS)) : sampled;
  return { names: recogniseNames(keyed), attributes: recogniseAttributes(keyed) };
}

function keyedSample(file: SourceFile, beginning: string): Sampled {
  const separator = separatorOf(beginning, true);
  if (separator === null) throw oneColumn(file, beginning.split('\n'));
  return textSample(file.name, beginning, separator);
}

async function ofTable(file: SourceFile, sampled: Sampled, { format }: Hint): Promise<Recognition> {
  if (format === 'sequences' || format === 'pretraining-lines' || format === 'fine-tuning-lines')
    throw new ImportError(`${file.name} is a table with named columns: it has no lines of items.`);
  if (sampled.width < 2) throw new ImportError(`${file.name} has only one column. Expected at least a user and an item a row.`);
  if (format === 'names' || format === 'attributes') {
    const found = format === 'names' ? recogniseNames(sampled) : recogniseAttributes(sampled);
    const { columns, data } = namedTable(sampled, found.rows.kind === 'delimited' && found.rows.header);
    return withPreview(found, columns, data);
  }
  const found = await recogniseEvents(file.name, sampled, format, (table, column) => valuesOfColumn(file, table.rows, column));
  return withPreview(found.format, found.table.columns, found.table.data);
}

/** Lines are numbered as they will be read: users are called by them, and empty ones count. */
async function ofLines(file: SourceFile, format: LineFormat | SequencesFormat): Promise<Recognition> {
  const first: { readonly line: number; readonly text: string }[] = [];
  for await (const lines of readLines(file, {})) {
    first.push(...lines.slice(0, PREVIEW_ROWS - first.length));
    if (first.length === PREVIEW_ROWS) break;
  }
  return withPreview(
    format,
    [],
    first.map(({ text }) => [text]),
    first.map(({ line }) => line),
  );
}

const withPreview = (
  format: FileFormat,
  columns: readonly string[],
  data: readonly (readonly string[])[],
  lines: readonly number[] = [],
): Recognition => ({
  format,
  columns,
  preview: data.slice(0, PREVIEW_ROWS),
  lines,
  key: mappingKey(format, columns),
  isWindows1252: false,
  rememberedAt: null,
});

const oneColumn = ({ name }: SourceFile, [first = '']: readonly string[]): ImportError =>
  new ImportError(
    `${name} has only one column. Expected at least a user and an item on each line, separated by a comma, tab, semicolon or space; line 1 is “${first.slice(0, 60)}”.`,
  );

/**
 * The separator that gives most rows the same number (at least two) of columns; of equals, the one that gives more columns.
 * Names and words are full of spaces: there (`isKeyed`) a space only separates where nothing else does. Rare ones are tried
 * where the usual ones leave rows of different lengths.
 */
function separatorOf(text: string, isKeyed: boolean): Separator | null {
  let best: { separator: Separator; agreeing: number; width: number } | null = null;
  for (const separator of [...SEPARATORS, ...RARE_SEPARATORS]) {
    const isRare = RARE_SEPARATORS.some((rare) => rare === separator);
    if (isRare && best !== null && best.agreeing > (best.separator === ' ' ? 0.9 : 0.5)) continue;
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

/** The release's lines, or sequences; null for a table. */
function linesFormat(text: string, lines: readonly string[]): LineFormat | SequencesFormat | null {
  const rows = sample(text, ',');
  const hasCommas = rows.some((row) => row.length > 1);
  if (hasCommas && !namesColumns(rows)) {
    const double = lines.filter((line) => /^[^,].*[^,],,[^,]/.test(line)).length;
    if (double > 0.5 * lines.length) return { format: 'fine-tuning-lines' };
    if (isPadded(rows)) return { format: 'pretraining-lines' };
  }
  const first = sample(text, separatorOf(text, false) ?? ',')[0] ?? [];
  const hasHeader = namesColumns([first]) || isTypedHeader(first);
  const sequences = hasHeader || text.includes('"') ? null : recogniseSequences(lines);
  if (sequences !== null) return sequences;
  return hasCommas && separatorOf(text, false) === ',' && isWide(rows) ? { format: 'pretraining-lines' } : null;
}

/** Many items a line, of one kind, padded with 0 at the beginning. */
const isPadded = (rows: readonly string[][]): boolean =>
  mode(rows.map((row) => row.length)) >= 4 &&
  !isDated(rows) &&
  rows.filter((row) => row[0] === '0' && row[1] === '0').length > 0.1 * rows.length;

/** So many columns of one kind that nothing else makes sense. */
const isWide = (rows: readonly string[][]): boolean =>
  mode(rows.map((row) => row.length)) >= 8 && !namesColumns(rows) && !isDated(rows);

const isDated = (rows: readonly string[][]): boolean =>
  Array.from({ length: mode(rows.map((row) => row.length)) }, (_, c) => timeUnitOf(columnOf(rows.slice(1), c))).some(isDate);

/** Whether the first row is a header that says what its columns are. */
const namesColumns = ([first]: readonly (readonly string[])[]): boolean =>
  [USER, ITEM, TIME, /^id$/i].some((pattern) => first.some(named(pattern)));
