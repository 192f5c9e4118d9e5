import { readFileSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import * as z from 'zod/mini';
import { SIMULATOR_DEFAULTS } from '../src/data/simulator.ts';
import { type Experiment, ExperimentError, readExperiment } from '../src/experiments/experiment.ts';
import { type DataChoice, type DataWords, filesOfWords } from './data.ts';
import { UsageError } from './errors.ts';

const path = z.string().check(z.minLength(1));
const size = z.int().check(z.gte(1));
const share = z.number().check(z.gte(0), z.lte(1));

const settings = z.partial(
  z.strictObject({
    scenario: z.enum(['hidden', 'open']),
    seed: z.int().check(z.gte(0), z.lte(0xffffffff)),
    users: size,
    // A taste has to be able to change.
    genres: z.int().check(z.gte(2)),
    itemsPerGenre: size,
    markers: size,
    targetsPerUser: size,
    noise: share,
    nostalgicShare: share,
    leadingMarkers: z.int().check(z.gte(0)),
    genreItems: size,
  }),
);

const name = z.string().check(z.minLength(1), z.maxLength(200));
const simulated = z.strictObject({ name, simulate: settings });
const fromFiles = z.strictObject({
  name,
  ...z.partial(
    z.strictObject({
      source: path,
      target: path,
      both: path,
      domains: z.string(),
      pretrain: path,
      finetune: path,
      labels: path,
      columns: z.string(),
      separator: z.string(),
      timeUnit: z.string(),
      skipBadRows: z.boolean(),
      filter: z.array(z.string()),
      sourceNames: path,
      targetNames: path,
      attributes: path,
    }),
  ).shape,
});

const PATHS = ['source', 'target', 'both', 'pretrain', 'finetune', 'labels', 'sourceNames', 'targetNames', 'attributes'] as const;

/** What `--experiment` names: an experiment, and the datasets that it is to run on; null where the file does not say. */
export interface ExperimentFile {
  readonly experiment: Experiment;
  readonly data: readonly DataChoice[] | null;
}

/** @throws UsageError, ExperimentError naming the field */
export function readExperimentFile(file: string): ExperimentFile {
  const written = readJson(file);
  if (typeof written !== 'object' || written === null || Array.isArray(written))
    throw new ExperimentError(`${file} is no experiment: it is not one object in braces.`);
  const { data, ...rest } = written as Record<string, unknown>;
  const experiment = readExperiment(rest);
  refuseTwiceSaid(experiment);
  return { experiment, data: data === undefined ? null : readData(data, dirname(file)) };
}

function readJson(file: string): unknown {
  try {
    return JSON.parse(readFileSync(file, 'utf8'));
  } catch (error) {
    throw new UsageError(`--experiment ${file} cannot be read: ${error instanceof Error ? error.message : String(error)}`);
  }
}

/** Methods and seeds have fields of their own, which win: a key that says them, too, would be ignored. */
function refuseTwiceSaid({ changes, grid, variants }: Experiment): void {
  const keys = [
    ...Object.keys(changes),
    ...grid.map(({ key }) => key),
    ...variants.flatMap((variant) => Object.keys(variant.changes)),
  ];
  const twice = keys.find((key) => key === 'method' || key === 'seed');
  if (twice !== undefined)
    throw new ExperimentError(`This is no experiment: “${twice}” is no key to change: it is said by “${twice}s”.`);
}

function readData(written: unknown, folder: string): DataChoice[] {
  if (!Array.isArray(written) || written.length === 0)
    throw new ExperimentError('“data” is no list of datasets, each with a name and files, or with “simulate”.');
  const choices = written.map((entry: unknown, i) => readEntry(entry, `data.${i}`, folder));
  const twice = choices.find((choice, i) => choices.findIndex((other) => other.name === choice.name) < i);
  if (twice !== undefined) throw new ExperimentError(`“data”: two datasets are called “${twice.name}”.`);
  return choices;
}

function readEntry(entry: unknown, place: string, folder: string): DataChoice {
  if (typeof entry === 'object' && entry !== null && 'simulate' in entry) {
    const { name, simulate } = checked(simulated, entry, place);
    return { ...filesOfWords({}, () => place), name, simulate: { ...SIMULATOR_DEFAULTS, ...simulate } };
  }
  const { name, ...words } = checked(fromFiles, entry, place);
  const own: DataWords = {
    ...words,
    ...Object.fromEntries(
      PATHS.flatMap((word) => {
        const path = words[word];
        return path === undefined ? [] : [[word, resolve(folder, path)]];
      }),
    ),
  };
  const choice = filesOfWords(own, (word) => `“${place}.${word}”`);
  if (choice.files === null)
    throw new ExperimentError(
      `“${place}” (${name}) names no files: “source” and “target”, “pretrain” and “finetune”, or “simulate”.`,
    );
  return { ...choice, name };
}

function checked<T>(schema: z.ZodMiniType<T>, entry: unknown, place: string): T {
  const parsed = schema.safeParse(entry);
  if (parsed.success) return parsed.data;
  const { path, message } = parsed.error.issues[0];
  throw new ExperimentError(`“${[place, ...path].join('.')}”: ${message}.`);
}
