import { StoppedError } from '../engine/errors.ts';

/** How long work may go on before messages get their turn, in milliseconds. */
const SLICE = 25;

/** Lets a long loop be paused, resumed and stopped: it awaits `turn` between steps. */
export class Pacer {
  private stopped: Error | null = null;
  private resumed: Promise<void> | null = null;
  private letGo: () => void = () => {};
  private sliceStart = performance.now();
  /** Why the clock stands still: a pause, and work that it does not count. */
  private stands = 0;
  private stoodAt = 0;
  private stoodFor = 0;
  private readonly channel = new MessageChannel();
  /** Several loops may wait at a time: each for a message of its own. */
  private readonly yielding: (() => void)[] = [];

  /** @param paused told each time a pause has taken effect: what was to be done before it is done */
  constructor(private readonly paused: () => void = () => {}) {}

  get isPaused(): boolean {
    return this.resumed !== null;
  }

  /** Milliseconds on a clock that stands still while paused, and for what is done `aside`. */
  now(): number {
    return (this.stands > 0 ? this.stoodAt : performance.now()) - this.stoodFor;
  }

  private stand(): void {
    if (this.stands++ === 0) this.stoodAt = performance.now();
  }

  private go(): void {
    if (--this.stands === 0) this.stoodFor += performance.now() - this.stoodAt;
  }

  /** Work that is not a part of the loop's own: the clock does not count it. */
  async aside<T>(work: () => Promise<T>): Promise<T> {
    this.stand();
    try {
      return await work();
    } finally {
      this.go();
    }
  }

  /** What is to end cannot be paused any more. */
  pause(): void {
    if (this.resumed !== null || this.stopped !== null) return;
    this.stand();
    this.resumed = new Promise((resolve) => {
      this.letGo = resolve;
    });
  }

  resume(): void {
    if (this.resumed === null) return;
    this.resumed = null;
    this.go();
    this.letGo();
  }

  /** Why the loop is to end: the first reason given, since others may follow from it. */
  get reason(): Error | null {
    return this.stopped;
  }

  /** The loop's next `turn` throws `reason`, also while paused. */
  stop(reason: Error = new StoppedError()): void {
    this.stopped ??= reason;
    this.resume();
  }

  /** @param before done when messages were heard, and before a pause or an end takes effect */
  async turn(before?: () => Promise<void>): Promise<void> {
    if (performance.now() - this.sliceStart > SLICE) {
      await this.yieldToMessages();
      this.sliceStart = performance.now();
    }
    await before?.();
    if (this.resumed !== null) {
      this.paused();
      await this.resumed;
    }
    if (this.stopped !== null) throw this.stopped;
  }

  /** Lets everything be heard that was told before: then throws if there is a reason to end. */
  async settle(): Promise<void> {
    await this.yieldToMessages();
    await this.turn();
  }

  /** Lets everything be heard that was told before. */
  async listen(): Promise<void> {
    await this.yieldToMessages();
    this.sliceStart = performance.now();
  }

  /** A macrotask without the delay that browsers put on nested timers. */
  private yieldToMessages(): Promise<void> {
    return new Promise((resolve) => {
      this.yielding.push(resolve);
      this.channel.port1.onmessage = () => this.yielding.shift()?.();
      this.channel.port2.postMessage(null);
    });
  }

  dispose(): void {
    this.channel.port1.close();
  }
}
