import { type AboutTable, readAbout } from './about.ts';
import type { NamesFormat } from './format.ts';
import type { ParseOptions } from './parse.ts';
import type { SourceFile } from './text.ts';

/** What items are called, and what is to be said about the file. */
export interface ItemNames {
  /** For each item; '' for one without a name. */
  readonly names: readonly string[];
  /** Sentences. */
  readonly notes: readonly string[];
}

const LONGEST_NAME = 200;

/**
 * Reads a file of names for the items of one domain.
 *
 * @param ids the items of the dataset that can have a name
 * @throws ImportError, BadRowsError
 */
export async function readNames(
  file: SourceFile,
  format: NamesFormat,
  ids: readonly string[],
  domain: 'source' | 'target',
  options: ParseOptions,
): Promise<ItemNames> {
  const table = await readAbout(file, format, format.item, ids, 'item', options);
  const names = table.rows.map((row) => (row === null ? '' : tidy(row[format.name])));
  const named = names.filter((name) => name !== '').length;
  const notes = [
    `Item names for ${count(named)} of ${count(ids.length)} ${domain} items.`,
    ...leftovers(file.name, table, 'names', 'items'),
  ];
  return { names, notes };
}

/** One line, at most 200 characters; an emoji is never cut in two. */
export function tidy(text: string): string {
  const line = text.replace(/\s+/g, ' ').trim();
  return line.length <= LONGEST_NAME ? line : Array.from(line).slice(0, LONGEST_NAME).join('');
}

/** What of a table was not used. */
export function leftovers(file: string, { things, unknown, replaced }: AboutTable, rows: string, of: string): string[] {
  const notes: string[] = [];
  if (unknown > 0) notes.push(`${count(unknown)} of ${count(things)} ${rows} in ${file} are of ${of} that do not occur.`);
  if (replaced > 0)
    notes.push(
      `${count(replaced)} ${replaced === 1 ? 'row' : 'rows'} of ${file} came before another row of the same ${of.slice(0, -1)}: the last one counts.`,
    );
  return notes;
}

export const count = (value: number): string => value.toLocaleString('en');
