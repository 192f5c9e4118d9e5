import { checkWidth } from './limits.ts';
import { fieldsOfLines, jsonRow } from './readers/jsonLines.ts';
import { openParquetFile } from './readers/parquet.ts';
import type { TableRows } from './readers/table.ts';
import type { Separator } from './separators.ts';
import { mode, sample } from './table.ts';
import type { SourceFile } from './text.ts';
import type { TimeUnit } from './times.ts';

/** The first rows of a table, before it is known whether the first of them names its columns. */
export interface Sampled {
  readonly rows: readonly string[][];
  readonly width: number;
  /** Names of the columns where whatever holds the rows has them; null: the first row may be a header. */
  readonly names: readonly string[] | null;
  readonly rowsOf: (header: boolean) => TableRows;
  /** The units of columns that the file itself calls times. */
  readonly units: readonly (TimeUnit | null)[];
  /** The smallest and largest values of a column in the whole file, where it says so. */
  readonly ranges: readonly (readonly string[])[];
}

/** A table with its columns named: from a header, or `column 1`, … */
export interface NamedTable {
  readonly rows: TableRows;
  readonly columns: readonly string[];
  readonly data: readonly string[][];
}

/** RecBole's files say with each name what the column holds: `user_id:token`. */
const TYPED = /:(token|float|token_seq|float_seq)$/;

export const isTypedHeader = (first: readonly string[]): boolean => first.length > 1 && first.every((field) => TYPED.test(field));

/** @throws ImportError for an absurd number of columns */
export function textSample(name: string, text: string, separator: Separator, most?: number): Sampled {
  const rows = sample(text, separator, most);
  const width = mode(rows.map((row) => row.length));
  checkWidth(name, width);
  const rowsOf = (header: boolean): TableRows => ({ kind: 'delimited', separator, header, width });
  return { rows, width, names: null, rowsOf, units: [], ranges: [] };
}

/**
 * @param fields in the order in which the columns are to stand
 * @throws ImportError for an absurd number of fields
 */
export function jsonSample(name: string, lines: readonly string[], fields: readonly string[] = fieldsOfLines(lines)): Sampled {
  checkWidth(name, fields.length);
  return {
    rows: lines.map((line, i) => {
      const row = jsonRow(i + 1, line, fields, [], []);
      return row.problem === null ? row.fields.map((field) => field.trim()) : [line];
    }),
    width: fields.length,
    names: fields,
    rowsOf: () => ({ kind: 'json-lines', fields }),
    units: [],
    ranges: [],
  };
}

/** @throws ImportError */
export async function parquetSample(file: SourceFile, most: number): Promise<Sampled> {
  const parquet = await openParquetFile(file);
  const fields = parquet.columns.map(({ name }) => name);
  const rows: string[][] = [];
  const all = fields.map((_, c) => c);
  for await (const batch of parquet.read(all, most, () => {}))
    for (const { fields: row } of batch) rows.push(row.map((field) => field.trim()));
  return {
    rows,
    width: fields.length,
    names: fields,
    rowsOf: () => ({ kind: 'parquet', fields }),
    units: parquet.columns.map(({ unit }) => unit),
    ranges: parquet.columns.map(({ range }) => range),
  };
}

/** @param header whether the first row names the columns; not asked where the file names them elsewhere */
export function namedTable({ rows, width, names, rowsOf }: Sampled, header: boolean): NamedTable {
  if (names !== null) return { rows: rowsOf(false), columns: names, data: rows };
  const numbered = Array.from({ length: width }, (_, c) => `column ${c + 1}`);
  return {
    rows: rowsOf(header),
    // A header may be shorter or longer than the rows below it.
    columns: header ? numbered.map((number, c) => columnNames(rows[0])[c] || number) : numbered,
    data: header ? rows.slice(1) : rows,
  };
}

/** Of a header; what RecBole adds is no part of a name. */
export const columnNames = (header: readonly string[]): readonly string[] => header.map((field) => field.replace(TYPED, ''));

/** The row that may be a header: the names, or the first row. */
export const headOf = ({ names, rows, width }: Sampled): readonly string[] => names ?? columnNames(rows[0] ?? []).slice(0, width);
