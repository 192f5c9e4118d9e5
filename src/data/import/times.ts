const COUNTED = ['seconds', 'milliseconds', 'microseconds', 'nanoseconds', 'days'] as const;
const WRITTEN = ['iso', 'day-month-year', 'month-day-year'] as const;
export const TIME_UNITS = [...COUNTED, ...WRITTEN, 'number'] as const;
/**
 * How a time is written: Unix seconds to nanoseconds, days since 1970; an ISO date, 13.04.2021 (also 13/04/2021), 04/13/2021; or any
 * number that only orders.
 */
export type TimeUnit = (typeof TIME_UNITS)[number];

/** Dates in words and signs rather than a number: `parseTime` gives milliseconds of them. */
export const isWritten = (unit: TimeUnit): unit is (typeof WRITTEN)[number] => WRITTEN.some((written) => written === unit);

/** How many milliseconds so many of each unit that counts from 1970 are: both whole numbers, so that midnight stays midnight. */
const MILLISECONDS: Record<(typeof COUNTED)[number], readonly [milliseconds: number, per: number]> = {
  seconds: [1000, 1],
  milliseconds: [1, 1],
  microseconds: [1, 1e3],
  nanoseconds: [1, 1e6],
  days: [86_400_000, 1],
};

/** Milliseconds since 1970 of what `parseTime` gives. */
export function inMilliseconds(time: number, unit: Exclude<TimeUnit, 'number'>): number {
  if (isWritten(unit)) return time;
  const [milliseconds, per] = MILLISECONDS[unit];
  return (time * milliseconds) / per;
}

/** A time as a number that orders; NaN if it is none. */
export function parseTime(text: string, unit: TimeUnit): number {
  if (unit === 'iso') return parseDate(text.trim());
  if (isWritten(unit)) return parseCalendar(text.trim(), unit);
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

const CALENDAR = /^(\d{1,2})([./-])(\d{1,2})\2(\d{4})(?:,? +(\d{1,2}):(\d{2})(?::(\d{2}(?:\.\d+)?))?(?: *([ap])\.?m\.?)?)?$/i;

/** Day, month and year, perhaps with the time of the day (UTC), in milliseconds. Between points the day is always first. */
function parseCalendar(text: string, unit: 'day-month-year' | 'month-day-year'): number {
  const found = CALENDAR.exec(text);
  if (found === null) return Number.NaN;
  const [, first, sign, second, year, hours, minutes, seconds, half] = found;
  if (unit === 'month-day-year' && sign === '.') return Number.NaN;
  const [day, month] = (unit === 'day-month-year' ? [first, second] : [second, first]).map(Number);
  const date = new Date(Date.UTC(Number(year), month - 1, day));
  // The 31st of a shorter month would be one of the next, and the year 21 one of the last century.
  if (date.getUTCFullYear() !== Number(year) || date.getUTCMonth() !== month - 1 || date.getUTCDate() !== day) return Number.NaN;
  if (hours === undefined) return date.getTime();
  const time = [hourOf(Number(hours), half), Number(minutes), Number(seconds ?? 0)];
  if (time[1] >= 60 || time[2] >= 60) return Number.NaN;
  return date.getTime() + ((time[0] * 60 + time[1]) * 60 + time[2]) * 1000;
}

/** @param half `a` or `p` of am or pm; undefined: hours are counted to 24 */
function hourOf(hour: number, half: string | undefined): number {
  if (half === undefined) return hour < 24 ? hour : Number.NaN;
  return hour >= 1 && hour <= 12 ? (hour % 12) + (half.toLowerCase() === 'p' ? 12 : 0) : Number.NaN;
}

/**
 * What stands first in a date such as 13/04/2021, as far as it says so: 04/05/2021 may be either; none: it is no such date.
 */
export function firstIn(text: string): 'day' | 'month' | 'either' | 'none' {
  const [isDay, isMonth] = (['day-month-year', 'month-day-year'] as const).map((unit) => Number.isFinite(parseTime(text, unit)));
  return isDay ? (isMonth ? 'either' : 'day') : isMonth ? 'month' : 'none';
}

/** A date of any kind, rather than a number. */
export const isDateInWords = (text: string): boolean => Number.isFinite(parseTime(text, 'iso')) || firstIn(text) !== 'none';

/**
 * What stands first in dates by those that say so; where none does, or some contradict others, they are no dates yet. One that does not
 * exist, such as 31/04/2021, decides nothing.
 */
function calendarUnitOf(dates: readonly string[]): TimeUnit {
  const [isDayFirst, isMonthFirst] = (['day', 'month'] as const).map((first) => dates.some((date) => firstIn(date) === first));
  if (isDayFirst === isMonthFirst) return 'iso';
  return isDayFirst ? 'day-month-year' : 'month-day-year';
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

/** 1 January of 2000 and 2040. */
const [FIRST_DAY, LAST_DAY] = [10_957, 25_567];

/** Whether numbers are days since 1970 by themselves: all are of our time, and they do not just count rows. */
export function areDays(values: readonly string[]): boolean {
  const days = values.map((value) => (/^\d{5}$/.test(value.trim()) ? Number(value) : Number.NaN));
  if (!days.every((day) => day >= FIRST_DAY && day <= LAST_DAY)) return false;
  const different = new Set(days).size;
  return different < days.length || Math.max(...days) - Math.min(...days) >= different;
}

/** Where most of a column's values lie in between, they are this. From 1973 on, to 2286. */
const RANGES = [
  ['seconds', 1e8, 1e10],
  ['milliseconds', 1e11, 1e13],
  ['microseconds', 1e14, 1e16],
  ['nanoseconds', 1e17, 1e19],
] as const;

/**
 * The unit in which most of a column's values make sense as times; null if they make none. Dates of which it cannot be told what is the
 * day and what the month are said to be ISO dates: as that they are refused, with words on how they must be written.
 */
export function timeUnitOf(values: readonly string[]): TimeUnit | null {
  if (values.length === 0) return null;
  const most = (test: (value: string) => boolean) => values.filter(test).length > 0.9 * values.length;
  for (const [unit, from, to] of RANGES) if (most((value) => Number(value) >= from && Number(value) < to)) return unit;
  if (most((value) => value.trim() !== '' && !Number.isNaN(Number(value)))) return 'number';
  if (most((value) => Number.isFinite(parseTime(value, 'iso')))) return 'iso';
  const isCalendar = (value: string) => CALENDAR.test(value.trim());
  return most(isCalendar) ? calendarUnitOf(values.filter(isCalendar)) : null;
}
