import { existsSync, readFileSync } from 'node:fs';
import { rename, writeFile } from 'node:fs/promises';
import { type Configuration, complete, nest } from '../src/configuration/schema.ts';
import { type Trial, trials } from '../src/configuration/search.ts';
import type { Dataset } from '../src/data/dataset.ts';
import { randomStream } from '../src/data/random.ts';
import { selectionOf } from '../src/engine/evaluation/metrics.ts';
import type { RunResult } from '../src/engine/training/run.ts';
import { type Options, UsageError } from './options.ts';

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

interface SearchFile {
  readonly dataset: { readonly name: string; readonly figures: Dataset['figures'] };
  readonly trials: readonly TrialRecord[];
}

/**
 * Tries configurations for a method and gives the best one by validation. Trials that the file knows are not run again,
 * so that a search that was interrupted goes on where it was.
 *
 * @throws UsageError if the file is of another dataset, or if every trial failed
 */
export async function searchBest(
  { axes, mode, budget }: NonNullable<Options['search']>,
  file: string,
  dataset: Dataset,
  base: Configuration,
  train: (id: string, configuration: Configuration) => Promise<RunResult>,
): Promise<Configuration> {
  const { name, figures } = dataset;
  const known = readSearch(file, dataset);
  const all = trials(axes, mode, budget, randomStream(base.seed, 'search', base.method).uniform);
  const own: TrialRecord[] = [];
  for (const [i, changes] of all.entries()) {
    const configuration = complete(base, nest(changes));
    const before = known.find((trial) => JSON.stringify(trial.configuration) === JSON.stringify(configuration));
    const trial =
      before ??
      (await carryOut(configuration, changes, () => train(`${base.method} trial ${i + 1}/${all.length}`, configuration)));
    own.push(trial);
    if (before === undefined) known.push(trial);
    const content: SearchFile = { dataset: { name, figures }, trials: known };
    // Whole or not at all, so that a search that is killed while it writes can go on.
    await writeFile(`${file}.new`, `${JSON.stringify(content, null, 2)}\n`);
    await rename(`${file}.new`, file);
    const words = trial.error ?? `validation ${trial.validation?.toFixed(4)}${before ? ' (known)' : ''}`;
    console.log(`${base.method} trial ${i + 1} of ${all.length}: ${JSON.stringify(changes)}: ${words}`);
  }
  const finished = own.filter(({ validation }) => validation !== null);
  if (finished.length === 0) throw new UsageError(`Every trial of ${base.method} failed. The first: ${own[0]?.error}`);
  const best = finished.reduce((a, b) => ((b.validation ?? 0) > (a.validation ?? 0) ? b : a));
  console.log(`${base.method}: the best of ${own.length} trials by validation is ${JSON.stringify(best.changes)}.`);
  return best.configuration;
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

function readSearch(file: string, { name, figures }: Dataset): TrialRecord[] {
  if (!existsSync(file)) return [];
  const search: SearchFile = JSON.parse(readFileSync(file, 'utf8'));
  if (search.dataset.name !== name || JSON.stringify(search.dataset.figures) !== JSON.stringify(figures))
    throw new UsageError(`${file} is of another dataset (${search.dataset.name}). Choose another --out folder, or delete it.`);
  return [...search.trials];
}
