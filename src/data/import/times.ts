export const TIME_UNITS = ['seconds', 'milliseconds', 'microseconds', 'nanoseconds', 'days', 'iso', 'number'] as const;
/** How a time is written: Unix seconds to nanoseconds, days since 1970, an ISO date, or any number that only orders. */
export type TimeUnit = (typeof TIME_UNITS)[number];

/** How many milliseconds so many of each unit that counts from 1970 are: both whole numbers, so that midnight stays midnight. */
const MILLISECONDS: Record<Exclude<TimeUnit, 'iso' | 'number'>, readonly [milliseconds: number, per: number]> = {
  seconds: [1000, 1],
  milliseconds: [1, 1],
  microseconds: [1, 1e3],
  nanoseconds: [1, 1e6],
  days: [86_400_000, 1],
};

/** Milliseconds since 1970 of what `parseTime` gives. */
export function inMilliseconds(time: number, unit: Exclude<TimeUnit, 'number'>): number {
  if (unit === 'iso') return time;
  const [milliseconds, per] = MILLISECONDS[unit];
  return (time * milliseconds) / per;
}

/** A time as a number that orders; NaN if it is none. */
export function parseTime(text: string, unit: TimeUnit): number {
  if (unit === 'iso') return parseDate(text.trim());
  if (text.trim() === '') return Number.NaN;
  const time = Number(text);
  // Milliseconds taken for seconds would lie thousands of years ahead.
  return unit === 'seconds' && Math.abs(time) >= 1e11 ? Number.NaN : time;
}

/** An ISO date in milliseconds. Without a zone it is taken for UTC, so that it is the same everywhere. */
function parseDate(text: string): number {
  if (!/^\d{4}-\d{2}/.test(text)) return Number.NaN;
  const whole = text.replace(/^(\d{4}-\d{2}-\d{2}) +(?=\d)/, '$1T');
  return Date.parse(/T[\d:.,]+$/.test(whole) ? `${whole.replace(',', '.')}Z` : whole);
}

const DAY = new Intl.DateTimeFormat('en-GB', { day: 'numeric', month: 'short', year: 'numeric', timeZone: 'UTC' });
const MINUTE = new Intl.DateTimeFormat('en-GB', { hour: '2-digit', minute: '2-digit', timeZone: 'UTC' });

/** What a time means, such as “6 Jan 2013, 00:00” (UTC); null for a number that only orders, or where it is no time. */
export function dateWords(text: string, unit: TimeUnit): string | null {
  const time = parseTime(text, unit);
  if (unit === 'number' || !Number.isFinite(time)) return null;
  const date = new Date(inMilliseconds(time, unit));
  if (Number.isNaN(date.getTime())) return null;
  return unit === 'days' ? DAY.format(date) : `${DAY.format(date)}, ${MINUTE.format(date)}`;
}

/** A unit that only times have; a plain number may be anything. */
export const isDate = (unit: TimeUnit | null): boolean => unit !== null && unit !== 'number' && unit !== 'days';

/** Where most of a column's values lie in between, they are this. From 1973 on, to 2286. */
const RANGES = [
  ['seconds', 1e8, 1e10],
  ['milliseconds', 1e11, 1e13],
  ['microseconds', 1e14, 1e16],
  ['nanoseconds', 1e17, 1e19],
] as const;

/** The unit in which most of a column's values make sense as times; null if they make none. */
export function timeUnitOf(values: readonly string[]): TimeUnit | null {
  if (values.length === 0) return null;
  const most = (test: (value: string) => boolean) => values.filter(test).length > 0.9 * values.length;
  for (const [unit, from, to] of RANGES) if (most((value) => Number(value) >= from && Number(value) < to)) return unit;
  if (most((value) => value.trim() !== '' && !Number.isNaN(Number(value)))) return 'number';
  return most((value) => Number.isFinite(parseTime(value, 'iso'))) ? 'iso' : null;
}
