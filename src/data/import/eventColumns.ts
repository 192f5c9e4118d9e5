import { ImportError } from '../errors.ts';
import { type DomainValues, domainColumn } from './domains.ts';
import type { EventFormat, FileFormat } from './format.ts';
import { headOf, isTypedHeader, type NamedTable, namedTable, type Sampled } from './sample.ts';
import { columnOf, DOMAIN, ITEM, LABEL, named, TIME, USER } from './table.ts';
import { areDays, isDate, isDateInWords, type TimeUnit, timeUnitOf } from './times.ts';

/** Days since 1970 where a column's name says so: from 1980 to 2070. */
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
  const isConstant = async (c: number) => {
    const seen = new Set(data.map((row) => row[c] ?? ''));
    // A user may have all of the first rows.
    // Where nothing further on can be looked at, nothing is said of it.
    return data.length > 1 && seen.size === 1 && (await valuesOf(table, c)).size === 1;
  };
  const usual = Math.max(0, byName(USER));
  const user = await userColumn(table, usual, isNamed, unitOf, isConstant);
  const another = (pattern: RegExp) => columns.findIndex((column, c) => c !== user && isNamed && named(pattern)(column));
  // Labels have no time; a table that has one is of interactions, whatever its columns are called.
  const dated = byName(TIME) >= 0 || columns.some((_, c) => c !== user && isDate(unitOf(c)));
  const isLabels =
    wanted === 'labels' ||
    (wanted === undefined && another(ITEM) < 0 && !dated && (another(LABEL) >= 0 || looksLikeLabels(data, width)));
  const namedItem = another(isLabels ? LABEL : ITEM);
  const item =
    namedItem >= 0 ? namedItem : isLabels ? otherThan(user) : await itemColumn(table, user, user !== usual, unitOf, isConstant);
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
/** Whether a column says the same in the whole file, as far as it is looked at. */
type IsConstant = (column: number) => Promise<boolean>;

/** So many different values are no rating. */
const HANDFUL = 10;

/** What is measured of an interaction names nobody. */
const MEASURE = /price|cost|amount|quantity|count|rating|score|stars/i;
const hasDecimals = (values: readonly string[]): boolean => values.some((value) => /^[+-]?\d*[.,]\d+$/.test(value));
const differentIn = (values: readonly string[]): number => new Set(values).size;
/** Whether values come again, and are no measures: those of users and items; not those that count rows. */
const isOfThings = (values: readonly string[]): boolean => differentIn(values) < values.length && !hasDecimals(values);

/**
 * The usual column: the one that is named like a user, or else the first one. Where that says the same everywhere, another one takes its
 * place: of a column named like a user, only one that is named so, too; of any other, one that could tell users apart.
 */
async function userColumn(
  { columns, data }: NamedTable,
  usual: number,
  isNamed: boolean,
  unitOf: UnitOf,
  isConstant: IsConstant,
): Promise<number> {
  const isCalled =
    (...patterns: readonly RegExp[]) =>
    (c: number) =>
      isNamed && patterns.some((pattern) => named(pattern)(columns[c]));
  const all = columns.map((_, c) => c);
  const called = all.filter(isCalled(USER));
  if (!(await isConstant(usual))) return usual;
  for (const c of called.slice(1)) if (!(await isConstant(c))) return c;
  if (called.length > 0) return usual;
  const isOther = isCalled(ITEM, TIME, LABEL, DOMAIN, MEASURE);
  const free = all.filter((c) => c !== usual && !isOther(c) && !isDate(unitOf(c)) && differentIn(columnOf(data, c)) > HANDFUL);
  const user = free.find((c) => isOfThings(columnOf(data, c))) ?? usual;
  // One is left for the items.
  return free.length > 1 || all.some(isCalled(ITEM)) ? user : usual;
}

const otherThan = (user: number): number => (user === 1 ? 0 : 1);

/**
 * The first column that is not the user's. Where that says the same everywhere, such as “click”, or where the user is not in the usual
 * column (`isMoved`), one that could tell items apart; best one whose values come again.
 */
async function itemColumn(
  { columns, data }: NamedTable,
  user: number,
  isMoved: boolean,
  unitOf: UnitOf,
  isConstant: IsConstant,
): Promise<number> {
  const usual = otherThan(user);
  if (usual >= columns.length || !(isMoved || (await isConstant(usual)))) return usual;
  const isOther = (c: number) => c === user || [TIME, MEASURE].some((pattern) => named(pattern)(columns[c])) || isDate(unitOf(c));
  const telling = columns.map((_, c) => c).filter((c) => !isOther(c) && differentIn(columnOf(data, c)) > HANDFUL);
  return telling.find((c) => isOfThings(columnOf(data, c))) ?? telling[0] ?? usual;
}

function timeColumn({ columns, data }: NamedTable, taken: readonly number[], named: number, unitOf: UnitOf): number | null {
  if (named >= 0 && !taken.includes(named)) return named;
  const free = columns.map((_, c) => c).filter((c) => !taken.includes(c));
  const dated = free.findLast((c) => isDate(unitOf(c)));
  if (dated !== undefined) return dated;
  // Numbers that only order, such as day numbers; a handful of different values is a rating.
  const ordered = free.findLast((c) => unitOf(c) === 'number' && differentIn(columnOf(data, c)) > HANDFUL);
  return ordered ?? null;
}

function timeUnit({ columns, data }: NamedTable, time: number | null, unitOf: UnitOf): TimeUnit {
  const unit = time === null ? null : unitOf(time);
  if (time === null) return 'seconds';
  if (unit === null) return mixedUnit(columnOf(data, time));
  if (unit !== 'number') return unit;
  const values = columnOf(data, time);
  const isCalled = /date|day/i.test(columns[time]) && values.every((day) => Number(day) >= DAYS[0] && Number(day) < DAYS[1]);
  return isCalled || areDays(values) ? 'days' : 'number';
}

/**
 * Of values that are not alike, in a column that is called a time: that of most. What is nothing like a time is refused, with words on
 * how dates must be written.
 */
function mixedUnit(values: readonly string[]): TimeUnit {
  const others = values.filter((value) => Number.isNaN(Number(value)));
  const dates = others.filter(isDateInWords);
  return values.length - others.length > dates.length ? 'seconds' : (timeUnitOf(dates) ?? 'iso');
}
