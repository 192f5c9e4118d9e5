import { presetFor } from '../../configuration/presets.ts';
import { type Configuration, complete, differingKeys } from '../../configuration/schema.ts';
import { configuredSettings } from '../../data/dataset.ts';
import type { Metrics } from '../../engine/evaluation/metrics.ts';
import { enqueue } from '../../state/training.ts';
import type { DatasetRow, RunRow, StudioDatabase } from '../../storage/database.ts';
import { traitsOf } from '../../storage/traits.ts';
import { taskOf } from '../shared/task.ts';

/** The methods of the story, in its order: the floor, the usual fine-tuning, then the two with a policy. */
const DEMO_METHODS = ['most-popular', 'finetune-all', 'uaf-hard', 'uaf-soft'] as const;

/** What the demo trains on a dataset. */
function demoConfigurations(row: DatasetRow): Configuration[] {
  const preset = presetFor('quick', traitsOf(row));
  return DEMO_METHODS.map((method) => complete(preset, { method, dataset: configuredSettings(row.settings) }));
}

/** One click: pre-training once, then the methods of the story on the demo dataset. */
export async function runDemo(row: DatasetRow): Promise<void> {
  await enqueue(
    row,
    demoConfigurations(row).map((configuration) => ({ preset: 'quick', configuration })),
  );
}

const isOf = (wanted: Configuration, { configuration }: RunRow): boolean =>
  wanted.method === configuration.method && differingKeys([wanted, configuration]).length === 0;

/** Whether a run is one of the demo's on this dataset. */
export const isOfDemo = (row: DatasetRow, run: RunRow): boolean =>
  scenarioOf(row) !== null && demoConfigurations(row).some((wanted) => isOf(wanted, run));

/** Whether all of the demo's runs on a dataset are there already: on the same backend it would come to the same numbers. */
export const isDemoDone = (row: DatasetRow, runs: readonly RunRow[]): boolean =>
  demoConfigurations(row).every((wanted) => runs.some((run) => run.result !== null && run.search === null && isOf(wanted, run)));

/** How the demo stands on a dataset. */
export interface DemoStand {
  readonly isDone: boolean;
  /** Something is queued on the dataset. */
  readonly isWaiting: boolean;
}

/** Runs that are read at a time: what is read of one portion takes the main thread some milliseconds. */
const PORTION = 100;

/**
 * How the demo stands, without reading all runs: the oldest first, in portions, until all of the demo's are found.
 *
 * @param read finished runs that were read before, by their ids, and are not read again: those of the demo, and null for the others
 */
export async function demoStand({ runs }: StudioDatabase, row: DatasetRow, read: Map<number, RunRow | null>): Promise<DemoStand> {
  const configurations = demoConfigurations(row);
  const isWaiting = (await runs.where({ datasetId: row.id, status: 'queued' }).count()) > 0;
  const ids = (await runs.where({ datasetId: row.id, status: 'finished' }).primaryKeys()).sort((a, b) => a - b);
  const found = ids.flatMap((id) => read.get(id) ?? []);
  const unread = ids.filter((id) => !read.has(id));
  for (let from = 0; from < unread.length && !isDemoDone(row, found); from += PORTION) {
    for (const run of await runs.bulkGet(unread.slice(from, from + PORTION))) {
      if (run === undefined) continue;
      const ofDemo = configurations.some((wanted) => isOf(wanted, run)) ? run : null;
      read.set(run.id, ofDemo);
      if (ofDemo !== null) found.push(ofDemo);
    }
  }
  return { isDone: isDemoDone(row, found), isWaiting };
}

/** Two runs of the story whose test results can be set side by side. */
export interface StoryPair {
  readonly hardRun: RunRow;
  readonly hard: Metrics;
  readonly all: Metrics;
  readonly candidates: number;
}

/**
 * The test results of the newest UAF-Hard run, and of the newest Finetune-All that was evaluated on the same task. Trials of a
 * search do not count: their test results are not to be looked at.
 */
export function comparablePair(runs: readonly RunRow[]): StoryPair | null {
  const finished = runs.filter(({ result, search }) => result !== null && search === null);
  const hard = finished.findLast(({ configuration }) => configuration.method === 'uaf-hard');
  if (!hard?.result) return null;
  const all = finished.findLast((run) => run.configuration.method === 'finetune-all' && taskOf(run) === taskOf(hard));
  return all?.result ? { hardRun: hard, hard: hard.result.test, all: all.result.test, candidates: hard.result.candidates } : null;
}

export const scenarioOf = ({ origin }: Pick<DatasetRow, 'origin'>) => (origin.kind === 'simulated' ? origin.scenario : null);
