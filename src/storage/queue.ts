import type { Configuration } from '../configuration/schema.ts';
import { type DatasetRow, type RunRow, type StudioDatabase, withoutContents } from './database.ts';
import { NothingStoredError } from './errors.ts';

/** A run as it is asked for. */
export interface NewRun {
  readonly configuration: Configuration;
  readonly preset: string;
  /** The search that it is a trial of. */
  readonly search?: string;
  /** The experiment that it is a run of. */
  readonly experimentId?: number;
}

/** What waits to be trained, held or not, in the order of the queue. */
export const waitingRuns = (database: StudioDatabase): Promise<RunRow[]> =>
  database.runs.where('status').anyOf('queued', 'held').sortBy('position');

/** Puts runs at the end of the queue; their ids. @throws NothingStoredError where the dataset has nothing to train on */
export async function addRuns(database: StudioDatabase, dataset: DatasetRow, runs: readonly NewRun[]): Promise<number[]> {
  const { id: datasetId, name: datasetName, origin, figures } = dataset;
  if (!dataset.hasContents) throw new NothingStoredError(withoutContents(datasetName));
  const end = await endOfQueue(database);
  return database.runs.bulkAdd(
    runs.map(({ configuration, preset, search, experimentId }, i) => ({
      datasetId,
      datasetName,
      configuration,
      preset,
      scenario: origin.kind === 'simulated' ? origin.scenario : null,
      sourceItems: figures.sourceItems,
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

/** Puts runs that ended without a result back at the end of the queue, in their order; they start from the beginning. */
export async function requeue(database: StudioDatabase, ids: readonly number[]): Promise<void> {
  const end = await endOfQueue(database);
  const again = { status: 'queued' as const, error: null, pretraining: [], startedAt: null, finishedAt: null };
  await database.runs.bulkUpdate(ids.map((key, i) => ({ key, changes: { ...again, position: end + i } })));
}

/** The first position behind all that waits. */
const endOfQueue = async (database: StudioDatabase): Promise<number> => 1 + ((await waitingRuns(database)).at(-1)?.position ?? 0);

/** Gives the places of some runs to them in another order. */
export async function reorder(database: StudioDatabase, runs: readonly Pick<RunRow, 'id' | 'position'>[]): Promise<void> {
  const places = runs.map(({ position }) => position).toSorted((a, b) => a - b);
  await database.runs.bulkUpdate(runs.map(({ id }, i) => ({ key: id, changes: { position: places[i] } })));
}
