import type { Configuration } from '../../configuration/schema.ts';
import { type Dataset, paddedSequences, rowLength } from '../../data/dataset.ts';
import { continuedStream, permutation, randomStream, type StreamState } from '../../data/random.ts';
import { UnsuitableDatasetError } from '../errors.ts';
import type { SourceBatch } from '../model/nextItem.ts';
import { drawLogUniform } from './logUniform.ts';

/** One pass over the users. */
export interface SourcePass {
  /** The batch of a step, from 1; steps have to rise by one each time. */
  readonly batch: (step: number) => SourceBatch;
  /** Where the drawing of sampled items stands: what another pass goes on from. */
  readonly sampling: () => StreamState;
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

  /**
   * @param purpose names the random streams, with `key`
   * @param sampling where the drawing of sampled items stands; null where the pass begins
   */
  pass(purpose: 'pre-training' | 'multi-task', key: readonly number[], sampling: StreamState | null = null): SourcePass {
    const { seed, sequenceLength, pretraining } = this.configuration;
    const order = permutation(randomStream(seed, `${purpose}/shuffle`, ...key), this.users.length);
    const stream = sampling === null ? randomStream(seed, `${purpose}/sampled items`, ...key) : continuedStream(sampling);
    // Padding is a class like any other unless it is masked: then the most frequent one, which is number 0.
    const first = pretraining.maskPadding ? 1 : 0;
    const ranks = this.dataset.sourceItems.length - first;
    const batch = (step: number): SourceBatch => {
      const part = order.subarray((step - 1) * this.rows, step * this.rows).map((i) => this.users[i]);
      const items = new Int32Array(this.rows * sequenceLength);
      items.set(paddedSequences(this.dataset, part, sequenceLength));
      const sampled = pretraining.softmax === 'full' ? null : drawLogUniform(stream, first, ranks, pretraining.sampledItems);
      return { items, rows: this.rows, counted: part.length, sampled };
    };
    return { batch, sampling: () => stream.state() };
  }
}
