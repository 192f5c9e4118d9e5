import { type Row, readRows } from '../rows.ts';
import type { Separator } from '../separators.ts';
import type { ReadOptions, SourceFile } from '../text.ts';
import { readJsonLines } from './jsonLines.ts';
import { readParquet } from './parquet.ts';

/** Text with a separator. */
export interface DelimitedRows {
  readonly kind: 'delimited';
  readonly separator: Separator;
  /** Whether the first line names the columns. */
  readonly header: boolean;
  /** Columns a row has. */
  readonly width: number;
}

/** How the rows of a table are written: text with a separator, a JSON object on each line, or Parquet. */
export type TableRows = DelimitedRows | { readonly kind: 'json-lines' | 'parquet'; readonly fields: readonly string[] };

interface TableOptions extends ReadOptions {
  /** The columns of users and items, whose numbers must be exact. */
  readonly ids?: readonly number[];
  /** Called with the row that names the columns, where text has one. */
  readonly onHeader?: (fields: readonly string[]) => void;
}

/**
 * The rows of a table, some at a time, without its header, whatever they are written in.
 *
 * @param wanted the columns that are used; others may stay empty
 */
export async function* readTable(
  file: SourceFile,
  rows: TableRows,
  wanted: readonly number[],
  { onHeader, ids = [], ...options }: TableOptions,
): AsyncGenerator<readonly Row[]> {
  switch (rows.kind) {
    case 'json-lines':
      yield* readJsonLines(file, rows.fields, wanted, ids, options);
      return;
    case 'parquet':
      yield* readParquet(file, wanted, options);
      return;
    case 'delimited': {
      let isFirst = true;
      for await (const batch of readRows(file, rows.separator, options)) {
        if (batch.length === 0) continue;
        const isHeader = isFirst && rows.header;
        isFirst = false;
        if (isHeader) onHeader?.(batch[0].fields);
        yield isHeader ? batch.slice(1) : batch;
      }
    }
  }
}
