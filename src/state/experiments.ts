import type { Experiment } from '../experiments/experiment.ts';
import type { DatasetRuns } from '../storage/experiments.ts';
import * as stored from '../storage/experiments.ts';
import { database } from './database.ts';
import { askToKeep } from './keeping.ts';
import { goOn } from './training.ts';

/** Stores an experiment with all of its runs and sees to it that they are worked off; its id. */
export async function queueExperiment(experiment: Experiment, parts: readonly DatasetRuns[]): Promise<number> {
  askToKeep();
  const id = await stored.addExperiment(database, experiment, parts);
  goOn();
  return id;
}

/** Holds all that waits, and puts back what is being trained, in whichever tab. */
export const holdExperiment = (id: number) => stored.holdExperiment(database, id);

/** The contrary of `holdExperiment`. */
export async function releaseExperiment(id: number): Promise<void> {
  await stored.releaseExperiment(database, id);
  goOn();
}

/** Queues what is missing of an experiment's plan. */
export async function queueMissing(id: number, parts: readonly DatasetRuns[]): Promise<void> {
  await stored.addMissing(database, id, parts);
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

/** Removes all of it; what is being trained of it ends, in whichever tab. */
export const deleteExperiment = (id: number) => stored.deleteExperiment(database, id);
