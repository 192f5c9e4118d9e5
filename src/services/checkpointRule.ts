import type { Position } from '../engine/checkpoint/state.ts';

/** In a long epoch nothing older is lost, in milliseconds. */
const LONGEST = 2 * 60_000;
/** Until the first one everything is lost: it comes sooner. */
const FIRST = 15_000;

/** Writing takes at most this share of the time. */
const SHARE = 0.1;

/** What the first one is taken to last, in milliseconds: none is written in the first second. */
const GUESS = 100;

/**
 * When a checkpoint is written unasked: at the end of each epoch, and within one after 15 s and then every two minutes, as long as
 * writing all of them takes at most a tenth of the time. Where epochs are short the ends of some are passed over.
 */
export class CheckpointRule {
  private readonly began: number;
  private last: number;
  private written: Position | null = null;
  private spent = 0;
  private expected = GUESS;

  /** @param now milliseconds of training: a clock that stands still while checkpoints are written, and while the run is paused */
  constructor(private readonly now: () => number) {
    this.began = now();
    this.last = this.began;
  }

  isDue({ stage, epoch, step }: Position): boolean {
    const { written } = this;
    // An evaluation has many turns, all in one place.
    if (written?.stage === stage && written.epoch === epoch && written.step === step) return false;
    const now = this.now();
    if (step > 0 && now - this.last < (written === null ? FIRST : LONGEST)) return false;
    return this.spent + this.expected <= SHARE * (now - this.began + this.spent + this.expected);
  }

  /** One was written, or tried to be. */
  wrote(position: Position, milliseconds: number): void {
    this.written = position;
    this.spent += milliseconds;
    this.expected = milliseconds;
    this.last = this.now();
  }
}
