import { ImportError } from '../errors.ts';
import { type DomainValues, domainColumn } from './domains.ts';
import type { EventFormat, FileFormat } from './format.ts';
import { headOf, isTypedHeader, type NamedTable, namedTable, type Sampled } from './sample.ts';
import { columnOf, ITEM, LABEL, named, TIME, USER } from './table.ts';
import { isDate, type TimeUnit, timeUnitOf } from './times.ts';

/** Days since 1970 are told from other numbers by the name of their column alone: from 1980 to 2070. */
const DAYS = [3650, 36_500] as const;

/**
 * Finds out which column is what in a table with a user on each row.
 *
 * @param wanted what it is to be, where that is known
 * @param valuesOf what stands in a column further on in the file
 * @throws ImportError where it is to be of two domains, and no column could say of which
 */
export async function recogniseEvents(
  name: string,
  sampled: Sampled,
  wanted: FileFormat['format'] | undefined,
  valuesOf: (table: NamedTable, column: number) => Promise<DomainValues>,
): Promise<{ format: EventFormat; table: NamedTable }> {
  const { rows, width } = sampled;
  const first = headOf(sampled);
  const isWhole = sampled.names !== null || rows[0]?.length === width;
  const hasNames = isWhole && first.some(named(USER)) && [ITEM, LABEL].some((pattern) => first.some(named(pattern)));
  // Without telling names: a header is a first row whose words stand over numbers.
  const body = rows.slice(1);
  const over = first.some(
    (field, c) =>
      field !== '' && Number.isNaN(Number(field)) && timeUnitOf([field]) === null && timeUnitOf(columnOf(body, c)) !== null,
  );
  const isNamed = sampled.names !== null || hasNames || over || isTypedHeader(rows[0] ?? []);
  const table = namedTable(sampled, isNamed);
  const { columns, data } = table;
  const unitOf = (c: number) => sampled.units[c] ?? timeUnitOf([...columnOf(data, c), ...(sampled.ranges[c] ?? [])]);
  const byName = (pattern: RegExp) => (isNamed ? columns.findIndex(named(pattern)) : -1);
  const user = Math.max(0, byName(USER));
  const another = (pattern: RegExp) => columns.findIndex((column, c) => c !== user && isNamed && named(pattern)(column));
  // Labels have no time; a table that has one is of interactions, whatever its columns are called.
  const dated = byName(TIME) >= 0 || columns.some((_, c) => c !== user && isDate(unitOf(c)));
  const isLabels =
    wanted === 'labels' ||
    (wanted === undefined && another(ITEM) < 0 && !dated && (another(LABEL) >= 0 || looksLikeLabels(data, width)));
  const namedItem = another(isLabels ? LABEL : ITEM);
  const item = namedItem >= 0 ? namedItem : user === 1 ? 0 : 1;
  const time = isLabels ? null : timeColumn(table, [user, item], byName(TIME), unitOf);
  const events = { rows: table.rows, user, item, time, timeUnit: timeUnit(table, time, unitOf), isOrdered: false };
  if (!isLabels && (wanted === undefined || wanted === 'domains')) {
    const found = await domainColumn(table, events, wanted === 'domains', (column) => valuesOf(table, column));
    if (found !== null) return { format: { format: 'domains', ...events, ...found }, table };
    if (wanted === 'domains') {
      throw new ImportError(
        `${name} has no column that could name two domains: one with two to twenty different words. Drop one file a domain, or add such a column.`,
      );
    }
  }
  return { format: { format: isLabels ? 'labels' : 'long', ...events }, table };
}

/** Two columns, each user once, and few different words in the second. */
function looksLikeLabels(data: readonly string[][], width: number): boolean {
  const [users, words] = [0, 1].map((c) => new Set(columnOf(data, c)).size);
  return width === 2 && data.length >= 20 && users === data.length && words <= Math.min(20, data.length / 5);
}

type UnitOf = (column: number) => TimeUnit | null;

function timeColumn({ columns, data }: NamedTable, taken: readonly number[], named: number, unitOf: UnitOf): number | null {
  if (named >= 0 && !taken.includes(named)) return named;
  const free = columns.map((_, c) => c).filter((c) => !taken.includes(c));
  const dated = free.findLast((c) => isDate(unitOf(c)));
  if (dated !== undefined) return dated;
  // Numbers that only order, such as day numbers; a handful of different values is a rating.
  const ordered = free.findLast((c) => unitOf(c) === 'number' && new Set(columnOf(data, c)).size > 10);
  return ordered ?? null;
}

function timeUnit({ columns, data }: NamedTable, time: number | null, unitOf: UnitOf): TimeUnit {
  const unit = time === null ? null : unitOf(time);
  if (time === null || unit !== 'number' || !/date|day/i.test(columns[time])) return unit ?? 'seconds';
  return columnOf(data, time).every((day) => Number(day) >= DAYS[0] && Number(day) < DAYS[1]) ? 'days' : 'number';
}
