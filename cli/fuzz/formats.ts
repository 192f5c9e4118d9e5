import { gzipSync } from 'node:zlib';
import { type RandomStream, randomStream } from '../../src/data/random.ts';
import { encodeExperiment } from '../../src/experiments/share.ts';
import { emptyExperiment } from '../../src/experiments/templates.ts';
import { writeModelFile } from '../../src/results/modelFile.ts';
import { writeRunFile, writeRunFiles } from '../../src/results/runFile.ts';
import { madeRanks, resultRun } from '../../src/results/testing.ts';

export interface FuzzFile {
  readonly name: string;
  readonly bytes: Uint8Array<ArrayBuffer>;
}

/**
 * One format that the studio reads. Adding one is an entry of `FORMATS`: a generator of valid files, and who reads them.
 *
 * `import`: the files of a dataset, as they are dropped on the Data page; `results`: one file of results; `experiment`: a file opened on
 * the Experiments page; `link`: the text of a share link; `unpacked link`: what is in one.
 */
export interface FuzzFormat {
  readonly name: string;
  readonly reader: 'import' | 'results' | 'experiment' | 'link' | 'unpacked link';
  /** Files that are taken as they are. The first ones are changed more often than the others, which only accompany them. */
  readonly files: (random: RandomStream) => Promise<readonly FuzzFile[]> | readonly FuzzFile[];
}

const USERS = 12;

const bytesOf = (text: string): Uint8Array<ArrayBuffer> => new TextEncoder().encode(text);
const textFile = (name: string, text: string): FuzzFile => ({ name, bytes: bytesOf(text) });

/** Rows of interactions of all users with some items of a domain. */
const interactions = (random: RandomStream, prefix: string, each: number): string[][] =>
  Array.from({ length: USERS * each }, (_, i) => [
    `u${i % USERS}`,
    `${prefix}${random.integer(9)}`,
    String(1_357_430_400 + 60 * i + random.integer(60)),
  ]);

const table = (rows: readonly (readonly string[])[], separator: string, end = '\n'): string =>
  rows.map((row) => row.join(separator) + end).join('');

const HEADER = ['user_id', 'item_id', 'timestamp'];

/** Two files in long format. */
const long =
  (separator: string, header: boolean, end = '\n') =>
  (random: RandomStream): FuzzFile[] =>
    (['music', 'books'] as const).map((name) => {
      const rows = interactions(random, name[0], name === 'music' ? 6 : 3);
      return textFile(`${name}.csv`, table(header ? [HEADER, ...rows] : rows, separator, end));
    });

const gzipped =
  (files: (random: RandomStream) => FuzzFile[]) =>
  (random: RandomStream): FuzzFile[] =>
    files(random).map(({ name, bytes }) => ({ name: `${name}.gz`, bytes: new Uint8Array(gzipSync(bytes)) }));

/** The release's pair. */
function lines(random: RandomStream): FuzzFile[] {
  const sequence = () => ['0', '0', ...Array.from({ length: 6 }, () => `m${random.integer(12)}`)].join(',');
  const targets = () => Array.from({ length: 2 }, () => `b${random.integer(5)}`).join(',');
  const each = <T>(make: () => T) => Array.from({ length: USERS }, make);
  return [
    textFile('pre.csv', each(sequence).join('\n')),
    textFile('fine.csv', each(() => `${sequence()},,${targets()}`).join('\n')),
  ];
}

const users = Array.from({ length: USERS }, (_, i) => `u${i}`);

/** Interactions and one label a user. */
function labels(random: RandomStream): FuzzFile[] {
  const rows = users.map((user) => [user, random.integer(2) === 0 ? 'young' : 'old']);
  return [textFile('ages.csv', table([['user', 'age'], ...rows], ',')), long(',', true)(random)[0]];
}

