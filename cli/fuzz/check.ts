import { deflateRawSync } from 'node:zlib';
import { ImportError } from '../../src/data/errors.ts';
import { entriesOf, isZip } from '../../src/data/import/archive.ts';
import { decodeExperiment, experimentIn } from '../../src/experiments/share.ts';
import { HEAD_BYTES, resultsKind } from '../../src/results/recognise.ts';
import { problemOf } from '../../src/services/answer.ts';
import { browserFile } from '../../src/services/dropped.ts';
import type { Problem } from '../../src/services/protocol.ts';
import { takeInFile } from '../../src/services/takeInFiles.ts';
import type { StudioDatabase } from '../../src/storage/database.ts';
import { settingsRecord } from '../../src/storage/workspace/schemas.ts';
import { busy } from './busy.ts';
import { checkCheckpoint, takeInWhole } from './checkKept.ts';
import { type Disk, diskOf } from './disk.ts';
import type { FuzzFile } from './files.ts';
import type { FuzzFormat } from './formats.ts';
import { importFiles } from './importing.ts';
import { MadeFile } from './made.ts';
import { faultsOfWords } from './words.ts';

/** What came of files: they were taken, or refused with an error of this name. */
export interface Verdict {
  readonly outcome: string;
  readonly milliseconds: number;
  /** What must not be, in words: none for files that were read as they should. */
  readonly faults: readonly string[];
}

/** Longer than this a reader hangs: of a file that takes long because it is large, nothing may be read for so long. */
const MOST_MILLISECONDS = 5000;

/** Errors that say on purpose that a file is refused; every other one is a crash. */
const NAMED = new Set([
  'ImportError',
  'EmptyDatasetError',
  'NoSharedUserError',
  'UnknownItemsError',
  'BadRowsError',
  'UnknownFileError',
  'RunFileError',
  'SafetensorsError',
  'ConfigurationError',
  'ExperimentError',
  'ResultsRefusedError',
  'WorkspaceError',
  'CheckpointError',
]);

/** Rows of all tables together. */
async function rowsIn(database: StudioDatabase): Promise<number> {
  const counts = await Promise.all(database.tables.map((table) => table.count()));
  return counts.reduce((sum, count) => sum + count, 0);
}

/** Reads files as the studio does, and says what must not be. What they leave in the database is removed again. */
export async function check(database: StudioDatabase, format: FuzzFormat, files: readonly FuzzFile[]): Promise<Verdict> {
  return checkFiles(
    database,
    format.reader,
    files.map(({ name, bytes }) => new File([bytes], name)),
  );
}

/** The same for files that are made while they are read. */
export async function checkFiles(
  database: StudioDatabase,
  reader: FuzzFormat['reader'],
  files: readonly File[],
): Promise<Verdict> {
  const disk = diskOf(database);
  const started = busy();
  const { problem, before, faults: told = [] } = await read(database, disk, reader, files);
  const milliseconds = busy() - started;
  const faults: string[] = [...told];
  const made = files.find((file) => file instanceof MadeFile);
  const silence = made?.longestSilence() ?? milliseconds;
  if (silence > MOST_MILLISECONDS) faults.push(`was silent for ${(silence / 1000).toFixed(1)} s`);
  if (disk.open() > 0) faults.push(`left ${disk.open()} files open`);
  if (problem !== null) {
    faults.push(...faultsOf(problem, reader === 'import' || reader === 'mapping' ? await namesOf(files) : []));
    const after = await rowsIn(database);
    if (after !== before) faults.push(`left ${after - before} rows in the database after “${problem.message}”`);
  }
  if ((await rowsIn(database)) > 0) for (const table of database.tables) await table.clear();
  return { outcome: problem?.name ?? 'taken', milliseconds, faults };
}

/** What files are called, also those in archives, as far as their directories can be read. */
async function namesOf(files: readonly File[]): Promise<string[]> {
  const names = files.map(({ name }) => name);
  for (const file of files) {
    if (file instanceof MadeFile || !(await isZip(browserFile(file)))) continue;
    const entries = await entriesOf(browserFile(file)).catch((error: unknown) => {
      if (error instanceof ImportError) return [];
      throw error;
    });
    names.push(...entries.map(({ path }) => path.slice(path.lastIndexOf('/') + 1)).filter((name) => name !== ''));
  }
  return names;
}

function faultsOf({ name, message }: Problem, names: readonly string[]): string[] {
  const faults = [...(NAMED.has(name) ? [] : [`${name} is no refusal: ${message}`]), ...faultsOfWords(message)];
  if (names.length > 0 && !names.some((file) => message.includes(file))) faults.push(`“${message}” names no file`);
  return faults;
}

interface Read {
  /** Null where all was taken. */
  readonly problem: Problem | null;
  /** Rows in the database before the last step, which took it or not. */
  readonly before: number;
  readonly faults?: readonly string[];
}

async function read(
  database: StudioDatabase,
  { files: store }: Disk,
  reader: FuzzFormat['reader'],
  files: readonly File[],
): Promise<Read> {
  const [first, ...others] = files;
  // Every other file goes the way of large ones.
  const large = first.size % 2 === 0 ? 0 : Number.POSITIVE_INFINITY;
  const trial = { files: store, large, corrected: null };
  switch (reader) {
    case 'import':
      return { problem: await importFiles(database, files, trial), before: 0 };
    case 'mapping': {
      const corrected = await mappingIn(first);
      const problem = await importFiles(database, others, { ...trial, corrected });
      return { problem, before: await database.mappings.count() };
    }
    case 'link':
      return { problem: await thrown(async () => decodeExperiment(await first.text())), before: 0 };
    case 'unpacked link': {
      const link = deflateRawSync(new Uint8Array(await first.arrayBuffer())).toString('base64url');
      return { problem: await thrown(() => decodeExperiment(link)), before: 0 };
    }
    case 'experiment':
      return { problem: await thrown(() => experimentIn(first)), before: 0 };
    case 'results': {
      // What does not look like results any more is given to the import.
      if (resultsKind(new Uint8Array(await first.slice(0, HEAD_BYTES).arrayBuffer()), first.size) === null) {
        return { problem: await importFiles(database, [first], trial), before: 0 };
      }
      for (const other of others) await thrown(() => takeInFile(database, other));
      const before = await rowsIn(database);
      return { problem: await thrown(() => takeInFile(database, first)), before };
    }
    case 'workspace':
      return { ...(await takeInWhole(database, store, first)), before: 0 };
    case 'checkpoint':
      return { ...(await checkCheckpoint(database, store, first, others[0])), before: 0 };
  }
}

/** A mapping as the file of a workspace brings it along; null where that is refused. */
async function mappingIn(file: File) {
  let format: unknown;
  try {
    format = JSON.parse(await file.text());
  } catch (error) {
    if (error instanceof SyntaxError) return null;
    throw error;
  }
  const read = settingsRecord.safeParse({ settings: [], mappings: [{ key: 'k', format, usedAt: 1 }] });
  return read.success ? read.data.mappings[0].format : null;
}

async function thrown(work: () => Promise<unknown>): Promise<Problem | null> {
  try {
    await work();
    return null;
  } catch (error) {
    return problemOf(error);
  }
}
