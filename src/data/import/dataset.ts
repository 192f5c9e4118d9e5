import { ImportError } from '../errors.ts';
import { type EventLog, type Reading, Vocabulary } from '../events.ts';
import type { FileFormat, LongFormat, SequencesFormat } from './format.ts';
import { type ParseOptions, parseDomains, parseLines, parseLong } from './parse.ts';
import { parseSequences } from './readers/sequences.ts';
import type { SourceFile } from './text.ts';

/** A file and what it is taken for. */
export interface FormattedFile {
  readonly file: SourceFile;
  readonly format: FileFormat;
}

/**
 * Reads the files of a dataset: two of events (in long format or sequences), one that holds both domains, the release's pair, or one
 * of events and one of labels (a profile task).
 *
 * @param source the source domain's file, or the pre-training lines
 * @param target the target domain's file, the fine-tuning lines, or the labels; the same as `source` where one file holds both
 * @throws ImportError and those derived from it; nothing is kept then
 */
export async function readFiles(source: FormattedFile, target: FormattedFile, options: ParseOptions): Promise<Reading> {
  const files = [source.file.name, target.file.name];
  const done = source.file.size;
  const second: ParseOptions = { ...options, onBytes: (bytes) => options.onBytes?.(done + bytes) };
  const { format } = target;
  if (source.format.format === 'domains' && format.format === 'domains') {
    const users = new Vocabulary();
    const logs = await parseDomains(source.file, source.format, users, options);
    const timed = isOrdered(source.format, logs.source);
    return { files: [files[0]], task: 'ranking', users: await users.ready(options.turn), pretrainingUsers: null, timed, ...logs };
  }
  if (isOfEvents(source.format) && (format.format === 'labels' || isOfEvents(format))) {
    const users = new Vocabulary();
    const sourceLog = await parseEvents(source.file, source.format, users, options);
    const targetLog = await parseEvents(target.file, format, users, second);
    return {
      files,
      task: format.format === 'labels' ? 'profile' : 'ranking',
      users: await users.ready(options.turn),
      pretrainingUsers: null,
      timed: isOrdered(source.format, sourceLog) && isOrdered(format, targetLog),
      source: sourceLog,
      target: targetLog,
    };
  }
  if (source.format.format === 'pretraining-lines' && format.format === 'fine-tuning-lines') {
    return parseLines(source.file, target.file, options, second);
  }
  throw new ImportError(
    `${files[0]} and ${files[1]} do not belong together: one is ${WORDS[source.format.format]}, the other ${WORDS[format.format]}. ` +
      'Expected two files of interactions (long format or sequences); one of interactions and one of labels; one with both domains; or one of pre-training lines and one of fine-tuning lines.',
  );
}

const isOfEvents = (format: FileFormat): format is LongFormat | SequencesFormat =>
  format.format === 'long' || format.format === 'sequences';

const parseEvents = (
  file: SourceFile,
  format: LongFormat | SequencesFormat,
  users: Vocabulary,
  options: ParseOptions,
): Promise<EventLog> =>
  format.format === 'sequences' ? parseSequences(file, format, users, options) : parseLong(file, format, users, options);

/** Whether the order of a user's events means anything: they have times, or they stand in order. */
const isOrdered = (format: FileFormat, log: EventLog): boolean =>
  log.timeUnit !== null || format.format === 'sequences' || ('isOrdered' in format && format.isOrdered);

/**
 * A profile task on the release's pair: source sequences from both files, whose target items are not used, labels by `line-1`, `line-2`, …
 *
 * @throws ImportError and those derived from it
 */
export async function readLineProfile(
  pretraining: SourceFile,
  finetuning: SourceFile,
  labels: FormattedFile,
  options: ParseOptions,
): Promise<Reading> {
  if (labels.format.format !== 'labels') throw new ImportError(`${labels.file.name} is no file of labels.`);
  const pair = await parseLines(pretraining, finetuning, options);
  const users = new Vocabulary();
  for (const name of pair.users) users.number(name);
  const target = await parseLong(labels.file, labels.format, users, options);
  return { ...pair, files: [...pair.files, labels.file.name], task: 'profile', users: await users.ready(options.turn), target };
}

const WORDS: Record<FileFormat['format'], string> = {
  long: 'in long format',
  domains: 'one with both domains',
  sequences: 'one of sequences',
  labels: 'one of labels',
  'pretraining-lines': 'one of pre-training lines',
  'fine-tuning-lines': 'one of fine-tuning lines',
  names: 'one of names of items',
  attributes: 'one of attributes of users',
};
