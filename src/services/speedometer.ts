import type { Progress } from '../engine/training/observer.ts';

/** Steps a second, and the time a stage still takes at that speed. */
export class Speedometer {
  constructor(private readonly clock: () => number) {}

  private stage: Progress['stage'] | null = null;
  private started = 0;
  private startedAt = 0;

  /** The speed since the stage began (evaluation included), so that the time left holds. */
  measure({ stage, epoch, epochs, step, steps }: Progress): { stepsPerSecond: number; secondsLeft: number } {
    const done = (epoch - 1) * steps + step;
    const now = this.clock();
    if (stage !== this.stage) {
      this.stage = stage;
      this.started = now;
      this.startedAt = done;
      // Nothing is measured yet: pages show “…”.
      return { stepsPerSecond: 0, secondsLeft: Number.POSITIVE_INFINITY };
    }
    const stepsPerSecond = (done - this.startedAt) / Math.max(1e-3, (now - this.started) / 1000);
    return { stepsPerSecond, secondsLeft: (epochs * steps - done) / Math.max(1e-9, stepsPerSecond) };
  }
}
