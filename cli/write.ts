import { join } from 'node:path';
import { htmlReport } from '../src/results/report.ts';
import type { ResultRun } from '../src/results/run.ts';
import { writeWhole } from './whole.ts';

/**
 * Writes what is made of runs: the report.
 *
 * @param notes what else has to be known of the runs, a sentence each
 */
export async function writeDocuments(
  out: string,
  title: string,
  runs: readonly ResultRun[],
  _notes: readonly string[],
): Promise<void> {
  await writeWhole(join(out, 'report.html'), [htmlReport({ title, runs, date: new Date() })]);
}
