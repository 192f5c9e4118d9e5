import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { figureSvg } from '../src/results/figures/svg.ts';
import { partsOf } from '../src/results/parts.ts';
import { htmlReport } from '../src/results/report.ts';
import type { ResultRun } from '../src/results/run.ts';
import { tableCsv } from '../src/results/tables/csv.ts';
import { latexDocument } from '../src/results/tables/latex.ts';
import { tableMarkdown } from '../src/results/tables/markdown.ts';
import { writeWhole } from './whole.ts';

/**
 * Writes what is made of runs: `report.html`, all tables as `tables.tex`, `tables.md` and a CSV each, and a picture of each figure.
 *
 * @param notes what else has to be known of the runs, a sentence each
 */
export async function writeDocuments(
  out: string,
  title: string,
  runs: readonly ResultRun[],
  notes: readonly string[],
): Promise<void> {
  const parts = partsOf(runs);
  await writeWhole(join(out, 'report.html'), [htmlReport({ title, runs, date: new Date(), notes, ...parts })]);
  await writeWhole(join(out, 'tables.tex'), [latexDocument(parts.tables)]);
  await writeWhole(join(out, 'tables.md'), [parts.tables.map(tableMarkdown).join('\n')]);
  // An earlier merge of other runs may have had other tables and figures.
  for (const folder of ['tables', 'figures']) await rm(join(out, folder), { recursive: true, force: true });
  for (const table of parts.tables) await writeWhole(join(out, 'tables', `${table.id}.csv`), [tableCsv(table)]);
  for (const figure of parts.figures) await writeWhole(join(out, 'figures', `${figure.id}.svg`), [figureSvg(figure)]);
}
