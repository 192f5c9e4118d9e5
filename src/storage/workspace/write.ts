import { makeZip } from 'client-zip';
import { crc32 } from '../../data/zip/crc32.ts';
import { hashOf, type StudioDatabase } from '../database.ts';
import { NothingStoredError, storageFault } from '../errors.ts';
import { FileCutShortError, FileMissingError, type FileStore, type StoredFile } from '../files.ts';
import { filesIn } from '../named.ts';
import { fileEntry, LISTING, MANIFEST, recordName, SETTINGS, WORKSPACE_VERSION } from './names.ts';
import { encodeRecord, RecordError } from './record.ts';
import type { DatasetRecord, Manifest, RunRecord } from './schemas.ts';
import { standInFor } from './standIn.ts';

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
 * told to `leftOut` in words; what concerns more than one record, such as a database that goes away, ends it.
 *
 * @param use reads the zip; once it is done, however it ended, no file is open any more
 */
export async function withWorkspaceZip<T>(
  database: StudioDatabase,
  files: FileStore,
  origin: WorkspaceOrigin,
  going: Going,
  leftOut: (words: string) => void,
  use: (zip: ReadableStream<Uint8Array>) => Promise<T>,
): Promise<T> {
  const opened = new OpenFiles(files);
  try {
    return await use(makeZip(entriesOf(database, opened, origin, going, leftOut)));
  } finally {
    // A zip that fails, or is read no further, leaves what makes its entries where it stands, and never ends it.
    opened.closeAll();
  }
}

/** Files that are being copied. */
class OpenFiles {
  private readonly opened = new Set<StoredFile>();

  constructor(readonly store: FileStore) {}

  /** @throws FileMissingError */
  async open(name: string): Promise<void> {
    this.opened.add(await this.store.open(name));
  }

  all(): Iterable<StoredFile> {
    return this.opened;
  }

  closeAll(): void {
    for (const file of this.opened) file.close();
    this.opened.clear();
  }
}

async function* entriesOf(
  database: StudioDatabase,
  opened: OpenFiles,
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
    files: (await opened.store.list()).length,
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
  const records = recordsOf(database, opened.store, keys, leftOut);
  const total = counts.datasets + counts.pretrained + counts.experiments + counts.runs + 1;
  let done = 0;
  for (const record of records) {
    await turn();
    const parts = await encoded(record, opened, leftOut);
    if (parts !== null) {
      yield entry(record.name, parts);
      for (const file of opened.all()) yield entry(fileEntry(file.name), partsOf(file, turn));
    }
    opened.closeAll();
    share(++done / total);
  }
  yield entry(LISTING, [json(listed)]);
}

/** A record as bytes, with its files opened; null where there is none, or it cannot be read: then the rest comes along. */
async function encoded(
  record: Pending,
  opened: OpenFiles,
  leftOut: (words: string) => void,
): Promise<Uint8Array<ArrayBuffer>[] | null> {
  try {
    const value = await withItsFiles(record, opened);
    return value === null ? null : encodeRecord(value);
  } catch (error) {
    if (!isOfOneRecord(error)) throw error;
    leftOut(`${record.words}: ${error.message}`);
    return null;
  }
}

/** What browsers say of a row, or of a file, that is there and that they cannot read. */
const UNREADABLE = ['DataError', 'NotReadableError'];

/** Whether something is wrong with one record alone, and not with the whole database. */
const isOfOneRecord = (error: unknown): error is Error =>
  error instanceof Error &&
  storageFault(error) === null &&
  (error instanceof RecordError ||
    error instanceof FileMissingError ||
    error instanceof FileCutShortError ||
    error instanceof NothingStoredError ||
    // A damaged row: something in it is not what it should be.
    error instanceof TypeError ||
    error instanceof RangeError ||
    UNREADABLE.includes(error.name));

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
  /** The record without files that are gone; left out: it is nothing without them. */
  readonly withoutFiles?: (value: object) => object;
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
    ...keys.runs.map((id) => ({
      name: recordName('runs', id),
      words: `Run ${id}`,
      read: () => runOf(database, id),
      withoutFiles: (record: object) => {
        leftOut(`The checkpoint of run ${id}. The run comes along; where it is resumed, it starts from the beginning.`);
        return { ...record, checkpoint: null };
      },
    })),
  ];
}

async function settingsOf({ settings, mappings }: StudioDatabase) {
  return { settings: await settings.toArray(), mappings: await mappings.toArray() };
}

/**
 * A dataset whose data cannot be read comes as one that is only known by its results: they join it when its files are imported, where
 * its hash is known.
 */
async function datasetOf(
  database: StudioDatabase,
  files: FileStore,
  id: number,
  leftOut: (words: string) => void,
): Promise<DatasetRecord | null> {
  const isWhole = await hasWholeContents(database, files, id);
  const { datasets, contents } = database;
  return database.transaction('r', datasets, contents, async () => {
    const row = await datasets.get(id);
    if (row === undefined) return null;
    const { dataset = null, packed = null } = (isWhole && row.hasContents ? await contents.get(id) : undefined) ?? {};
    if (dataset !== null || packed !== null) return { row, dataset, packed } as DatasetRecord;
    if (row.hasContents) leftOut(`The data of “${row.name}”. Its runs come along; ${afterwards(row.hash)}`);
    const { file: _file, ...rest } = row;
    const known = { ...rest, hash: row.hash ?? standInFor(row), hasContents: false, bytes: 0 };
    return { row: known, dataset: null, packed: null } as DatasetRecord;
  });
}

const afterwards = (hash: string | null): string =>
  hash === null
    ? 'they can be compared, and will not join its files where those are imported again.'
    : 'where you go on, import its files again, and they join it.';

/** Whether a dataset's contents are all there, and its hash is known, by which it is known again elsewhere. */
async function hasWholeContents(database: StudioDatabase, files: FileStore, id: number): Promise<boolean> {
  try {
    const stored = await database.contents.get(id);
    if (stored === undefined) return false;
    if (stored.packed !== undefined) {
      const { file, length } = stored.packed.source;
      const opened = await files.open(file);
      opened.close();
      if (opened.size !== 4 * length) throw new FileCutShortError(file);
    }
    await hashOf(database, id);
    return true;
  } catch (error) {
    if (!isOfOneRecord(error)) throw error;
    return false;
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

/** How often a record is read whose file is not there: a checkpoint may be replaced by the next one between its row and its file. */
const TRIES = 2;

/** A record whose files are opened, or that is without them. @throws FileMissingError */
async function withItsFiles({ read, withoutFiles }: Pending, opened: OpenFiles): Promise<object | null> {
  for (let tries = 1; ; tries++) {
    const value = await read();
    try {
      for (const name of new Set(filesIn(value))) await opened.open(name);
      return value;
    } catch (error) {
      opened.closeAll();
      if (!(error instanceof FileMissingError)) throw error;
      if (tries < TRIES) continue;
      if (value === null || withoutFiles === undefined) throw error;
      return withoutFiles(value);
    }
  }
}
