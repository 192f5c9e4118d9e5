import { ImportError, quoted, UnknownItemsError } from '../errors.ts';
import { EventSpool } from '../eventSpool.ts';
import { type EventLog, LogBuilder, type Reading, Vocabulary } from '../events.ts';
import { Growing } from '../growing.ts';
import type { Scratch } from '../scratch.ts';
import { BadRows, type BadRowsOptions } from './badRows.ts';
import { columnsOf, type DomainsFormat, type EventFormat, type LongFormat } from './format.ts';
import { LINE_PROBLEMS, problemOfRow } from './problems.ts';
import { eventLines } from './readers/eventLines.ts';
import { takeLines } from './readers/pairLines.ts';
import { type DelimitedRows, readTable } from './readers/table.ts';
import { type Row, takeRows } from './rows.ts';
import type { ReadOptions, SourceFile } from './text.ts';
import { parseTime, type TimeUnit } from './times.ts';

export interface ParseOptions extends ReadOptions, BadRowsOptions {
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
  const log = new LogBuilder(users, new Vocabulary(), timeUnitOf(format), options.scratch);
  await readEvents(file, format, [log], options, () => log);
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
  const [source, target] = [0, 1].map(() => new LogBuilder(users, new Vocabulary(), timeUnitOf(format), options.scratch));
  const others = new Set<string>();
  let leftOut = 0;
  await readEvents(file, format, [source, target], options, (fields) => {
    const domain = fields[format.domain].trim();
    if (domain === format.source) return source;
    if (domain === format.target) return target;
    leftOut++;
    if (others.size < NAMED_DOMAINS) others.add(domain);
    return null;
  });
  for (const [log, domain] of [
    [source, format.source],
    [target, format.target],
  ] as const) {
    if (log.length > 0) continue;
    throw new ImportError(
      `${file.name} has no rows of the domain ${quoted(domain)}. Its domain column also has ${[...others].map(quoted).join(', ') || 'nothing else'}. Choose what is source and what is target.`,
    );
  }
  if (leftOut > 0) options.onSkipped?.(otherDomains(file.name, format, leftOut, [...others]));
  return { source: source.build(), target: target.build() };
}

/** @param others some of the words that stand where the domain does */
function otherDomains(file: string, { source, target }: DomainsFormat, rows: number, others: readonly string[]): string {
  const words = others.map((word) => (word === '' ? 'none' : quoted(word)));
  return `${rows.toLocaleString('en')} ${rows === 1 ? 'row' : 'rows'} of ${file} ${rows === 1 ? 'was' : 'were'} left out: of other domains than ${quoted(source)} and ${quoted(target)}, such as ${words.join(', ')}.`;
}

const timeUnitOf = ({ time, timeUnit }: EventFormat): TimeUnit | null => (time === null ? null : timeUnit);

const NAMED_DOMAINS = 5;

/**
 * Adds the good rows of a table of events to logs.
 *
 * @param logs all that there are
 * @param logOf to which one a row belongs; null where to none
 * @throws ImportError where there are no good rows, BadRowsError
 */
async function readEvents(
  file: SourceFile,
  format: EventFormat,
  logs: readonly LogBuilder[],
  options: ParseOptions,
  logOf: (fields: readonly string[]) => LogBuilder | null,
): Promise<void> {
  const { rows, user, item, time, timeUnit } = format;
  const bad = new BadRows(rows.kind === 'parquet' ? 'row' : 'line');
  let leftOut = 0;
  const take = ({ line, fields, problem }: Row) => {
    const what = problem ?? problemOfRow(fields, format);
    if (what !== null) {
      bad.add(line, what);
      return;
    }
    const log = logOf(fields);
    if (log === null) leftOut++;
    else log.add(fields[user].trim(), fields[item].trim(), time === null ? 0 : parseTime(fields[time], timeUnit));
  };
  if (rows.kind === 'delimited') await takeEvents(file, format, rows, logs, take, options);
  else for await (const batch of readTable(file, rows, columnsOf(format), { ...options, ids: [user, item] })) batch.forEach(take);
  const good = logs.reduce((sum, { length }) => sum + length, leftOut);
  bad.settle(file.name, good, options);
  if (good === 0) throw new ImportError(`${file.name} has a header but no rows. Expected one interaction a line below it.`);
}

