import * as z from 'zod/mini';
import { issueWords } from '../configuration/issue.ts';
import type { Configuration } from '../configuration/schema.ts';
import { configurationOf } from './runFile.ts';
import { type FileTensor, readSafetensors, SafetensorsError, writeSafetensors } from './safetensors.ts';
import { versionWords } from './versionWords.ts';

const FORMAT = 'uaf-studio model';
const VERSION = '1';

/** The parameters of a finished run, of its best epoch, and what they are of. Kernels are [tap, in, out]. */
export interface ModelFile {
  readonly configuration: Configuration;
  readonly dataset: { readonly name: string; readonly hash: string };
  readonly bestEpoch: number;
  readonly backend: string;
  readonly studio: string;
  readonly tensors: Readonly<Record<string, FileTensor>>;
}

const metadataSchema = z.object({
  configuration: z.string(),
  dataset: z.string(),
  dataset_hash: z.string(),
  best_epoch: z.string().check(z.regex(/^\d{1,9}$/)),
  backend: z.string(),
  studio: z.string(),
});

/** A model as safetensors; its metadata says what it is a model of. */
export function writeModelFile({
  configuration,
  dataset,
  bestEpoch,
  backend,
  studio,
  tensors,
}: ModelFile): Uint8Array<ArrayBuffer> {
  return writeSafetensors(tensors, {
    format: FORMAT,
    version: VERSION,
    method: configuration.method,
    seed: String(configuration.seed),
    configuration: JSON.stringify(configuration),
    dataset: dataset.name,
    dataset_hash: dataset.hash,
    best_epoch: String(bestEpoch),
    backend,
    studio,
  });
}

/** @throws SafetensorsError, also where the metadata is not the studio's; RunFileError for a broken configuration */
export function readModelFile(bytes: Uint8Array): ModelFile {
  const { tensors, metadata } = readSafetensors(bytes);
  if (metadata.format !== FORMAT) {
    throw new SafetensorsError(`This is no model of the studio: the “format” of its metadata is not “${FORMAT}”.`);
  }
  if (metadata.version !== VERSION) {
    throw new SafetensorsError(`This model file is of ${versionWords(metadata.version)}; this studio reads version ${VERSION}.`);
  }
  const parsed = metadataSchema.safeParse(metadata);
  if (!parsed.success) {
    throw new SafetensorsError(`The metadata of this model file is broken: ${issueWords(parsed.error.issues[0])}.`);
  }
  const { configuration, dataset, dataset_hash: hash, best_epoch: bestEpoch, backend, studio } = parsed.data;
  return {
    configuration: configurationOf(objectIn(configuration), 'This model file'),
    dataset: { name: dataset, hash },
    bestEpoch: Number(bestEpoch),
    backend,
    studio,
    tensors,
  };
}

function objectIn(text: string): Record<string, unknown> {
  const refused = new SafetensorsError('The metadata of this model file is broken: “configuration” is no JSON of an object.');
  try {
    const value: unknown = JSON.parse(text);
    if (typeof value === 'object' && value !== null && !Array.isArray(value)) return value as Record<string, unknown>;
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error;
  }
  throw refused;
}
