import type { Configuration } from '../../configuration/schema.ts';
import { type Dataset, paddedSequences, rowLength } from '../../data/dataset.ts';
import { permutation, randomStream } from '../../data/random.ts';
import { DivergedError, UnsuitableDatasetError } from '../errors.ts';
import { nextItemLoss, type SourceBatch } from '../model/nextItem.ts';
import {
  blockParameters,
  download,
  embeddingParameter,
  initialise,
  linearParameters,
  type ParameterSpecification,
  type StoredParameters,
} from '../model/parameters.ts';
import { drawLogUniform } from './logUniform.ts';
import { type Observer, PROGRESS_INTERVAL, type PretrainingEpoch } from './observer.ts';
import { MeanLoss, Optimiser } from './optimiser.ts';

/** A pre-trained model and how it came about. */
export interface Pretrained {
  readonly parameters: StoredParameters;
  readonly epochs: readonly PretrainingEpoch[];
  readonly seconds: number;
}

/** The source sequences of all users with at least two items, in shuffled batches. */
export class SourceBatches {
  private readonly users: Int32Array;
  private readonly rows: number;

  /** @throws UnsuitableDatasetError if nobody has two items */
  constructor(
    private readonly dataset: Dataset,
    private readonly configuration: Configuration,
  ) {
    const all = Array.from({ length: dataset.pretrainingUsers }, (_, u) => u);
    this.users = Int32Array.from(all.filter((u) => rowLength(dataset.source, u) >= 2));
    if (this.users.length === 0 || configuration.sequenceLength < 2) {
      throw new UnsuitableDatasetError(
        'Pre-training needs users with at least two source items, and a sequence length of at least 2.',
      );
    }
    this.rows = Math.min(configuration.pretraining.batchSize, this.users.length);
  }

  /** Batches a pass over the users. */
  get steps(): number {
    return Math.ceil(this.users.length / this.rows);
  }

  /** The batches of one pass by their step, from 1, which has to rise by one each time. `purpose` names the random streams. */
  pass(purpose: 'pre-training' | 'multi-task', ...key: number[]): (step: number) => SourceBatch {
    const { seed, sequenceLength, pretraining } = this.configuration;
    const order = permutation(randomStream(seed, `${purpose}/shuffle`, ...key), this.users.length);
    const sampling = randomStream(seed, `${purpose}/sampled items`, ...key);
    // Padding is a class like any other unless it is masked: then the most frequent one, which is number 0.
    const first = pretraining.maskPadding ? 1 : 0;
    const ranks = this.dataset.sourceItems.length - first;
    return (step) => {
      const part = order.subarray((step - 1) * this.rows, step * this.rows).map((i) => this.users[i]);
      const items = new Int32Array(this.rows * sequenceLength);
      items.set(paddedSequences(this.dataset, part, sequenceLength));
      const sampled = pretraining.softmax === 'full' ? null : drawLogUniform(sampling, first, ranks, pretraining.sampledItems);
      return { items, rows: this.rows, counted: part.length, sampled };
    };
  }
}

/** NextItNet with its output layer; `sourceItems` without padding, which has a row and a class, too. */
export function pretrainingParameters(
  { channels, dilations, kernelSize }: Pick<Configuration, 'channels' | 'dilations' | 'kernelSize'>,
  sourceItems: number,
): ParameterSpecification[] {
  return [
    ...embeddingParameter('item_embedding', sourceItems + 1, channels),
    ...blockParameters('blocks', dilations.length, channels, kernelSize),
    ...linearParameters('output', sourceItems + 1, channels),
  ];
}

/**
 * Pre-trains NextItNet on the source sequences of all users with at least two items.
 *
 * @throws DivergedError, UnsuitableDatasetError, and whatever the observer throws to end the run
 */
export async function pretrain(dataset: Dataset, configuration: Configuration, observer: Observer): Promise<Pretrained> {
  const { seed, pretraining } = configuration;
  const { epochs, learningRate } = pretraining;
  const started = observer.now();
  const source = new SourceBatches(dataset, configuration);
  const specifications = pretrainingParameters(configuration, dataset.sourceItems.length - 1);
  const optimiser = new Optimiser(initialise(specifications, seed), () => true, learningRate);
  const records: PretrainingEpoch[] = [];
  const { steps } = source;
  try {
    for (let epoch = 1; epoch <= epochs; epoch++) {
      const record = { epoch, loss: await trainEpoch(epoch) };
      records.push(record);
      await observer.pretrainingEpoch(record);
    }
    const parameters = await download(optimiser.parameters);
    return { parameters, epochs: records, seconds: (observer.now() - started) / 1000 };
  } finally {
    optimiser.dispose();
  }

  /** One pass over the users; the mean loss. */
  async function trainEpoch(epoch: number): Promise<number> {
    const batches = source.pass('pre-training', epoch);
    const mean = new MeanLoss();
    let told = performance.now();
    try {
      for (let step = 1; step <= steps; step++) {
        const batch = batches(step);
        const loss = optimiser.step((parameters) => nextItemLoss(parameters, batch, configuration));
        mean.add(loss, batch.counted);
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
