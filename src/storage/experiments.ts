import type { Configuration } from '../configuration/schema.ts';
import type { Experiment } from '../experiments/experiment.ts';
import { canonical } from '../results/canonical.ts';
import { type DatasetRow, type RunRow, removeRuns, type StudioDatabase } from './database.ts';
import { removeFiles } from './fileStore.ts';
import { addRuns, reorder, requeue, UNDONE, WAITING, waitingRuns } from './queue.ts';
import { isTrained } from './trained.ts';

/** The runs of an experiment on one dataset, in their order. */
export interface DatasetRuns {
  readonly dataset: DatasetRow;
  readonly configurations: readonly Configuration[];
}

/** Stores an experiment with its runs at the end of the queue, whole or not at all; its id. */
export function addExperiment(database: StudioDatabase, experiment: Experiment, parts: readonly DatasetRuns[]): Promise<number> {
  return database.transaction('rw', database.experiments, database.runs, async () => {
    const experimentId = await database.experiments.add({ createdAt: Date.now(), experiment });
    const { preset } = experiment;
    for (const { dataset, configurations } of parts) {
      const runs = configurations.map((configuration) => ({ configuration, preset, experimentId }));
      await addRuns(database, dataset, runs);
    }
    return experimentId;
  });
}

/** Of planned runs those that none of an experiment's runs is: they were deleted or taken out of the queue. */
export function missingRuns(parts: readonly DatasetRuns[], runs: readonly RunRow[]): DatasetRuns[] {
  // Whatever the order of their keys is: a configuration may have come from a file.
  const known = new Set(runs.map(({ datasetId, configuration }) => `${datasetId} ${canonical(configuration)}`));
  return parts.flatMap(({ dataset, configurations }) => {
    const missing = configurations.filter((configuration) => !known.has(`${dataset.id} ${canonical(configuration)}`));
    return missing.length === 0 ? [] : [{ dataset, configurations: missing }];
  });
}

/** Puts what is missing of an experiment's plan at the end of the queue; nothing where it was deleted meanwhile. */
export function addMissing(database: StudioDatabase, id: number, parts: readonly DatasetRuns[]): Promise<void> {
  return database.transaction('rw', database.experiments, database.runs, async () => {
    const row = await database.experiments.get(id);
    if (row === undefined) return;
    // Another tab may have added them already.
    for (const { dataset, configurations } of missingRuns(parts, await runsOf(database, id).toArray())) {
      const { preset } = row.experiment;
      await addRuns(
        database,
        dataset,
        configurations.map((configuration) => ({ configuration, preset, experimentId: id })),
      );
    }
  });
}

const runsOf = (database: StudioDatabase, experimentId: number) => database.runs.where({ experimentId });

/**
 * Nothing of it is taken from the queue until it is released; its places are kept. What is being trained of it goes back to its place
 * with a checkpoint, from which it goes on later: the queue goes on with others.
 */
export const holdExperiment = (database: StudioDatabase, id: number): Promise<number> =>
  runsOf(database, id)
    .and((run) => run.status === 'queued' || isTrained(run))
    .modify({ ...WAITING, status: 'held' });

/** The contrary of `holdExperiment`; a run of it that was paused by itself goes on, too. */
export const releaseExperiment = (database: StudioDatabase, id: number): Promise<number> =>
  runsOf(database, id).modify((run: { status: RunRow['status'] }) => {
    if (run.status === 'held') run.status = 'queued';
    if (run.status === 'paused') run.status = 'running';
  });

/** Puts what failed, was stopped or lost its tab back at the end of the queue, from its checkpoint if it has one; until then it says why. */
export function retryExperiment(database: StudioDatabase, id: number): Promise<void> {
  return database.transaction('rw', database.runs, database.datasets, database.checkpoints, async () => {
    const undone = await runsOf(database, id)
      .and(({ status }) => UNDONE.includes(status))
      .sortBy('position');
    await requeue(
      database,
      undone.map(({ id: runId }) => runId),
      'checkpoint',
    );
  });
}

export const renameExperiment = (database: StudioDatabase, id: number, name: string): Promise<number> =>
  database.experiments.update(id, { 'experiment.name': name });

/** Takes what waits out of the queue; what ended stays. */
export async function removeWaiting(database: StudioDatabase, id: number): Promise<void> {
  const files = await database.transaction('rw', database.tables, async () => {
    const waiting = await runsOf(database, id)
      .and(({ status }) => status === 'queued' || status === 'held')
      .primaryKeys();
    return removeRuns(database, waiting);
  });
  await removeFiles(database, files);
}

/** Removes an experiment with its runs and their results. */
export async function deleteExperiment(database: StudioDatabase, id: number): Promise<void> {
  const files = await database.transaction('rw', database.tables, async () => {
    const left = await removeRuns(database, await runsOf(database, id).primaryKeys());
    await database.experiments.delete(id);
    return left;
  });
  await removeFiles(database, files);
}

/** Moves all that waits of an experiment before or behind its neighbour in the queue: another experiment, or a single run. */
export function moveExperiment(database: StudioDatabase, id: number, step: -1 | 1): Promise<void> {
  return database.transaction('rw', database.runs, async () => {
    await reorder(database, moved(await waitingRuns(database), id, step));
  });
}

type Waiting = Pick<RunRow, 'id' | 'experimentId' | 'position'>;

/** Where an experiment stands among what goes together in the queue, from 1, and of how many; null where nothing of it waits. */
export function placeInQueue(
  queue: readonly Waiting[],
  experimentId: number,
): { readonly place: number; readonly of: number } | null {
  const keys = Array.from(new Set(queue.map(keyOf)));
  const place = 1 + keys.indexOf(`experiment ${experimentId}`);
  return place === 0 ? null : { place, of: keys.length };
}

/** The queue with an experiment's runs one place earlier or later, each experiment together at its first run's place. */
export function moved<R extends Waiting>(queue: readonly R[], experimentId: number, step: -1 | 1): readonly R[] {
  const together = new Map<string, R[]>();
  for (const run of queue) together.set(keyOf(run), [...(together.get(keyOf(run)) ?? []), run]);
  const groups = Array.from(together.values());
  const from = groups.findIndex(([first]) => first.experimentId === experimentId);
  const to = from + step;
  if (from < 0 || groups[to] === undefined) return queue;
  return groups.with(from, groups[to]).with(to, groups[from]).flat();
}

/** What goes together in the queue. */
const keyOf = ({ id, experimentId }: Waiting): string => (experimentId === null ? `run ${id}` : `experiment ${experimentId}`);
