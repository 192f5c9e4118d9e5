import { makeZip } from 'client-zip';
import { crc32 } from '../../data/import/crc32.ts';
import { hashOf, type StudioDatabase } from '../database.ts';
import { FileMissingError, type FileStore, type StoredFile } from '../files.ts';
import { filesIn } from '../named.ts';
import type { PackedDataset } from '../packedDataset.ts';
import { fileEntry, LISTING, MANIFEST, recordName, SETTINGS, WORKSPACE_VERSION } from './names.ts';
import { encodeRecord } from './record.ts';
import type { DatasetRecord, Manifest, RunRecord } from './schemas.ts';

/** Where a workspace comes from. */
export interface WorkspaceOrigin {
  readonly studio: string;
  readonly platform: string;
  /** The dataset that is in use. */
  readonly datasetId: number | null;
}

/** How it goes on. */
export interface Going {
  /** Between records, and parts of files: gives others their turn. @throws StoppedError to end it */
  readonly turn: () => Promise<void>;
  /** Told how much is done, 0 to 1. */
  readonly share: (share: number) => void;
}

/** Of a file that is copied. */
const PART = 1 << 20;

interface Entry {
  readonly name: string;
  readonly input: AsyncIterable<Uint8Array<ArrayBuffer>>;
  readonly lastModified: Date;
}

/**
 * The whole workspace as one zip, record by record: one of them is in memory at a time. What cannot be read of it is left out, and
 * told to `leftOut` in words.
 */
export function workspaceZip(
  database: StudioDatabase,
  files: FileStore,
  origin: WorkspaceOrigin,
  going: Going,
  leftOut: (words: string) => void,
): ReadableStream<Uint8Array> {
  return makeZip(entriesOf(database, files, origin, going, leftOut));
}

async function* entriesOf(
  database: StudioDatabase,
  files: FileStore,
  { studio, platform, datasetId }: WorkspaceOrigin,
  { turn, share }: Going,
  leftOut: (words: string) => void,
): AsyncGenerator<Entry> {
  const now = new Date();
  const listed: { name: string; bytes: number; crc32: number }[] = [];
  const entry = (name: string, parts: Iterable<Uint8Array<ArrayBuffer>> | AsyncIterable<Uint8Array<ArrayBuffer>>): Entry => ({
    name,
    input: noted(parts, (bytes, sum) => listed.push({ name, bytes, crc32: sum })),
    lastModified: now,
  });
  const keys = await keysOf(database);
  const counts = {
    datasets: keys.datasets.length,
    pretrained: keys.pretrained.length,
    experiments: keys.experiments.length,
    runs: keys.runs.length,
    files: (await files.list()).length,
  };
  const head: Manifest = {
    format: 'uaf-studio workspace',
    version: WORKSPACE_VERSION,
    studio,
    platform,
    createdAt: now.getTime(),
    datasetId,
    counts,
  };
  yield entry(MANIFEST, [json(head)]);
  const records = recordsOf(database, files, keys, leftOut);
  const total = counts.datasets + counts.pretrained + counts.experiments + counts.runs + 1;
  let done = 0;
  for (const { name, words, read } of records) {
    await turn();
    try {
      // A checkpoint may be replaced by the next one between its row and its file: then the next one is read.
      const { value, opened } = await withItsFiles(files, read).catch((error: unknown) => {
        if (!(error instanceof FileMissingError)) throw error;
        return withItsFiles(files, read);
      });
      if (value !== null) yield entry(name, encodeRecord(value));
      for (const file of opened) {
        yield entry(fileEntry(file.name), partsOf(file, turn));
        file.close();
      }
    } catch (error) {
      // A damaged record, or one whose file is gone: the rest comes along.
      leftOut(`${words}: ${error instanceof Error ? error.message : String(error)}`);
    }
    share(++done / total);
  }
  yield entry(LISTING, [json(listed)]);
}

const json = (value: unknown): Uint8Array<ArrayBuffer> => new TextEncoder().encode(JSON.stringify(value));

/** Passes parts on, and says at the end how many bytes they had, and their checksum. */
async function* noted(
  parts: Iterable<Uint8Array<ArrayBuffer>> | AsyncIterable<Uint8Array<ArrayBuffer>>,
  note: (bytes: number, sum: number) => void,
): AsyncGenerator<Uint8Array<ArrayBuffer>> {
  let bytes = 0;
  let sum = 0;
  for await (const part of parts) {
    bytes += part.length;
    sum = crc32(part, sum);
    yield part;
  }
  note(bytes, sum);
}

