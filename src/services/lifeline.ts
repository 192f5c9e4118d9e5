/**
 * What page and worker know of each other's life, beside their calls. The worker holds a lock as long as it lives, which the page waits
 * for: whoever gets it knows that the other is gone, however busy it was. And it answers beats, unless it is caught in a loop.
 */
interface Lifeline {
  /** Of the lock that the worker holds: of this worker alone. */
  readonly lifeline: string;
}

const isLifeline = (data: unknown): data is Lifeline =>
  typeof data === 'object' && data !== null && 'lifeline' in data && typeof data.lifeline === 'string';

/** The worker's end. @param scope the worker's own; messages of others are left alone */
export function holdLifeline(scope: Pick<Worker, 'addEventListener'>, locks: LockManager): void {
  scope.addEventListener('message', ({ data, ports }: MessageEvent<unknown>) => {
    if (!isLifeline(data)) return;
    const [port] = ports;
    port.onmessage = () => port.postMessage('beat');
    void locks.request(data.lifeline, () => {
      port.postMessage('held');
      return new Promise(() => {});
    });
  });
}

/** How a worker stands, as far as the page can tell. */
export type Life = 'alive' | 'silent' | 'gone';

/** The page asks for a beat so often, in milliseconds. */
export const BEAT = 5_000;

/** A worker that is awake answers between two steps; none takes a minute. */
export const MOST_UNANSWERED = 12;

/**
 * Counts beats that were not answered while the page was awake: after a sleep, in a frozen tab or in one whose timers are throttled, the
 * time that passed says nothing about the worker.
 */
export class Heartbeat {
  private unanswered = 0;
  private before: number;

  constructor(now: number) {
    this.before = now;
  }

  /** The worker answered. Whether it was taken for silent before. */
  answered(): boolean {
    const wasSilent = this.unanswered >= MOST_UNANSWERED;
    this.unanswered = 0;
    return wasSilent;
  }

  /** A beat is due. Whether the worker has just become silent. */
  beat(now: number): boolean {
    const wasAwake = now - this.before < 2 * BEAT;
    this.before = now;
    if (!wasAwake) {
      // It was given no time to answer in; one that was silent before still has to.
      if (this.unanswered < MOST_UNANSWERED) this.unanswered = 0;
      return false;
    }
    this.unanswered++;
    return this.unanswered === MOST_UNANSWERED;
  }
}

/**
 * The page's end.
 *
 * @param tell once for `gone`, and whenever the worker becomes silent or answers again
 * @returns ends the watch
 */
export function watchLife(worker: Pick<Worker, 'postMessage'>, locks: LockManager, tell: (life: Life) => void): () => void {
  const { port1, port2 } = new MessageChannel();
  const lifeline = `uaf-studio worker ${crypto.randomUUID()}`;
  const heartbeat = new Heartbeat(performance.now());
  const end = new AbortController();
  // Before that it is being loaded.
  let isHeld = false;
  const timer = setInterval(() => {
    if (!isHeld) return;
    port1.postMessage('beat?');
    if (heartbeat.beat(performance.now())) tell('silent');
  }, BEAT);
  const stop = () => {
    clearInterval(timer);
    port1.close();
    end.abort();
  };
  port1.onmessage = ({ data }: MessageEvent<unknown>) => {
    if (heartbeat.answered()) tell('alive');
    if (data !== 'held') return;
    isHeld = true;
    locks
      .request(lifeline, { signal: end.signal }, () => {
        stop();
        tell('gone');
      })
      .catch((error: unknown) => {
        if (!end.signal.aborted) throw error;
      });
  };
  worker.postMessage({ lifeline } satisfies Lifeline, [port2]);
  return stop;
}
