import { readFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { PRESET_NAMES, presetFor } from '../src/configuration/presets.ts';
import { type Configuration, ConfigurationError, complete, flatten, nest, parseValue } from '../src/configuration/schema.ts';
import { type FileFormat, type LongFormat, TIME_UNITS, type TimeUnit } from '../src/data/import/recognise.ts';
import { SEPARATORS, type Separator } from '../src/data/import/rows.ts';
import { BACKENDS, type BackendName } from '../src/engine/kernels/index.ts';

export const USAGE = `npm run experiment -- [options]

Data (without any: the demo dataset “hidden”)
  --source FILE --target FILE       two files in long format, user,item[,timestamp]
  --pretrain FILE --finetune FILE   the two files of the PeterRec / UAF release
  --columns user,item,timestamp     what the columns are, if the recognition is wrong: header names, or roles in order
  --separator ,                     one of , ; tab space
  --time-unit seconds               one of ${TIME_UNITS.join(', ')}
  --skip-bad-rows                   leave out rows that cannot be used

Runs
  --methods a,b,c                   default: most-popular,finetune-all,uaf-hard
  --preset quick                    one of ${PRESET_NAMES.join(', ')}
  --config FILE.json                a configuration, or part of one
  --set key=value                   one key, as often as needed: --set fineTuning.epochs=8
  --seeds 1,2                       one run a method and seed
  --backend wasm                    one of ${BACKENDS.join(', ')}
  --out FOLDER                      report.json, instances-*.csv, policies-*.csv; default: results`;

/** A wrong word on the command line. */
export class UsageError extends Error {
  override name = 'UsageError';
}

export interface Options {
  readonly files: { readonly kind: 'long' | 'lines'; readonly source: string; readonly target: string } | null;
  readonly methods: readonly string[];
  readonly seeds: readonly number[];
  readonly backend: BackendName;
  readonly out: string;
  readonly skipBadRows: boolean;
  /** Undefined: as recognised. */
  readonly separator: Separator | undefined;
  /** Corrects what was recognised. */
  readonly correct: (format: FileFormat, columns: readonly string[]) => FileFormat;
  /** The configuration of a run; presets may depend on the dataset's scenario. */
  readonly configuration: (scenario: string | null, method: string, seed: number) => Configuration;
}

/** @throws UsageError, ConfigurationError */
export function parseOptions(words: readonly string[]): Options | 'help' {
  const { values } = parse(words);
  if (values.help) return 'help';
  if (values.labels !== undefined) throw new UsageError('--labels: profile tasks are not part of this version.');
  const preset = oneOf('--preset', values.preset ?? 'quick', PRESET_NAMES);
  const changes = { ...readConfiguration(values.config), ...settings(values.set ?? []) };
  const configuration = (scenario: string | null, method: string, seed: number) =>
    complete(presetFor(preset, { scenario }), nest({ ...changes, method, seed }));
  // A wrong key is told before any file is read.
  configuration(null, 'most-popular', 1);
  const seeds = (values.seeds ?? String(changes.seed ?? 1)).split(',').map(Number);
  if (seeds.some((seed) => !Number.isSafeInteger(seed) || seed < 0))
    throw new UsageError(`--seeds: “${values.seeds}” is no list of whole numbers.`);
  const methods = values.methods ?? (typeof changes.method === 'string' ? changes.method : 'most-popular,finetune-all,uaf-hard');
  return {
    files: filesOf(values),
    methods: methods.split(','),
    seeds,
    backend: oneOf('--backend', values.backend ?? 'wasm', BACKENDS),
    out: values.out ?? 'results',
    skipBadRows: values['skip-bad-rows'] ?? false,
    separator: separatorOf(values.separator),
    correct: correction(values),
    configuration,
  };
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
        columns: text,
        separator: text,
        'time-unit': text,
        labels: text,
        'skip-bad-rows': { type: 'boolean' },
        help: { type: 'boolean', short: 'h' },
      },
    });
  } catch (error) {
    throw new UsageError(error instanceof Error ? error.message : String(error));
  }
}

type Values = ReturnType<typeof parse>['values'];

function filesOf({ source, target, pretrain, finetune }: Values): Options['files'] {
  const long = [source, target].filter((file) => file !== undefined);
  const lines = [pretrain, finetune].filter((file) => file !== undefined);
  if (long.length > 0 && lines.length > 0)
    throw new UsageError('Give either --source and --target, or --pretrain and --finetune.');
  if (long.length === 1) throw new UsageError('--source and --target go together: one file a domain.');
  if (lines.length === 1) throw new UsageError('--pretrain and --finetune go together: they are a pair.');
  if (long.length === 2) return { kind: 'long', source: long[0], target: long[1] };
  return lines.length === 2 ? { kind: 'lines', source: lines[0], target: lines[1] } : null;
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
