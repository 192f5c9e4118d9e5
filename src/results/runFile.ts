import * as z from 'zod/mini';
import { issueWords } from '../configuration/issue.ts';
import { isMethod } from '../configuration/methods.ts';
import { PRESETS } from '../configuration/presets.ts';
import { type Configuration, ConfigurationError, complete, flatten, type PartialConfiguration } from '../configuration/schema.ts';
import type { Outcomes } from '../engine/evaluation/metrics.ts';
import { fromBase64, toBase64 } from './base64.ts';
import type { ResultRun, RunDetails } from './run.ts';
import { versionWords } from './versionWords.ts';

const FORMAT = 'uaf-studio run';
const FORMAT_OF_MANY = 'uaf-studio runs';
const VERSION = 1;

/** What a file of several runs begins with; then the runs, with commas between them, and `]}`. */
export const RUNS_HEAD = `{"format":"${FORMAT_OF_MANY}","version":${VERSION},"runs":[`;

/** A text that is no run file, or a broken one; a run that cannot be written to one. */
export class RunFileError extends Error {
  override name = 'RunFileError';
}

/** Parts of runs as files have them, also those of whole workspaces. */
export const count = z.int().check(z.gte(0));
const values = z.record(z.string(), z.number());
const ranking = z.object({
  n: count,
  sampled: values,
  all: values,
  standardError: z.object({ sampled: values, all: values }),
});
const profile = z.object({
  n: count,
  accuracy: z.number(),
  macroF1: z.number(),
  standardError: z.object({ accuracy: z.number(), macroF1: z.number() }),
  confusion: z.array(z.array(count)),
});
export const metrics = z.union([profile, ranking]);
export const policy = z.object({
  utilisation: z.array(z.number()),
  distinct: count,
  entropy: z.number(),
  collapsed: z.boolean(),
});

export const origin = z.union([
  z.object({ kind: z.literal('simulated'), scenario: z.enum(['hidden', 'open']), seed: z.number() }),
  z.object({ kind: z.literal('files'), files: z.array(z.string()) }),
]);

/** See `EventFilters`. */
export const filters = z.object({
  from: z.nullable(z.number()),
  until: z.nullable(z.number()),
  repeats: z.enum(['keep', 'consecutive', 'first']),
  core: count,
  coreOf: z.enum(['source', 'target', 'both']),
  minimumSourceLength: count,
  maximumSourceLength: count,
  minimumTargetsPerUser: count,
});

const dataset = z.object({
  name: z.string(),
  hash: z.string(),
  task: z.enum(['ranking', 'profile']),
  classes: z.nullable(z.array(z.string())),
  origin,
  filters: z.optional(filters),
  sourceUsers: count,
  sourceItems: count,
  sourceInteractions: count,
  targetUsers: count,
  targetItems: count,
  instances: count,
  targetOnlyUsers: count,
  droppedTargetItems: count,
  train: count,
  validation: count,
  test: count,
  candidates: count,
});

export const environment = z.object({
  backend: z.string(),
  adapter: z.string(),
  softwareAdapter: z.boolean(),
  variant: z.string(),
  studio: z.string(),
  platform: z.string(),
});

export const byTrainingTargets = z.nullable(z.array(z.object({ targets: count, test: metrics })));
export const cost = z.nullable(z.object({ trained: count, parameters: count, operations: z.number() }));
export const seconds = z.object({
  pretraining: z.number(),
  fineTuning: z.number(),
  evaluation: z.number(),
  recommendation: z.nullable(z.number()),
});
export const pretrainingEpochs = z.array(z.object({ epoch: count, loss: z.number() }));

const report = z.object({
  id: z.string().check(z.minLength(1)),
  status: z.enum(['finished', 'failed']),
  error: z.nullable(z.string()),
  method: z.string(),
  seed: count,
  // Checked by what every configuration is checked by.
  configuration: z.record(z.string(), z.unknown()),
  pretraining: z.nullable(z.object({ epochs: pretrainingEpochs })),
  epochs: z.array(
    z.object({
      epoch: count,
      trainLoss: z.number(),
      validation: metrics,
      utilisation: z.nullable(z.array(z.number())),
      policy: z.nullable(policy),
    }),
  ),
  bestEpoch: z.nullable(count),
  test: z.nullable(metrics),
  policy: z.nullable(policy),
  byTrainingTargets,
  cost,
  seconds,
});

const bytes = z.string();
const details = z.object({
  instances: bytes,
  targets: bytes,
  // Files of earlier versions have none.
  users: z.optional(z.nullable(bytes)),
  outcomes: z.union([z.object({ sampled: bytes, all: bytes }), z.object({ predicted: bytes })]),
  policies: z.nullable(bytes),
  epochs: z.array(z.object({ epoch: count, bytes })),
});

