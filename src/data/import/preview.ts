import { type FileFormat, isTable, type LineFormat } from './format.ts';
import { LINE_PROBLEMS, problemOfRow } from './problems.ts';
import { problemOfLine, sequenceOf } from './sequences.ts';
import { dateWords, parseTime } from './times.ts';

/** A row of events as it will be read. */
export interface ReadRow {
  readonly user: string;
  /** Of a line, the first of them and how many there are. */
  readonly item: string;
  /** The target items of a fine-tuning line, likewise; '' anywhere else. */
  readonly targets: string;
  /** A date, or the number that orders; '' without times. */
  readonly time: string;
  /** What the row belongs to; null where the file is of one domain, `left out` where it is of another one than the two. */
  readonly domain: 'source' | 'target' | 'left out' | null;
  /** Why the row cannot be used; null if it can. */
  readonly problem: string | null;
}

const SHOWN_ITEMS = 4;

/**
 * A row of a preview as it will be read in a format; null for tables about items or users.
 *
 * @param place of formats of lines, the line of the file in which it stands, from 1
 */
export function readRow(fields: readonly string[], format: FileFormat, place: number): ReadRow | null {
  if (format.format === 'sequences') {
    const sequence = sequenceOf(fields[0] ?? '', format);
    const { user, items } = sequence;
    const time = items.at(0)?.time ?? null;
    return {
      user: user ?? `line-${place}`,
      item: itemWords(items.map(({ item }) => item)),
      targets: '',
      time: time === null ? '' : timeWords(time, format.timeUnit),
      domain: null,
      problem: problemOfLine(sequence, format),
    };
  }
  if (!isTable(format)) return readLine(fields[0] ?? '', format.format, place);
  if (format.format === 'names' || format.format === 'attributes') return null;
  const field = (column: number | null) => (column === null ? '' : (fields[column] ?? '').trim());
  return {
    user: field(format.user),
    item: field(format.item),
    targets: '',
    time: format.time === null ? '' : timeWords(field(format.time), format.timeUnit),
    domain: format.format === 'domains' ? domainOf(field(format.domain), format) : null,
    problem: problemOfRow(fields, format),
  };
}

const itemWords = (items: readonly string[]): string =>
  `${items.slice(0, SHOWN_ITEMS).join(', ')}${items.length > SHOWN_ITEMS ? ` … (${items.length} items)` : ''}`;

/** A line of the release's pair. Source items are padded with 0 at the beginning; targets keep it. */
function readLine(line: string, format: LineFormat['format'], place: number): ReadRow {
  const parts = line.split(',,').map((part) => part.split(',').flatMap((word) => word.trim() || []));
  const isFineTuning = format === 'fine-tuning-lines';
  const words = isFineTuning ? parts[0] : parts.flat();
  const targets = isFineTuning ? parts.slice(1).flat() : [];
  const items = words.filter((word) => word !== PADDING);
  return {
    user: `${isFineTuning ? 'line' : 'pretraining-line'}-${place}`,
    item: itemWords(items),
    targets: itemWords(targets),
    time: '',
    domain: null,
    problem: problemOfParts(isFineTuning ? parts.length : null, items.length, targets.length),
  };
}

const PADDING = '0';

/** @param parts between double commas; null where a line has no target items */
function problemOfParts(parts: number | null, items: number, targets: number): string | null {
  if (parts === 1) return LINE_PROBLEMS.noDoubleComma;
  if (parts !== null && parts > 2) return LINE_PROBLEMS.doubleCommas;
  if (items === 0) return LINE_PROBLEMS.padded;
  return parts !== null && targets === 0 ? LINE_PROBLEMS.noTarget : null;
}

const domainOf = (word: string, { source, target }: { readonly source: string; readonly target: string }) =>
  word === source ? 'source' : word === target ? 'target' : 'left out';

/** A time in words; where it is no date, the number as it is. */
function timeWords(text: string, unit: Parameters<typeof dateWords>[1]): string {
  const words = dateWords(text, unit);
  if (words !== null) return words;
  return Number.isFinite(parseTime(text, unit)) ? text : '';
}
