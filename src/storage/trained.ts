import type { RunRow, RunStatus, StudioDatabase } from './database.ts';
import { FinalStatusError } from './errors.ts';

/**
 * What is said of a run that is being trained is said in its row: the worker that trains it follows, whichever tab asked and
 * whichever it is in. A row that is gone, or neither running nor paused, is trained no more.
 */
export const isTrained = (run: RunRow | undefined): run is RunRow => run?.status === 'running' || run?.status === 'paused';

const trained = (database: StudioDatabase, runId: number) => database.runs.where(':id').equals(runId).and(isTrained);

/** Holds a run where it stands: it keeps its device, and the queue waits. Nothing happens to one that is not trained, here and below. */
export const pauseRun = (database: StudioDatabase, runId: number): Promise<number> =>
  trained(database, runId).modify({ status: 'paused' });

export const resumeRun = (database: StudioDatabase, runId: number): Promise<number> =>
  trained(database, runId).modify({ status: 'running' });

export const failRun = (database: StudioDatabase, runId: number, error: RunRow['error']): Promise<number> =>
  trained(database, runId).modify({ status: 'failed', finishedAt: Date.now(), error });

/** Ends a run without a result; the queue goes on. */
export const stopRun = (database: StudioDatabase, runId: number): Promise<number> =>
  trained(database, runId).modify({ status: 'stopped', finishedAt: Date.now(), error: null });

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
