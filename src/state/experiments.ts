import type { Experiment } from '../experiments/experiment.ts';
import type { DatasetRuns } from '../storage/experiments.ts';
import * as stored from '../storage/experiments.ts';
import { database } from './database.ts';
import { goOn, pauseRun, resumeRun, stopRun, useTraining } from './training.ts';

/** Stores an experiment with all of its runs and sees to it that they are worked off; its id. */
export async function queueExperiment(experiment: Experiment, parts: readonly DatasetRuns[]): Promise<number> {
  const id = await stored.addExperiment(database, experiment, parts);
  goOn();
  return id;
}

/** The run that is trained in this tab, if it is one of the experiment's. */
async function trainedRun(id: number): Promise<number | null> {
  const { runId } = useTraining.getState();
  return runId !== null && (await database.runs.get(runId))?.experimentId === id ? runId : null;
}

/** Holds all that waits, and pauses the run that is being trained. */
export async function holdExperiment(id: number): Promise<void> {
  await stored.holdExperiment(database, id);
  if ((await trainedRun(id)) !== null) await pauseRun();
}

/** The contrary of `holdExperiment`. */
export async function releaseExperiment(id: number): Promise<void> {
  await stored.releaseExperiment(database, id);
  if ((await trainedRun(id)) !== null) await resumeRun();
  goOn();
}

/** Puts what did not finish back into the queue. */
export async function retryExperiment(id: number): Promise<void> {
  await stored.retryExperiment(database, id);
  goOn();
}

export const renameExperiment = (id: number, name: string) => stored.renameExperiment(database, id, name);
export const moveExperiment = (id: number, step: -1 | 1) => stored.moveExperiment(database, id, step);
export const removeWaiting = (id: number) => stored.removeWaiting(database, id);

/** Ends the run that is being trained, if it is one of the experiment's, then removes all of it. */
export async function deleteExperiment(id: number): Promise<void> {
  await stored.holdExperiment(database, id);
  const runId = await trainedRun(id);
  if (runId !== null) {
    await stopRun();
    await ended(runId);
  }
  await stored.deleteExperiment(database, id);
}

/** Waits until a run is trained no more: what it still writes would outlive it. */
function ended(runId: number): Promise<void> {
  return new Promise((resolve) => {
    const look = () => {
      if (useTraining.getState().runId === runId) return;
      unsubscribe();
      resolve();
    };
    const unsubscribe = useTraining.subscribe(look);
    look();
  });
}
