import { ImportError, UnknownItemsError } from '../errors.ts';
import { type EventLog, LogBuilder, type Reading, Vocabulary } from '../events.ts';
import { BadRows, wrongWidth } from './badRows.ts';
import { type LongFormat, parseTime, type TimeUnit } from './recognise.ts';
import { type Row, readRows } from './rows.ts';
import { type OnBytes, readText, type SourceFile } from './text.ts';

export interface ParseOptions {
  /** Leave out bad rows rather than refuse the file. */
  readonly skipBadRows: boolean;
  readonly onBytes?: OnBytes;
}

/**
 * Reads a file in long format, or of labels, into a log.
 *
 * @throws ImportError, BadRowsError
 */
export async function parseLong(
  file: SourceFile,
  format: LongFormat,
  users: Vocabulary,
  options: ParseOptions,
): Promise<EventLog> {
  const log = new LogBuilder(users, new Vocabulary(), format.time !== null);
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
      const time = format.time === null ? 0 : parseTime(row.fields[format.time], format.timeUnit);
      log.add(row.fields[format.user].trim(), row.fields[format.item].trim(), time);
    }
  }
  bad.settle(file.name, log.length, options.skipBadRows);
  if (log.length === 0) throw new ImportError(`${file.name} has a header but no rows. Expected one interaction a line below it.`);
  return log.build();
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
 * Reads the release's two files: lines of source items, and lines of source items, a double comma and target items. Users are the
 * lines: `pretraining-line-1`, … and `line-1`, …
 *
 * @throws ImportError, BadRowsError, UnknownItemsError if the two files share no source item
 */
export async function parseLines(
  pretraining: SourceFile,
  finetuning: SourceFile,
  options: ParseOptions,
  finetuningOptions = options,
): Promise<Reading> {
  const users = new Vocabulary();
  const items = new Vocabulary();
  const source = new LogBuilder(users, items, false);
  const target = new LogBuilder(users, new Vocabulary(), false);
  const words = (text: string) =>
    text
      .split(',')
      .map((word) => word.trim())
      .filter((word) => word !== '');
  const sequence = (text: string) => words(text).filter((word) => word !== PADDING);

  const badPretraining = new BadRows();
  for await (const { line, text } of readLines(pretraining, options.onBytes)) {
    const sequenceItems = sequence(text);
    if (sequenceItems.length === 0) badPretraining.add(line, 'the source sequence is only padding');
    const user = `pretraining-line-${users.names.length + 1}`;
    for (const item of sequenceItems) source.add(user, item, 0);
  }
  const pretrainingUsers = users.names.length;
  badPretraining.settle(pretraining.name, pretrainingUsers, options.skipBadRows);

  const knownItems = items.names.length;
  let isAnyKnown = false;
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
    const sequenceItems = sequence(parts[0]);
    // Targets keep “0”: only source sequences are padded.
    const targets = words(parts[1]);
    if (sequenceItems.length === 0) badFinetuning.add(line, 'the source sequence is only padding');
    else if (targets.length === 0) badFinetuning.add(line, 'no target item stands after the double comma');
    else {
      for (const item of sequenceItems) {
        source.add(`line-${line}`, item, 0);
        isAnyKnown ||= items.number(item) < knownItems;
      }
      for (const item of targets) target.add(`line-${line}`, item, 0);
    }
  }
  badFinetuning.settle(finetuning.name, users.names.length - pretrainingUsers, options.skipBadRows);
  if (!isAnyKnown) {
    throw new UnknownItemsError(
      pretraining.name,
      items.names.slice(0, knownItems),
      finetuning.name,
      items.names.slice(knownItems),
    );
  }
  return {
    files: [pretraining.name, finetuning.name],
    task: 'ranking',
    users: users.names,
    pretrainingUsers,
    timed: true,
    source: source.build(),
    target: target.build(),
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
