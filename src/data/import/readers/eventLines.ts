import type { LogBuilder } from '../../events.ts';
import type { EventFormat } from '../format.ts';
import { isSpace, type Row } from '../rows.ts';
import { isWritten } from '../times.ts';
import type { DelimitedRows } from './table.ts';

/** What a byte is to a line of a table. */
const [PLAIN, SEPARATOR, LINE_FEED, CARRIAGE_RETURN, UNUSUAL] = [0, 1, 2, 3, 4];
const [LF, CR, QUOTE] = [10, 13, 34];
const ZERO = 48;
/** Digits of whole numbers that are exact. */
const MOST_DIGITS = 15;
/** Of Unix seconds: see `parseTime`. */
const FIRST_UNLIKELY = 1e11;

/**
 * Takes lines of a table of events right from the bytes: ids are looked up as bytes, whole numbers are reckoned. Lines with a quote, a
 * byte that is not ASCII or an odd line break are left to the caller; rows in which anything else is unusual are taken by `row`.
 *
 * @param rows with a separator of one byte, no space
 * @param logs the file's; or of one with both domains the source's and the target's, which share their users
 */
export function eventLines(
  { user, item, time, timeUnit, ...format }: EventFormat,
  { separator, width }: DelimitedRows,
  logs: readonly LogBuilder[],
  row: (row: Row) => void,
) {
  const kinds = new Uint8Array(256).fill(UNUSUAL, 128);
  kinds[0] = kinds[QUOTE] = UNUSUAL;
  kinds[LF] = LINE_FEED;
  kinds[CR] = CARRIAGE_RETURN;
  kinds[separator.charCodeAt(0)] = SEPARATOR;
  const domain = format.format === 'domains' ? format.domain : null;
  const domains = format.format === 'domains' ? [format.source, format.target].map((word) => new TextEncoder().encode(word)) : [];
  const [{ users }] = logs;
  const decoder = new TextDecoder();
  const starts = new Int32Array(width + 1);
  const ends = new Int32Array(width + 1);
  const mostSeconds = timeUnit === 'seconds' ? FIRST_UNLIKELY : Number.POSITIVE_INFINITY;
  const canReckon = time === null || !isWritten(timeUnit);

  /** Of a field of digits; −1 for any other. */
  const reckon = (bytes: Uint8Array, column: number): number => {
    const [start, end] = [starts[column], ends[column]];
    if (end - start > MOST_DIGITS || start === end) return -1;
    let value = 0;
    for (let i = start; i < end; i++) {
      const digit = bytes[i] - ZERO;
      if (digit < 0 || digit > 9) return -1;
      value = 10 * value + digit;
    }
    return value < mostSeconds ? value : -1;
  };
  const trim = (bytes: Uint8Array, column: number): void => {
    while (starts[column] < ends[column] && isSpace(bytes[starts[column]])) starts[column]++;
    while (ends[column] > starts[column] && isSpace(bytes[ends[column] - 1])) ends[column]--;
  };

  const isAt = (bytes: Uint8Array, column: number, word: Uint8Array): boolean => {
    const start = starts[column];
    if (ends[column] - start !== word.length) return false;
    for (let i = 0; i < word.length; i++) if (bytes[start + i] !== word[i]) return false;
    return true;
  };

  return (bytes: Uint8Array, start: number, end: number, firstLine: number): { at: number; line: number } => {
    let line = firstLine;
    let at = start;
    /** The user before this one: in most files rows of a user follow each other. */
    let last = -1;
    let [lastStart, lastEnd] = [0, -1];
    while (at < end) {
      let column = 0;
      let place = at;
      let kind = PLAIN;
      starts[0] = at;
      for (; ; place++) {
        kind = kinds[bytes[place]];
        if (kind === PLAIN) continue;
        if (kind !== SEPARATOR) break;
        if (column < width) {
          ends[column] = place;
          starts[column + 1] = place + 1;
        }
        column++;
      }
      if (kind === UNUSUAL || (kind === CARRIAGE_RETURN && bytes[place + 1] !== LF)) return { at, line };
      const next = place + (kind === CARRIAGE_RETURN ? 2 : 1);
      let isUsual = column === width - 1;
      if (isUsual) {
        ends[column] = place;
        trim(bytes, user);
        trim(bytes, item);
        if (time !== null) trim(bytes, time);
        let log: LogBuilder | undefined = logs[0];
        if (domain !== null) {
          trim(bytes, domain);
          log = logs[domains.findIndex((word) => isAt(bytes, domain, word))];
        }
        const when = time === null ? 0 : reckon(bytes, time);
        isUsual = log !== undefined && canReckon && when >= 0 && starts[user] < ends[user] && starts[item] < ends[item];
        if (isUsual && log !== undefined) {
          const [from, to] = [starts[user], ends[user]];
          let isSame = to - from === lastEnd - lastStart;
          for (let i = from, j = lastStart; i < to && isSame; i++, j++) isSame = bytes[i] === bytes[j];
          if (!isSame) last = users.numberOf(bytes, from, to);
          [lastStart, lastEnd] = [from, to];
          log.addNumbers(last, log.items.numberOf(bytes, starts[item], ends[item]), when);
        }
      }
      if (!isUsual) {
        const text = decoder.decode(bytes.subarray(at, place));
        const fields = text.split(separator);
        if (fields.length > 1 || text.trim() !== '') row({ line, fields, problem: null });
      }
      line++;
      at = next;
    }
    return { at, line };
  };
}
