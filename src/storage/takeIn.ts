import { presetFor } from '../configuration/presets.ts';
import { ConfigurationError, complete } from '../configuration/schema.ts';
import { configuredSettings, type DatasetFigures } from '../data/dataset.ts';
import { shownName, shownText } from '../data/shownName.ts';
import type { BackendInfo } from '../engine/backend.ts';
import { plannedRuns } from '../experiments/experiment.ts';
import { canonical } from '../results/canonical.ts';
import type { ResultRun, RunDetails } from '../results/run.ts';
import { type DatasetRow, type ExperimentRow, knownHashOf, type RunRow, type StudioDatabase } from './database.ts';
import { resultRuns } from './results.ts';
import { traitsOf } from './traits.ts';

/** Results that do not fit together, or not to what is here. */
export class ResultsRefusedError extends Error {
  override name = 'ResultsRefusedError';
}

/** What came of runs from elsewhere: their ids. */
export interface TakenIn {
  readonly added: readonly number[];
  /** Were here already … */
  readonly known: readonly number[];
  /** … and of these their ranks and policies were not. */
  readonly completed: readonly number[];
  /** Datasets that were made to hold them, without contents. */
  readonly datasets: readonly number[];
}

/**
 * Stores runs from elsewhere, all or none. They go to the dataset with the same contents; where there is none, one is made that
 * has no contents. A run that is here already is not stored twice.
 *
 * @throws ResultsRefusedError where a run cannot be of its dataset
 */
export async function takeInRuns(database: StudioDatabase, runs: readonly ResultRun[]): Promise<TakenIn> {
  for (const run of runs) checkRun(run);
  const reports = Array.from(new Map(runs.map(({ dataset }) => [dataset.hash, dataset])).values());
  const { datasets, epochs, policies, outcomes, experiments } = database;
  /** What has lost its contents is not known to be the same as anything. */
  const lost = new Set<number>();
  const inQuestion = async () => unhashed(await datasets.toArray(), reports).filter((id) => !lost.has(id));
  for (;;) {
    // A transaction cannot wait for a hash, so it decides by those that are there: a dataset that came meanwhile needs another round.
    for (const id of await inQuestion()) {
      const hash = await knownHashOf(database, id);
      if (hash === null) lost.add(id);
      // Where there is no room for it, there is none for the runs: that is thrown here, and not waited for.
      else await datasets.update(id, { hash });
    }
    const taken = await database.transaction(
      'rw',
      [datasets, database.runs, epochs, policies, outcomes, experiments],
      async () => ((await inQuestion()).length === 0 ? store(database, runs) : null),
    );
    if (taken !== null) return taken;
  }
}

/** Datasets that may be those of results, of which it is not known. */
const unhashed = (rows: readonly DatasetRow[], reports: readonly ResultRun['dataset'][]): number[] =>
  rows.filter((row) => row.hash === null && reports.some((report) => isAlike(row, report))).map(({ id }) => id);

/** To be called inside of a transaction. */
async function store(database: StudioDatabase, runs: readonly ResultRun[]): Promise<TakenIn> {
  const found = new Map<string, DatasetRow>();
  const same: number[] = [];
  const hashes = new Set(runs.map(({ dataset }) => dataset.hash));
  for (const row of await database.datasets.toArray()) {
    if (row.hash === null || !hashes.has(row.hash)) continue;
    same.push(row.id);
    // One that has its contents before one that has not.
    if (!found.has(row.hash) || (row.hasContents && !found.get(row.hash)?.hasContents)) found.set(row.hash, row);
  }
  const known = await knownRuns(database, same);
  const experimentOf = experimentsIn(await database.experiments.toArray());
  const taken = { added: [] as number[], known: [] as number[], completed: [] as number[], datasets: [] as number[] };
  for (const run of runs) {
    const print = fingerprint(run);
    const before = known.get(print);
    if (before !== undefined) {
      taken.known.push(before);
      if (run.details === null || (await database.outcomes.get(before)) !== undefined) continue;
      await putDetails(database, before, run.details);
      taken.completed.push(before);
      continue;
    }
    let row = found.get(run.dataset.hash);
    if (row === undefined) {
      row = await addPlaceholder(database, run);
      found.set(run.dataset.hash, row);
      taken.datasets.push(row.id);
    }
    if (!isAlike(row, run.dataset)) {
      throw new ResultsRefusedError(`Run ${run.report.id} has the hash of “${row.name}”, but other figures.`);
    }
    const id = await addRun(database, row, experimentOf(row, run)?.id ?? null, run);
    known.set(print, id);
    taken.added.push(id);
  }
  return taken;
}

