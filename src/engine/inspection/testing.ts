import type { Configuration } from '../../configuration/schema.ts';
import type { Dataset } from '../../data/dataset.ts';
import type { FineTuned } from '../training/fineTuning.ts';
import { run } from '../training/run.ts';
import { type FinishedModel, openModel } from './inspect.ts';

const silent = async () => {};
const observer = {
  now: () => 0,
  turn: silent,
  progress: () => {},
  pretrainingEpoch: silent,
  pretrainingReused: silent,
  fineTuningEpoch: silent,
};

/** Trains, without a word, and opens the model of the best epoch. The caller disposes of its parameters. */
export async function trained(
  dataset: Dataset,
  configuration: Configuration,
): Promise<{ finished: FinishedModel; fineTuned: FineTuned }> {
  const { fineTuned } = await run(dataset, configuration, { get: async () => undefined, put: silent }, observer);
  return { finished: openModel(dataset, configuration, fineTuned.parameters, fineTuned.bestEpoch), fineTuned };
}
