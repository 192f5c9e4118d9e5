import Papa from 'papaparse';
import { Decoder } from './decoder.ts';
import { checkLine } from './limits.ts';
import type { Separator } from './separators.ts';
import { kindOf, onlyEmptyLines, type ReadOptions, readBlocks, readText, type SourceFile } from './text.ts';

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
export async function* readRows(file: SourceFile, separator: Separator, options: ReadOptions): AsyncGenerator<Row[]> {
  const cutter = new RowCutter(file, separator);
  for await (const piece of readText(file, options)) {
    const rows = cutter.add(piece);
    if (rows.length > 0) yield rows;
  }
  yield cutter.end();
}

/** Takes the rows of a file. */
interface RowTaker {
  readonly row: (row: Row) => void;
  /**
   * Takes whole lines of ASCII without quotes right from the bytes, `line` being the number of the first one.
   *
   * @returns where it met a line that it leaves to `row`: its place, and its number
   */
  readonly lines: (bytes: Uint8Array, start: number, end: number, line: number) => { at: number; line: number };
}

/** Reads the rows of a file; what can be is taken as bytes, since a string for each cell takes most of the time. */
export async function takeRows(file: SourceFile, separator: Separator, taker: RowTaker, options: ReadOptions): Promise<void> {
  const { encoding } = await kindOf(file);
  if (encoding !== 'utf-8' || !isOneByte(separator)) {
    for await (const rows of readRows(file, separator, options)) rows.forEach(taker.row);
    return;
  }
  const cutter = new RowCutter(file, separator);
  const decoder = new Decoder(file.name, encoding, options.onNote);
  let isFirst = true;
  let anything = false;
  const take = (text: string) => {
    if (text === '') return;
    anything ||= text.trim() !== '';
    cutter.add(text).forEach(taker.row);
  };
  const asText = (bytes: Uint8Array) => take(decoder.decode(bytes, true));
  for await (const block of readBlocks(file, options, () => cutter.line)) {
    let at = 0;
    if (isFirst) {
      // A header, and a byte order mark, which means something there alone.
      at = block.indexOf(LINE_FEED) + 1 || block.length;
      asText(block.subarray(0, at));
      isFirst = false;
    }
    const end = block.lastIndexOf(LINE_FEED) + 1;
    if (at < end && !cutter.isWithin) {
      const taken = taker.lines(block, at, end, cutter.line);
      anything ||= hasWords(block, at, taken.at);
      at = taken.at;
      cutter.line = taken.line;
    }
    asText(block.subarray(at));
  }
  take(decoder.end());
  cutter.end().forEach(taker.row);
  if (!anything) throw onlyEmptyLines(file);
}

/** A space stands for any number of spaces. */
const isOneByte = (separator: Separator): boolean => separator.length === 1 && separator !== ' ' && separator.charCodeAt(0) < 128;

const hasWords = (bytes: Uint8Array, start: number, end: number): boolean => {
  for (let i = start; i < end; i++) if (!isSpace(bytes[i])) return true;
  return false;
};

/** What `trim` takes away, of ASCII. */
export const isSpace = (code: number): boolean => code === 32 || (code >= 9 && code <= 13);

/** Cuts text that comes in pieces into rows. */
class RowCutter {
  /** Of the first row that is not cut yet, from 1. */
  line = 1;
  private pending = '';

  constructor(
    private readonly file: SourceFile,
    private readonly separator: Separator,
  ) {}

  /** Whether a record has begun and not ended yet. */
  get isWithin(): boolean {
    return this.pending !== '';
  }

  /** @throws ImportError for a line that does not end */
  add(piece: string): Row[] {
    this.pending += piece;
    const end = endOfRecords(this.pending, this.separator);
    if (end === 0) {
      checkLine(this.file.name, this.line, this.pending.length);
      return [];
    }
    const whole = this.pending.slice(0, end);
    this.pending = this.pending.slice(end);
    return this.cut(whole);
  }

  end(): Row[] {
    return this.pending === '' ? [] : this.cut(this.pending);
  }

  private cut(text: string): Row[] {
    const { rows, nextLine } = splitRows(text, this.separator, this.line);
    this.line = nextLine;
    return rows;
  }
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
  // Megabytes of empty lines are no rows at all.
  if (!/\S/.test(normalised)) return { rows: [], nextLine: firstLine + normalised.split('\n').length - 1 };
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
