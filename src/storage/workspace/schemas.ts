import * as z from 'zod/mini';
import { isMethod } from '../../configuration/methods.ts';
import { PRESETS } from '../../configuration/presets.ts';
import {
  type Configuration,
  ConfigurationError,
  complete,
  flatten,
  nest,
  type PartialConfiguration,
} from '../../configuration/schema.ts';
import type { Dataset, PreparationSettings } from '../../data/dataset.ts';
import type { DatasetShape } from '../../data/shape.ts';
import {
  byTrainingTargets,
  cost,
  count,
  environment,
  filters,
  metrics,
  origin,
  policy,
  pretrainingEpochs,
  seconds,
} from '../../results/runFile.ts';
import type {
  CheckpointRow,
  DatasetRow,
  EpochRow,
  ExperimentRow,
  MappingRow,
  OutcomeRow,
  RunResultRow,
  RunRow,
} from '../database.ts';
import type { PackedDataset } from '../packedDataset.ts';
import { fileFormat } from './formatSchema.ts';
import { HASH_OR_STAND_IN } from './standIn.ts';

/**
 * The schema of a row. A row may get a field, and the file of a workspace would lose it silently: then the compiler asks here for what
 * is missing.
 */
const covering =
  <Row>() =>
  <S extends z.ZodMiniType>(
    schema: S,
    ..._missing: keyof Row extends keyof z.output<S> ? [] : [Exclude<keyof Row, keyof z.output<S>>]
  ) =>
    schema;

/** A name, a sentence, a key: nothing that is longer was written by the studio. */
const text = z.string().check(z.maxLength(10_000));
const time = z.number();

const figures = z.object({
  sourceUsers: count,
  sourceItems: count,
  sourceInteractions: count,
  targetUsers: count,
  targetItems: count,
  instances: count,
  targetOnlyUsers: count,
  droppedTargetItems: count,
});
const settings = covering<PreparationSettings>()(
  z.object({ minimumTargetItemCount: count, maximumTargetsPerUser: count, filters: z.optional(filters) }),
);
const task = z.enum(['ranking', 'profile']);
const ids = z.array(z.string());
const int32 = z.instanceof(Int32Array);
const uint8 = z.instanceof(Uint8Array);

const uint32 = z.instanceof(Uint32Array);
const popularity = z.object({ shares: z.instanceof(Float32Array), first: z.number(), rare: count });
const shape = covering<DatasetShape>()(
  z.object({
    users: z.object({ both: count, sourceOnly: count, targetOnly: count }),
    sourceLengths: uint32,
    targetsPerUser: uint32,
    sourcePopularity: popularity,
    targetPopularity: popularity,
    unseen: z.object({ splitSeed: z.number(), test: count, unseenTest: count, unseenItems: count }),
  }),
);

const datasetRow = covering<DatasetRow>()(
  z.object({
    id: count,
    name: text,
    createdAt: time,
    origin,
    task,
    settings,
    figures,
    timed: z.boolean(),
    notes: z.array(text),
    hash: z.nullable(z.string().check(z.regex(HASH_OR_STAND_IN))),
    hasContents: z.boolean(),
    bytes: count,
    file: z.optional(text),
    shape: z.optional(shape),
  }),
);

const attributes = z.array(z.object({ name: text, values: ids, codes: uint8 }));
const ragged = z.object({ offsets: uint32, values: int32 });
const dataset = covering<Dataset>()(
  z.object({
    name: text,
    origin,
    task,
    settings,
    figures,
    timed: z.boolean(),
    users: ids,
    pretrainingUsers: count,
    sourceItems: ids,
    targetItems: ids,
    sourceNames: z.nullable(ids),
    targetNames: z.nullable(ids),
    source: ragged,
    targets: ragged,
    attributes,
  }),
);

const names = z.object({ text: uint8, lengths: z.union([uint8, uint32]) });
/** A large dataset: its values are a file of their own. */
const packed = covering<PackedDataset>()(
  z.object({
    name: text,
    origin,
    task,
    settings,
    figures,
    timed: z.boolean(),
    users: names,
    pretrainingUsers: count,
    sourceItems: names,
    targetItems: names,
    sourceNames: z.nullable(names),
    targetNames: z.nullable(names),
    source: z.object({ offsets: uint32, file: text, length: count }),
    targets: ragged,
    attributes,
  }),
);
/** One of both where its data is here. */
export const datasetRecord = z.object({ row: datasetRow, dataset: z.nullable(dataset), packed: z.nullable(packed) });
export type DatasetRecord = z.infer<typeof datasetRecord>;

const parameters = z.record(text, z.object({ shape: z.array(count), values: z.instanceof(Float32Array) }));
export const pretraining = z.object({
  datasetId: count,
  key: text,
  parameters,
  epochs: pretrainingEpochs,
  seconds: z.number(),
});

