import { existsSync } from 'node:fs';
import { copyFile, mkdir } from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';
import { pairedTests, REPORT_VERSION, type Report } from '../src/engine/training/report.ts';
import { isFinished, type ResultRun } from '../src/results/run.ts';
import { writeRunFiles } from '../src/results/runFile.ts';
import { labelsOf } from './labels.ts';
import type { Found, Merged } from './merge.ts';
import { instancesFileOf, policiesFileOf } from './outputs.ts';
import { tableOf } from './table.ts';
import { writeWhole } from './whole.ts';
import { writeDocuments } from './write.ts';

/**
 * Writes what one wants to read of an experiment: for each dataset `report.json` with the tables that are beside the runs; for all
 * `runs.json` and what is made of it.
 *
 * @returns the exit code: 0 only if all that was planned is there, and finished
 */
export async function writeMerged(out: string, { title, datasets, missing }: Merged): Promise<number> {
  for (const { folder, runs } of datasets) {
    const place = join(out, folder);
    const report = reportOf(runs);
    await writeWhole(join(place, 'report.json'), [`${JSON.stringify(report, null, 2)}\n`]);
    for (const found of runs) await copyTables(found, place);
    if (datasets.length > 1) console.log(`\n${report.dataset.name}`);
    console.log(tableOf(report.runs, report.tests, report.dataset));
  }
  const found = datasets.flatMap((dataset) => dataset.runs);
  const runs = found.map(({ run }) => run);
  const notes: string[] = [];
  const failed = runs.filter((run) => !isFinished(run)).length;
  if (failed > 0) notes.push(`${failed} of ${runs.length} runs failed; their files say why. The same command tries them again.`);
  if (missing.length > 0)
    notes.push(`${missing.length === 1 ? 'One run is' : `${missing.length} runs are`} missing: ${missing.join(', ')}.`);
  await writeDocuments(out, title, runs, notes);
  await writeWhole(join(out, 'runs.json'), writeRunFiles(wholeRuns(found)));
  for (const note of notes) console.error(note);
  return notes.length === 0 ? 0 : 1;
}

/** One of them in memory at a time. */
function* wholeRuns(found: readonly Found[]): Generator<ResultRun> {
  for (const { whole } of found) yield whole();
}

function reportOf(found: readonly Found[]): Report {
  const runs = found.map(({ run }) => run);
  const [{ environment, dataset }] = runs;
  const reports = runs.map(({ report }) => report);
  const labels = labelsOf(reports);
  const tested = runs.flatMap((run, i) => {
    if (!isFinished(run) || run.details === null) return [];
    const { test, seed } = run.report;
    const { outcomes, instances, targets, users } = run.details;
    return [{ method: labels[i], seed, test, outcomes, instances, targets, users }];
  });
  return { version: REPORT_VERSION, environment, dataset, runs: reports, tests: pairedTests(tested) };
}

/** Names of users and items are in these tables alone. */
async function copyTables({ path, run }: Found, place: string): Promise<void> {
  const from = dirname(dirname(path));
  for (const fileOf of [instancesFileOf, policiesFileOf]) {
    const [source, target] = [fileOf(from, run.report.id), fileOf(place, run.report.id)];
    if (!existsSync(source) || resolve(source) === resolve(target)) continue;
    await mkdir(place, { recursive: true });
    await copyFile(source, target);
  }
}
