import { Decoder } from './decoder.ts';
import type { TableRows } from './readers/table.ts';
import { readTable } from './readers/table.ts';
import { splitRows } from './rows.ts';
import type { NamedTable } from './sample.ts';
import { columnOf, DOMAIN, named } from './table.ts';
import { kindOf, type SourceFile } from './text.ts';

/** The words of a column, and how often each was met. */
export type DomainValues = ReadonlyMap<string, number>;

/** A column with more different words says something else than the domain. */
const MOST_DOMAINS = 20;
const FEWEST_ROWS = 20;
const RAREST = 0.05;
/** Items of two domains are different ones; a few may have one id by chance. */
const COMMON_ITEMS = 0.02;
const COMMON_USERS = 0.1;

/**
 * The column that says of which domain a row is: by its name, or because its two words part the items and share the users. The
 * domain with more rows is the source.
 *
 * @param isWanted whether some column is to be it, even if nothing speaks for one
 * @param valuesOf what stands in a column further on in the file
 * @returns null where no column is it
 */
export async function domainColumn(
  { columns, data }: NamedTable,
  { user, item, time }: { readonly user: number; readonly item: number; readonly time: number | null },
  isWanted: boolean,
  valuesOf: (column: number) => Promise<DomainValues>,
): Promise<{ domain: number; source: string; target: string } | null> {
  const free = columns.map((_, c) => c).filter((c) => ![user, item, time].includes(c));
  const choose = (domain: number, values: DomainValues) => {
    const [source, target] = [...values].filter(([word]) => word !== '').sort(([, a], [, b]) => b - a);
    return { domain, source: source[0], target: target[0] };
  };
  const isPossible = (values: DomainValues) => {
    const words = [...values.keys()].filter((word) => word !== '').length;
    return words >= 2 && words <= MOST_DOMAINS;
  };
  for (const c of free) {
    if (!named(DOMAIN)(columns[c]) && !partsItems(data, user, item, c)) continue;
    const values = await valuesOf(c);
    if (isPossible(values)) return choose(c, values);
  }
  if (!isWanted) return null;
  const possible: { column: number; values: DomainValues }[] = [];
  for (const column of free) {
    const values = await valuesOf(column);
    if (isPossible(values)) possible.push({ column, values });
  }
  const best = possible.sort((a, b) => a.values.size - b.values.size).at(0);
  return best === undefined ? null : choose(best.column, best.values);
}

/** Whether a column has two words with different items and common users. */
function partsItems(data: readonly string[][], user: number, item: number, column: number): boolean {
  const words = [...new Set(columnOf(data, column))];
  if (data.length < FEWEST_ROWS || words.length !== 2) return false;
  const parts = words.map((word) => data.filter((row) => row[column] === word));
  if (parts.some((rows) => rows.length < RAREST * data.length)) return false;
  const common = (c: number) => {
    const [first, second] = parts.map((rows) => new Set(columnOf(rows, c)));
    const smaller = Math.min(first.size, second.size);
    return [...first].filter((id) => second.has(id)).length / Math.max(1, smaller);
  };
  return common(item) <= COMMON_ITEMS && common(user) >= COMMON_USERS;
}

/** Characters, or rows of Parquet, that are looked at; and so much at each of some places further on. */
const LOOKED_AT = 1 << 24;
const ROWS_LOOKED_AT = 1 << 21;
const PLACES = 8;
const PLACE_BYTES = 1 << 16;
const LINE_FEED = 10;
/** Enough to see that a column names no domains. */
const MOST_WORDS = 50;

/**
 * The words of a column of a table: in its beginning and, where the file can be read from anywhere, in places all over it, since a
 * file may have one domain after the other.
 *
 * @throws ImportError
 */
export async function valuesOfColumn(file: SourceFile, rows: TableRows, column: number): Promise<DomainValues> {
  const counts = new Map<string, number>();
  const add = (fields: readonly string[]) => {
    const word = fields[column]?.trim() ?? '';
    if (counts.has(word) || counts.size < MOST_WORDS) counts.set(word, (counts.get(word) ?? 0) + 1);
  };
  let isEnough = false;
  let read = 0;
  const onBytes = (bytes: number) => {
    if (rows.kind !== 'parquet') isEnough = bytes > LOOKED_AT;
  };
  const { isPacked, encoding } = await kindOf(file);
  const isPlain = rows.kind === 'delimited' && file.slice !== null && !isPacked && encoding === 'utf-8';
  if (isPlain && file.slice !== null && file.size > PLACES * PLACE_BYTES) {
    for (let place = 0; place <= PLACES; place++) {
      const start = Math.floor(((file.size - PLACE_BYTES) * place) / PLACES);
      const bytes = await file.slice(start, start + PLACE_BYTES);
      // The first line of a place was begun before it, unless it is the file's; the last one goes on behind it.
      const first = place === 0 && !rows.header ? 0 : bytes.indexOf(LINE_FEED) + 1;
      const whole = new Decoder(file.name, encoding).decode(bytes.subarray(first, bytes.lastIndexOf(LINE_FEED) + 1), false);
      for (const { fields } of splitRows(whole, rows.separator, 1).rows) if (fields.length === rows.width) add(fields);
    }
    return counts;
  }
  for await (const batch of readTable(file, rows, [column], { onBytes })) {
    for (const { fields } of batch) add(fields);
    read += batch.length;
    if (isEnough || read > ROWS_LOOKED_AT || counts.size === MOST_WORDS) break;
  }
  return counts;
}
