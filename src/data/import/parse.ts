import { ImportError, UnknownItemsError } from '../errors.ts';
import { EventSpool } from '../eventSpool.ts';
import { type EventLog, LogBuilder, type Reading, Vocabulary } from '../events.ts';
import { Growing } from '../growing.ts';
import type { Scratch } from '../scratch.ts';
import { BadRows, wrongWidth } from './badRows.ts';
import { takeLines } from './lines.ts';
import { longLines } from './longLines.ts';
import { type LongFormat, parseTime, type TimeUnit } from './recognise.ts';
import { type Row, takeRows } from './rows.ts';
import type { ReadOptions, SourceFile } from './text.ts';

export interface ParseOptions extends ReadOptions {
  /** Leave out bad rows rather than refuse the file. */
  readonly skipBadRows: boolean;
  /** Where events go that do not fit into memory. */
  readonly scratch?: Scratch | null;
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
  const log = new LogBuilder(users, new Vocabulary(), format.time !== null, options.scratch);
  const bad = new BadRows();
  let isHeader = format.header;
  const take = (row: Row) => {
    if (isHeader) {
      isHeader = false;
      return;
    }
    const what = problemOf(row, format);
    if (what !== null) {
      bad.add(row.line, what);
      return;
    }
    const time = format.time === null ? 0 : parseTime(row.fields[format.time], format.timeUnit);
    log.add(row.fields[format.user].trim(), row.fields[format.item].trim(), time);
  };
  const lines = longLines(format, log, take);
  // While the header is still to come, every line may be it.
  const taker = {
    row: take,
    lines: (...given: Parameters<typeof lines>) => (isHeader ? { at: given[1], line: given[3] } : lines(...given)),
  };
  await takeRows(file, format.separator, taker, options);
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
  const items = new Vocabulary();
  const targetItems = new Vocabulary();
  const source = new EventSpool(false, options.scratch ?? null);
  const target = new EventSpool(false, options.scratch ?? null);

  let pretrainingUsers = 0;
  const badPretraining = new BadRows();
  await takeLines(pretraining, options, (line, words) => {
    const before = source.length;
    for (let word = 0; word < words.length; word++) {
      if (!words.isPadding(word)) source.add(pretrainingUsers, words.number(word, items), 0);
    }
    if (source.length === before) badPretraining.add(line, 'the source sequence is only padding');
    else pretrainingUsers++;
  });
  badPretraining.settle(pretraining.name, pretrainingUsers, options.skipBadRows);

  const knownItems = items.length;
  let isAnyKnown = false;
  /** The lines of the users. */
  const lines = new Growing();
  const badFinetuning = new BadRows();
  await takeLines(finetuning, finetuningOptions, (line, words) => {
    const { doubleCommas, half } = words;
    if (doubleCommas !== 1) {
      badFinetuning.add(
        line,
        doubleCommas === 0 ? 'the double comma before the target items is missing' : 'there is more than one double comma',
      );
      return;
    }
    let isPadded = true;
    for (let word = 0; word < half && isPadded; word++) isPadded = words.isPadding(word);
    if (isPadded) badFinetuning.add(line, 'the source sequence is only padding');
    else if (half === words.length) badFinetuning.add(line, 'no target item stands after the double comma');
    else {
      const user = pretrainingUsers + lines.length;
      lines.push(line);
      for (let word = 0; word < half; word++) {
        if (words.isPadding(word)) continue;
        const item = words.number(word, items);
        source.add(user, item, 0);
        isAnyKnown ||= item < knownItems;
      }
      // Targets keep “0”: only source sequences are padded.
      for (let word = half; word < words.length; word++) target.add(user, words.number(word, targetItems), 0);
    }
  });
  badFinetuning.settle(finetuning.name, lines.length, options.skipBadRows);
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
    users: lineUsers(pretrainingUsers, lines),
    pretrainingUsers,
    timed: true,
    source: source.build(items.names),
    target: target.build(targetItems.names),
  };
}

/** What the users of a pair are called. */
const lineUsers = (pretrainingUsers: number, lines: Growing): string[] =>
  Array.from({ length: pretrainingUsers + lines.length }, (_, user) =>
    user < pretrainingUsers ? `pretraining-line-${user + 1}` : `line-${lines.at(user - pretrainingUsers)}`,
  );