const contents = z.object({
  dataset,
  environment,
  preset: z.string(),
  experiment: z.nullable(z.string()),
  report,
  details: z.nullable(details),
});

/**
 * One run as a file: JSON, its large parts as base64 (numbers as little-endian Int32).
 *
 * @throws RunFileError for a number that JSON does not have, such as NaN
 */
export const writeRunFile = (run: ResultRun): string => `${JSON.stringify(encoded(run), finite)}\n`;

/** Several runs as one file, part by part: all of them may be longer than a string can be. @throws RunFileError as for one */
export function* writeRunFiles(runs: Iterable<ResultRun>): Generator<string> {
  yield RUNS_HEAD;
  let separator = '';
  for (const run of runs) {
    yield separator + writeRunFile(run).trimEnd();
    separator = ',\n';
  }
  yield ']}\n';
}

/** JSON would write null for them, which is refused when it is read. */
function finite(key: string, value: unknown): unknown {
  if (typeof value !== 'number' || Number.isFinite(value)) return value;
  throw new RunFileError(`This run cannot be written to a file: “${key}” is ${value}.`);
}

/** The run of a file. @throws RunFileError that says what is wrong */
export function readRunFile(text: string): ResultRun {
  const runs = readRunFiles(text);
  if (runs.length !== 1) throw new RunFileError(`This is a file of ${runs.length} runs, not of one.`);
  return runs[0];
}

/** The runs of a file of one or of several. @throws RunFileError that says what is wrong, and in which run */
export function readRunFiles(text: string): ResultRun[] {
  const written = parsed(text);
  if (written.format === FORMAT) return [decoded(written, 'This run file')];
  if (!Array.isArray(written.runs)) throw new RunFileError('This file of runs is broken: “runs” is no list.');
  return written.runs.map((run: unknown, i) => {
    const place = `Run ${i + 1} of this file`;
    return decoded(headed(run, [FORMAT], place), place);
  });
}

function encoded({ dataset, environment, preset, experiment, report, details }: ResultRun) {
  return {
    format: FORMAT,
    version: VERSION,
    dataset,
    environment,
    preset,
    experiment,
    report,
    details: details && {
      instances: numbersToText(details.instances),
      targets: numbersToText(details.targets),
      users: details.users && numbersToText(details.users),
      outcomes:
        'predicted' in details.outcomes
          ? { predicted: numbersToText(details.outcomes.predicted) }
          : { sampled: numbersToText(details.outcomes.sampled), all: numbersToText(details.outcomes.all) },
      policies: details.policies && toBase64(details.policies),
      epochs: details.epochs.map((epoch) => ({ epoch: epoch.epoch, bytes: toBase64(epoch.bytes) })),
    },
  };
}

function parsed(text: string): Record<string, unknown> {
  let written: unknown;
  try {
    written = JSON.parse(text);
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error;
    throw new RunFileError(`This is no run file: it cannot be read as JSON (${error.message}).`);
  }
  return headed(written, [FORMAT, FORMAT_OF_MANY], 'This file');
}

/** Something that says of itself that it is of one of these formats, in the version that is read here. */
function headed(written: unknown, formats: readonly string[], place: string): Record<string, unknown> {
  if (typeof written !== 'object' || written === null || !('format' in written) || !formats.includes(String(written.format)))
    throw new RunFileError(`${place} is no run file: its “format” is not “${FORMAT}”.`);
  const { version, ...rest } = written as Record<string, unknown>;
  if (version !== VERSION)
    throw new RunFileError(`${place} is of ${versionWords(version)} of run files; this studio reads version ${VERSION}.`);
  return rest;
}

/** A run as its file has it. @param place names it @throws RunFileError that says what is wrong */
export function decoded(written: unknown, place: string): ResultRun {
  const found = contents.safeParse(written);
  if (!found.success) {
    throw new RunFileError(`${place} is broken: ${issueWords(found.error.issues[0])}.`);
  }
  const { report, details, ...rest } = found.data;
  const run: ResultRun = {
    ...rest,
    report: { ...report, configuration: configurationOf(report.configuration, place) },
    details: details && detailsOf(details, place),
  };
  const wrong = contradictionOf(run);
  if (wrong !== null) throw new RunFileError(`${place} contradicts itself: ${wrong}.`);
  return run;
}

