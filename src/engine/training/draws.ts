import type { Configuration } from '../../configuration/schema.ts';
import type { Dataset } from '../../data/dataset.ts';
import { continuedStream, type LastingStream, type RandomStream, randomStream } from '../../data/random.ts';
import type { DrawsState } from '../checkpoint/state.ts';
import type { SourceBatch } from '../model/nextItem.ts';
import { SourceBatches, type SourcePass } from './sourceBatches.ts';

export const NOTHING_DRAWN: DrawsState = { streams: {}, source: { given: 0, sampling: null } };

/** What a method draws in an epoch of fine-tuning: random numbers by purpose, and batches of the source domain, pass after pass. */
export class EpochDraws {
  private readonly streams: Map<string, LastingStream>;
  private batches: SourceBatches | null = null;
  private pass: SourcePass | null = null;
  private given: number;

  constructor(
    private readonly dataset: Dataset,
    private readonly configuration: Configuration,
    private readonly epoch: number,
    private readonly from: DrawsState = NOTHING_DRAWN,
  ) {
    this.streams = new Map(Object.entries(from.streams).map(([purpose, state]) => [purpose, continuedStream(state)]));
    this.given = from.source.given;
  }

  /** The stream of a purpose; asked for again, it goes on where it was. */
  readonly random = (purpose: string): RandomStream => {
    const { seed } = this.configuration;
    const stream = this.streams.get(purpose) ?? randomStream(seed, `fine-tuning/${purpose}`, this.epoch);
    this.streams.set(purpose, stream);
    return stream;
  };

  /** The next batch of source sequences. Nothing is drawn before the first is asked for. */
  readonly source = (): SourceBatch => {
    const { given, from } = this;
    this.batches ??= new SourceBatches(this.dataset, this.configuration);
    const { steps } = this.batches;
    const step = given % steps;
    if (step === 0 || this.pass === null) {
      // Within a pass only where another one began it.
      const sampling = step === 0 ? null : from.source.sampling;
      this.pass = this.batches.pass('multi-task', [this.epoch, Math.floor(given / steps)], sampling);
    }
    this.given++;
    return this.pass.batch(step + 1);
  };

  state(): DrawsState {
    const streams = Object.fromEntries(Array.from(this.streams, ([purpose, stream]) => [purpose, stream.state()]));
    // Continued, and nothing asked for since: it still stands where it stood.
    const sampling = this.pass === null ? this.from.source.sampling : this.pass.sampling();
    return { streams, source: { given: this.given, sampling } };
  }
}