/** Goes over text with a separator: what can be is taken right from the bytes, the other rows by `row`. */
async function takeEvents(
  file: SourceFile,
  format: EventFormat,
  rows: DelimitedRows,
  logs: readonly LogBuilder[],
  row: (row: Row) => void,
  options: ReadOptions,
): Promise<void> {
  let isHeader = rows.header;
  const take = (given: Row) => {
    if (isHeader) isHeader = false;
    else row(given);
  };
  const lines = eventLines(format, rows, logs, take);
  // While the header is still to come, every line may be it.
  const taker = {
    row: take,
    lines: (...given: Parameters<typeof lines>) => (isHeader ? { at: given[1], line: given[3] } : lines(...given)),
  };
  await takeRows(file, rows.separator, taker, options);
}

/**
 * Reads the release's two files: lines of source items, and lines of source items, a double comma and target items. Users are the
 * lines: `pretraining-line-1`, … and `line-1`, …; one that is skipped has no user, but its number.
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
  const source = new EventSpool(null, options.scratch ?? null);
  const target = new EventSpool(null, options.scratch ?? null);

  /** The lines of the users. */
  const pretrainingLines = new Growing();
  const badPretraining = new BadRows();
  await takeLines(pretraining, options, (line, words) => {
    const before = source.length;
    for (let word = 0; word < words.length; word++) {
      if (!words.isPadding(word)) source.add(pretrainingLines.length, words.number(word, items), 0);
    }
    if (source.length === before) badPretraining.add(line, LINE_PROBLEMS.padded);
    else pretrainingLines.push(line);
  });
  const pretrainingUsers = pretrainingLines.length;
  badPretraining.settle(pretraining.name, pretrainingUsers, options);

  const knownItems = items.length;
  let isAnyKnown = false;
  const lines = new Growing();
  const badFinetuning = new BadRows();
  await takeLines(finetuning, finetuningOptions, (line, words) => {
    const { doubleCommas, half } = words;
    if (doubleCommas !== 1) {
      badFinetuning.add(line, doubleCommas === 0 ? LINE_PROBLEMS.noDoubleComma : LINE_PROBLEMS.doubleCommas);
      return;
    }
    let isPadded = true;
    for (let word = 0; word < half && isPadded; word++) isPadded = words.isPadding(word);
    if (isPadded) badFinetuning.add(line, LINE_PROBLEMS.padded);
    else if (half === words.length) badFinetuning.add(line, LINE_PROBLEMS.noTarget);
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
  badFinetuning.settle(finetuning.name, lines.length, options);
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
    users: await lineUsers(pretrainingLines, lines, options.turn),
    pretrainingUsers,
    timed: true,
    source: source.build(items.names),
    target: target.build(targetItems.names),
  };
}

/** What the users of a pair are called: millions of names take a while. */
async function lineUsers(pretraining: Growing, lines: Growing, turn: ReadOptions['turn']): Promise<string[]> {
  const pretrainingUsers = pretraining.length;
  const names = new Array<string>(pretrainingUsers + lines.length);
  for (let user = 0; user < names.length; user++) {
    if (user % NAMED_AT_ONCE === 0) await turn?.();
    names[user] =
      user < pretrainingUsers ? `pretraining-line-${pretraining.at(user)}` : `line-${lines.at(user - pretrainingUsers)}`;
  }
  pretraining.giveBack();
  lines.giveBack();
  return names;
}

/** Names that are made between two turns. */
const NAMED_AT_ONCE = 1 << 16;