/** Names of items and attributes of users, beside two files in long format. */
function supplements(random: RandomStream): FuzzFile[] {
  const names = Array.from({ length: 9 }, (_, i) => [`m${i}`, `"Song, the ${i}th"`]);
  const attributes = users.map((user) => [user, String(20 + random.integer(40)), random.integer(2) === 0 ? 'f' : 'm']);
  return [
    textFile('names.csv', table([['item_id', 'title'], ...names], ',')),
    textFile('people.csv', table([['user_id', 'age', 'gender'], ...attributes], ',')),
    ...long(',', true)(random),
  ];
}

const someRun = (random: RandomStream) => {
  const seed = random.integer(1000);
  return resultRun('finetune-all', seed, madeRanks('finetune-all', seed, 0.3, 30));
};

/** What `report.json` of the command line has of the readers' interest. */
function report(random: RandomStream): FuzzFile[] {
  const { dataset, environment, report: run } = someRun(random);
  return [textFile('report.json', JSON.stringify({ version: 1, environment, dataset, runs: [run] }))];
}

function experiment(random: RandomStream) {
  return {
    ...emptyExperiment('quick'),
    name: 'fuzz',
    methods: ['uaf-hard', 'finetune-all'],
    seeds: [random.integer(100), 100 + random.integer(100)],
    grid: [{ key: 'rewardGamma', values: [random.uniform(), 1] }],
    variants: [{ name: 'small', changes: { channels: 4, dilations: [1, 2] }, methods: null }],
  };
}

/** A run, and the model that is of it: without the run the model would be refused. */
function model(random: RandomStream): FuzzFile[] {
  const run = someRun(random);
  const { configuration, bestEpoch } = run.report;
  const values = Float32Array.from({ length: 12 }, () => random.uniform());
  const { name, hash } = run.dataset;
  const tensors = { 'output.weight': { shape: [3, 4], values }, 'output.bias': { shape: [4], values: values.slice(8) } };
  const written = { configuration, dataset: { name, hash }, bestEpoch: bestEpoch ?? 1, backend: 'wasm', studio: '0', tensors };
  return [{ name: 'model.safetensors', bytes: writeModelFile(written) }, textFile('run.json', writeRunFile(run))];
}

export const FORMATS: readonly FuzzFormat[] = [
  { name: 'csv', reader: 'import', files: long(',', true) },
  { name: 'csv without header', reader: 'import', files: long(',', false, '\r\n') },
  { name: 'tsv', reader: 'import', files: long('\t', false) },
  { name: 'semicolons', reader: 'import', files: long(';', true) },
  { name: 'spaces', reader: 'import', files: long(' ', false) },
  { name: 'csv, gzip', reader: 'import', files: gzipped(long(',', true)) },
  { name: 'release pair', reader: 'import', files: lines },
  { name: 'labels', reader: 'import', files: labels },
  { name: 'names and attributes', reader: 'import', files: supplements },
  { name: 'run', reader: 'results', files: (random) => [textFile('run.json', writeRunFile(someRun(random)))] },
  {
    name: 'runs',
    reader: 'results',
    files: (random) => [textFile('runs.json', [...writeRunFiles([someRun(random), someRun(random)])].join(''))],
  },
  { name: 'report', reader: 'results', files: report },
  { name: 'safetensors', reader: 'results', files: model },
  { name: 'experiment', reader: 'results', files: (random) => [textFile('plan.json', JSON.stringify(experiment(random)))] },
  {
    name: 'opened experiment',
    reader: 'experiment',
    files: (random) => [textFile('plan.json', JSON.stringify(experiment(random)))],
  },
  {
    name: 'share link, unpacked',
    reader: 'unpacked link',
    files: (random) => [textFile('link', JSON.stringify(experiment(random)))],
  },
  {
    name: 'share link',
    reader: 'link',
    files: async (random) => [textFile('link', (await encodeExperiment(experiment(random))) ?? '')],
  },
];

/** The valid files of a format. */
export const validFiles = async (format: FuzzFormat, seed: number): Promise<readonly FuzzFile[]> =>
  format.files(randomStream(seed, 'fuzz', format.name));
