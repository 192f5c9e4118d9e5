import type { TargetTask } from './dataset.ts';
import { EventSpool } from './eventSpool.ts';
import type { TimeUnit } from './import/times.ts';
import type { Scratch } from './scratch.ts';
import { Vocabulary } from './vocabulary.ts';

/** Events one after the other: who, what, and when. */
export interface EventChunk {
  /** Numbers of `Reading.users`. */
  readonly user: Int32Array;
  /** Numbers of the log's `itemIds`. */
  readonly item: Int32Array;
  /** In the log's unit; of ISO dates, milliseconds. Null where the file has no time. */
  readonly time: Float64Array | null;
}

/** The events of one domain in file order, wherever they are kept: a log may be larger than memory. */
export interface EventLog {
  /** By first appearance. */
  readonly itemIds: readonly string[];
  readonly length: number;
  /** What its times are; null where it has none. */
  readonly timeUnit: TimeUnit | null;
  /** All events, some at a time; a chunk is only good until the next one is asked for, and whoever asks may write into it. */
  readonly chunks: () => Iterable<EventChunk>;
  /** Counted while they came. Nobody writes to it. */
  readonly counts: EventCounts;
}

/** What is asked of a log so often that it is not read for it. */
export interface EventCounts {
  /** Events of each user, up to the last one who has any. */
  readonly users: Uint32Array;
  /** Events of each item. */
  readonly items: Uint32Array;
  /** True only where each user's events stand together. */
  readonly isGrouped: boolean;
}

/** What was read of the files of a dataset, before anything is left out, sorted or renumbered. */
export interface Reading {
  /** The names of the files read, the source domain's first, the target domain's (or the labels') last; one where both stand in one file. */
  readonly files: readonly string[];
  readonly task: TargetTask;
  /** Users of both domains, by first appearance (source file first). Who has no source event is left out by the preparation. */
  readonly users: readonly string[];
  /** Pre-training uses the first so many users; null: all that have source events. */
  readonly pretrainingUsers: number | null;
  /** Whether the order of a user's events means anything: they have times, or the files say so. */
  readonly timed: boolean;
  readonly source: EventLog;
  /** Of a profile task, the labels: an event a user and label, of which the last one counts. */
  readonly target: EventLog;
}

export { Vocabulary };

/** Gathers the events of one domain. Users are shared between the domains of a reading. */
export class LogBuilder {
  readonly #events: EventSpool;

  /** @param scratch where events go that do not fit into memory; null: they have to fit */
  constructor(
    readonly users: Vocabulary,
    readonly items: Vocabulary,
    timeUnit: TimeUnit | null,
    scratch: Scratch | null = null,
  ) {
    this.#events = new EventSpool(timeUnit, scratch);
  }

  get length(): number {
    return this.#events.length;
  }

  /** @param time any number that orders; not read where the log has no times */
  add(user: string, item: string, time: number): void {
    this.#events.add(this.users.number(user), this.items.number(item), time);
  }

  addNumbers(user: number, item: number, time: number): void {
    this.#events.add(user, item, time);
  }

  build(): EventLog {
    return this.#events.build(this.items.names);
  }
}

/** A whole log in memory: for logs that are known to be small. */
export function wholeLog({ length, timeUnit, chunks }: EventLog): EventChunk {
  const time = timeUnit === null ? null : new Float64Array(length);
  const whole = { user: new Int32Array(length), item: new Int32Array(length), time };
  let at = 0;
  for (const { user, item, time } of chunks()) {
    whole.user.set(user, at);
    whole.item.set(item, at);
    if (time !== null) whole.time?.set(time, at);
    at += user.length;
  }
  return whole;
}
