import Papa from 'papaparse';
import { checkLine } from './limits.ts';
import type { Separator } from './separators.ts';
import { type OnBytes, readText, type SourceFile } from './text.ts';

/** One row of a file, with the line on which it begins (from 1). */
export interface Row {
  readonly line: number;
  readonly fields: string[];
  /** What is wrong with the row as a whole, such as text that is no JSON; null if nothing is. */
  readonly problem: string | null;
}

/** Beyond this, an open quote is taken for a stray one: a field does not hold a million characters. */
const LONGEST_RECORD = 1 << 20;

/** The rows of a file, some at a time; empty lines are left out. */
export async function* readRows(file: SourceFile, separator: Separator, onBytes?: OnBytes): AsyncGenerator<Row[]> {
  let pending = '';
  let line = 1;
  const flush = (text: string): Row[] => {
    const rows = splitRows(text, separator, line);
    line = rows.nextLine;
    return rows.rows;
  };
  for await (const piece of readText(file, onBytes)) {
    pending += piece;
    const end = endOfRecords(pending, separator);
    if (end === 0) {
      checkLine(file.name, line, pending.length);
      continue;
    }
    const rows = flush(pending.slice(0, end));
    pending = pending.slice(end);
    yield rows;
  }
  if (pending !== '') yield flush(pending);
}

/** Where the last whole record of a text ends: after the last line break outside quotes. */
function endOfRecords(text: string, separator: Separator): number {
  if (separator === ' ' || !text.includes('"') || text.length > LONGEST_RECORD) return text.lastIndexOf('\n') + 1;
  const closed = new RegExp(`^ *(${escaped(separator)}|[\\r\\n]|$)`);
  let quoted = false;
  let end = 0;
  for (let i = 0; i < text.length; i++) {
    const code = text.charCodeAt(i);
    if (code === QUOTE) {
      // Only at the beginning of a field a quote opens one: in 12" it stands for itself.
      if (!quoted) quoted = i === 0 || text.endsWith(separator, i) || isLineBreak(text.charCodeAt(i - 1));
      else if (text.charCodeAt(i + 1) === QUOTE) i++;
      else quoted = !closed.test(text.slice(i + 1, i + 9));
    } else if (code === LINE_FEED && !quoted) end = i + 1;
  }
  return end;
}

const escaped = (text: string): string => text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');
const isLineBreak = (code: number): boolean => code === LINE_FEED || code === CARRIAGE_RETURN;
const QUOTE = 34;
const LINE_FEED = 10;
const CARRIAGE_RETURN = 13;

/** Splits whole records into rows; `firstLine` is the line on which the text begins. */
export function splitRows(text: string, separator: Separator, firstLine: number): { rows: Row[]; nextLine: number } {
  const normalised = text.includes('\r') ? text.replace(/\r\n?/g, '\n') : text;
  const records =
    separator === ' '
      ? normalised.split('\n').map((record) => record.trim().split(/ +/))
      : Papa.parse<string[]>(normalised, { delimiter: separator, newline: '\n', skipEmptyLines: false }).data;
  const rows: Row[] = [];
  let line = firstLine;
  for (const fields of records) {
    const blank = fields.length === 1 && fields[0].trim() === '';
    if (!blank) rows.push({ line, fields, problem: null });
    line++;
    // A quoted field may hold line breaks of its own.
    for (const field of fields) if (field.includes('\n')) line += field.split('\n').length - 1;
  }
  return { rows, nextLine: normalised.endsWith('\n') ? line - 1 : line };
}
