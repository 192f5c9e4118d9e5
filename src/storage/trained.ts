import { liveQuery } from 'dexie';
import type { RunRow, RunStatus, StudioDatabase } from './database.ts';
import { FinalStatusError } from './errors.ts';

/**
 * What is said of a run that is being trained is said in its row: the worker that trains it follows, whichever tab asked and
 * whichever it is in. A row that is gone, or neither running nor paused, is trained no more.
 */
export const isTrained = (run: RunRow | undefined): run is RunRow => run?.status === 'running' || run?.status === 'paused';

/** Of an experiment all that is held goes on together. */
const isHeldAlone = ({ status, experimentId }: RunRow): boolean => status === 'held' && experimentId === null;

const mayGoOn = (run: RunRow): boolean => isTrained(run) || isHeldAlone(run);

const trained = (database: StudioDatabase, runId: number) => database.runs.where(':id').equals(runId).and(isTrained);

/** Holds a run where it stands: it keeps its device, and the queue waits. Nothing happens to one that is neither trained nor held, here and below. */
export const pauseRun = (database: StudioDatabase, runId: number): Promise<number> =>
  trained(database, runId).modify({ status: 'paused' });

/** The contrary; one whose tab was closed meanwhile goes back to its place in the queue. */
export const resumeRun = (database: StudioDatabase, runId: number): Promise<number> =>
  database.runs
    .where(':id')
    .equals(runId)
    .and(mayGoOn)
    .modify((run: { status: RunStatus }) => {
      run.status = run.status === 'held' ? 'queued' : 'running';
    });

/** What fails in this way would fail again at the same place: its checkpoint is of no use. */
const FOR_GOOD: readonly string[] = ['DivergedError', 'UnsuitableDatasetError', 'ConfigurationError', 'NothingStoredError'];

/** Ends a run with its reason. Its checkpoint is kept where it could go on from there: on another device, or with more memory. */
export function failRun(database: StudioDatabase, runId: number, error: NonNullable<RunRow['error']>): Promise<number> {
  const { runs, checkpoints } = database;
  return database.transaction('rw', runs, checkpoints, async () => {
    if (FOR_GOOD.includes(error.name)) await checkpoints.delete(runId);
    return trained(database, runId).modify({ status: 'failed', finishedAt: Date.now(), error, unsaved: null });
  });
}

/** Whether a run has anything that stopping it would throw away: a checkpoint, or an epoch. */
export async function isBegun({ runs, checkpoints, epochs }: StudioDatabase, runId: number): Promise<boolean> {
  const [run, saved, fineTuned] = await Promise.all([
    runs.get(runId),
    checkpoints.where(':id').equals(runId).count(),
    epochs.where({ runId }).count(),
  ]);
  return run !== undefined && run.pretraining.length + saved + fineTuned > 0;
}

/** Ends a run without a result, for good: its checkpoint goes; the queue goes on. */
export function stopRun(database: StudioDatabase, runId: number): Promise<number> {
  const { runs, checkpoints } = database;
  return database.transaction('rw', runs, checkpoints, async () => {
    const end = { status: 'stopped', finishedAt: Date.now(), error: null, unsaved: null } as const;
    const stopped = await runs.where(':id').equals(runId).and(mayGoOn).modify(end);
    if (stopped > 0) await checkpoints.delete(runId);
    return stopped;
  });
}

/** Whether the user has stopped or deleted a run. */
export async function isThrownAway({ runs }: StudioDatabase, runId: number): Promise<boolean> {
  const run = await runs.get(runId);
  return run === undefined || run.status === 'stopped';
}

/** Settles when a run is trained no more, whatever became of it. */
export const untilEnded = (database: StudioDatabase, runId: number): Promise<void> =>
  new Promise((resolve, reject) => {
    const following = liveQuery(() => database.runs.get(runId)).subscribe({
      next: (run) => {
        if (isTrained(run)) return;
        resolve();
        following.unsubscribe();
      },
      error: reject,
    });
  });

/** What comes after them comes too late, whoever writes it. */
const FINAL: readonly RunStatus[] = ['finished', 'stopped', 'failed'];

type Standing = Pick<RunRow, 'status' | 'finishedAt'>;

/** Whether one status may follow another. What was stopped or failed may be queued again by hand, and has not ended then. */
function mayFollow(before: Standing, after: Standing): boolean {
  if (before.status === after.status || !FINAL.includes(before.status)) return true;
  return before.status !== 'finished' && after.status === 'queued' && after.finishedAt === null;
}

/** A hook of the table of runs, which all writes pass. @throws FinalStatusError */
export function guardStatus(changes: object, _key: unknown, run: Standing): void {
  const after: Standing = { ...run, ...changes };
  if (!mayFollow(run, after)) throw new FinalStatusError(run.status, after.status);
}