async function* partsOf(file: StoredFile, turn: () => Promise<void>): AsyncGenerator<Uint8Array<ArrayBuffer>> {
  for (let at = 0; at < file.size; at += PART) {
    await turn();
    const part = new Uint8Array(Math.min(PART, file.size - at));
    file.read(part, at);
    yield part;
  }
}

async function keysOf({ datasets, pretrainings, experiments, runs }: StudioDatabase) {
  return {
    datasets: await datasets.toCollection().primaryKeys(),
    pretrained: await pretrainings.toCollection().primaryKeys(),
    experiments: await experiments.toCollection().primaryKeys(),
    runs: await runs.toCollection().primaryKeys(),
  };
}

/** A record that is read when its turn comes; null where it was deleted meanwhile. */
interface Pending {
  readonly name: string;
  /** Names it to people. */
  readonly words: string;
  readonly read: () => Promise<object | null>;
}

function recordsOf(
  database: StudioDatabase,
  files: FileStore,
  keys: Awaited<ReturnType<typeof keysOf>>,
  leftOut: (words: string) => void,
): Pending[] {
  const { pretrainings, experiments } = database;
  return [
    { name: SETTINGS, words: 'Settings', read: () => settingsOf(database) },
    ...keys.datasets.map((id) => ({
      name: recordName('datasets', id),
      words: `Dataset ${id}`,
      read: () => datasetOf(database, files, id, leftOut),
    })),
    ...keys.pretrained.map((key, i) => ({
      name: recordName('pretrained', i + 1),
      words: `A pre-trained model of dataset ${key[0]}`,
      read: async () => (await pretrainings.get(key)) ?? null,
    })),
    ...keys.experiments.map((id) => ({
      name: recordName('experiments', id),
      words: `Experiment ${id}`,
      read: async () => (await experiments.get(id)) ?? null,
    })),
    ...keys.runs.map((id) => ({ name: recordName('runs', id), words: `Run ${id}`, read: () => runOf(database, id) })),
  ];
}

async function settingsOf({ settings, mappings }: StudioDatabase) {
  return { settings: await settings.toArray(), mappings: await mappings.toArray() };
}

/** A dataset whose data cannot be written comes as one that is only known by its results: they join it when its files are imported. */
async function datasetOf(
  database: StudioDatabase,
  files: FileStore,
  id: number,
  leftOut: (words: string) => void,
): Promise<DatasetRecord | null> {
  const before = await database.datasets.get(id);
  if (before === undefined) return null;
  const { datasets, contents } = database;
  const stored = before.hasContents ? await contents.get(id) : undefined;
  const isThere = stored !== undefined && (stored.packed === undefined || (await isWhole(files, stored.packed.source)));
  // By it the dataset is known again elsewhere.
  if (isThere) await hashOf(database, id);
  return database.transaction('r', datasets, contents, async () => {
    const row = await datasets.get(id);
    if (row === undefined) return null;
    const { dataset = null, packed = null } = (isThere ? await contents.get(id) : undefined) ?? {};
    if (dataset !== null || packed !== null || !row.hasContents) return { row, dataset, packed } as DatasetRecord;
    leftOut(`The data of “${row.name}”. Its runs come along; where you go on, import its files again, and they join it.`);
    const { file: _file, ...rest } = row;
    return { row: { ...rest, hasContents: false, bytes: 0 }, dataset, packed } as DatasetRecord;
  });
}

/** Whether the values of a large dataset are all there. */
async function isWhole(files: FileStore, { file, length }: PackedDataset['source']): Promise<boolean> {
  try {
    const opened = await files.open(file);
    opened.close();
    return opened.size === 4 * length;
  } catch (error) {
    if (error instanceof FileMissingError) return false;
    throw error;
  }
}

function runOf(database: StudioDatabase, id: number): Promise<RunRecord | null> {
  const { runs, epochs, policies, outcomes, models, checkpoints } = database;
  return database.transaction('r', [runs, epochs, policies, outcomes, models, checkpoints], async () => {
    const row = await runs.get(id);
    if (row === undefined) return null;
    return {
      row,
      epochs: await epochs.where({ runId: id }).toArray(),
      policies: await policies.where({ runId: id }).toArray(),
      outcome: (await outcomes.get(id)) ?? null,
      model: (await models.get(id)) ?? null,
      checkpoint: (await checkpoints.get(id)) ?? null,
    } as RunRecord;
  });
}

/** A record, and the files that it names, opened. @throws FileMissingError */
async function withItsFiles(files: FileStore, read: () => Promise<object | null>) {
  const value = await read();
  const opened: StoredFile[] = [];
  try {
    for (const name of new Set(filesIn(value))) opened.push(await files.open(name));
  } catch (error) {
    for (const file of opened) file.close();
    throw error;
  }
  return { value, opened };
}
