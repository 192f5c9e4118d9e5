import { createReadStream, statSync } from 'node:fs';
import { basename } from 'node:path';
import { Readable } from 'node:stream';
import type { Dataset, PreparationSettings } from '../src/data/dataset.ts';
import { withFilters } from '../src/data/filters.ts';
import { type FormattedFile, readFiles, readLineProfile } from '../src/data/import/dataset.ts';
import { recognise } from '../src/data/import/recognise.ts';
import { supplement } from '../src/data/import/supplement.ts';
import type { SourceFile } from '../src/data/import/text.ts';
import { prepare } from '../src/data/prepare.ts';
import { SIMULATOR_DEFAULTS, simulate } from '../src/data/simulator.ts';
import type { DataChoice } from './data.ts';
import { UsageError } from './errors.ts';

function open(path: string): SourceFile {
  try {
    return {
      name: basename(path),
      size: statSync(path).size,
      stream: () => Readable.toWeb(createReadStream(path)) as ReadableStream<Uint8Array>,
    };
  } catch (error) {
    throw new UsageError(`${path} cannot be opened: ${error instanceof Error ? error.message : String(error)}`);
  }
}

/** @throws UsageError naming the first file that is not there */
export function checkFiles({ files, supplements }: DataChoice): void {
  const paths = [files?.source, files?.kind === 'long' && files.labels !== null ? null : files?.target, files?.labels];
  for (const path of [...paths, ...Object.values(supplements)]) if (path) open(path);
}

/** A dataset that was chosen, with what the optional files add to it; without files the demo. */
export async function openDataset(
  choice: DataChoice,
  settings: PreparationSettings,
): Promise<{ dataset: Dataset; notes: readonly string[] }> {
  const { sourceNames, targetNames, attributes } = choice.supplements;
  const optional = async (path: string | null, format: 'names' | 'attributes'): Promise<FormattedFile | null> => {
    if (path === null) return null;
    const file = open(path);
    return { file, format: (await recognise(file, { format })).format };
  };
  // Opened first: a wrong path is told before large files are read.
  const supplements = {
    sourceNames: await optional(sourceNames, 'names'),
    targetNames: await optional(targetNames, 'names'),
    attributes: await optional(attributes, 'attributes'),
  };
  const opened = await openInteractions(choice, settings);
  const dataset = choice.name === null ? opened : { ...opened, name: choice.name };
  return supplement(dataset, supplements, { skipBadRows: choice.skipBadRows });
}

async function openInteractions(
  { simulate: simulated, files, correct, separator, skipBadRows, filters }: DataChoice,
  configured: PreparationSettings,
): Promise<Dataset> {
  const settings = filters === null ? configured : withFilters(configured, filters);
  if (files === null) return simulate(simulated ?? SIMULATOR_DEFAULTS);
  const options = { skipBadRows };
  const long = async (path: string): Promise<FormattedFile> => {
    const file = open(path);
    const { format, columns } = await recognise(file, { format: 'long', separator });
    return { file, format: correct(format, columns) };
  };
  const labels = async (path: string): Promise<FormattedFile> => {
    const file = open(path);
    return { file, format: (await recognise(file, { format: 'labels', separator })).format };
  };
  if (files.labels !== null) {
    if (files.target !== null && files.kind === 'long')
      console.log(`With --labels the label is predicted: ${basename(files.target)} is not used.`);
    const table = await labels(files.labels);
    const name = `${basename(files.source)} → ${table.file.name}`;
    if (files.kind === 'lines')
      return prepare(name, await readLineProfile(open(files.source), open(files.target), table, options), settings);
    return prepare(name, await readFiles(await long(files.source), table, options), settings);
  }
  if (files.kind === 'lines') {
    const source: FormattedFile = { file: open(files.source), format: { format: 'pretraining-lines' } };
    const target: FormattedFile = { file: open(files.target), format: { format: 'fine-tuning-lines' } };
    return prepare(`${source.file.name} → ${target.file.name}`, await readFiles(source, target, options), settings);
  }
  if (files.target === null) throw new UsageError('--source needs --target or --labels.');
  const [source, target] = [await long(files.source), await long(files.target)];
  return prepare(`${source.file.name} → ${target.file.name}`, await readFiles(source, target, options), settings);
}
