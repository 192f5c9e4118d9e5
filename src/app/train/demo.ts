import { type DatasetTraits, presetFor } from '../../configuration/presets.ts';
import { complete } from '../../configuration/schema.ts';
import { enqueue } from '../../state/training.ts';
import type { DatasetRow } from '../../storage/database.ts';

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

export const scenarioOf = ({ origin }: Pick<DatasetRow, 'origin'>) => (origin.kind === 'simulated' ? origin.scenario : null);
