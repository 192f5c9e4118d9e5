import type { Dataset, PreparationSettings } from '../dataset.ts';
import { ImportError } from '../errors.ts';
import { type LabelTable, prepareLineProfile, prepareLines, prepareLong, prepareProfile } from '../prepare.ts';
import { type ParseOptions, parseLines, parseLong } from './parse.ts';
import type { FileFormat, LongFormat } from './recognise.ts';
import type { SourceFile } from './text.ts';

/** A file and what it is taken for. */
export interface FormattedFile {
  readonly file: SourceFile;
  readonly format: FileFormat;
}

/**
 * Reads and prepares the two files of a dataset: two in long format, the release's pair, or one in long format and one of
 * labels (a profile task).
 *
 * @param source the source domain's file (long format), or the pre-training lines
 * @param target the target domain's file (long format), the fine-tuning lines, or the labels
 * @param settings filters of the target items; labels are never filtered
 * @throws ImportError and those derived from it; nothing is kept then
 */
export async function readDataset(
  name: string,
  source: FormattedFile,
  target: FormattedFile,
  settings: PreparationSettings,
  options: ParseOptions,
): Promise<Dataset> {
  const files = [source.file.name, target.file.name];
  const done = source.file.size;
  const second: ParseOptions = { ...options, onBytes: (bytes) => options.onBytes?.(done + bytes) };
  if (source.format.format === 'long' && target.format.format === 'long') {
    const sourceTable = await parseLong(source.file, source.format, options);
    const targetTable = await parseLong(target.file, target.format, second);
    return prepareLong(name, files, sourceTable, targetTable, settings);
  }
  if (source.format.format === 'long' && target.format.format === 'labels') {
    const sourceTable = await parseLong(source.file, source.format, options);
    return prepareProfile(name, files, sourceTable, await parseLabels(target.file, target.format, second));
  }
  if (source.format.format === 'pretraining-lines' && target.format.format === 'fine-tuning-lines') {
    return prepareLines(name, files, await parseLines(source.file, target.file, options, second), settings);
  }
  throw new ImportError(
    `${files[0]} and ${files[1]} do not belong together: one is ${WORDS[source.format.format]}, the other ${WORDS[target.format.format]}. ` +
      'Expected two files in long format; one in long format and one of labels; or one of pre-training lines and one of fine-tuning lines.',
  );
}

/**
 * A profile task on the release's pair: source sequences from both files, labels by `line-1`, `line-2`, …
 *
 * @throws ImportError and those derived from it
 */
export async function readLineProfile(
  name: string,
  pretraining: SourceFile,
  finetuning: SourceFile,
  labels: FormattedFile,
  options: ParseOptions,
): Promise<Dataset> {
  const pair = await parseLines(pretraining, finetuning, options);
  if (labels.format.format !== 'labels') throw new ImportError(`${labels.file.name} is no file of labels.`);
  const table = await parseLabels(labels.file, labels.format, options);
  return prepareLineProfile(name, [pretraining.name, finetuning.name, labels.file.name], pair, table);
}

async function parseLabels(file: SourceFile, format: LongFormat, options: ParseOptions): Promise<LabelTable> {
  const { userIds, itemIds, user, item } = await parseLong(file, format, options);
  return { userIds, labels: itemIds, user, label: item };
}

const WORDS: Record<FileFormat['format'], string> = {
  long: 'in long format',
  labels: 'one of labels',
  'pretraining-lines': 'one of pre-training lines',
  'fine-tuning-lines': 'one of fine-tuning lines',
  names: 'one of names of items',
  attributes: 'one of attributes of users',
};
