import type { BackendInfo } from '../engine/backend.ts';
import { StoppedError } from '../engine/errors.ts';
import { type Metrics, selectionOf } from '../engine/evaluation/metrics.ts';
import type { PretrainingEpoch } from '../engine/training/observer.ts';
import { mayBeKept } from '../storage/checkpoints.ts';
import type { RunRow, StudioDatabase } from '../storage/database.ts';
import { WAITING } from '../storage/queue.ts';
import { isTrained } from '../storage/trained.ts';

/** Up to where a checkpoint goes: epochs of fine-tuning that are done, and what pre-training came to. */
export interface Covered {
  readonly epochs: number;
  readonly pretraining: readonly PretrainingEpoch[];
}

const tablesOfRun = ({ runs, epochs, policies, outcomes, models, pretrainings, checkpoints }: StudioDatabase) => [
  runs,
  epochs,
  policies,
  outcomes,
  models,
  pretrainings,
  checkpoints,
];

/**
 * A run whose tab went away goes on by itself once, and again whenever it got further meanwhile: otherwise it may be the run that
 * takes the tab with it.
 */
const MOST_INTERRUPTIONS = 2;
const REPEATED = {
  name: 'InterruptedError',
  message:
    'Its tab was closed, reloaded or lost twice while this run was trained at the same place. If it crashed, the run needs more memory than there is: choose fewer channels, a smaller batch or a shorter sequence.',
};

/** What a run is computed by: of several backends one after the other `first` is where it began. */
export function computedBy(earlier: string | undefined, here: string): { readonly all: string; readonly first: string | null } {
  const before = earlier?.split(', then ') ?? [here];
  const all = before.at(-1) === here ? before : [...before, here];
  return { all: all.join(', then '), first: all.length > 1 ? all[0] : null };
}

/**
 * Takes a queued run, unless the user removed it meanwhile; of what was computed before, all that its checkpoint covers stays, or
 * simply all.
 */
export const claim = (
  database: StudioDatabase,
  id: number,
  backend: BackendInfo,
  covered: Covered | 'all' | null,
): Promise<boolean> =>
  database.transaction('rw', tablesOfRun(database), async () => {
    if ((await database.runs.get(id))?.status !== 'queued') return false;
    // Whatever came from elsewhere, it is computed here now.
    const fresh = { startedAt: Date.now(), error: null, elsewhere: undefined, unsaved: null };
    await database.runs.update(id, { status: 'running', backend, ...fresh });
    if (covered === 'all') return true;
    const kept = covered?.epochs ?? 0;
    await database.epochs
      .where({ runId: id })
      .and(({ epoch }) => epoch > kept)
      .delete();
    await database.policies
      .where({ runId: id })
      .and(({ epoch }) => epoch > kept)
      .delete();
    await database.outcomes.delete(id);
    await database.models.delete(id);
    if (covered === null) await database.checkpoints.delete(id);
    await database.runs.update(id, { pretraining: covered?.pretraining ?? [] });
    return true;
  });

/**
 * Writes something of a run as long as it is trained: of one that was deleted, held or stopped meanwhile nothing comes after.
 *
 * @throws StoppedError where it is trained no more
 */
export const whileTrained = (
  database: StudioDatabase,
  runId: number,
  write: (run: RunRow) => PromiseLike<unknown>,
): Promise<void> => whileIt(database, isTrained, runId, write);

/** The same for an epoch: one that was just held is computed up to the checkpoint that it is left with. */
export const whileKept = (database: StudioDatabase, runId: number, write: (run: RunRow) => PromiseLike<unknown>): Promise<void> =>
  whileIt(database, mayBeKept, runId, write);

const whileIt = (
  database: StudioDatabase,
  may: (run: RunRow | undefined) => run is RunRow,
  runId: number,
  write: (run: RunRow) => PromiseLike<unknown>,
): Promise<void> =>
  database.transaction('rw', tablesOfRun(database), async () => {
    const run = await database.runs.get(runId);
    if (!may(run)) throw new StoppedError();
    await write(run);
  });

/** Takes a run back whose checkpoint turned out to be of no use: the queue comes to it again, without one. */
export const beginAnew = (database: StudioDatabase, runId: number): Promise<void> =>
  whileTrained(database, runId, async () => {
    await database.checkpoints.delete(runId);
    await database.runs.update(runId, { ...WAITING, status: 'queued' });
  });

/** The other finished trials of the same search and method; none of a run of its own. */
const otherTrials = (
  database: StudioDatabase,
  { id, datasetId, search, configuration: { method } }: RunRow,
): Promise<RunRow[]> =>
  search === null
    ? Promise.resolve([])
    : database.runs
        .where({ datasetId, status: 'finished' })
        .and((other) => other.id !== id && other.search === search && other.configuration.method === method)
        .toArray();

/** Whether a trial is the best of its search so far by validation, of equal ones the first: pages look at no other. */
export async function isBestTrial(database: StudioDatabase, row: RunRow, validation: Metrics | null): Promise<boolean> {
  const value = validation === null ? 0 : selectionOf(validation);
  return (await otherTrials(database, row)).every(({ id, result }) => {
    const other = result?.validation ? selectionOf(result.validation) : 0;
    return other < value || (other === value && id > row.id);
  });
}

/** Of a search, keeps the model of its best trial alone: goes with the result of the trial whose model is stored as the best one's. */
export async function dropOtherModels(database: StudioDatabase, row: RunRow): Promise<void> {
  if ((await database.models.where(':id').equals(row.id).count()) === 0) return;
  const others = await otherTrials(database, row);
  await database.models.bulkDelete(others.map(({ id }) => id));
}

/**
 * Whoever holds the lock is alive; with the lock in hand, a run that is “running” has lost its tab. One that the user had paused stays
 * paused, as `held`: it goes on when the user says so, and one of no experiment keeps the queue waiting as before (`nextRun`).
 *
 * @returns whether any is interrupted now
 */
export async function markInterrupted(database: StudioDatabase): Promise<boolean> {
  let found = false;
  await database.runs
    .where('status')
    .anyOf('running', 'paused', 'interrupted')
    .modify((run: { -readonly [K in keyof RunRow]: RunRow[K] }) => {
      const isAlone = run.search === null && run.experimentId === null;
      const interruptions = (run.interruptions ?? 0) + (run.status === 'running' ? 1 : 0);
      if (run.status === 'paused') Object.assign(run, WAITING, { status: 'held' });
      // A search is decided by all of its trials, and an experiment by all of its runs: they go on by themselves.
      else if (!isAlone && interruptions < MOST_INTERRUPTIONS) Object.assign(run, WAITING, { status: 'queued', interruptions });
      else if (run.status !== 'interrupted') {
        const error = interruptions < MOST_INTERRUPTIONS ? run.error : REPEATED;
        Object.assign(run, { status: 'interrupted', finishedAt: Date.now(), interruptions, error, unsaved: null });
        found = true;
      }
    });
  return found;
}
