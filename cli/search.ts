import { existsSync, readFileSync } from 'node:fs';
import { type Configuration, ConfigurationError, complete, nest } from '../src/configuration/schema.ts';
import { type Trial, trials } from '../src/configuration/search.ts';
import type { Dataset } from '../src/data/dataset.ts';
import { randomStream } from '../src/data/random.ts';
import { selectionOf } from '../src/engine/evaluation/metrics.ts';
import { STUDIO_VERSION } from '../src/engine/training/report.ts';
import type { RunResult } from '../src/engine/training/run.ts';
import { UsageError } from './errors.ts';
import type { RunOptions } from './options.ts';
import { writeWhole } from './whole.ts';

/** One trial of a search as `search.json` keeps it. Its test result is not looked at. */
interface TrialRecord {
  readonly method: string;
  readonly changes: Trial;
  readonly configuration: Configuration;
  /** MRR@5 among the candidates (of a profile task, accuracy) on validation, at the best epoch; null if the run failed. */
  readonly validation: number | null;
  readonly bestEpoch: number | null;
  readonly error: string | null;
}

/** What its numbers depend on beside the configuration. */
interface Circumstances {
  readonly dataset: string;
  /** Of the dataset's contents: see `contentsHash`. */
  readonly contents: string;
  readonly backend: string;
  readonly studio: string;
}

interface SearchFile extends Circumstances {
  readonly trials: readonly TrialRecord[];
}

/** Where and on what a search takes place. */
interface Place {
  readonly file: string;
  readonly dataset: Dataset;
  /** Of its contents. */
  readonly hash: string;
  readonly backend: string;
}

/** No trial of a method could be finished. */
export class SearchFailedError extends Error {
  override name = 'SearchFailedError';
}

/**
 * Tries configurations for a method and gives the best one by validation. Trials that the file knows are not run again,
 * unless they failed, so that a search that was interrupted goes on where it was.
 *
 * @returns the error if every trial failed
 * @throws UsageError if the file is of another dataset, backend or version
 */
export async function searchBest(
  { axes, mode, budget }: NonNullable<RunOptions['search']>,
  { file, dataset, hash, backend }: Place,
  base: Configuration,
  train: (id: string, configuration: Configuration) => Promise<RunResult>,
): Promise<Configuration | SearchFailedError> {
  const circumstances = { dataset: dataset.name, contents: hash, backend, studio: STUDIO_VERSION };
  const known = readSearch(file, circumstances).filter(({ error }) => error === null);
  const drawn = trials(axes, mode, budget, randomStream(base.seed, 'search', base.method).uniform);
  const all = possible(drawn, base);
  const own: TrialRecord[] = [];
  for (const [i, { changes, configuration }] of all.entries()) {
    const before = known.find((trial) => JSON.stringify(trial.configuration) === JSON.stringify(configuration));
    const trial =
      before ??
      (await carryOut(configuration, changes, () => train(`${base.method} trial ${i + 1}/${all.length}`, configuration)));
    own.push(trial);
    if (before === undefined) known.push(trial);
    const content: SearchFile = { ...circumstances, trials: known };
    await writeWhole(file, [`${JSON.stringify(content, null, 2)}\n`]);
    const words = trial.error ?? `validation ${trial.validation?.toFixed(4)}${before ? ' (known)' : ''}`;
    console.log(`${base.method} trial ${i + 1} of ${all.length}: ${JSON.stringify(changes)}: ${words}`);
  }
  const finished = own.filter(({ validation }) => validation !== null);
  if (finished.length === 0)
    return new SearchFailedError(
      `No trial of ${base.method} could be finished. The first: ${own[0]?.error ?? 'none is possible'}`,
    );
  const best = finished.reduce((a, b) => ((b.validation ?? 0) > (a.validation ?? 0) ? b : a));
  console.log(`${base.method}: the best of ${own.length} trials by validation is ${JSON.stringify(best.changes)}.`);
  return best.configuration;
}

/** The trials as configurations, before the first is run; combinations that contradict themselves are named and left out. */
function possible(drawn: readonly Trial[], base: Configuration): { changes: Trial; configuration: Configuration }[] {
  return drawn.flatMap((changes) => {
    try {
      return [{ changes, configuration: complete(base, nest(changes)) }];
    } catch (error) {
      if (!(error instanceof ConfigurationError)) throw error;
      console.log(`${base.method}: ${JSON.stringify(changes)} is left out. ${error.message}`);
      return [];
    }
  });
}

async function carryOut(configuration: Configuration, changes: Trial, train: () => Promise<RunResult>): Promise<TrialRecord> {
  const trial = { method: configuration.method, changes, configuration };
  try {
    const { fineTuned } = await train();
    const { bestEpoch, epochs } = fineTuned;
    const best = epochs.find(({ epoch }) => epoch === bestEpoch);
    return { ...trial, validation: best ? selectionOf(best.validation) : null, bestEpoch, error: null };
  } catch (error) {
    return { ...trial, validation: null, bestEpoch: null, error: error instanceof Error ? error.message : String(error) };
  }
}

function readSearch(file: string, circumstances: Circumstances): TrialRecord[] {
  if (!existsSync(file)) return [];
  const search: SearchFile = JSON.parse(readFileSync(file, 'utf8'));
  for (const [key, value] of Object.entries(circumstances)) {
    const written = search[key as keyof Circumstances];
    if (written !== value)
      throw new UsageError(
        `${file} is of another ${key} (${written ?? 'not said'}, not ${value}). Choose another --out folder, or delete it.`,
      );
  }
  return [...search.trials];
}