/** @throws ResultsRefusedError for parts that are not of as many users, or instances, as the dataset has */
export function checkRun({ dataset, report, details }: ResultRun): void {
  const refuse = (why: string): never => {
    throw new ResultsRefusedError(`Run ${report.id} of “${shownName(dataset.name)}” contradicts itself: ${why}.`);
  };
  if (report.status === 'finished' && report.bestEpoch === null) refuse('it is finished and has no best epoch');
  if (details === null) return;
  const blocks = report.configuration.dilations.length;
  const { instances, policies, epochs } = details;
  if ((instances.at(-1) ?? 0) >= dataset.instances) refuse('it tested an instance that its dataset has not');
  for (const bytes of [...(policies === null ? [] : [policies]), ...epochs.map((epoch) => epoch.bytes)]) {
    if (bytes.length !== blocks * dataset.targetUsers) refuse('its policies are not of all users with targets');
  }
  if (new Set(epochs.map(({ epoch }) => epoch)).size !== epochs.length) refuse('it has the policies of an epoch twice');
}

const FIGURES = [
  'sourceUsers',
  'sourceItems',
  'sourceInteractions',
  'targetUsers',
  'targetItems',
  'instances',
] as const satisfies readonly (keyof DatasetFigures)[];

export const isAlike = ({ task, figures }: DatasetRow, report: DatasetFigures & Pick<DatasetRow, 'task'>): boolean =>
  task === report.task && FIGURES.every((name) => figures[name] === report[name]);

/** What tells runs apart, wherever they are stored. */
export const fingerprint = ({ dataset, environment, report }: ResultRun): string => {
  const { configuration, status, error, seconds, epochs, test } = report;
  const { backend, variant } = environment;
  // As it is stored: an error may have been written without its name.
  const reason = error === null ? null : errorOf(error);
  return canonical([dataset.hash, backend, variant, configuration, status, reason, seconds, epochs, test]);
};

/** The ids of the runs that ended on some datasets, by what tells them apart. */
async function knownRuns(database: StudioDatabase, datasetIds: readonly number[]): Promise<Map<string, number>> {
  const ids = await database.runs.where('datasetId').anyOf(datasetIds).primaryKeys();
  // The environment says nothing that is compared.
  const known = await resultRuns(database, ids, { studio: '', platform: '' }, 'none');
  return new Map(known.map((run) => [fingerprint(run), Number(run.report.id)]));
}

/** A dataset that is only known by its results. */
async function addPlaceholder(database: StudioDatabase, { dataset, report }: ResultRun): Promise<DatasetRow> {
  const { name, hash, task, origin, filters } = dataset;
  const { split, minimumTargetItemCount, maximumTargetsPerUser } = report.configuration.dataset;
  const row = {
    name,
    createdAt: Date.now(),
    origin,
    task,
    settings: { minimumTargetItemCount, maximumTargetsPerUser, ...(filters && { filters }) },
    figures: figuresOf(dataset),
    timed: split === 'latest',
    notes: [],
    hash,
    hasContents: false,
    bytes: 0,
  };
  return { ...row, id: await database.datasets.add(row) };
}

const figuresOf = (dataset: DatasetFigures): DatasetFigures => ({
  sourceUsers: dataset.sourceUsers,
  sourceItems: dataset.sourceItems,
  sourceInteractions: dataset.sourceInteractions,
  targetUsers: dataset.targetUsers,
  targetItems: dataset.targetItems,
  instances: dataset.instances,
  targetOnlyUsers: dataset.targetOnlyUsers,
  droppedTargetItems: dataset.droppedTargetItems,
});