const backend = z.object({
  name: z.enum(['wasm', 'webgpu', 'cpu']),
  adapter: text,
  software: z.boolean(),
  reason: text,
  variant: text,
  largestTable: z.nullable(z.number()),
});

const result = covering<RunResultRow>()(
  z.object({
    bestEpoch: count,
    test: metrics,
    validation: z.nullable(metrics),
    policy: z.nullable(policy),
    candidates: count,
    classes: z.nullable(ids),
    byTrainingTargets,
    cost,
    split: z.nullable(z.object({ train: count, validation: count, test: count })),
    seconds,
  }),
);

/** Checked by what every configuration is checked by. Runs of earlier versions lack keys, and go on lacking them. */
const configuration = z.pipe(
  z.record(z.string(), z.unknown()),
  z.transform((written, context): Configuration => {
    try {
      if (!isMethod(String(written.method))) throw new ConfigurationError(`There is no method “${String(written.method)}”.`);
      const whole = complete(PRESETS.paper, written);
      const own = flatten(written as PartialConfiguration);
      const kept = Object.entries(flatten(whole)).filter(([key]) => Object.hasOwn(own, key));
      return nest(Object.fromEntries(kept)) as Configuration;
    } catch (error) {
      if (!(error instanceof ConfigurationError)) throw error;
      context.issues.push({ code: 'custom', input: written, message: error.message });
      return z.NEVER;
    }
  }),
);

const runRow = covering<RunRow>()(
  z.object({
    id: count,
    datasetId: count,
    datasetName: text,
    configuration,
    preset: text,
    scenario: z.nullable(z.enum(['hidden', 'open'])),
    sourceItems: count,
    search: z.nullable(text),
    experimentId: z.nullable(count),
    status: z.enum(['held', 'queued', 'running', 'paused', 'finished', 'stopped', 'failed', 'interrupted']),
    position: z.number(),
    createdAt: time,
    startedAt: z.nullable(time),
    finishedAt: z.nullable(time),
    backend: z.nullable(backend),
    error: z.nullable(z.object({ name: text, message: z.string() })),
    pretraining: pretrainingEpochs,
    result: z.nullable(result),
    interruptions: z.optional(count),
    unsaved: z.optional(z.nullable(z.object({ since: time, message: text }))),
    elsewhere: z.optional(z.object({ environment, experiment: z.nullable(text) })),
  }),
);

const epochRow = covering<EpochRow>()(
  z.object({
    runId: count,
    epoch: count,
    trainLoss: z.number(),
    validation: metrics,
    policy: z.nullable(policy),
  }),
);

const outcomeRow = covering<OutcomeRow>()(
  z.object({
    runId: count,
    outcomes: z.union([z.object({ sampled: int32, all: int32 }), z.object({ predicted: int32 })]),
    instances: int32,
    targets: int32,
    users: z.optional(z.nullable(int32)),
    policies: z.nullable(uint8),
  }),
);

const checkpointRow = covering<CheckpointRow>()(
  z.object({
    runId: count,
    file: text,
    bytes: count,
    checksum: z.number(),
    savedAt: time,
    stage: z.enum(['pretraining', 'fine-tuning']),
    epoch: count,
    step: count,
    backend: z.optional(text),
  }),
);

/** A run with all that belongs to it. */
export const runRecord = z.object({
  row: runRow,
  epochs: z.array(epochRow),
  policies: z.array(z.object({ runId: count, epoch: count, bytes: uint8 })),
  outcome: z.nullable(outcomeRow),
  model: z.nullable(z.object({ runId: count, parameters })),
  checkpoint: z.nullable(checkpointRow),
});
export type RunRecord = z.infer<typeof runRecord>;

/** Checked by what every experiment is checked by. */
export const experimentRecord = covering<ExperimentRow>()(z.object({ id: count, createdAt: time, experiment: z.unknown() }));

export const settingsRecord = z.object({
  settings: z.array(z.object({ name: text, value: text })),
  mappings: z.array(covering<MappingRow>()(z.object({ key: text, format: fileFormat, usedAt: time }))),
});

/** The beginning of a workspace's file. */
export const manifest = z.object({
  format: z.literal('uaf-studio workspace'),
  version: count,
  studio: text,
  platform: text,
  createdAt: time,
  /** The dataset that was in use. */
  datasetId: z.nullable(count),
  counts: z.object({ datasets: count, pretrained: count, experiments: count, runs: count, files: count }),
});
export type Manifest = z.infer<typeof manifest>;

/** Its end: every other file of it. */
export const listing = z.array(z.object({ name: text, bytes: count, crc32: count }));
