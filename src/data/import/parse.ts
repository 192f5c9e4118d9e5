import type { Ragged } from '../dataset.ts';
import { ImportError } from '../errors.ts';
import type { InteractionTable, LinePair } from '../prepare.ts';
import { BadRows, wrongWidth } from './badRows.ts';
import { type LongFormat, parseTime, type TimeUnit } from './recognise.ts';
import { type Row, readRows } from './rows.ts';
import { type OnBytes, readText, type SourceFile } from './text.ts';

export interface ParseOptions {
  /** Leave out bad rows rather than refuse the file. */
  readonly skipBadRows: boolean;
  readonly onBytes?: OnBytes;
}

/** Numbers for names, by first appearance. */
class Names {
  private readonly numbers = new Map<string, number>();
  readonly list: string[] = [];
  number(name: string): number {
    const known = this.numbers.get(name);
    if (known !== undefined) return known;
    this.numbers.set(name, this.list.length);
    return this.list.push(name) - 1;
  }
}

/**
 * Reads a file in long format.
 *
 * @throws ImportError, BadRowsError
 */
export async function parseLong(file: SourceFile, format: LongFormat, options: ParseOptions): Promise<InteractionTable> {
  const users = new Names();
  const items = new Names();
  const user: number[] = [];
  const item: number[] = [];
  const time: number[] = [];
  const bad = new BadRows();
  let first = true;
  for await (const rows of readRows(file, format.separator, options.onBytes)) {
    for (const row of rows) {
      const isHeader = first && format.header;
      first = false;
      if (isHeader) continue;
      const what = problemOf(row, format);
      if (what !== null) {
        bad.add(row.line, what);
        continue;
      }
      user.push(users.number(row.fields[format.user].trim()));
      item.push(items.number(row.fields[format.item].trim()));
      if (format.time !== null) time.push(parseTime(row.fields[format.time], format.timeUnit));
    }
  }
  bad.settle(file.name, user.length, options.skipBadRows);
  if (user.length === 0)
    throw new ImportError(`${file.name} has a header but no rows. Expected one interaction a line below it.`);
  return {
    userIds: users.list,
    itemIds: items.list,
    user: Int32Array.from(user),
    item: Int32Array.from(item),
    time: format.time === null ? null : Float64Array.from(time),
  };
}

const UNIT_WORDS: Record<TimeUnit, string> = {
  seconds: 'Unix seconds such as 1357430400',
  milliseconds: 'Unix milliseconds such as 1357430400000',
  iso: 'a date such as 2013-01-06',
  number: 'a number',
};

function problemOf({ fields }: Row, format: LongFormat): string | null {
  const { width, user, item, time, timeUnit } = format;
  const wrong = wrongWidth(fields, width);
  if (wrong !== null) return wrong;
  if (fields[user].trim() === '') return `column ${user + 1}: the user is empty`;
  if (fields[item].trim() === '') return `column ${item + 1}: the item is empty`;
  if (time !== null && !Number.isFinite(parseTime(fields[time], timeUnit))) {
    return `column ${time + 1}: “${fields[time]}” is no time; expected ${UNIT_WORDS[timeUnit]}`;
  }
  return null;
}

/** The word that stands for padding in the release's files. */
const PADDING = '0';

/**
 * Reads the release's two files: lines of source items, and lines of source items, a double comma and target items.
 *
 * @throws ImportError, BadRowsError
 */
export async function parseLines(
  pretraining: SourceFile,
  finetuning: SourceFile,
  options: ParseOptions,
  finetuningOptions = options,
): Promise<LinePair> {
  const source = new Names();
  const target = new Names();
  const sequence = (text: string, names: Names) =>
    text
      .split(',')
      .map((word) => word.trim())
      .filter((word) => word !== '' && word !== PADDING)
      .map((word) => names.number(word));

  const pretrainingRows = new RaggedBuilder();
  const badPretraining = new BadRows();
  for await (const { line, text } of readLines(pretraining, options.onBytes)) {
    const items = sequence(text, source);
    if (items.length === 0) badPretraining.add(line, 'the source sequence is only padding');
    else pretrainingRows.push(items);
  }
  badPretraining.settle(pretraining.name, pretrainingRows.rows, options.skipBadRows);

  const finetuningRows = new RaggedBuilder();
  const targetRows = new RaggedBuilder();
  const lines: number[] = [];
  const badFinetuning = new BadRows();
  for await (const { line, text } of readLines(finetuning, finetuningOptions.onBytes)) {
    const parts = text.split(',,');
    if (parts.length !== 2) {
      badFinetuning.add(
        line,
        parts.length === 1 ? 'the double comma before the target items is missing' : 'there is more than one double comma',
      );
      continue;
    }
    const items = sequence(parts[0], source);
    // Targets keep “0”: only source sequences are padded.
    const targets = parts[1]
      .split(',')
      .map((word) => word.trim())
      .filter((word) => word !== '');
    if (items.length === 0) badFinetuning.add(line, 'the source sequence is only padding');
    else if (targets.length === 0) badFinetuning.add(line, 'no target item stands after the double comma');
    else {
      lines.push(line);
      finetuningRows.push(items);
      targetRows.push(targets.map((word) => target.number(word)));
    }
  }
  badFinetuning.settle(finetuning.name, finetuningRows.rows, options.skipBadRows);
  return {
    pretraining: { itemIds: source.list, rows: pretrainingRows.build() },
    finetuning: finetuningRows.build(),
    lines,
    targets: { itemIds: target.list, rows: targetRows.build() },
  };
}

async function* readLines(file: SourceFile, onBytes?: OnBytes): AsyncGenerator<{ line: number; text: string }> {
  let pending = '';
  let line = 0;
  for await (const piece of readText(file, onBytes)) {
    const lines = (pending + piece).split('\n');
    pending = lines.pop() ?? '';
    for (const text of lines) {
      line++;
      if (text.trim() !== '') yield { line, text: text.trim() };
    }
  }
  if (pending.trim() !== '') yield { line: line + 1, text: pending.trim() };
}

class RaggedBuilder {
  private readonly offsets = [0];
  private readonly values: number[] = [];
  get rows(): number {
    return this.offsets.length - 1;
  }
  push(row: readonly number[]): void {
    for (const value of row) this.values.push(value);
    this.offsets.push(this.values.length);
  }
  build(): Ragged {
    return { offsets: Uint32Array.from(this.offsets), values: Int32Array.from(this.values) };
  }
}
