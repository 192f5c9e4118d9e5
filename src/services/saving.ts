import { storageFault } from '../storage/errors.ts';
import type { Unsaved } from './protocol.ts';

/** Milliseconds between two attempts to store what waits. */
const RETRY = 3_000;

interface Waiting {
  readonly what: string;
  readonly write: () => Promise<void>;
}

/**
 * Writes of a run, in their order. What cannot be stored because the storage is full, or its connection gone, waits in memory and is
 * tried again: training goes on meanwhile. Whatever else goes wrong is the writer's to hear.
 */
export class Saving {
  private readonly waiting: Waiting[] = [];
  private since = 0;
  private going: Promise<unknown> = Promise.resolve();
  /** What the timer met, until a writer hears of it. */
  private unheard: { readonly error: unknown } | null = null;
  private readonly timer: ReturnType<typeof setInterval>;
  private isOver = false;
  /** Something that was told to wait will not be stored: all that waits is never told to be saved then. */
  private hasLost = false;

  /**
   * @param tell what waits, each time that changes; null: nothing any more
   * @param mayWait whether a fault may pass: a database that a newer version took over does not come back
   */
  constructor(
    private readonly tell: (unsaved: Unsaved | null) => void,
    private readonly mayWait: () => boolean,
    retry = RETRY,
  ) {
    this.timer = setInterval(() => {
      if (this.waiting.length === 0) return;
      this.inTurn(() => this.storeWaiting()).catch((error: unknown) => {
        this.unheard ??= { error };
      });
    }, retry);
  }

  /** Whether anything is not stored yet that should be. */
  get isWaiting(): boolean {
    return this.waiting.length > 0;
  }

  /** Settles when it is stored, or waits. @param what in words, after “not saved:” */
  write(what: string, write: () => Promise<void>): Promise<void> {
    return this.inTurn(async () => {
      this.tellUnheard();
      this.waiting.push({ what, write });
      await this.storeWaiting();
    });
  }

  /** Settles when nothing waits any more. @param turn awaited between looks: it throws to give up */
  async settled(turn: () => Promise<void>, wait = 200): Promise<void> {
    await this.inTurn(() => this.storeWaiting());
    while (this.waiting.length > 0) {
      await new Promise((resolve) => setTimeout(resolve, wait));
      await turn();
    }
    this.tellUnheard();
  }

  /** Gives up what waits, which is not told to be saved: whoever was told that it waits knows by the end of the run that it is lost. */
  dispose(): void {
    clearInterval(this.timer);
    if (this.since !== 0 && this.waiting.length === 0) this.say(null);
    this.waiting.length = 0;
    this.isOver = true;
  }

  /** @throws what of an earlier write could not be stored for another reason */
  private tellUnheard(): void {
    if (this.unheard === null) return;
    const { error } = this.unheard;
    this.unheard = null;
    throw error;
  }

  /** One after the other. */
  private inTurn<T>(work: () => Promise<T>): Promise<T> {
    const next = this.going.then(work);
    this.going = next.catch(() => undefined);
    return next;
  }

  private async storeWaiting(): Promise<void> {
    const before = this.waiting.length;
    while (this.waiting.length > 0) {
      try {
        await this.waiting[0].write();
      } catch (error) {
        const why = storageFault(error);
        if (why === null || !this.mayWait()) {
          this.waiting.shift();
          this.hasLost = true;
          throw error;
        }
        if (this.since === 0) this.since = Date.now();
        this.say({ what: this.waiting.map(({ what }) => what), since: this.since, why });
        return;
      }
      this.waiting.shift();
    }
    if (before > 0 && this.since !== 0) this.say(null);
  }

  private say(unsaved: Unsaved | null): void {
    // An attempt may still be on its way when the run has ended.
    if (this.isOver || (unsaved === null && this.hasLost)) return;
    if (unsaved === null) this.since = 0;
    this.tell(unsaved);
  }
}
