import { describeMethod } from '../../configuration/methods.ts';
import type { Configuration } from '../../configuration/schema.ts';
import type { DatasetFigures } from '../../data/dataset.ts';
import type { RunRow } from '../../storage/database.ts';

/** What can be said of a run before it starts. */
export interface Forecast {
  /** Steps of pre-training and of fine-tuning. */
  readonly steps: number;
  /** Those of pre-training alone; a model that is there already needs none of them. */
  readonly pretrainingSteps: number;
  /** Parameters with Adam's two moments, in bytes; activations come on top. */
  readonly bytes: number;
  /** Of fine-tuning and evaluation, measured on an earlier run of the same method and sizes; null without one. */
  readonly seconds: number | null;
}

const POLICY_BLOCKS = 2;

/** Steps are exact up to users too short to pre-train on; bytes count every parameter three times. */
export function forecast(
  configuration: Configuration,
  figures: DatasetFigures,
  earlier: readonly RunRow[],
  backend: string | null,
): Forecast {
  const { channels: k, dilations, kernelSize, pretraining, fineTuning, method } = configuration;
  if (method === 'most-popular') return { steps: 0, pretrainingSteps: 0, bytes: 4 * figures.targetItems, seconds: null };
  const train = Math.max(1, Math.round(0.8 * figures.instances * fineTuning.trainingFraction));
  const batches = (rows: number, batch: number) => Math.ceil(rows / Math.min(batch, Math.max(1, rows)));
  const { pretrained, policy } = describeMethod(method);
  const hasPolicy = policy !== null;
  const pretrainingSteps = pretrained ? pretraining.epochs * batches(figures.sourceUsers, pretraining.batchSize) : 0;
  const block = 2 * (kernelSize * k * k + 3 * k);
  const embedding = (figures.sourceItems + 1) * k;
  const blocks = dilations.length * block * (hasPolicy ? 2 : 1) + (hasPolicy ? POLICY_BLOCKS * block : 0);
  // Multi-task learning keeps the output layer of pre-training.
  const embeddings = embedding * (hasPolicy || method === 'mtl' ? 2 : 1);
  const fineTuningParameters = embeddings + blocks + figures.targetItems * (k + 1);
  const pretrainingParameters = 2 * embedding + dilations.length * block;
  // Another machine has another speed.
  const same = earlier.findLast(
    (run) =>
      run.elsewhere === undefined &&
      run.result !== null &&
      run.backend?.name === backend &&
      fingerprint(run.configuration) === fingerprint(configuration),
  );
  const seconds = same?.result ? same.result.seconds.fineTuning + same.result.seconds.evaluation : null;
  return {
    pretrainingSteps,
    steps: pretrainingSteps + fineTuning.epochs * batches(train, fineTuning.batchSize),
    bytes: 12 * Math.max(fineTuningParameters, pretrainingParameters),
    seconds,
  };
}

/** What the duration of a run depends on, besides the device. */
function fingerprint({
  method,
  channels,
  dilations,
  kernelSize,
  sequenceLength,
  pretraining,
  fineTuning,
}: Configuration): string {
  const { epochs, batchSize, trainingFraction } = fineTuning;
  return JSON.stringify([
    method,
    channels,
    dilations,
    kernelSize,
    sequenceLength,
    pretraining.epochs,
    pretraining.batchSize,
    epochs,
    batchSize,
    trainingFraction,
  ]);
}
