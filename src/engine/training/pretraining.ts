import * as tf from '@tensorflow/tfjs';
import type { Configuration } from '../../configuration/schema.ts';
import { type Dataset, paddedSequences, rowLength } from '../../data/dataset.ts';
import { permutation, randomStream } from '../../data/random.ts';
import { DivergedError, UnsuitableDatasetError } from '../errors.ts';
import { softmaxCrossEntropy } from '../kernels/crossEntropy/index.ts';
import { embed, hiddenStates } from '../model/nextitnet.ts';
import {
  blockParameters,
  download,
  embeddingParameter,
  initialise,
  linearParameters,
  type Parameters,
  type StoredParameters,
} from '../model/parameters.ts';
import { type Observer, PROGRESS_INTERVAL, type PretrainingEpoch } from './observer.ts';
import { MeanLoss, Optimiser } from './optimiser.ts';

/** A pre-trained model and how it came about. */
export interface Pretrained {
  readonly parameters: StoredParameters;
  readonly epochs: readonly PretrainingEpoch[];
  readonly seconds: number;
}

/** Equal for runs that may share one pre-trained model of a dataset on a backend. */
export function pretrainingKey({ seed, channels, dilations, kernelSize, sequenceLength, pretraining }: Configuration): string {
  return JSON.stringify({ seed, channels, dilations, kernelSize, sequenceLength, pretraining });
}

/**
 * The loss of Eqs. 3-5: each position predicts the next item.
 *
 * @param items [rows × length] source sequences; rows from `counted` on only fill the batch
 */
export function pretrainingLoss(
  parameters: Parameters,
  items: Int32Array,
  rows: number,
  counted: number,
  { dilations, pretraining }: Pick<Configuration, 'dilations' | 'pretraining'>,
): tf.Tensor {
  const length = items.length / rows;
  const inputs = new Int32Array(rows * (length - 1));
  const targets = new Int32Array(rows * (length - 1)).fill(-1);
  for (let row = 0; row < rows; row++) {
    inputs.set(items.subarray(row * length, (row + 1) * length - 1), row * (length - 1));
    if (row < counted) targets.set(items.subarray(row * length + 1, (row + 1) * length), row * (length - 1));
  }
  const embedded = embed(parameters.item_embedding, { items: inputs, rows, length: length - 1 });
  const hidden = hiddenStates(parameters, embedded, 'blocks', dilations);
  const flat = tf.reshape(hidden, [rows * (length - 1), -1]);
  const counts = (target: number) => (pretraining.maskPadding ? target > 0 : target >= 0);
  return softmaxCrossEntropy(flat, parameters['output.weight'], parameters['output.bias'], targets, counts);
}

/**
 * Pre-trains NextItNet on the source sequences of all users with at least two items.
 *
 * @throws DivergedError, UnsuitableDatasetError, and whatever the observer throws to end the run
 */
export async function pretrain(dataset: Dataset, configuration: Configuration, observer: Observer): Promise<Pretrained> {
  const { channels, dilations, kernelSize, sequenceLength, seed, pretraining } = configuration;
  const { epochs, batchSize, learningRate } = pretraining;
  const started = observer.now();
  const all = Array.from({ length: dataset.pretrainingUsers }, (_, u) => u);
  const users = Int32Array.from(all.filter((u) => rowLength(dataset.source, u) >= 2));
  if (users.length === 0 || sequenceLength < 2) {
    throw new UnsuitableDatasetError(
      'Pre-training needs users with at least two source items, and a sequence length of at least 2.',
    );
  }
  const classes = dataset.sourceItems.length;
  const specifications = [
    ...embeddingParameter('item_embedding', classes, channels),
    ...blockParameters('blocks', dilations.length, channels, kernelSize),
    ...linearParameters('output', classes, channels),
  ];
  const optimiser = new Optimiser(initialise(specifications, seed), () => true, learningRate);
  const records: PretrainingEpoch[] = [];
  const rows = Math.min(batchSize, users.length);
  const steps = Math.ceil(users.length / rows);
  try {
    for (let epoch = 1; epoch <= epochs; epoch++) {
      const record = { epoch, loss: await trainEpoch(epoch) };
      records.push(record);
      await observer.pretrainingEpoch(record, false);
    }
    const parameters = await download(optimiser.parameters);
    return { parameters, epochs: records, seconds: (observer.now() - started) / 1000 };
  } finally {
    optimiser.dispose();
  }

  /** One pass over the users; the mean loss. */
  async function trainEpoch(epoch: number): Promise<number> {
    const order = permutation(randomStream(seed, 'pre-training/shuffle', epoch), users.length).map((i) => users[i]);
    const mean = new MeanLoss();
    let told = performance.now();
    try {
      for (let step = 1; step <= steps; step++) {
        const part = order.subarray((step - 1) * rows, step * rows);
        const items = new Int32Array(rows * sequenceLength);
        items.set(paddedSequences(dataset, part, sequenceLength));
        const loss = optimiser.step((parameters) => pretrainingLoss(parameters, items, rows, part.length, configuration));
        mean.add(loss, part.length);
        if (step === steps || performance.now() - told > PROGRESS_INTERVAL) {
          told = performance.now();
          const value = await mean.value();
          if (!Number.isFinite(value)) throw new DivergedError('pre-training', epoch, step);
          observer.progress({ stage: 'pretraining', epoch, epochs, step, steps, loss: value });
        }
        await observer.turn();
      }
      return await mean.value();
    } finally {
      mean.dispose();
    }
  }
}
