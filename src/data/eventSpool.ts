import { EventCounter } from './eventCounter.ts';
import type { EventChunk, EventLog } from './events.ts';
import { giveBack } from './giveBack.ts';
import type { TimeUnit } from './import/times.ts';
import { bytesOf, type Scratch } from './scratch.ts';

/** Events of a block: what is gathered before it is put away, and given at a time. */
const BLOCK = 1 << 18;
const SMALLEST = 1 << 10;
/** Bytes of blocks that stay in memory; later ones go to the scratch. */
const IN_MEMORY = 32 << 20;

/** A block that is put away: its columns back to back, each in as few bytes as is exact. */
interface Block {
  readonly length: number;
  /** Runs of the same user (user and count in turn), or a user for each event. */
  readonly userRuns: number | null;
  /** Times as whole numbers above `base`; null: as they are. */
  readonly base: number | null;
  readonly bytes: number;
  /** In memory, or where it begins in the scratch. */
  readonly at: Uint8Array | number;
}

/** Events in the order in which they come, in blocks: the first in memory, those that do not fit there in the scratch. */
export class EventSpool {
  readonly #blocks: Block[] = [];
  readonly #counter = new EventCounter();
  #user = new Int32Array(SMALLEST);
  #item = new Int32Array(SMALLEST);
  #time: Float64Array;
  /** Events of the block that is being filled. */
  #filled = 0;
  #putAway = 0;
  #inMemory = 0;

  constructor(
    private readonly timeUnit: TimeUnit | null,
    private readonly scratch: Scratch | null,
    private readonly room = IN_MEMORY,
  ) {
    this.#time = new Float64Array(timeUnit === null ? 0 : SMALLEST);
  }

  get length(): number {
    return this.#putAway + this.#filled;
  }

