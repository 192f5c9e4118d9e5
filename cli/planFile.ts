import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import * as z from 'zod/mini';
import type { Dataset } from '../src/data/dataset.ts';
import type { Experiment } from '../src/experiments/experiment.ts';
import { UsageError } from './errors.ts';
import type { PlannedData } from './plannedData.ts';
import { writeWhole } from './whole.ts';

/** Beside the runs, so that a merge knows which are missing, and in which order they come. */
export const PLAN_FILE = 'plan.json';

const schema = z.object({
  format: z.literal('uaf-studio plan'),
  version: z.literal(1),
  /** The experiment's. */
  name: z.string(),
  datasets: z.array(
    z.object({
      name: z.nullable(z.string()),
      /** Of the contents of a dataset that the experiment does not name; plans of earlier versions have none. */
      hash: z.optional(z.string()),
      folder: z.string(),
      runs: z.array(z.string()),
    }),
  ),
});

export type Plan = z.infer<typeof schema>;

/** @param opened one of the datasets; without a name the only one, which is then called as it calls itself */
export async function writePlan(
  out: string,
  { name }: Experiment,
  places: readonly PlannedData[],
  opened: { readonly dataset: Pick<Dataset, 'name'>; readonly hash: string },
): Promise<void> {
  const plan: Plan = {
    format: 'uaf-studio plan',
    version: 1,
    name,
    datasets: places.map(({ choice, folder, runs }) => ({
      ...(choice.name === null ? { name: opened.dataset.name, hash: opened.hash } : { name: choice.name }),
      folder,
      runs: runs.map(({ id }) => id),
    })),
  };
  await writeWhole(join(out, PLAN_FILE), [`${JSON.stringify(plan, null, 2)}\n`]);
}

/** @throws UsageError for a file that is no plan */
export async function readPlan(file: string): Promise<Plan> {
  try {
    return schema.parse(JSON.parse(await readFile(file, 'utf8')));
  } catch (error) {
    if (!(error instanceof SyntaxError || error instanceof z.core.$ZodError)) throw error;
    throw new UsageError(`${file} is no plan of runs. It is written by npm run experiment; delete it if it is something else.`);
  }
}
