import { ImportError, quoted } from '../errors.ts';
import { BadRows, wrongWidth } from './badRows.ts';
import { type AttributesFormat, columnsOf, type NamesFormat, widthOf } from './format.ts';
import type { ParseOptions } from './parse.ts';
import { readTable } from './readers/table.ts';
import { columnNames } from './sample.ts';
import type { SourceFile } from './text.ts';

/** A table about items or users, as far as a dataset has them. */
export interface AboutTable {
  /** The header; `column 1`, … where there is none. */
  readonly columns: readonly string[];
  /** For each thing of the dataset its row; null where the file has none. */
  readonly rows: readonly (readonly string[] | null)[];
  /** Different things in the file, and how many of them the dataset does not have. */
  readonly things: number;
  readonly unknown: number;
  /** Rows that a later row of the same thing replaced. */
  readonly replaced: number;
}

/**
 * Reads a table with a row a thing. Of several rows of one thing the last one counts.
 *
 * @param key the column that names the thing
 * @param ids the things of the dataset
 * @param what what a thing is called in errors, such as `item`
 * @throws ImportError (also where the dataset has none of the things), BadRowsError
 */
export async function readAbout(
  file: SourceFile,
  format: NamesFormat | AttributesFormat,
  key: number,
  ids: readonly string[],
  what: 'item' | 'user',
  options: ParseOptions,
): Promise<AboutTable> {
  const numbers = new Map(ids.map((id, i) => [id, i]));
  const found: (readonly string[] | null)[] = new Array(ids.length).fill(null);
  const unknown = new Set<string>();
  const { rows } = format;
  const bad = new BadRows(rows.kind === 'parquet' ? 'row' : 'line');
  const width = widthOf(rows);
  let columns: readonly string[] =
    rows.kind === 'delimited' ? Array.from({ length: width }, (_, c) => `column ${c + 1}`) : rows.fields;
  const onHeader = (header: readonly string[]) => {
    const names = columnNames(header);
    columns = columns.map((numbered, c) => names[c]?.trim() || numbered);
  };
  let good = 0;
  let known = 0;
  for await (const batch of readTable(file, rows, columnsOf(format), { ...options, onHeader, ids: [key] })) {
    for (const { line, fields, problem } of batch) {
      // A list among the attributes of a user is no reason to do without the others.
      const isUsable = format.format === 'attributes' && fields.length === width;
      const wrong = isUsable ? null : (problem ?? wrongWidth(fields, width));
      const id = fields[key]?.trim() ?? '';
      if (wrong !== null || id === '') {
        bad.add(line, wrong ?? `column ${key + 1}: the ${what} is empty`);
        continue;
      }
      good++;
      const number = numbers.get(id);
      if (number === undefined) unknown.add(id);
      else {
        if (found[number] === null) known++;
        found[number] = fields;
      }
    }
  }
  bad.settle(file.name, good, options);
  if (good === 0) throw new ImportError(`${file.name} has a header but no rows below it.`);
  if (known === 0) {
    const examples = (some: Iterable<string>) => Array.from(some).slice(0, 3).map(quoted).join(', ');
    throw new ImportError(
      `None of the ${what}s of ${file.name} occurs in the dataset: it has ${what}s like ${examples(unknown)}, while the dataset has ${what}s like ${examples(ids)}. ` +
        `Check what the file is for and which column has the ${what}.`,
    );
  }
  const things = known + unknown.size;
  return { columns, rows: found, things, unknown: unknown.size, replaced: good - things };
}
