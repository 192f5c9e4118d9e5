import type { Configuration } from '../configuration/schema.ts';
import { type DatasetRow, type RunRow, type RunStatus, type StudioDatabase, withoutContents } from './database.ts';
import { NothingStoredError } from './errors.ts';
import { traitsOf } from './traits.ts';

/** A run as it is asked for. */
export interface NewRun {
  readonly configuration: Configuration;
  readonly preset: string;
  /** The search that it is a trial of. */
  readonly search?: string;
  /** The experiment that it is a run of. */
  readonly experimentId?: number;
}

/** Statuses of runs that ended without a result. */
export const UNDONE: readonly RunStatus[] = ['failed', 'stopped', 'interrupted'];

/** What a run has that waits to be trained again. Where it has a checkpoint it goes on from there, else from the beginning. */
export const WAITING = { error: null, startedAt: null, finishedAt: null, unsaved: null } satisfies Partial<RunRow>;

/** Where a run that ended without a result starts again; without a checkpoint always at the beginning. */
export type From = 'checkpoint' | 'beginning';

/** What waits to be trained, held or not, in the order of the queue. */
export const waitingRuns = (database: StudioDatabase): Promise<RunRow[]> =>
  database.runs.where('status').anyOf('queued', 'held').sortBy('position');

/** A run of no experiment that the user had paused when its tab was closed: what is queued waits for it, on any dataset. */
export const heldRun = async (database: StudioDatabase): Promise<RunRow | undefined> =>
  (await database.runs.where({ status: 'held' }).sortBy('position')).find(({ experimentId }) => experimentId === null);

/** What is to be trained next; nothing as long as the queue waits for a paused run. */
export const nextRun = async (database: StudioDatabase): Promise<RunRow | undefined> =>
  (await heldRun(database)) === undefined ? (await database.runs.where({ status: 'queued' }).sortBy('position'))[0] : undefined;

/** Puts runs at the end of the queue; their ids. @throws NothingStoredError where the dataset has nothing to train on */
export async function addRuns(database: StudioDatabase, dataset: DatasetRow, runs: readonly NewRun[]): Promise<number[]> {
  const { id: datasetId, name: datasetName } = dataset;
  if (!dataset.hasContents) throw new NothingStoredError(withoutContents(datasetName));
  const end = await endOfQueue(database);
  return database.runs.bulkAdd(
    runs.map(({ configuration, preset, search, experimentId }, i) => ({
      datasetId,
      datasetName,
      configuration,
      preset,
      ...traitsOf(dataset),
      search: search ?? null,
      experimentId: experimentId ?? null,
      status: 'queued' as const,
      position: end + i,
      createdAt: Date.now(),
      startedAt: null,
      finishedAt: null,
      backend: null,
      error: null,
      pretraining: [],
      result: null,
    })),
    { allKeys: true },
  );
}

/**
 * Puts runs that ended without a result back at the end of the queue, in their order. Others are left as they are: runs that another tab has queued already, and those whose dataset has nothing to train on.
 *
 * @throws NothingStoredError where that is so of all that ended
 */
export function requeue(database: StudioDatabase, ids: readonly number[], from: From): Promise<void> {
  const { runs, datasets, checkpoints } = database;
  return database.transaction('rw', runs, datasets, checkpoints, async () => {
    const undone = (await runs.bulkGet([...ids])).filter(
      (run): run is RunRow => run !== undefined && UNDONE.includes(run.status),
    );
    const trainable = new Set(await datasets.filter(({ hasContents }) => hasContents).primaryKeys());
    const again = undone.filter(({ datasetId }) => trainable.has(datasetId));
    if (undone.length > 0 && again.length === 0) throw new NothingStoredError(withoutContents(undone[0].datasetName));
    const end = await endOfQueue(database);
    if (from === 'beginning') await checkpoints.bulkDelete(again.map(({ id }) => id));
    const kept = from === 'beginning' ? { pretraining: [] } : {};
    const changes = { ...WAITING, ...kept, status: 'queued' as const, interruptions: 0 };
    await runs.bulkUpdate(again.map(({ id }, i) => ({ key: id, changes: { ...changes, position: end + i } })));
  });
}

/** The first position behind all that waits, and what is trained: that may be put back to its place. */
export async function endOfQueue(database: StudioDatabase): Promise<number> {
  const going = await database.runs.where('status').anyOf('queued', 'held', 'running', 'paused').sortBy('position');
  return 1 + (going.at(-1)?.position ?? 0);
}

/** Gives the places of some runs to them in another order. */
export async function reorder(database: StudioDatabase, runs: readonly Pick<RunRow, 'id' | 'position'>[]): Promise<void> {
  const places = runs.map(({ position }) => position).toSorted((a, b) => a - b);
  await database.runs.bulkUpdate(runs.map(({ id }, i) => ({ key: id, changes: { position: places[i] } })));
}
