import type { SequencesFormat } from './format.ts';
import type { Separator } from './separators.ts';
import { fieldsOf, pairOf } from './sequences.ts';
import { mode } from './table.ts';
import { areDays, isDate, timeUnitOf } from './times.ts';

/** Between the items of a line. */
const SEPARATORS = [' ', ',', ';', '\t', '|'] as const;
/** Between an item and its time. */
const PAIRS = ['|', ':', ',', '@'] as const;
const MOSTLY = 0.9;
/** Lines of a table have one length, but for a few; sequences have many. */
const TABLE_LIKE = 0.6;
const FEW_LINES = 3;
const WIDE = 8;
/** Sentences end with points and commas; ids do not. */
const PROSE = 0.05;

/** Whether lines are sequences of items, by their content; null where a table says more about them. */
export function recogniseSequences(lines: readonly string[]): SequencesFormat | null {
  const candidates = SEPARATORS.map((separator) => ({ separator, rows: lines.map((line) => fieldsOf(line, separator)) }));
  for (const { separator, rows } of candidates) {
    const format = withPairs(rows, separator);
    if (format !== null && (isDate(format.timeUnit) || !isTableLike(rows))) return format;
  }
  const [best] = candidates
    .filter(({ rows }) => mode(rows.map((row) => row.length)) > 1 || rows.some((row) => row.length > FEW_LINES))
    .toSorted((a, b) => b.rows.flat().length - a.rows.flat().length);
  if (best === undefined || lines.length < FEW_LINES) return null;
  const { separator, rows } = best;
  const isFirst = candidates.every((other) => other === best || other.rows.flat().length < rows.flat().length);
  const isWide = separator !== ',' && mode(rows.map((row) => row.length)) >= WIDE;
  if (!isFirst || rows.flat().length < 3 * rows.length || (isTableLike(rows) && !isWide)) return null;
  if (isProse(rows)) return null;
  return { format: 'sequences', separator, hasUser: hasUser(rows), pair: null, timeUnit: 'number' };
}

/** The most likely reading of lines that are said to be sequences. */
export function sequencesOf(lines: readonly string[], separator: Separator | undefined): SequencesFormat {
  const found = recogniseSequences(lines);
  if (found !== null && (separator === undefined || separator === found.separator)) return found;
  const between = separator ?? ' ';
  const rows = lines.map((line) => fieldsOf(line, between));
  return (
    withPairs(rows, between) ?? {
      format: 'sequences',
      separator: between,
      hasUser: hasUser(rows),
      pair: null,
      timeUnit: 'number',
    }
  );
}

/** Lines whose fields, but perhaps the first, are items with a time each. */
function withPairs(rows: readonly (readonly string[])[], separator: Separator): SequencesFormat | null {
  if (mode(rows.map((row) => Math.min(2, row.length))) < 2) return null;
  for (const pair of PAIRS) {
    if (pair === separator) continue;
    const isPair = (field: string) => pairOf(field, pair).every((part) => part !== '');
    const rest = rows.flatMap((row) => row.slice(1));
    const pairs = rest.filter(isPair);
    if (rest.length === 0 || pairs.length < MOSTLY * rest.length) continue;
    const times = pairs.map((field) => pairOf(field, pair)[1]);
    const unit = timeUnitOf(times);
    if (unit === null) continue;
    const timeUnit = unit === 'number' && areDays(times) ? 'days' : unit;
    const first = rows.filter((row) => isPair(row[0] ?? '')).length;
    return { format: 'sequences', separator, hasUser: first < 0.5 * rows.length, pair, timeUnit };
  }
  return null;
}

function isTableLike(rows: readonly (readonly string[])[]): boolean {
  const widths = rows.map((row) => row.length);
  const width = mode(widths);
  return widths.filter((w) => w === width).length >= TABLE_LIKE * rows.length;
}

const isProse = (rows: readonly (readonly string[])[]): boolean => {
  const fields = rows.flat();
  return fields.filter((field) => /[\p{L})”"][.,;:!?]$/u.test(field)).length > PROSE * fields.length;
};

/** Whether lines begin with their user: each first field is another one, while items come again. */
function hasUser(rows: readonly (readonly string[])[]): boolean {
  const first = new Set(rows.map((row) => row[0]));
  const others = rows.flatMap((row) => row.slice(1));
  if (rows.length < FEW_LINES || first.size < rows.length) return false;
  const different = new Set(others);
  const among = [...first].filter((field) => different.has(field)).length;
  return among < 0.5 * first.size || different.size < MOSTLY * others.length;
}
