import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { figureSvg } from '../src/results/figures/svg.ts';
import { partsOf } from '../src/results/parts.ts';
import { htmlReport } from '../src/results/report.ts';
import type { ResultRun } from '../src/results/run.ts';
import { tableCsv } from '../src/results/tables/csv.ts';
import { latexDocument } from '../src/results/tables/latex.ts';
import { tableMarkdown } from '../src/results/tables/markdown.ts';
import { readMergedFiles, writeMergedFiles } from './mergedFiles.ts';
import { fileNameOf } from './outputs.ts';
import { writeWhole } from './whole.ts';

/**
 * Writes what is made of runs: `report.html`, all tables as `tables.tex`, `tables.md` and a CSV each, and a picture of each figure.
 *
 * @param notes what else has to be known of the runs, a sentence each
 * @throws UsageError if a file is in the way
 */
export async function writeDocuments(
  out: string,
  title: string,
  runs: readonly ResultRun[],
  notes: readonly string[],
): Promise<void> {
  // An earlier merge of other runs may have had other tables and figures.
  const before = await readMergedFiles(out);
  const parts = partsOf(runs);
  const files = new Map<string, string>([
    ...parts.tables.map((table) => [`tables/${fileNameOf(table.id)}.csv`, tableCsv(table)] as const),
    ...parts.figures.map((figure) => [`figures/${fileNameOf(figure.id)}.svg`, figureSvg(figure)] as const),
  ]);
  const now = Array.from(files.keys());
  await writeWhole(join(out, 'report.html'), [htmlReport({ title, runs, date: new Date(), notes, ...parts })]);
  await writeWhole(join(out, 'tables.tex'), [latexDocument(parts.tables)]);
  await writeWhole(join(out, 'tables.md'), [parts.tables.map(tableMarkdown).join('\n')]);
  // Before they are there, so that none is forgotten if the process is killed.
  await writeMergedFiles(out, Array.from(new Set([...before, ...now])));
  for (const [file, contents] of files) await writeWhole(join(out, file), [contents]);
  for (const file of before) if (!files.has(file)) await rm(join(out, file), { force: true });
  await writeMergedFiles(out, now);
}
