import { readFileSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { parseArgs } from 'node:util';
import { PRESET_NAMES, PRESETS } from '../src/configuration/presets.ts';
import { type Configuration, ConfigurationError, complete, flatten, nest, parseValue } from '../src/configuration/schema.ts';
import { type Axis, gridSize, parseAxis, type SearchMode } from '../src/configuration/search.ts';
import { TIME_UNITS } from '../src/data/import/times.ts';
import { BACKENDS, type BackendName } from '../src/engine/kernels/index.ts';
import { EXPERIMENT_VERSION, type Experiment, readExperiment } from '../src/experiments/experiment.ts';
import { type DataChoice, type DataWords, filesOfWords } from './data.ts';
import { UsageError } from './errors.ts';
import { type ExperimentFile, readExperimentFile } from './experimentFile.ts';
import { oneOf } from './oneOf.ts';
import { parseShard, type Shard, shardFrom } from './shard.ts';

export const USAGE = `npm run experiment -- [options]

Data (without any: the demo dataset “hidden”)
  --source FILE --target FILE       two files of interactions: tables with user,item[,timestamp] (text with any separator, JSON
                                    Lines, Parquet, RecBole’s .inter) or a user’s items on each line; what they are is seen from
                                    their content. Also as gzip, or in a zip archive: data.zip/music.csv
  --both FILE --domains music,books one file of both domains, and what its domain column has for source and target
  --pretrain FILE --finetune FILE   the two files of the PeterRec / UAF release
  --columns user,item,timestamp     what the columns are, if the recognition is wrong: header names, or roles in order
  --separator ,                     one to three characters, tab or space
  --time-unit seconds               one of ${TIME_UNITS.join(', ')}
  --skip-bad-rows                   leave out rows that cannot be used
  --filter core=5                   what is left out before anything else, as often as needed, whatever the order: from, until (a
                                    day), repeats (keep, consecutive, first), core, coreOf (source, target, both),
                                    minimumSourceLength, maximumSourceLength, minimumTargetsPerUser
  --labels FILE                     user,label on each line: predict the label (a profile task) from the source sequences of
                                    --source, or of --pretrain and --finetune (users line-1, line-2, …)
  --source-names FILE               item,name on each line: what the items are called; and the same for the target domain:
  --target-names FILE
  --attributes FILE                 user,attribute… on each line: what is known of the users

Runs
  --methods a,b,c                   default: most-popular,finetune-all,uaf-hard
  --preset quick                    one of ${PRESET_NAMES.join(', ')}
  --config FILE.json                a configuration, or part of one
  --set key=value                   one key, as often as needed: --set fineTuning.epochs=8
  --seeds 1,2                       one run a method and seed
  --backend wasm                    one of ${BACKENDS.join(', ')}; webgpu needs the package: npm i --no-save webgpu
  --threads 2                       of WASM, 1 or 2; default: 2 where there are two cores. The numbers are the same
  --out FOLDER                      report.json, instances-*.csv, policies-*.csv, runs/*.json; report.html, runs.json, tables
                                    and figures; default: results. What is finished there is not run again

Many runs, many machines
  --experiment FILE.json            an experiment, as the studio's Experiments page saves it; with a key “data” it brings its
                                    datasets along: [{"name": "…", "source": "…", "target": "…"}, …], or "simulate": {…}.
                                    It says methods, seeds, preset and settings; the options for data, if it has no “data”,
                                    and --backend, --threads and --out go with it
  --shard 2/8                       the second of eight shares of the runs; from the scheduler in a Slurm array or a
                                    Kubernetes Indexed Job (with JOB_COMPLETIONS). Then there is no report: --merge makes it
  --merge FOLDER…                   one report of all runs in these folders, in --out (default: the folder, if it is one)

Search on validation (the best trial of each method is then run with all seeds)
  --search key=a,b,c                values of a key, as often as needed; key=from..to is a range, for random search
  --random                          draw trials at random; without: the whole grid
  --budget 20                       trials a method; what search.json in the output folder has is not run again`;

export interface RunOptions {
  readonly kind: 'run';
  readonly experiment: Experiment;
  /** Whether it is from a file: then its runs bear its name. */
  readonly named: boolean;
  readonly data: readonly DataChoice[];
  readonly backend: BackendName;
  readonly threads: 1 | 2;
  readonly out: string;
  readonly shard: Shard;
  /** Null: no search. */
  readonly search: { readonly axes: readonly Axis[]; readonly mode: SearchMode; readonly budget: number } | null;
}

export interface MergeOptions {
  readonly kind: 'merge';
  /** Folders, or files of runs. */
  readonly folders: readonly string[];
  readonly out: string;
}

/** What a file of an experiment decides. */
const DECIDED = ['methods', 'preset', 'config', 'set', 'seeds', 'search', 'random', 'budget'] as const;

const OUT = 'results';

/**
 * @param environment of the process: where a scheduler says which share this is
 * @throws UsageError, ConfigurationError, ExperimentError
 */
export function parseOptions(
  words: readonly string[],
  environment: Readonly<Record<string, string | undefined>> = {},
): RunOptions | MergeOptions | 'help' {
  const { values, positionals } = parse(words);
  if (values.help) return 'help';
  if (values.merge !== undefined) return mergeOf(values, [...values.merge, ...positionals]);
  if (positionals.length > 0) throw new UsageError(`“${positionals[0]}” is no option. (Folders are for --merge.)`);
  return {
    kind: 'run',
    ...(values.experiment === undefined ? ofWords(values) : ofFile(values, values.experiment)),
    backend: oneOf('--backend', values.backend ?? 'wasm', BACKENDS),
    threads: oneOf('--threads', values.threads ?? (availableParallelism() > 1 ? '2' : '1'), ['1', '2'] as const) === '1' ? 1 : 2,
    out: values.out ?? OUT,
    shard: shardOf(values, environment),
  };
}

const text = { type: 'string' } as const;
const texts = { type: 'string', multiple: true } as const;
const flag = { type: 'boolean' } as const;

function parse(words: readonly string[]) {
  try {
    return parseArgs({
      args: [...words],
      allowPositionals: true,
      options: {
        source: text,
        target: text,
        both: text,
        domains: text,
        pretrain: text,
        finetune: text,
        methods: text,
        preset: text,
        config: text,
        set: texts,
        seeds: text,
        out: text,
        backend: text,
        threads: text,
        columns: text,
        separator: text,
        'time-unit': text,
        labels: text,
        'source-names': text,
        'target-names': text,
        attributes: text,
        search: texts,
        random: flag,
        budget: text,
        'skip-bad-rows': flag,
        filter: texts,
        experiment: text,
        shard: text,
        merge: texts,
        help: { type: 'boolean', short: 'h' },
      },
    });
  } catch (error) {
    throw new UsageError(error instanceof Error ? error.message : String(error));
  }
}

type Values = ReturnType<typeof parse>['values'];
type Chosen = Pick<RunOptions, 'experiment' | 'named' | 'data' | 'search'>;

function mergeOf(values: Values, folders: readonly string[]): MergeOptions {
  const other = Object.keys(values).find((option) => option !== 'merge' && option !== 'out');
  if (other !== undefined) throw new UsageError(`--${other} does not go with --merge, which only takes folders and --out.`);
  return { kind: 'merge', folders, out: values.out ?? (folders.length === 1 ? folders[0] : OUT) };
}

/** The other options, as an experiment. */
function ofWords(values: Values): Chosen {
  const preset = oneOf('--preset', values.preset ?? 'quick', PRESET_NAMES);
  const { method, seed, ...changes } = { ...readConfiguration(values.config), ...settings(values.set ?? []) };
  // A wrong key is told before any file is read.
  const base = complete(PRESETS[preset], nest({ ...changes, method: 'most-popular', seed: seed ?? 1 }));
  const methods = values.methods ?? (typeof method === 'string' ? method : 'most-popular,finetune-all,uaf-hard');
  return {
    experiment: readExperiment({
      version: EXPERIMENT_VERSION,
      name: 'Runs of the command line',
      question: null,
      preset,
      changes,
      methods: listOf('--methods', methods),
      seeds: seedsOf(values.seeds ?? String(seed ?? 1)),
      grid: [],
      variants: [],
    }),
    named: false,
    data: [dataOf(values)],
    search: searchOf(values, base),
  };
}

function ofFile(values: Values, file: string): Chosen {
  const decided = DECIDED.find((option) => values[option] !== undefined);
  if (decided !== undefined)
    throw new UsageError(`--${decided} does not go with --experiment: ${file} says which methods, seeds and settings are run.`);
  const { experiment, data }: ExperimentFile = readExperimentFile(file);
  const words = Object.entries(dataWords(values)).find(([, value]) => value !== undefined);
  if (data !== null && words !== undefined)
    throw new UsageError(`${optionOf(words[0])} does not go with ${file}, which brings its own “data”.`);
  return { experiment, named: true, data: data ?? [dataOf(values)], search: null };
}

function shardOf(values: Values, environment: Readonly<Record<string, string | undefined>>): Shard {
  if (values.shard !== undefined && values.search !== undefined)
    throw new UsageError('--shard does not go with --search: a search decides by all of its trials.');
  if (values.shard !== undefined) return parseShard(values.shard);
  // Only a file says of itself that it is for many processes: other words may well be one task of an array each.
  return (values.experiment === undefined ? null : shardFrom(environment)) ?? { index: 1, count: 1 };
}

const dataWords = (values: Values): DataWords => ({
  source: values.source,
  target: values.target,
  both: values.both,
  domains: values.domains,
  pretrain: values.pretrain,
  finetune: values.finetune,
  labels: values.labels,
  columns: values.columns,
  separator: values.separator,
  timeUnit: values['time-unit'],
  skipBadRows: values['skip-bad-rows'],
  filter: values.filter,
  sourceNames: values['source-names'],
  targetNames: values['target-names'],
  attributes: values.attributes,
});

/** `timeUnit` as it is written on the command line: `--time-unit`. */
const optionOf = (word: string): string => `--${word.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)}`;

const dataOf = (values: Values): DataChoice => filesOfWords(dataWords(values), optionOf);

function seedsOf(written: string): number[] {
  const seeds = listOf('--seeds', written).map(Number);
  if (seeds.some((seed) => !Number.isSafeInteger(seed) || seed < 0 || seed > 0xffffffff))
    throw new UsageError(`--seeds: “${written}” is no list of whole numbers from 0 to 4,294,967,295.`);
  return seeds;
}

/** Words with commas between them, none of them empty or twice: runs are named by them. */
function listOf(option: string, written: string): string[] {
  const words = written.split(',').map((word) => word.trim());
  if (words.includes('')) throw new UsageError(`${option}: “${written}” has an empty place between its commas.`);
  const twice = words.find((word, i) => words.indexOf(word) < i);
  if (twice !== undefined) throw new UsageError(`${option}: “${twice}” is there twice.`);
  return words;
}

function searchOf({ search, random, budget = '20' }: Values, base: Configuration): RunOptions['search'] {
  if (search === undefined) return null;
  const most = Number(budget);
  if (!Number.isSafeInteger(most) || most < 1) throw new UsageError(`--budget: “${budget}” is no number of trials.`);
  const axes = search.map((words) => parseAxis(words, base));
  if (!random && gridSize(axes) === Number.POSITIVE_INFINITY)
    throw new UsageError('--search with a range (from..to) needs --random: a grid needs single values.');
  return { axes, mode: random ? 'random' : 'grid', budget: most };
}

function readConfiguration(file: string | undefined): Record<string, unknown> {
  if (file === undefined) return {};
  try {
    return flatten(JSON.parse(readFileSync(file, 'utf8')));
  } catch (error) {
    throw new ConfigurationError(
      `--config ${file} cannot be read as JSON: ${error instanceof Error ? error.message : String(error)}`,
    );
  }
}

function settings(assignments: readonly string[]): Record<string, unknown> {
  const entries = assignments.map((assignment): [string, unknown] => {
    const equals = assignment.indexOf('=');
    if (equals < 1) throw new UsageError(`--set ${assignment}: expected key=value, such as fineTuning.epochs=8.`);
    return [assignment.slice(0, equals), parseValue(assignment.slice(equals + 1))];
  });
  return Object.fromEntries(entries);
}