  add(user: number, item: number, time: number): void {
    if (this.#filled === BLOCK) this.#seal();
    if (this.#filled === this.#item.length) this.#enlarge();
    this.#user[this.#filled] = user;
    this.#item[this.#filled] = item;
    if (this.timeUnit !== null) this.#time[this.#filled] = time;
    this.#filled++;
  }

  build(itemIds: readonly string[]): EventLog {
    this.#seal();
    const { timeUnit, scratch } = this;
    const [blocks, length] = [this.#blocks, this.#putAway];
    // The block that was filled last is not needed any more.
    giveBack(this.#user, this.#item, this.#time);
    this.#user = this.#item = new Int32Array();
    this.#time = new Float64Array();
    const counts = this.#counter.counts(itemIds.length);
    /** Passes take it one after the other, since what each leaves would wait for being collected; one within another makes its own. */
    let spare: PassRoom | null = null;
    function* chunks(): Generator<EventChunk> {
      const room = spare ?? roomForPass(blocks, timeUnit !== null);
      spare = null;
      try {
        yield* chunksOf(blocks, room, scratch);
      } finally {
        spare = room;
      }
    }
    return { itemIds, length, timeUnit, chunks, counts };
  }

  #enlarge(): void {
    const length = Math.min(BLOCK, 2 * this.#item.length);
    const [user, item, time] = [this.#user, this.#item, this.#time];
    this.#user = new Int32Array(length);
    this.#item = new Int32Array(length);
    this.#user.set(user);
    this.#item.set(item);
    if (this.timeUnit === null) return;
    this.#time = new Float64Array(length);
    this.#time.set(time);
  }

  #seal(): void {
    if (this.#filled === 0) return;
    const length = this.#filled;
    const user = this.#user.subarray(0, length);
    const time = this.#time.subarray(0, length);
    this.#counter.add(user, this.#item.subarray(0, length));
    const runs = runsOf(user);
    const { base, times } = this.timeUnit === null ? { base: null, times: time } : compact(time);
    const columns = [this.#item.subarray(0, length), times, runs ?? user];
    const bytes = columns.reduce((sum, { byteLength }) => sum + byteLength, 0);
    const isHeld = this.scratch === null || this.#inMemory + bytes <= this.room;
    const at = isHeld ? new Uint8Array(bytes) : (this.scratch?.size ?? 0);
    let from = 0;
    for (const column of columns) {
      if (typeof at === 'number') this.scratch?.write(bytesOf(column), at + from);
      else at.set(bytesOf(column), from);
      from += column.byteLength;
    }
    if (isHeld) this.#inMemory += bytes;
    this.#blocks.push({ length, userRuns: runs === null ? null : runs.length / 2, base, bytes, at });
    this.#putAway += length;
    this.#filled = 0;
    if (base !== null) giveBack(times);
    if (runs !== null) giveBack(runs);
  }
}

/** User and count in turn; null where that would take as much as the users themselves. */
function runsOf(user: Int32Array): Int32Array | null {
  let runs = 1;
  for (let i = 1; i < user.length; i++) if (user[i] !== user[i - 1]) runs++;
  if (2 * runs >= user.length) return null;
  const pairs = new Int32Array(2 * runs);
  let at = -2;
  for (let i = 0; i < user.length; i++) {
    if (i === 0 || user[i] !== user[i - 1]) {
      at += 2;
      pairs[at] = user[i];
    }
    pairs[at + 1]++;
  }
  return pairs;
}

/** Whole numbers that lie within 2^32 of each other take half the bytes. */
function compact(time: Float64Array): { base: number | null; times: Float64Array | Uint32Array } {
  let [low, high] = [time[0], time[0]];
  for (let i = 0; i < time.length; i++) {
    const value = time[i];
    if (!Number.isSafeInteger(value)) return { base: null, times: time };
    if (value < low) low = value;
    else if (value > high) high = value;
  }
  if (high - low >= 2 ** 32) return { base: null, times: time };
  return { base: low, times: Uint32Array.from(time, (value) => value - low) };
}

/** What the blocks of a pass share. */
interface PassRoom {
  /** A block as it is stored. */
  readonly stored: Uint8Array<ArrayBuffer>;
  readonly user: Int32Array;
  readonly time: Float64Array | null;
}

function roomForPass(blocks: readonly Block[], isTimed: boolean): PassRoom {
  const longest = blocks.reduce((most, { length }) => Math.max(most, length), 0);
  const largest = blocks.reduce((most, { bytes }) => Math.max(most, bytes), 0);
  return {
    stored: new Uint8Array(largest + (-largest & 7)),
    user: new Int32Array(longest),
    time: isTimed ? new Float64Array(longest) : null,
  };
}

/** The blocks one after the other. */
function* chunksOf(blocks: readonly Block[], { stored, user, time }: PassRoom, scratch: Scratch | null): Generator<EventChunk> {
  for (const { length, userRuns, base, bytes, at } of blocks) {
    const block = stored.subarray(0, bytes);
    if (typeof at === 'number') scratch?.read(block, at);
    else block.set(at);
    const item = new Int32Array(stored.buffer, 0, length);
    let from = 4 * length;
    const users = user.subarray(0, length);
    const times = time?.subarray(0, length) ?? null;
    if (times !== null && base !== null) {
      const above = new Uint32Array(stored.buffer, from, length);
      for (let i = 0; i < length; i++) times[i] = base + above[i];
      from += 4 * length;
    } else if (times !== null) {
      // A number of eight bytes may stand at any multiple of four.
      bytesOf(times).set(stored.subarray(from, from + 8 * length));
      from += 8 * length;
    }
    if (userRuns === null) users.set(new Int32Array(stored.buffer, from, length));
    else {
      const runs = new Int32Array(stored.buffer, from, 2 * userRuns);
      for (let run = 0, start = 0; run < runs.length; run += 2) {
        users.fill(runs[run], start, start + runs[run + 1]);
        start += runs[run + 1];
      }
    }
    yield { user: users, item, time: times };
  }
}
