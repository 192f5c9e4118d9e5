import type { Reading } from '../data/events.ts';
import { end } from '../data/steps.ts';
import type { FileStore, NewFile } from '../storage/files.ts';
import { Pacer } from './pacer.ts';
import type { ImportProgress, ReadRequest } from './protocol.ts';

/** What is being imported, from the first byte until it is stored or dropped. */
export class Staging {
  readonly pacer = new Pacer();
  reading: Reading | null = null;
  /** What of the files was left out because it could not be used, and what was guessed of how they are written, in sentences. */
  readonly leftOut: string[] = [];
  private scratch: NewFile | null = null;
  private readonly going = new Set<Promise<unknown>>();
  private looking: Pacer | null = null;

  constructor(readonly request: ReadRequest) {}

  /** Where events go that do not fit into memory; null where they have to fit. */
  async scratchIn(files: FileStore): Promise<NewFile | null> {
    if (files.isOnDisk) this.scratch = await files.create('scratch');
    return this.scratch;
  }

  /** Keeps account of what is going on, so that dropping it can wait for its end. */
  async work<T>(carryOut: () => Promise<T>): Promise<T> {
    const work = carryOut();
    this.going.add(work);
    try {
      return await work;
    } finally {
      this.going.delete(work);
    }
  }

  /** Looks at what was read, until that is done or nobody needs it any more. */
  async look<T>(carryOut: (pacer: Pacer) => Promise<T>): Promise<T> {
    this.endLook();
    const pacer = new Pacer();
    this.looking = pacer;
    try {
      return await this.work(() => carryOut(pacer));
    } finally {
      pacer.dispose();
    }
  }

  /** Another look, or storing, takes its place: it ends with StoppedError. */
  endLook(): void {
    this.looking?.stop();
  }

  /** Ends what is going on with StoppedError, and leaves nothing behind. */
  async drop(): Promise<void> {
    this.endLook();
    this.pacer.stop();
    await Promise.allSettled(this.going);
    this.pacer.dispose();
    await this.release();
  }

  /** Gives back what it took, on disk and in memory. */
  async release(): Promise<void> {
    const { scratch } = this;
    this.scratch = null;
    this.reading = null;
    await scratch?.abandon();
  }
}

/** Goes through steps that yield their share, in turn with other messages; where they are stopped, the work is ended. */
export async function inSteps<T, S>(steps: Generator<S, T>, pacer: Pacer, onShare: (share: S) => void): Promise<T> {
  try {
    for (;;) {
      const step = steps.next();
      if (step.done) return step.value;
      onShare(step.value);
      await pacer.turn();
    }
  } finally {
    end(steps);
  }
}

/** Between two messages of progress, in milliseconds. */
const INTERVAL = 200;
/** Before so much time or work the time left is a guess. */
const FEWEST_MILLISECONDS = 500;
const FEWEST_SHARE = 0.01;

/** Tells how far a stage is, now and then, with the seconds that it still takes. */
export function progressOf(
  stage: ImportProgress['stage'],
  onProgress: (progress: ImportProgress) => void,
  now: () => number = () => performance.now(),
): (share: number) => void {
  let started = now();
  let told = Number.NEGATIVE_INFINITY;
  return (share) => {
    const time = now();
    // What is done before the first share, such as filters, says nothing of the time left.
    if (share === 0) started = time;
    if (share < 1 && time - told < INTERVAL) return;
    told = time;
    const isGuess = time - started < FEWEST_MILLISECONDS || share < FEWEST_SHARE;
    onProgress({ stage, share, secondsLeft: isGuess ? null : ((time - started) / 1000 / share) * (1 - share) });
  };
}
