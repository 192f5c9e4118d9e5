import { readFileSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { parseArgs } from 'node:util';
import { type DatasetTraits, PRESET_NAMES, presetFor } from '../src/configuration/presets.ts';
import { type Configuration, ConfigurationError, complete, flatten, nest, parseValue } from '../src/configuration/schema.ts';
import { type Axis, gridSize, parseAxis, type SearchMode } from '../src/configuration/search.ts';
import { type FileFormat, type LongFormat, TIME_UNITS, type TimeUnit } from '../src/data/import/recognise.ts';
import { SEPARATORS, type Separator } from '../src/data/import/rows.ts';
import type { Supplements } from '../src/data/import/supplement.ts';
import { BACKENDS, type BackendName } from '../src/engine/kernels/index.ts';

export const USAGE = `npm run experiment -- [options]

Data (without any: the demo dataset “hidden”)
  --source FILE --target FILE       two files in long format, user,item[,timestamp]
  --pretrain FILE --finetune FILE   the two files of the PeterRec / UAF release
  --columns user,item,timestamp     what the columns are, if the recognition is wrong: header names, or roles in order
  --separator ,                     one of , ; tab space
  --time-unit seconds               one of ${TIME_UNITS.join(', ')}
  --skip-bad-rows                   leave out rows that cannot be used
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
  --backend wasm                    one of ${BACKENDS.join(', ')}
  --threads 2                       of WASM, 1 or 2; default: 2 where there are two cores. The numbers are the same
  --out FOLDER                      report.json, instances-*.csv, policies-*.csv; default: results

Search on validation (the best trial of each method is then run with all seeds)
  --search key=a,b,c                values of a key, as often as needed; key=from..to is a range, for random search
  --random                          draw trials at random; without: the whole grid
  --budget 20                       trials a method; what search.json in the output folder has is not run again`;

/** A wrong word on the command line. */
export class UsageError extends Error {
  override name = 'UsageError';
}

/** What is read. With labels the target file is not needed, and not used. */
type Files =
  | { readonly kind: 'long'; readonly source: string; readonly target: string | null; readonly labels: string | null }
  | { readonly kind: 'lines'; readonly source: string; readonly target: string; readonly labels: string | null };

export interface Options {
  readonly files: Files | null;
  /** Paths of the optional files. */
  readonly supplements: { readonly [K in keyof Supplements]: string | null };
  readonly methods: readonly string[];
  readonly seeds: readonly number[];
  readonly backend: BackendName;
  readonly threads: 1 | 2;
  readonly out: string;
  readonly skipBadRows: boolean;
  /** Undefined: as recognised. */
  readonly separator: Separator | undefined;
  /** Corrects what was recognised. */
  readonly correct: (format: FileFormat, columns: readonly string[]) => FileFormat;
  /** The configuration of a run; presets may depend on the dataset. */
  readonly configuration: (dataset: DatasetTraits, method: string, seed: number) => Configuration;
  /** Null: no search. */
  readonly search: { readonly axes: readonly Axis[]; readonly mode: SearchMode; readonly budget: number } | null;
}

/** @throws UsageError, ConfigurationError */
export function parseOptions(words: readonly string[]): Options | 'help' {
  const { values } = parse(words);
  if (values.help) return 'help';
  const preset = oneOf('--preset', values.preset ?? 'quick', PRESET_NAMES);
  const changes = { ...readConfiguration(values.config), ...settings(values.set ?? []) };
  const configuration = (dataset: DatasetTraits, method: string, seed: number) =>
    complete(presetFor(preset, dataset), nest({ ...changes, method, seed }));
  // A wrong key is told before any file is read.
  const base = configuration({ scenario: null, sourceItems: 0 }, 'most-popular', 1);
  const seeds = listOf('--seeds', values.seeds ?? String(changes.seed ?? 1)).map(Number);
  if (seeds.some((seed) => !Number.isSafeInteger(seed) || seed < 0 || seed > 0xffffffff))
    throw new UsageError(`--seeds: “${values.seeds}” is no list of whole numbers from 0 to 4,294,967,295.`);
  const methods = values.methods ?? (typeof changes.method === 'string' ? changes.method : 'most-popular,finetune-all,uaf-hard');
  return {
    files: filesOf(values),
    supplements: supplementsOf(values),
    methods: listOf('--methods', methods),
    seeds,
    backend: oneOf('--backend', values.backend ?? 'wasm', BACKENDS),
    threads: oneOf('--threads', values.threads ?? (availableParallelism() > 1 ? '2' : '1'), ['1', '2'] as const) === '1' ? 1 : 2,
    out: values.out ?? 'results',
    skipBadRows: values['skip-bad-rows'] ?? false,
    separator: separatorOf(values.separator),
    correct: correction(values),
    configuration,
    search: searchOf(values, base),
  };
}

/** Words with commas between them, none of them empty or twice: runs are named by them. */
function listOf(option: string, text: string): string[] {
  const words = text.split(',').map((word) => word.trim());
  if (words.includes('')) throw new UsageError(`${option}: “${text}” has an empty place between its commas.`);
  const twice = words.find((word, i) => words.indexOf(word) < i);
  if (twice !== undefined) throw new UsageError(`${option}: “${twice}” is there twice.`);
  return words;
}

function parse(words: readonly string[]) {
  const text = { type: 'string' } as const;
  try {
    return parseArgs({
      args: [...words],
      options: {
        source: text,
        target: text,
        pretrain: text,
        finetune: text,
        methods: text,
        preset: text,
        config: text,
        set: { type: 'string', multiple: true },
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
        search: { type: 'string', multiple: true },
        random: { type: 'boolean' },
        budget: text,
        'skip-bad-rows': { type: 'boolean' },
        help: { type: 'boolean', short: 'h' },
      },
    });
  } catch (error) {
    throw new UsageError(error instanceof Error ? error.message : String(error));
  }
}

type Values = ReturnType<typeof parse>['values'];

function filesOf({ source, target, pretrain, finetune, ...rest }: Values): Files | null {
  const labels = rest.labels ?? null;
  const long = [source, target].filter((file) => file !== undefined);
  const lines = [pretrain, finetune].filter((file) => file !== undefined);
  if (long.length > 0 && lines.length > 0)
    throw new UsageError('Give either --source and --target, or --pretrain and --finetune.');
  if (lines.length === 1) throw new UsageError('--pretrain and --finetune go together: they are a pair.');
  if (lines.length === 2) return { kind: 'lines', source: lines[0], target: lines[1], labels };
  if (source !== undefined && labels !== null) return { kind: 'long', source, target: target ?? null, labels };
  if (long.length === 1)
    throw new UsageError('--source and --target go together: one file a domain. (Or --source and --labels.)');
  if (labels !== null) throw new UsageError('--labels needs the source sequences: --source, or --pretrain and --finetune.');
  return source !== undefined && target !== undefined ? { kind: 'long', source, target, labels: null } : null;
}

function supplementsOf(values: Values): Options['supplements'] {
  const given = (['source-names', 'target-names', 'attributes'] as const).filter((option) => values[option] !== undefined);
  if (given.length > 0 && filesOf(values) === null)
    throw new UsageError(`--${given[0]} needs the files it is about: --source and --target, or --pretrain and --finetune.`);
  if (values['target-names'] !== undefined && values.labels !== undefined)
    throw new UsageError('--target-names does not go with --labels: labels name themselves.');
  return {
    sourceNames: values['source-names'] ?? null,
    targetNames: values['target-names'] ?? null,
    attributes: values.attributes ?? null,
  };
}

function searchOf({ search, random, budget = '20' }: Values, base: Configuration): Options['search'] {
  if (search === undefined) return null;
  const most = Number(budget);
  if (!Number.isSafeInteger(most) || most < 1) throw new UsageError(`--budget: “${budget}” is no number of trials.`);
  const axes = search.map((text) => parseAxis(text, base));
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

function separatorOf(word: string | undefined): Separator | undefined {
  const words: Record<string, Separator> = { tab: '\t', '\\t': '\t', space: ' ' };
  return word === undefined ? undefined : oneOf('--separator', words[word] ?? word, SEPARATORS);
}

function correction(values: Values): Options['correct'] {
  const unit = values['time-unit'] === undefined ? undefined : oneOf<TimeUnit>('--time-unit', values['time-unit'], TIME_UNITS);
  const columns = values.columns?.split(',').map((column) => column.trim());
  return (format, names) => {
    if (format.format !== 'long') return format;
    const corrected: LongFormat = { ...format, timeUnit: unit ?? format.timeUnit };
    return columns === undefined ? corrected : { ...corrected, ...columnsOf(columns, names) };
  };
}

/** The columns by header names (user, item, time), or by their roles in order. */
function columnsOf(words: readonly string[], names: readonly string[]): Pick<LongFormat, 'user' | 'item' | 'time'> {
  const byName = words.map((word) => names.indexOf(word));
  if (words.length >= 2 && byName.every((column) => column >= 0))
    return { user: byName[0], item: byName[1], time: byName[2] ?? null };
  const user = words.indexOf('user');
  const item = words.indexOf('item');
  const time = words.findIndex((word) => word === 'timestamp' || word === 'time');
  if (user < 0 || item < 0) {
    throw new UsageError(
      `--columns ${words.join(',')}: name the user, item and time columns by the header (${names.join(', ')}), or say what each column is, in order: user,item,timestamp.`,
    );
  }
  const missing = words.length > names.length;
  if (missing)
    throw new UsageError(`--columns ${words.join(',')}: the file has only ${names.length} columns (${names.join(', ')}).`);
  return { user, item, time: time < 0 ? null : time };
}

function oneOf<T extends string>(option: string, value: string, among: readonly T[]): T {
  const found = among.find((candidate) => candidate === value);
  if (found === undefined)
    throw new UsageError(`${option}: “${value}” is none of ${among.map((word) => JSON.stringify(word)).join(', ')}.`);
  return found;
}
