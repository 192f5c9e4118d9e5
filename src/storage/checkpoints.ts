import type { Position } from '../engine/checkpoint/state.ts';
import type { CheckpointRow, RunRow, RunStatus, StudioDatabase } from './database.ts';
import type { FileStore } from './files.ts';
import { whileAllNamed } from './filesLock.ts';

const KEPT: readonly RunStatus[] = ['running', 'paused', 'held', 'queued'];

/** Whoever trains a run may keep what it has come to: also of one that was put back meanwhile, to go on later or next. */
export const mayBeKept = (run: RunRow | undefined): run is RunRow => run !== undefined && KEPT.includes(run.status);

/**
 * Names a finished file as a run's newest checkpoint, from when on it counts; the run is saved again, and what it got further than it
 * began is no interruption any more. False where the run is not trained any more: nothing is written then.
 */
export function keepCheckpoint(database: StudioDatabase, row: CheckpointRow, isFurther: boolean): Promise<boolean> {
  const { runs, checkpoints } = database;
  return database.transaction('rw', runs, checkpoints, async () => {
    const run = await runs.get(row.runId);
    if (!mayBeKept(run)) return false;
    await checkpoints.put(row);
    const counts = isFurther && (run.interruptions ?? 0) > 0;
    if (counts || run.unsaved) await runs.update(row.runId, { unsaved: null, ...(counts ? { interruptions: 0 } : {}) });
    return true;
  });
}

/** Says that a run's checkpoints cannot be written, and since when; the first time stays. */
export const markUnsaved = (database: StudioDatabase, runId: number, since: number, message: string): Promise<number> =>
  database.runs
    .where(':id')
    .equals(runId)
    .and(mayBeKept)
    .modify((run: { unsaved?: RunRow['unsaved'] }) => {
      run.unsaved = { since: run.unsaved?.since ?? since, message };
    });

/**
 * Removes the files of checkpoints that no row names: of runs that ended or were deleted, and of a worker that died between file and
 * row. For whoever holds the training lock, once nothing is written: the only other one who writes any is the import of a workspace,
 * during which nothing is removed.
 */
export const sweepCheckpoints = (
  files: FileStore,
  { checkpoints }: StudioDatabase,
  locks: LockManager | undefined,
): Promise<void> =>
  whileAllNamed(locks, async () => {
    const entries = (await files.list()).filter(({ kind }) => kind === 'checkpoint');
    if (entries.length === 0) return;
    const named = new Set((await checkpoints.toArray()).map(({ file }) => file));
    for (const { name } of entries) if (!named.has(name)) await files.remove(name);
  });

/** “epoch 3”, “the end of epoch 2”: of the last epoch there is no next one to begin. */
export const epochWords = ({ epoch, step }: Pick<Position, 'epoch' | 'step'>): string =>
  step === 0 && epoch > 1 ? `the end of epoch ${epoch - 1}` : `epoch ${epoch}`;

/** “pre-training, epoch 2, step 40”, “the end of epoch 2”, “the beginning of epoch 1”. */
export function positionWords({ stage, epoch, step }: Position): string {
  const start = epoch === 1 ? 'the beginning of epoch 1' : epochWords({ epoch, step });
  const place = step === 0 ? start : `epoch ${epoch}, step ${step}`;
  return stage === 'pretraining' ? `pre-training, ${place}` : place;
}
