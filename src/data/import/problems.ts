import { quoted } from '../errors.ts';
import { wrongWidth } from './badRows.ts';
import { type EventFormat, widthOf } from './format.ts';
import { firstIn, parseTime, type TimeUnit } from './times.ts';

const UNIT_WORDS: Record<TimeUnit, string> = {
  seconds: 'Unix seconds such as 1357430400',
  milliseconds: 'Unix milliseconds such as 1357430400000',
  microseconds: 'Unix microseconds such as 1357430400000000',
  nanoseconds: 'Unix nanoseconds such as 1357430400000000000',
  days: 'days since 1970 such as 15711',
  iso: 'a date such as 2013-01-06',
  'day-month-year': 'day, month, year such as 31.01.2013 or 31/01/2013',
  'month-day-year': 'month, day, year such as 01/31/2013',
  number: 'a number',
};

/** What can be wrong with a line of the release's pair. */
export const LINE_PROBLEMS = {
  padded: 'the source sequence is only padding',
  noDoubleComma: 'the double comma before the target items is missing',
  doubleCommas: 'there is more than one double comma',
  noTarget: 'no target item stands after the double comma',
} as const;

/** What is wrong with a row of events, by column; null if nothing is. */
export function problemOfRow(fields: readonly string[], format: EventFormat): string | null {
  const { rows, user, item, time, timeUnit } = format;
  const wrong = wrongWidth(fields, widthOf(rows));
  if (wrong !== null) return wrong;
  if (fields[user].trim() === '') return `${columnName(format, user)}: the user is empty`;
  if (fields[item].trim() === '') return `${columnName(format, item)}: the item is empty`;
  return time === null ? null : problemOfTime(fields[time], timeUnit, columnName(format, time));
}

/** @param place what comes before it in the sentence, such as `column 3` */
export function problemOfTime(text: string, unit: TimeUnit, place: string): string | null {
  if (Number.isFinite(parseTime(text, unit))) return null;
  const first = unit === 'iso' ? firstIn(text) : 'none';
  return `${place}: ${quoted(text)} ${first === 'none' ? `is no time; expected ${UNIT_WORDS[unit]}` : NOT_ISO[first]}`;
}

/** What is wrong with a date that is none of ISO: where a file has such dates, nothing in it says what they mean, or they contradict each other. */
const NOT_ISO = {
  either:
    'does not say which is the day and which the month; choose “day, month, year” or “month, day, year”, or write dates like 2013-01-31',
  day: 'has the day first; choose “day, month, year” if all dates of the file have, or write dates like 2013-01-31',
  month: 'has the month first; choose “month, day, year” if all dates of the file have, or write dates like 2013-01-31',
} as const;

const columnName = ({ rows }: EventFormat, column: number): string =>
  rows.kind === 'delimited' ? `column ${column + 1}` : `column ${quoted(rows.fields[column])}`;
