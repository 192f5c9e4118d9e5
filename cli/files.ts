import { basename } from 'node:path';
import type { Dataset, PreparationSettings } from '../src/data/dataset.ts';
import { withFilters } from '../src/data/filters.ts';
import { type FormattedFile, readFiles, readLineProfile } from '../src/data/import/dataset.ts';
import type { ParseOptions } from '../src/data/import/parse.ts';
import { type Recognition, recognise } from '../src/data/import/recognise.ts';
import { supplement } from '../src/data/import/supplement.ts';
import type { SourceFile } from '../src/data/import/text.ts';
import { prepare } from '../src/data/prepare.ts';
import { SIMULATOR_DEFAULTS, simulate } from '../src/data/simulator.ts';
import type { DataChoice } from './data.ts';
import { UsageError } from './errors.ts';
import { checkPath, openFile } from './open.ts';

/** @throws UsageError naming the first file that is not there */
export function checkFiles({ files, supplements }: DataChoice): void {
  const target =
    files === null || files.kind === 'both' || (files.kind === 'long' && files.labels !== null) ? null : files.target;
  const paths = [files?.source, target, files?.labels];
  for (const path of [...paths, ...Object.values(supplements)]) if (path) checkPath(path);
}

/** A dataset that was chosen, with what the optional files add to it; without files the demo. */
export async function openDataset(
  choice: DataChoice,
  settings: PreparationSettings,
): Promise<{ dataset: Dataset; notes: readonly string[] }> {
  const { sourceNames, targetNames, attributes } = choice.supplements;
  const optional = async (path: string | null, format: 'names' | 'attributes'): Promise<FormattedFile | null> => {
    if (path === null) return null;
    const file = await openFile(path);
    return { file, format: (await recognise(file, { format })).format };
  };
  // Opened first: a wrong path is told before large files are read.
  const supplements = {
    sourceNames: await optional(sourceNames, 'names'),
    targetNames: await optional(targetNames, 'names'),
    attributes: await optional(attributes, 'attributes'),
  };
  const leftOut: string[] = [];
  const onNote = (sentence: string) => leftOut.push(sentence);
  const options: ParseOptions = { skipBadRows: choice.skipBadRows, onSkipped: onNote, onNote };
  const opened = await openInteractions(choice, settings, options);
  const supplemented = await supplement(choice.name === null ? opened : { ...opened, name: choice.name }, supplements, options);
  return { ...supplemented, notes: [...leftOut, ...supplemented.notes] };
}

async function openInteractions(
  { simulate: simulated, files, correct, separator, filters }: DataChoice,
  configured: PreparationSettings,
  options: ParseOptions,
): Promise<Dataset> {
  const settings = filters === null ? configured : withFilters(configured, filters);
  if (files === null) return simulate(simulated ?? SIMULATOR_DEFAULTS);
  const formatted = (file: SourceFile, { format, columns }: Recognition): FormattedFile => ({
    file,
    format: correct(format, columns),
  });
  const events = async (path: string): Promise<FormattedFile> => {
    const file = await openFile(path);
    const plain = await recognise(file);
    const format = plain.format.format === 'sequences' ? 'sequences' : 'long';
    return formatted(file, await recognise(file, { format, separator }));
  };
  const labels = async (path: string): Promise<FormattedFile> => {
    const file = await openFile(path);
    return { file, format: (await recognise(file, { format: 'labels', separator })).format };
  };
  if (files.kind === 'both') {
    const file = await openFile(files.source);
    const both = formatted(file, await recognise(file, { format: 'domains', separator }));
    const name = both.format.format === 'domains' ? `${both.format.source} → ${both.format.target}` : file.name;
    return prepare(name, await readFiles(both, both, options), settings);
  }
  if (files.labels !== null) {
    if (files.target !== null && files.kind === 'long')
      console.log(`With --labels the label is predicted: ${basename(files.target)} is not used.`);
    const table = await labels(files.labels);
    const name = `${basename(files.source)} → ${table.file.name}`;
    if (files.kind === 'lines')
      return prepare(
        name,
        await readLineProfile(await openFile(files.source), await openFile(files.target), table, options),
        settings,
      );
    return prepare(name, await readFiles(await events(files.source), table, options), settings);
  }
  if (files.kind === 'lines') {
    const source: FormattedFile = { file: await openFile(files.source), format: { format: 'pretraining-lines' } };
    const target: FormattedFile = { file: await openFile(files.target), format: { format: 'fine-tuning-lines' } };
    return prepare(`${source.file.name} → ${target.file.name}`, await readFiles(source, target, options), settings);
  }
  if (files.target === null) throw new UsageError('--source needs --target or --labels.');
  const [source, target] = [await events(files.source), await events(files.target)];
  return prepare(`${source.file.name} → ${target.file.name}`, await readFiles(source, target, options), settings);
}
