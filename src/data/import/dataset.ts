import type { Dataset, PreparationSettings } from '../dataset.ts';
import { ImportError } from '../errors.ts';
import { prepareLines, prepareLong } from '../prepare.ts';
import { type ParseOptions, parseLines, parseLong } from './parse.ts';
import type { FileFormat } from './recognise.ts';
import type { SourceFile } from './text.ts';

/** A file and what it is taken for. */
export interface FormattedFile {
  readonly file: SourceFile;
  readonly format: FileFormat;
}

/**
 * Reads and prepares the two files of a dataset: two in long format, or the release's pair.
 *
 * @param source the source domain's file (long format), or the pre-training lines
 * @param target the target domain's file (long format), or the fine-tuning lines
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
  if (source.format.format === 'pretraining-lines' && target.format.format === 'fine-tuning-lines') {
    return prepareLines(name, files, await parseLines(source.file, target.file, options, second), settings);
  }
  throw new ImportError(
    `${files[0]} and ${files[1]} do not belong together: one is ${WORDS[source.format.format]}, the other ${WORDS[target.format.format]}. ` +
      'Expected two files in long format, or one of pre-training lines and one of fine-tuning lines.',
  );
}

const WORDS: Record<FileFormat['format'], string> = {
  long: 'in long format',
  'pretraining-lines': 'one of pre-training lines',
  'fine-tuning-lines': 'one of fine-tuning lines',
};
