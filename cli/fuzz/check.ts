import { deflateRawSync } from 'node:zlib';
import { decodeExperiment, experimentIn } from '../../src/experiments/share.ts';
import { HEAD_BYTES, resultsKind } from '../../src/results/recognise.ts';
import { problemOf } from '../../src/services/answer.ts';
import { importService } from '../../src/services/importService.ts';
import type { Answer, FormattedUpload, Problem } from '../../src/services/protocol.ts';
import { takeInFile } from '../../src/services/takeInFiles.ts';
import type { StudioDatabase } from '../../src/storage/database.ts';
import { busy } from './busy.ts';
import type { FuzzFile, FuzzFormat } from './formats.ts';
import { MadeFile } from './heavy.ts';

/** What came of files: they were taken, or refused with an error of this name. */
export interface Verdict {
  readonly outcome: string;
  readonly milliseconds: number;
  /** What must not be, in words: none for files that were read as they should. */
  readonly faults: readonly string[];
}

/** Longer than this a reader hangs: of a file that takes long because it is large, nothing may be read for so long. */
const MOST_MILLISECONDS = 5000;
/** A refusal that is longer is no sentence any more: it quotes a whole file. */
const LONGEST_SENTENCE = 1500;

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
]);

/** Words that only programmers understand. */
const NO_WORDS =
  /\bundefined\b|\[object |\bat \S+ \(|\.ts:\d+|is not a function|Cannot read|not iterable|call stack|Invalid (array|typed)/;

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
  const started = busy();
  const { problem, before } = await read(database, reader, files);
  const milliseconds = busy() - started;
  const faults: string[] = [];
  const made = files.find((file) => file instanceof MadeFile);
  const silence = made?.longestSilence() ?? milliseconds;
  if (silence > MOST_MILLISECONDS) faults.push(`was silent for ${(silence / 1000).toFixed(1)} s`);
  if (problem !== null) {
    faults.push(...faultsOf(problem, reader === 'import' ? files.map(({ name }) => name) : []));
    const after = await rowsIn(database);
    if (after !== before) faults.push(`left ${after - before} rows in the database after “${problem.message}”`);
  }
  if ((await rowsIn(database)) > 0) for (const table of database.tables) await table.clear();
  return { outcome: problem?.name ?? 'taken', milliseconds, faults };
}

function faultsOf({ name, message }: Problem, names: readonly string[]): string[] {
  const faults: string[] = [];
  if (!NAMED.has(name)) faults.push(`${name} is no refusal: ${message}`);
  if (!/[.!?)]$/.test(message.trim()) || !message.includes(' ')) faults.push(`“${message}” is no sentence`);
  if (NO_WORDS.test(message)) faults.push(`“${message}” is for programmers`);
  if (message.length > LONGEST_SENTENCE) faults.push(`a refusal of ${message.length} characters: ${message.slice(0, 200)} …`);
  if (names.length > 0 && !names.some((file) => message.includes(file))) faults.push(`“${message}” names no file`);
  return faults;
}

interface Read {
  /** Null where all was taken. */
  readonly problem: Problem | null;
  /** Rows in the database before the last step, which took it or not. */
  readonly before: number;
}

async function read(database: StudioDatabase, reader: FuzzFormat['reader'], files: readonly File[]): Promise<Read> {
  const [first, ...others] = files;
  switch (reader) {
    case 'import':
      return { problem: await importFiles(database, files), before: 0 };
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
        return { problem: await importFiles(database, [first]), before: 0 };
      }
      for (const other of others) await thrown(() => takeInFile(database, other));
      const before = await rowsIn(database);
      return { problem: await thrown(() => takeInFile(database, first)), before };
    }
  }
}

async function thrown(work: () => Promise<unknown>): Promise<Problem | null> {
  try {
    await work();
    return null;
  } catch (error) {
    return problemOf(error);
  }
}

class Refused extends Error {
  constructor(readonly problem: Problem) {
    super(problem.message);
  }
}

/** The way of dropped files through the import service, as the page goes it; bad rows are skipped once they were named. */
async function importFiles(database: StudioDatabase, files: readonly File[]): Promise<Problem | null> {
  const service = importService(database);
  const asked = async <T>(answer: Promise<Answer<T>>): Promise<T> => {
    const settled = await answer;
    if (settled.ok) return settled.value;
    throw new Refused(settled.problem);
  };
  const ignore = () => {};
  try {
    const recognised = [];
    for (const file of files)
      recognised.push({ file, entry: null, recognition: await asked(service.recognise({ file, entry: null })), chosen: null });
    const assigned = await asked(service.assign(recognised));
    const uploadOf = (role: string): FormattedUpload | null => {
      const i = assigned.findIndex((one) => one.role === role);
      return i < 0 ? null : { file: files[i], entry: null, format: assigned[i].recognition.format, corrected: null };
    };
    const [source, target] = [uploadOf('source'), uploadOf('target')];
    // The page asks for the other file.
    if (source === null || target === null) return null;
    const supplements = {
      sourceNames: uploadOf('sourceNames'),
      targetNames: uploadOf('targetNames'),
      attributes: uploadOf('attributes'),
    };
    const whole = async (skipBadRows: boolean) => {
      await asked(service.read({ source, target, ...supplements, skipBadRows }, ignore));
      await asked(service.store('fuzz', { minimumTargetItemCount: 1, maximumTargetsPerUser: 0 }, ignore));
    };
    try {
      await whole(false);
    } catch (error) {
      if (!(error instanceof Refused) || error.problem.badRows === null || error.problem.badRows.good === 0) throw error;
      await whole(true);
    }
    return null;
  } catch (error) {
    if (error instanceof Refused) return error.problem;
    throw error;
  }
}
