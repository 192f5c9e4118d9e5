import { ImportError, UnknownItemsError } from '../errors.ts';
import { type EventLog, LogBuilder, type Reading, Vocabulary } from '../events.ts';
import { BadRows } from './badRows.ts';
import { columnsOf, type DomainsFormat, type EventFormat, type LongFormat } from './format.ts';
import { problemOfRow } from './problems.ts';
import { readLines } from './readers/lines.ts';
import { readTable } from './readers/table.ts';
import type { OnBytes, SourceFile } from './text.ts';
import { parseTime } from './times.ts';

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
  await readEvents(file, format, options, (_fields, user, item, time) => log.add(user, item, time));
  return log.build();
}

/**
 * Reads one file with both domains into two logs. Rows of other domains are left out.
 *
 * @throws ImportError (also where one of the domains has no rows), BadRowsError
 */
export async function parseDomains(
  file: SourceFile,
  format: DomainsFormat,
  users: Vocabulary,
  options: ParseOptions,
): Promise<{ source: EventLog; target: EventLog }> {
  const [source, target] = [0, 1].map(() => new LogBuilder(users, new Vocabulary(), format.time !== null));
  const others = new Set<string>();
  await readEvents(file, format, options, (fields, user, item, time) => {
    const domain = fields[format.domain].trim();
    if (domain === format.source) source.add(user, item, time);
    else if (domain === format.target) target.add(user, item, time);
    else if (others.size < NAMED_DOMAINS) others.add(domain);
  });
  for (const [log, domain] of [
    [source, format.source],
    [target, format.target],
  ] as const) {
    if (log.length > 0) continue;
    throw new ImportError(
      `${file.name} has no rows of the domain “${domain}”. Its domain column also has ${[...others].map((word) => `“${word}”`).join(', ') || 'nothing else'}. Choose what is source and what is target.`,
    );
  }
  return { source: source.build(), target: target.build() };
}

const NAMED_DOMAINS = 5;

/** Goes over the good rows of a table of events. @throws ImportError where there are none, BadRowsError */
async function readEvents(
  file: SourceFile,
  format: EventFormat,
  options: ParseOptions,
  add: (fields: readonly string[], user: string, item: string, time: number) => void,
): Promise<void> {
  const bad = new BadRows(format.rows.kind === 'parquet' ? 'row' : 'line');
  let good = 0;
  for await (const rows of readTable(file, format.rows, columnsOf(format), options)) {
    for (const { line, fields, problem } of rows) {
      const what = problem ?? problemOfRow(fields, format);
      if (what !== null) {
        bad.add(line, what);
        continue;
      }
      good++;
      const time = format.time === null ? 0 : parseTime(fields[format.time], format.timeUnit);
      add(fields, fields[format.user].trim(), fields[format.item].trim(), time);
    }
  }
  bad.settle(file.name, good, options.skipBadRows);
  if (good === 0) throw new ImportError(`${file.name} has a header but no rows. Expected one interaction a line below it.`);
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
  for await (const { line, text } of linesOf(pretraining, options.onBytes)) {
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
  for await (const { line, text } of linesOf(finetuning, finetuningOptions.onBytes)) {
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

async function* linesOf(file: SourceFile, onBytes?: OnBytes): AsyncGenerator<{ line: number; text: string }> {
  for await (const lines of readLines(file, onBytes)) yield* lines;
}
