import { STUDIO_VERSION } from '../engine/training/report.ts';
import { verdicts } from '../results/claims.ts';
import { writeModelFile } from '../results/modelFile.ts';
import { partsOf } from '../results/parts.ts';
import { htmlReport } from '../results/report.ts';
import type { ResultRun } from '../results/run.ts';
import { RUNS_HEAD, writeRunFile } from '../results/runFile.ts';
import { paperTables } from '../results/tables/paper.ts';
import { testsBetween } from '../results/tests.ts';
import { hashOf, type StudioDatabase } from '../storage/database.ts';
import { NothingStoredError } from '../storage/errors.ts';
import { type DetailsRead, resultRuns, testedRuns } from '../storage/results.ts';
import { answer } from './answer.ts';
import { ModelNotKeptError } from './errors.ts';
import type { ResultsService } from './protocol.ts';
import { MOST_TEXT, takeInFiles } from './takeInFiles.ts';

/** Makes tables, figures, claims and files of stored runs. @param platform the browser, in its own words */
export function resultsService(database: StudioDatabase, platform: string): ResultsService {
  const environment = { studio: STUDIO_VERSION, platform };
  const runs = (ids: readonly number[], details: DetailsRead) => resultRuns(database, ids, environment, details);
  return {
    claims: (ids) => answer(async () => verdicts(await runs(ids, 'tests'))),
    tables: (ids) => answer(async () => paperTables(await runs(ids, 'tests'))),
    tests: (groups, metric, protocol, over) =>
      answer(async () => {
        const tested = await Promise.all(groups.map((ids) => testedRuns(database, ids)));
        return testsBetween(tested, metric, protocol, over);
      }),
    report: (ids, title) =>
      answer(async () => {
        const of = await runs(ids, 'tests');
        return htmlReport({ title, runs: of, date: new Date(), notes: [], ...partsOf(of) });
      }),
    exportRuns: (ids) => answer(() => fileOfRuns(ids, (id) => runs([id], 'all'))),
    exportModel: (id) => answer(() => fileOfModel(database, id)),
    importFiles: (files) => answer(() => takeInFiles(database, files)),
  };
}

/** Run by run, so that only one of them is in memory as a whole. */
async function fileOfRuns(ids: readonly number[], read: (id: number) => Promise<ResultRun[]>): Promise<Blob> {
  const parts: Blob[] = [];
  for (const id of ids) {
    for (const run of await read(id)) parts.push(new Blob([parts.length === 0 ? '' : ',\n', writeRunFile(run).trimEnd()]));
  }
  if (parts.length === 0) throw new NothingStoredError('None of these runs has ended: there is nothing to save.');
  const file = new Blob([RUNS_HEAD, ...parts, ']}\n'], { type: 'application/json' });
  if (file.size > MOST_TEXT) {
    throw new Error(`A file of these runs has ${Math.round(file.size / 1e6)} MB, more than can be read back. Choose fewer runs.`);
  }
  return file;
}

async function fileOfModel(database: StudioDatabase, id: number): Promise<Blob> {
  const [run, model] = await Promise.all([database.runs.get(id), database.models.get(id)]);
  if (run?.result == null) throw new NothingStoredError(`There is no finished run ${id} in this browser.`);
  if (model === undefined) throw new ModelNotKeptError();
  const hash = await hashOf(database, run.datasetId);
  const { name } = (await database.datasets.get(run.datasetId)) ?? { name: run.datasetName };
  const bytes = writeModelFile({
    configuration: run.configuration,
    dataset: { name, hash },
    bestEpoch: run.result.bestEpoch,
    backend: run.backend?.name ?? 'unknown',
    studio: run.elsewhere?.environment.studio ?? STUDIO_VERSION,
    tensors: model.parameters,
  });
  return new Blob([bytes], { type: 'application/octet-stream' });
}
