import { type DatasetTraits, presetFor } from '../../configuration/presets.ts';
import { complete } from '../../configuration/schema.ts';
import type { Metrics } from '../../engine/evaluation/metrics.ts';
import { enqueue } from '../../state/training.ts';
import type { DatasetRow, RunRow } from '../../storage/database.ts';
import { taskOf } from '../shared/task.ts';

/** The methods of the story, in its order: the floor, the usual fine-tuning, then the two with a policy. */
const DEMO_METHODS = ['most-popular', 'finetune-all', 'uaf-hard', 'uaf-soft'] as const;

/** One click: pre-training once, then the methods of the story on the demo dataset. */
export async function runDemo(row: DatasetRow): Promise<void> {
  const preset = presetFor('quick', traitsOf(row));
  const runs = DEMO_METHODS.map((method) => ({
    preset: 'quick',
    configuration: complete(preset, { method, dataset: row.settings }),
  }));
  await enqueue(row, runs);
}

/** What presets want to know of a dataset. */
export const traitsOf = (row: DatasetRow): DatasetTraits => ({
  scenario: scenarioOf(row),
  sourceItems: row.figures.sourceItems,
});

/**
 * The test results of the newest UAF-Hard run, and of the newest Finetune-All that was evaluated on the same task. Trials of a
 * search do not count: their test results are not to be looked at.
 */
export function comparablePair(
  runs: readonly RunRow[],
): { hardRunId: number; hard: Metrics; all: Metrics; candidates: number } | null {
  const finished = runs.filter(({ result, search }) => result !== null && search === null);
  const hard = finished.findLast(({ configuration }) => configuration.method === 'uaf-hard');
  if (!hard?.result) return null;
  const all = finished.findLast((run) => run.configuration.method === 'finetune-all' && taskOf(run) === taskOf(hard));
  return all?.result
    ? { hardRunId: hard.id, hard: hard.result.test, all: all.result.test, candidates: hard.result.candidates }
    : null;
}

export const scenarioOf = ({ origin }: Pick<DatasetRow, 'origin'>) => (origin.kind === 'simulated' ? origin.scenario : null);