/** A whole configuration as a file has it. @throws RunFileError naming the place and the key */
export function configurationOf(written: Record<string, unknown>, place: string): Configuration {
  const none = Object.entries(written).find(([, value]) => value === null);
  if (none !== undefined) throw new RunFileError(`${place} is broken: “report.configuration.${none[0]}” is nothing.`);
  const own = flatten(written as PartialConfiguration);
  const missing = Object.keys(flatten(PRESETS.paper)).find((key) => !Object.hasOwn(own, key));
  if (missing !== undefined) throw new RunFileError(`${place} is broken: its configuration has no “${missing}”.`);
  // Files and figures are named after methods: a file from elsewhere must not choose their names.
  if (!isMethod(String(own.method))) throw new RunFileError(`${place} is broken: there is no method “${String(own.method)}”.`);
  try {
    return complete(PRESETS.paper, written);
  } catch (error) {
    if (!(error instanceof ConfigurationError)) throw error;
    throw new RunFileError(`${place} is broken: ${error.message}`);
  }
}

function detailsOf(written: z.infer<typeof details>, place: string): RunDetails {
  const bytesOf = (name: string, text: string): Uint8Array => {
    const bytes = fromBase64(text);
    if (bytes === null) throw new RunFileError(`${place} is broken: “details.${name}” is no base64.`);
    return bytes;
  };
  const numbers = (name: string, text: string): Int32Array => {
    const bytes = bytesOf(name, text);
    if (bytes.length % 4 !== 0) throw new RunFileError(`${place} is broken: “details.${name}” is cut off.`);
    const view = new DataView(bytes.buffer);
    return Int32Array.from({ length: bytes.length / 4 }, (_, i) => view.getInt32(4 * i, true));
  };
  const { outcomes } = written;
  return {
    instances: numbers('instances', written.instances),
    targets: numbers('targets', written.targets),
    users: written.users ? numbers('users', written.users) : null,
    outcomes:
      'predicted' in outcomes
        ? { predicted: numbers('outcomes.predicted', outcomes.predicted) }
        : { sampled: numbers('outcomes.sampled', outcomes.sampled), all: numbers('outcomes.all', outcomes.all) },
    policies: written.policies === null ? null : bytesOf('policies', written.policies),
    epochs: written.epochs.map(({ epoch, bytes }) => ({ epoch, bytes: bytesOf('epochs', bytes) })),
  };
}

/** Parts of a run that cannot be of one run. */
export function contradictionOf({ dataset, report, details }: ResultRun): string | null {
  const { method, seed, configuration, status, test } = report;
  if (method !== configuration.method || seed !== configuration.seed) return 'method and seed are not those of its configuration';
  if (status === 'finished' && test === null) return 'it is finished and has no result';
  if (details === null) return null;
  if (test === null) return 'it has details and no result';
  if ('predicted' in details.outcomes !== 'accuracy' in test || 'accuracy' in test !== (dataset.task === 'profile'))
    return 'its details, its result and its dataset are of different tasks';
  const { instances, targets, users, outcomes, policies, epochs } = details;
  if (
    [targets, ...(users === null ? [] : [users]), ...listsOf(outcomes)].some(({ length }) => length !== instances.length) ||
    instances.length !== test.n
  )
    return 'its details are not of as many test instances as its result';
  if (instances.some((instance, i) => instance < 0 || (i > 0 && instance <= instances[i - 1])))
    return 'its instances do not ascend';
  if (users?.some((user) => user < 0)) return 'it has users that no dataset has';
  if (targets.some((target) => target < 0 || target >= dataset.targetItems)) return 'it has targets that its dataset has not';
  const [lowest, highest] = dataset.task === 'profile' ? [0, dataset.targetItems - 1] : [1, dataset.targetItems];
  if (listsOf(outcomes).some((list) => list.some((value) => value < lowest || value > highest)))
    return 'it has outcomes that its dataset does not allow';
  const blocks = configuration.dilations.length;
  const packed = [...(policies === null ? [] : [policies]), ...epochs.map(({ bytes }) => bytes)];
  if (packed.some(({ length }) => length === 0 || length % blocks !== 0 || length !== packed[0].length))
    return 'its policies are not of all its blocks';
  return null;
}

const listsOf = (outcomes: Outcomes): Int32Array[] =>
  'predicted' in outcomes ? [outcomes.predicted] : [outcomes.sampled, outcomes.all];

function numbersToText(numbers: Int32Array): string {
  const bytes = new DataView(new ArrayBuffer(4 * numbers.length));
  numbers.forEach((number, i) => {
    bytes.setInt32(4 * i, number, true);
  });
  return toBase64(new Uint8Array(bytes.buffer));
}
