import { distance } from 'fastest-levenshtein';
import { en } from 'zod/locales';
import * as z from 'zod/mini';

z.config(en());

const count = z.int().check(z.gte(1));
const upTo = (most: number) => z.int().check(z.gte(1), z.lte(most));
const natural = z.int().check(z.gte(0));
const seed = z.int().check(z.gte(0), z.lte(0xffffffff));
const positive = z.number().check(z.gt(0));
const fraction = z.number().check(z.gt(0), z.lte(1));

/** Every key of a run, in the order in which pages and reports show them. `specification` names are the paper's where it has one. */
const configurationSchema = z.strictObject({
  method: z.string(),
  seed,
  channels: upTo(1024),
  dilations: z.array(count).check(z.minLength(1), z.maxLength(32)),
  kernelSize: upTo(9),
  sequenceLength: upTo(1000),
  readout: z.enum(['last', 'mean']),
  targetLoss: z.enum(['bpr', 'bce']),
  targetBias: z.boolean(),
  temperature: positive,
  gateLogits: z.enum(['log-softmax', 'sigmoid']),
  evaluationGate: z.enum(['argmax', 'sampled']),
  /** Of what is drawn at evaluation; 0: the run's own seed. */
  evaluationSeed: seed,
  exploration: z.number().check(z.gte(0.5), z.lte(1)),
  rewardGamma: z.number(),
  rewardBeta: z.number(),
  rewardForm: z.enum(['paper', 'released']),
  baselineNoise: z.boolean(),
  warmupEpochs: natural,
  curriculum: z.enum(['none', 'last-to-first']),
  adapterWidth: count,
  adapterNorms: z.enum(['trained', 'frozen']),
  pretraining: z.strictObject({
    epochs: natural,
    learningRate: positive,
    batchSize: count,
    softmax: z.enum(['full', 'sampled']),
    sampledItems: count,
    maskPadding: z.boolean(),
  }),
  fineTuning: z.strictObject({
    epochs: count,
    learningRate: positive,
    batchSize: count,
    /** 0: never stop early. */
    patience: natural,
    selectOn: z.enum(['validation', 'test']),
    trainingFraction: fraction,
    multiTaskWeight: z.number().check(z.gte(0)),
  }),
  dataset: z.strictObject({
    split: z.enum(['random', 'latest']),
    splitSeed: seed,
    /** 1: keep all. */
    minimumTargetItemCount: count,
    /** 0: keep all. */
    maximumTargetsPerUser: natural,
  }),
  evaluation: z.strictObject({
    /** The target and its negatives. */
    candidates: z.int().check(z.gte(2)),
    cutoffs: z.array(count).check(z.minLength(1), z.maxLength(6)),
  }),
});

export type Configuration = z.infer<typeof configurationSchema>;

/** Anything that may be left out is left out; groups too. */
export type PartialConfiguration = {
  [K in keyof Configuration]?: Configuration[K] extends unknown[]
    ? Configuration[K]
    : Configuration[K] extends object
      ? Partial<Configuration[K]>
      : Configuration[K];
};

export type Value = string | number | boolean | number[];

/** A key or value that is no part of a configuration. */
export class ConfigurationError extends Error {
  override name = 'ConfigurationError';
}

/** `{ 'pretraining.epochs': 10, … }`: one entry a key. */
export function flatten(configuration: PartialConfiguration): Record<string, Value> {
  const flat: Record<string, Value> = {};
  for (const [key, value] of Object.entries(configuration)) {
    if (typeof value === 'object' && !Array.isArray(value)) {
      for (const [inner, leaf] of Object.entries(value)) flat[`${key}.${inner}`] = leaf as Value;
    } else if (value !== undefined) flat[key] = value as Value;
  }
  return flat;
}

/** The contrary of `flatten`. Unknown keys are kept: `complete` names them. */
export function nest(flat: Readonly<Record<string, unknown>>): Record<string, unknown> {
  const nested: Record<string, unknown> = {};
  for (const [key, value] of Object.entries(flat)) {
    const [group, ...rest] = key.split('.');
    if (rest.length === 0) nested[group] = value;
    else nested[group] = { ...(nested[group] as object | undefined), [rest.join('.')]: value };
  }
  return nested;
}

/** PeterRec's adapters are a quarter of the channels wide unless they are given a width of their own. */
function withAdapterWidth(base: Configuration, changes: Record<string, Value>): Record<string, Value> {
  const quarter = (channels: number) => Math.max(1, Math.floor(channels / 4));
  const follows = base.adapterWidth === quarter(base.channels) && changes.adapterWidth === undefined;
  const { channels } = changes;
  return follows && typeof channels === 'number' ? { ...changes, adapterWidth: quarter(channels) } : changes;
}

/**
 * A whole configuration: `changes` over `base`, checked. `adapterWidth` follows `channels` where nobody set it.
 *
 * @throws ConfigurationError naming the key, what was expected and, for an unknown key, the nearest known one; or the keys
 * that contradict each other
 */
export function complete(base: Configuration, changes: Readonly<Record<string, unknown>>): Configuration {
  const known = Object.keys(flatten(base));
  const flatChanges = withAdapterWidth(base, flatten(changes as PartialConfiguration));
  for (const key of Object.keys(flatChanges)) {
    if (known.includes(key)) continue;
    const nearest = known.reduce((best, candidate) => (distance(key, candidate) < distance(key, best) ? candidate : best));
    throw new ConfigurationError(`There is no configuration key “${key}”. The nearest is “${nearest}”.`);
  }
  const parsed = configurationSchema.safeParse(nest({ ...flatten(base), ...flatChanges }));
  if (parsed.success) {
    const contradiction = contradictionOf(parsed.data);
    if (contradiction !== null) throw new ConfigurationError(contradiction);
    return parsed.data;
  }
  const issue = parsed.error.issues[0];
  throw new ConfigurationError(`The value of “${issue.path.join('.')}” is not possible: ${issue.message}.`);
}

/** Settings of which one would have to be ignored. */
function contradictionOf({ method, dilations, gateLogits, exploration }: Configuration): string | null {
  const last = Number(/^finetune-last-(\d+)$/.exec(method)?.[1] ?? 0);
  if (last > dilations.length)
    return `“${method}” trains the last ${last} blocks, but the network has only ${dilations.length} (“dilations”).`;
  if (gateLogits === 'sigmoid' && exploration !== 1)
    return '“exploration” below 1 mixes probabilities, which “gateLogits”: “sigmoid” does not have; use one of the two.';
  return null;
}

/** The keys in which a configuration differs from another. */
export function differences(configuration: Configuration, from: Configuration): Record<string, Value> {
  const base = flatten(from);
  return Object.fromEntries(
    Object.entries(flatten(configuration)).filter(([key, value]) => JSON.stringify(value) !== JSON.stringify(base[key])),
  );
}

/** The keys that are not the same in all of some configurations, flat. */
export function differingKeys(configurations: readonly Configuration[]): string[] {
  const [first, ...others] = configurations;
  return first === undefined ? [] : Array.from(new Set(others.flatMap((other) => Object.keys(differences(other, first)))));
}

/** The value of `--set key=value`, as the key's type wants it: JSON where it is JSON, else the text itself. */
export function parseValue(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    if (error instanceof SyntaxError) return text;
    throw error;
  }
}
