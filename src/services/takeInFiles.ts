import { shownName } from '../data/shownName.ts';
import { readExperiment } from '../experiments/experiment.ts';
import { readModelFile } from '../results/modelFile.ts';
import { HEAD_BYTES, type JsonKind, jsonKind, resultsKind } from '../results/recognise.ts';
import { readReportFile } from '../results/reportFile.ts';
import { readRunFiles } from '../results/runFile.ts';
import type { StudioDatabase } from '../storage/database.ts';
import { type TakenIn, takeInRuns } from '../storage/takeIn.ts';
import { takeInExperiment, takeInModel } from '../storage/takeInModel.ts';
import { problemOf } from './answer.ts';
import type { ResultsTaken } from './protocol.ts';

/** Beyond it a text is longer than browsers can hold in one piece. */
export const MOST_TEXT = 500_000_000;

/** A file as it is taken in, without its contents: of many files only the one whose turn it is is in memory. */
interface Recognised {
  readonly kind: JsonKind | 'model' | 'table';
  readonly file: File;
}

/** Experiments first, since runs belong to them; models last, since they belong to runs. */
const ORDER: readonly Recognised['kind'][] = ['experiment', 'runs', 'report', 'model', 'plan', 'table'];

/** Takes in results from files, each whole or not at all; what came of each is said. */
export async function takeInFiles(database: StudioDatabase, files: readonly File[]): Promise<ResultsTaken> {
  const said: ResultsTaken['files'][number][] = [];
  const recognised: Recognised[] = [];
  const refuse = ({ name }: File, error: unknown) =>
    said.push({ name: shownName(name), words: problemOf(error).message, refused: true });
  for (const file of files) {
    try {
      recognised.push(await recognise(file));
    } catch (error) {
      refuse(file, error);
    }
  }
  const taken = { runs: [] as number[], experiments: [] as number[] };
  for (const one of recognised.sort((a, b) => ORDER.indexOf(a.kind) - ORDER.indexOf(b.kind))) {
    try {
      const { words, ...ids } = await takeIn(database, one);
      taken.runs.push(...(ids.runs ?? []));
      taken.experiments.push(...(ids.experiments ?? []));
      said.push({ name: shownName(one.file.name), words, refused: false });
    } catch (error) {
      refuse(one.file, error);
    }
  }
  return { files: said, ...taken };
}

/** Takes in one file. @returns what came of it, in words @throws Error of a name of its own, in words; nothing of the file is stored then */
export const takeInFile = async (database: StudioDatabase, file: File): Promise<string> =>
  (await takeIn(database, await recognise(file))).words;

class UnknownFileError extends Error {
  override name = 'UnknownFileError';
}

async function recognise(file: File): Promise<Recognised> {
  const head = new Uint8Array(await file.slice(0, HEAD_BYTES).arrayBuffer());
  const kind = resultsKind(head, file.size);
  if (kind === 'safetensors') return { kind: 'model', file };
  if (kind === 'table') return { kind, file };
  if (kind === 'workspace') throw new UnknownFileError('This is a whole workspace: import it on the Data page, under “Storage”.');
  if (kind === null) {
    throw new UnknownFileError('This is no file of results: runs and experiments are JSON, models are safetensors.');
  }
  if (file.size > MOST_TEXT) throw new UnknownFileError('This file is too large to be read in one piece: more than 500 MB.');
  const found = jsonKind(objectIn(await file.text()));
  if (found === null)
    throw new UnknownFileError('This is JSON, but neither runs, nor a report, nor an experiment of the studio.');
  return { kind: found, file };
}

function objectIn(text: string): Record<string, unknown> {
  try {
    // It begins with a brace.
    return JSON.parse(text);
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error;
    throw new UnknownFileError(`This file cannot be read as JSON: it was cut off or changed (${error.message}).`);
  }
}

interface Said {
  readonly words: string;
  readonly runs?: readonly number[];
  readonly experiments?: readonly number[];
}

async function takeIn(database: StudioDatabase, { kind, file }: Recognised): Promise<Said> {
  switch (kind) {
    case 'experiment': {
      // Which files it is run on is for the command line.
      const { data, ...written } = objectIn(await file.text());
      const experiment = readExperiment(written);
      const { id, known } = await takeInExperiment(database, experiment);
      const words = known
        ? 'The same experiment is here already.'
        : `The experiment “${shownName(experiment.name)}” was taken in.`;
      return { words: data === undefined ? words : `${words} Its “data” is for the command line alone.`, experiments: [id] };
    }
    case 'runs': {
      const taken = await takeInRuns(database, readRunFiles(await file.text()));
      return { words: wordsFor(taken), runs: [...taken.added, ...taken.known] };
    }
    case 'report': {
      const taken = await takeInRuns(database, readReportFile(objectIn(await file.text())));
      const lacking =
        'A report has no ranks and policies of single users: paired tests and the look into policies need the files of the runs.';
      return {
        words: taken.added.length === 0 ? wordsFor(taken) : `${wordsFor(taken)} ${lacking}`,
        runs: [...taken.added, ...taken.known],
      };
    }
    case 'model': {
      const { runId, known } = await takeInModel(database, readModelFile(new Uint8Array(await file.arrayBuffer())));
      const words = known ? `The model of run ${runId} is here already.` : `The model of run ${runId} was taken in.`;
      return { words, runs: [runId] };
    }
    case 'plan':
    case 'table':
      return { words: 'This file is not needed: those of the runs hold all of it.' };
  }
}

const runsWords = (count: number) => `${count} ${count === 1 ? 'run' : 'runs'}`;

function wordsFor({ added, known, completed, datasets }: TakenIn): string {
  const sentences: string[] = [];
  if (added.length > 0) sentences.push(`${runsWords(added.length)} ${added.length === 1 ? 'was' : 'were'} taken in.`);
  if (known.length > 0) {
    sentences.push(
      `${runsWords(known.length)} ${known.length === 1 ? 'is' : 'are'} here already${completed.length > 0 ? `; to ${completed.length} of them ranks and policies came` : ''}.`,
    );
  }
  if (datasets.length > 0) {
    sentences.push(
      `${datasets.length === 1 ? 'The dataset is' : `${datasets.length} datasets are`} not here: results can be compared; import its files to train.`,
    );
  }
  return sentences.length === 0 ? 'There is no run in it.' : sentences.join(' ');
}
