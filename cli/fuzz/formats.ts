import { type RandomStream, randomStream } from '../../src/data/random.ts';
import { encodeExperiment } from '../../src/experiments/share.ts';
import { writeRunFile, writeRunFiles } from '../../src/results/runFile.ts';
import * as data from './dataFiles.ts';
import { type FuzzFile, textFile } from './files.ts';
import { checkpoint, workspace } from './keptFiles.ts';
import * as results from './resultFiles.ts';

/**
 * One format that the studio reads. Adding one is an entry of `FORMATS`: a generator of valid files, and who reads them.
 *
 * `import`: the files of a dataset, as they are dropped on the Data page; `mapping`: the same, the first file being how those like them were
 * corrected; `results`: one file of results; `experiment`: a file opened on the Experiments page; `link`: the text of a share link; `unpacked
 * link`: what is in one; `workspace`: a workspace that is imported; `checkpoint`: what a run goes on from.
 */
export interface FuzzFormat {
  readonly name: string;
  readonly reader: 'import' | 'mapping' | 'results' | 'experiment' | 'link' | 'unpacked link' | 'workspace' | 'checkpoint';
  /** Files that are taken as they are. Of results only the first one is changed: the others accompany it. */
  readonly files: (random: RandomStream) => Promise<readonly FuzzFile[]> | readonly FuzzFile[];
}

const json = (name: string, value: unknown): FuzzFile => textFile(name, JSON.stringify(value));

export const FORMATS: readonly FuzzFormat[] = [
  { name: 'csv', reader: 'import', files: data.long(',', data.HEADER) },
  { name: 'csv without header', reader: 'import', files: data.long(',', null, '\r\n') },
  { name: 'tsv', reader: 'import', files: data.long('\t', null) },
  { name: 'semicolons', reader: 'import', files: data.long(';', data.HEADER) },
  { name: 'spaces', reader: 'import', files: data.long(' ', null) },
  { name: 'bars', reader: 'import', files: data.long('|', data.HEADER) },
  { name: 'double colons', reader: 'import', files: data.long('::', null) },
  { name: 'RecBole', reader: 'import', files: data.long('\t', data.TYPED_HEADER) },
  { name: 'csv, gzip', reader: 'import', files: data.gzipped(data.long(',', data.HEADER)) },
  { name: 'csv, zip', reader: 'import', files: data.zipped(data.long(',', data.HEADER)) },
  { name: 'JSON Lines', reader: 'import', files: data.jsonLines },
  { name: 'Parquet', reader: 'import', files: data.parquet },
  { name: 'Parquet, gzip', reader: 'import', files: data.gzipped(data.parquet) },
  { name: 'Parquet, zip', reader: 'import', files: data.zipped(data.parquet) },
  { name: 'sequences', reader: 'import', files: data.sequences(true, false) },
  { name: 'sequences without users', reader: 'import', files: data.sequences(false, false) },
  { name: 'sequences with times', reader: 'import', files: data.sequences(true, true) },
  { name: 'domain column', reader: 'import', files: data.domains },
  { name: 'release pair', reader: 'import', files: data.lines },
  { name: 'labels', reader: 'import', files: data.labels },
  { name: 'names and attributes', reader: 'import', files: data.supplements },
  { name: 'mapping', reader: 'mapping', files: data.mapping },
  { name: 'run', reader: 'results', files: (random) => [textFile('run.json', writeRunFile(results.someRun(random)))] },
  {
    name: 'runs',
    reader: 'results',
    files: (random) => [textFile('runs.json', [...writeRunFiles([results.someRun(random), results.someRun(random)])].join(''))],
  },
  { name: 'report', reader: 'results', files: results.report },
  { name: 'safetensors', reader: 'results', files: results.model },
  { name: 'experiment', reader: 'results', files: (random) => [json('plan.json', results.experiment(random))] },
  { name: 'opened experiment', reader: 'experiment', files: (random) => [json('plan.json', results.experiment(random))] },
  { name: 'share link, unpacked', reader: 'unpacked link', files: (random) => [json('link', results.experiment(random))] },
  {
    name: 'share link',
    reader: 'link',
    files: async (random) => [textFile('link', (await encodeExperiment(results.experiment(random))) ?? '')],
  },
  { name: 'workspace', reader: 'workspace', files: workspace },
  { name: 'checkpoint', reader: 'checkpoint', files: checkpoint },
];

/** The valid files of a format. */
export const validFiles = async (format: FuzzFormat, seed: number): Promise<readonly FuzzFile[]> =>
  format.files(randomStream(seed, 'fuzz', format.name));
