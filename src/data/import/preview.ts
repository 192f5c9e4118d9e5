import { type FileFormat, isTable } from './format.ts';
import { problemOfRow } from './problems.ts';
import { problemOfLine, sequenceOf } from './sequences.ts';
import { dateWords, parseTime } from './times.ts';

/** A row of events as it will be read. */
export interface ReadRow {
  readonly user: string;
  /** Of a line, the first of them and how many there are. */
  readonly item: string;
  /** A date, or the number that orders; '' without times. */
  readonly time: string;
  /** What the row belongs to; null where the file is of one domain, `left out` where it is of another one than the two. */
  readonly domain: 'source' | 'target' | 'left out' | null;
  /** Why the row cannot be used; null if it can. */
  readonly problem: string | null;
}

const SHOWN_ITEMS = 4;

/** A row of a preview as it will be read in a format; null for formats without users and items in a row. */
export function readRow(fields: readonly string[], format: FileFormat, place: number): ReadRow | null {
  if (format.format === 'sequences') {
    const sequence = sequenceOf(fields[0] ?? '', format);
    const { user, items } = sequence;
    const more = items.length > SHOWN_ITEMS ? ` … (${items.length} items)` : '';
    const time = items.at(0)?.time ?? null;
    return {
      user: user ?? `line-${place}`,
      item: `${items
        .slice(0, SHOWN_ITEMS)
        .map(({ item }) => item)
        .join(', ')}${more}`,
      time: time === null ? '' : timeWords(time, format.timeUnit),
      domain: null,
      problem: problemOfLine(sequence, format),
    };
  }
  if (!isTable(format) || format.format === 'names' || format.format === 'attributes') return null;
  const field = (column: number | null) => (column === null ? '' : (fields[column] ?? '').trim());
  return {
    user: field(format.user),
    item: field(format.item),
    time: format.time === null ? '' : timeWords(field(format.time), format.timeUnit),
    domain: format.format === 'domains' ? domainOf(field(format.domain), format) : null,
    problem: problemOfRow(fields, format),
  };
}

const domainOf = (word: string, { source, target }: { readonly source: string; readonly target: string }) =>
  word === source ? 'source' : word === target ? 'target' : 'left out';

/** A time in words; where it is no date, the number as it is. */
function timeWords(text: string, unit: Parameters<typeof dateWords>[1]): string {
  const words = dateWords(text, unit);
  if (words !== null) return words;
  return Number.isFinite(parseTime(text, unit)) ? text : '';
}
