import type { BackendEnvironment, DatasetReport, EpochReport, RunReport } from '../engine/training/report.ts';
import type { ResultRun, RunDetails } from '../results/run.ts';
import type { Tested } from '../results/tests.ts';
import { type DatasetRow, type EpochRow, hashOf, type RunRow, type StudioDatabase } from './database.ts';
import { NothingStoredError } from './errors.ts';

/** What is read of the large parts of runs: nothing; what tests need, without the policies, which are most of it; or all. */
export type DetailsRead = 'none' | 'tests' | 'all';

/** What a run that ended is to tables, figures, claims and files; queued and running ones are left out. */
export async function resultRuns(
  database: StudioDatabase,
  runIds: readonly number[],
  environment: Environment,
  details: DetailsRead,
): Promise<ResultRun[]> {
  const runs = (await database.runs.bulkGet([...runIds])).filter((run) => run !== undefined);
  const datasets = new Map<number, ReportedDataset>();
  const experiments = new Map((await database.experiments.toArray()).map(({ id, experiment }) => [id, experiment.name]));
  const results: ResultRun[] = [];
  for (const run of runs) {
    if (run.status !== 'finished' && run.status !== 'failed') continue;
    const known = datasets.get(run.datasetId) ?? (await datasetOf(database, run.datasetId));
    if (known === null) continue;
    datasets.set(run.datasetId, known);
    const epochs = (await database.epochs.where({ runId: run.id }).toArray()).sort((a, b) => a.epoch - b.epoch);
    const read = details === 'none' ? null : await detailsOf(database, run.id, details === 'all');
    const name = experiments.get(run.experimentId ?? -1) ?? null;
    results.push(resultRun({ run, epochs, details: read }, known, environment, name));
  }
  return results;
}

type Environment = Pick<BackendEnvironment, 'studio' | 'platform'>;

/** What results say of their dataset. */
export interface ReportedDataset {
  readonly row: DatasetRow;
  readonly hash: string;
}

/** @throws NothingStoredError if it was deleted */
export async function reportedDataset(database: StudioDatabase, id: number): Promise<ReportedDataset> {
  const known = await datasetOf(database, id);
  if (known === null) throw new NothingStoredError('The dataset of this run was deleted.');
  return known;
}

/** The rows of a run that ended as one result. @param experiment the name of its experiment, where that is here */
export const resultRun = (
  { run, epochs, details }: { readonly run: RunRow; readonly epochs: readonly EpochRow[]; readonly details: RunDetails | null },
  { row, hash }: ReportedDataset,
  environment: Environment,
  experiment: string | null,
): ResultRun => ({
  dataset: datasetReportOf(run, row, hash),
  environment: run.elsewhere?.environment ?? {
    ...environment,
    backend: run.backend?.name ?? 'unknown',
    adapter: run.backend?.adapter ?? '',
    softwareAdapter: run.backend?.software ?? false,
    variant: run.backend?.variant ?? '',
  },
  preset: run.preset,
  experiment: experiment ?? run.elsewhere?.experiment ?? null,
  report: reportOf(run, epochs),
  details,
});

/** What finished runs bring to their tests, without their policies: many can be held at once. Others are left out. */
export async function testedRuns(database: StudioDatabase, runIds: readonly number[]): Promise<Tested[]> {
  const tested: Tested[] = [];
  for (const run of await database.runs.bulkGet([...runIds])) {
    if (!run?.result) continue;
    const { id, datasetId, configuration, result } = run;
    const details = await detailsOf(database, id, false);
    tested.push({ dataset: String(datasetId), configuration, test: result.test, details });
  }
  return tested;
}

async function datasetOf(database: StudioDatabase, id: number): Promise<ReportedDataset | null> {
  const row = await database.datasets.get(id);
  return row === undefined ? null : { row, hash: await hashOf(database, id) };
}

/** Of runs that an earlier version finished the sizes of the parts are not known: 0. */
function datasetReportOf(
  { result, configuration }: RunRow,
  { name, task, origin, figures, settings: { filters } }: DatasetRow,
  hash: string,
): DatasetReport {
  const split = result?.split ?? { train: 0, validation: 0, test: result?.test.n ?? 0 };
  const classes = task === 'profile' ? (result?.classes ?? null) : null;
  const candidates = result?.candidates ?? Math.min(configuration.evaluation.candidates, figures.targetItems);
  return { name, hash, task, classes, origin, ...(filters && { filters }), ...figures, ...split, candidates };
}

function reportOf({ id, status, error, configuration, pretraining, result }: RunRow, epochs: readonly EpochRow[]): RunReport {
  return {
    id: String(id),
    status: status === 'finished' ? 'finished' : 'failed',
    error: error === null ? null : `${error.name}: ${error.message}`,
    method: configuration.method,
    seed: configuration.seed,
    configuration,
    pretraining: pretraining.length === 0 ? null : { epochs: pretraining },
    epochs: epochs.map(
      ({ epoch, trainLoss, validation, policy }): EpochReport => ({
        epoch,
        trainLoss,
        validation,
        utilisation: policy?.utilisation ?? null,
        policy,
      }),
    ),
    bestEpoch: result?.bestEpoch ?? null,
    test: result?.test ?? null,
    policy: result?.policy ?? null,
    byTrainingTargets: result?.byTrainingTargets ?? null,
    cost: result?.cost ?? null,
    seconds: result?.seconds ?? { pretraining: 0, fineTuning: 0, evaluation: 0, recommendation: null },
  };
}

async function detailsOf(database: StudioDatabase, runId: number, withPolicies: boolean): Promise<RunDetails | null> {
  const row = await database.outcomes.get(runId);
  if (row === undefined) return null;
  const { instances, targets, users = null, outcomes, policies } = row;
  if (!withPolicies) return { instances, targets, users, outcomes, policies: null, epochs: [] };
  const epochs = (await database.policies.where({ runId }).toArray()).sort((a, b) => a.epoch - b.epoch);
  return { instances, targets, users, outcomes, policies, epochs: epochs.map(({ epoch, bytes }) => ({ epoch, bytes })) };
}
