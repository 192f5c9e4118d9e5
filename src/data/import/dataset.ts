import { ImportError } from '../errors.ts';
import { type Reading, Vocabulary } from '../events.ts';
import { type ParseOptions, parseLines, parseLong } from './parse.ts';
import type { FileFormat } from './recognise.ts';
import type { SourceFile } from './text.ts';

/** A file and what it is taken for. */
export interface FormattedFile {
  readonly file: SourceFile;
  readonly format: FileFormat;
}

/**
 * Reads the files of a dataset: two in long format, the release's pair, or one in long format and one of labels (a profile task).
 *
 * @param source the source domain's file (long format), or the pre-training lines
 * @param target the target domain's file (long format), the fine-tuning lines, or the labels
 * @throws ImportError and those derived from it; nothing is kept then
 */
export async function readFiles(source: FormattedFile, target: FormattedFile, options: ParseOptions): Promise<Reading> {
  const files = [source.file.name, target.file.name];
  const done = source.file.size;
  const second: ParseOptions = { ...options, onBytes: (bytes) => options.onBytes?.(done + bytes) };
  const { format } = target;
  if (source.format.format === 'long' && (format.format === 'long' || format.format === 'labels')) {
    const users = new Vocabulary();
    const sourceLog = await parseLong(source.file, source.format, users, options);
    const targetLog = await parseLong(target.file, format, users, second);
    return {
      files,
      task: format.format === 'labels' ? 'profile' : 'ranking',
      users: users.names,
      pretrainingUsers: null,
      timed: sourceLog.isTimed && targetLog.isTimed,
      source: sourceLog,
      target: targetLog,
    };
  }
  if (source.format.format === 'pretraining-lines' && format.format === 'fine-tuning-lines') {
    return parseLines(source.file, target.file, options, second);
  }
  throw new ImportError(
    `${files[0]} and ${files[1]} do not belong together: one is ${WORDS[source.format.format]}, the other ${WORDS[format.format]}. ` +
      'Expected two files in long format; one in long format and one of labels; or one of pre-training lines and one of fine-tuning lines.',
  );
}

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
  return { ...pair, files: [...pair.files, labels.file.name], task: 'profile', users: users.names, target };
}

const WORDS: Record<FileFormat['format'], string> = {
  long: 'in long format',
  labels: 'one of labels',
  'pretraining-lines': 'one of pre-training lines',
  'fine-tuning-lines': 'one of fine-tuning lines',
  names: 'one of names of items',
  attributes: 'one of attributes of users',
};