/** Finds the experiment, of the name that a run says, that plans this run on its dataset. */
function experimentsIn(experiments: readonly ExperimentRow[]): (row: DatasetRow, run: ResultRun) => ExperimentRow | null {
  const planned = new Map<string, ReadonlySet<string>>();
  const plannedBy = (one: ExperimentRow, row: DatasetRow): ReadonlySet<string> => {
    const key = `${one.id} ${row.id}`;
    const plan = planned.get(key) ?? new Set(configurationsOf(one, row));
    planned.set(key, plan);
    return plan;
  };
  return (row, { experiment, report }) => {
    const name = experiment === null ? null : shownText(experiment);
    const named = experiments.filter((one) => one.experiment.name === name);
    const wanted = canonical(report.configuration);
    return named.find((one) => plannedBy(one, row).has(wanted)) ?? null;
  };
}

function configurationsOf({ experiment }: ExperimentRow, row: DatasetRow): string[] {
  try {
    const base = complete(presetFor(experiment.preset, traitsOf(row)), { dataset: configuredSettings(row.settings) });
    return plannedRuns(experiment, base).map(({ configuration }) => canonical(configuration));
  } catch (error) {
    // An experiment that does not suit the dataset plans nothing on it.
    if (error instanceof ConfigurationError) return [];
    throw error;
  }
}

async function addRun(
  database: StudioDatabase,
  row: DatasetRow,
  experimentId: number | null,
  { dataset, environment, preset, experiment, report, details }: ResultRun,
): Promise<number> {
  const { status, error, configuration, pretraining, epochs } = report;
  const now = Date.now();
  const runId = await database.runs.add({
    datasetId: row.id,
    datasetName: row.name,
    configuration,
    preset,
    ...traitsOf(row),
    search: null,
    experimentId,
    status,
    position: 0,
    createdAt: now,
    startedAt: null,
    finishedAt: now,
    backend: backendOf(environment),
    error: error === null ? null : errorOf(error),
    pretraining: pretraining?.epochs ?? [],
    result: resultOf(dataset, report),
    elsewhere: { environment, experiment },
  });
  await database.epochs.bulkAdd(
    epochs.map(({ epoch, trainLoss, validation, policy }) => ({
      runId,
      epoch,
      trainLoss,
      validation,
      policy: policy && { ...policy, utilisation: [...policy.utilisation] },
    })),
  );
  if (details !== null) await putDetails(database, runId, details);
  return runId;
}

async function putDetails(database: StudioDatabase, runId: number, details: RunDetails): Promise<void> {
  const { instances, targets, users, outcomes, policies, epochs } = details;
  await database.outcomes.put({ runId, outcomes, instances, targets, users, policies });
  await database.policies.bulkPut(epochs.map(({ epoch, bytes }) => ({ runId, epoch, bytes })));
}

const BACKENDS: readonly BackendInfo['name'][] = ['wasm', 'webgpu', 'cpu'];

function backendOf({ backend, adapter, softwareAdapter, variant }: ResultRun['environment']): BackendInfo | null {
  const name = BACKENDS.find((known) => known === backend);
  if (name === undefined) return null;
  return { name, adapter, software: softwareAdapter, reason: 'Computed elsewhere.', variant, largestTable: null };
}

/** `DivergedError: …` as it was thrown. */
function errorOf(text: string): { name: string; message: string } {
  const parts = /^(\w+): (.*)$/s.exec(text);
  return parts === null ? { name: 'Error', message: text } : { name: parts[1], message: parts[2] };
}

function resultOf(
  { candidates, classes, train, validation, test }: ResultRun['dataset'],
  report: ResultRun['report'],
): RunRow['result'] {
  const { bestEpoch, policy, byTrainingTargets, cost, seconds, epochs } = report;
  if (report.status !== 'finished' || report.test === null || bestEpoch === null) return null;
  return {
    bestEpoch,
    test: report.test,
    validation: epochs.find(({ epoch }) => epoch === bestEpoch)?.validation ?? null,
    policy,
    candidates,
    classes,
    byTrainingTargets,
    cost,
    split: { train, validation, test },
    seconds,
  };
}
