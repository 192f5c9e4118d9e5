import type { Ragged, Values, WritableValues } from './dataset.ts';
import type { EventChunk, EventLog } from './events.ts';
import { giveBack } from './giveBack.ts';

/** Events that are sorted at a time: 6 MB, and 48 MB (with times) where a smaller number would mean more passes over the log. */
const SORTED_AT_ONCE = { ordered: 1 << 19, unordered: 1 << 22 };
/** Between two yields. */
const STEP = 1 << 17;

/** Is told of rows that were gone through, and says what share of all work is done. */
export interface Work {
  readonly share: (rows: number) => number;
}

/** Which events become sequences, and whose. */
export interface Gathering {
  readonly log: EventLog;
  /** By number of the log's users; −1 for who is left out. */
  readonly number: Int32Array;
  readonly users: number;
  /** 1 for each item that is kept; null: all are. */
  readonly isKept: Uint8Array | null;
  /** Each user keeps the first so many; 0 keeps all. */
  readonly most: number;
}

/**
 * The items of each user in order of time (ties in file order), numbered by falling frequency (ties by first appearance in that
 * order). Users are gone through in groups whose events fit into memory: in one pass over a log that is ordered by user, otherwise
 * in as many as there are groups.
 *
 * @param first the number of the most frequent item
 */
export function* gather(
  gathering: Gathering,
  first: number,
  room: (length: number) => WritableValues,
  work: Work,
  atOnce: { readonly ordered: number; readonly unordered: number } = SORTED_AT_ONCE,
): Generator<number, { itemIds: readonly string[]; rows: Ragged<Values> }> {
  const { log, users, most } = gathering;
  const items = new Items(log.itemIds.length);
  const counts = new Counts(users);
  let rows = 0;
  for (const chunk of log.chunks()) {
    // Where nobody's events are cut off, items are known before sequences are.
    counts.add(gathering, chunk, rows, most === 0 ? items : null);
    rows += chunk.item.length;
    yield work.share(chunk.item.length);
  }
  const offsets = new Uint32Array(users + 1);
  for (let u = 0; u < users; u++) offsets[u + 1] = offsets[u] + (most === 0 ? counts.of[u] : Math.min(most, counts.of[u]));
  const values = room(offsets[users]);

  let numbered = most === 0 ? items.numbered(first) : null;
  const write = (written: Int32Array, at: number) => {
    if (numbered !== null) for (let i = 0; i < written.length; i++) written[i] = numbered.number[written[i]];
    values.set(written, at);
  };
  const group = new Group(gathering, counts, counts.isOrdered ? atOnce.ordered : atOnce.unordered);
  while (group.next()) {
    let row = 0;
    for (const chunk of log.chunks()) {
      const { length } = chunk.item;
      for (let i = 0; i < length; ) {
        i = group.take(chunk, i, row);
        if (i === length) break;
        yield* group.flush(write, offsets, most === 0 ? null : items, work);
        group.next();
      }
      row += length;
      yield work.share(length / group.passes);
    }
    yield* group.flush(write, offsets, most === 0 ? null : items, work);
  }
  if (numbered === null) {
    numbered = items.numbered(first);
    for (let at = 0; at < values.length; at += STEP) {
      write(values.subarray(at, Math.min(values.length, at + STEP)), at);
      yield work.share(0);
    }
  }
  items.giveBack();
  group.giveBack();
  return { itemIds: numbered.order.map((item) => log.itemIds[item]), rows: { offsets, values } };
}

/** Items that occur, by falling frequency, and the number of each from `first` on. @param compare of items that occur as often */
export function byFrequency(
  frequency: Uint32Array,
  compare: (a: number, b: number) => number,
  first: number,
): { order: number[]; number: Int32Array } {
  const order: number[] = [];
  for (let item = 0; item < frequency.length; item++) if (frequency[item] > 0) order.push(item);
  order.sort((a, b) => frequency[b] - frequency[a] || compare(a, b));
  const number = new Int32Array(frequency.length);
  order.forEach((item, i) => {
    number[item] = i + first;
  });
  return { order, number };
}

/** How often each item occurs, and when first. */
class Items {
  readonly count: Uint32Array;
  private readonly time: Float64Array;
  private readonly row: Float64Array;

  constructor(items: number) {
    this.count = new Uint32Array(items);
    this.time = new Float64Array(items);
    this.row = new Float64Array(items);
  }

  add(item: number, time: number, row: number): void {
    const isFirst = this.count[item]++ === 0;
    if (!isFirst && (time > this.time[item] || (time === this.time[item] && row > this.row[item]))) return;
    this.time[item] = time;
    this.row[item] = row;
  }

  numbered(first: number): { order: number[]; number: Int32Array } {
    return byFrequency(this.count, (a, b) => this.time[a] - this.time[b] || this.row[a] - this.row[b], first);
  }

  giveBack(): void {
    giveBack(this.count, this.time, this.row);
  }
}

/** How many events each user has. */
class Counts {
  readonly of: Uint32Array;
  /** Whether the events of a user, and users by their numbers, follow each other. */
  isOrdered = true;
  private last = 0;

  constructor(users: number) {
    this.of = new Uint32Array(users);
  }

  /** @param row of the chunk's first event; `items` are counted, too, unless they are null */
  add({ number, isKept }: Gathering, { user, item, time }: EventChunk, row: number, items: Items | null): void {
    for (let i = 0; i < item.length; i++) {
      const own = number[user[i]];
      if (own < 0 || (isKept !== null && isKept[item[i]] === 0)) continue;
      this.of[own]++;
      items?.add(item[i], time === null ? 0 : time[i], row + i);
      if (own < this.last) this.isOrdered = false;
      this.last = own;
    }
  }
}

/** The users whose events are in memory: some that follow each other by number. */
class Group {
  /** Passes over the log, about. */
  readonly passes: number;
  private from = 0;
  private to = 0;
  private readonly item: Int32Array;
  private readonly time: Float64Array;
  /** Of the file; only where what is cut off decides which appearance of an item is the first. */
  private readonly row: Float64Array;
  /** Where the next event of each user goes; of users to come, how many events they have. */
  private readonly places: Uint32Array;

  constructor(
    private readonly gathering: Gathering,
    /** Its numbers are written over. */
    private readonly counts: Counts,
    private readonly atOnce: number,
  ) {
    const { log, most: longest } = gathering;
    let all = 0;
    let most = 0;
    for (const count of counts.of) {
      all += count;
      most = Math.max(most, count);
    }
    const events = Math.min(all, Math.max(atOnce, most));
    this.passes = counts.isOrdered ? 1 : Math.max(1, Math.ceil(all / atOnce));
    this.item = new Int32Array(events);
    this.time = new Float64Array(log.timeUnit === null ? 0 : events);
    this.row = new Float64Array(longest === 0 ? 0 : events);
    this.places = counts.of;
  }

  giveBack(): void {
    giveBack(this.item, this.time, this.row, this.places);
  }

  /** Goes on to the next users; false where there are none. */
  next(): boolean {
    this.from = this.to;
    let events = 0;
    while (this.to < this.places.length) {
      const more = this.places[this.to];
      if (this.to > this.from && events + more > this.atOnce) break;
      this.places[this.to++] = events;
      events += more;
    }
    return this.to > this.from;
  }

  /**
   * Takes in its users' events of a chunk, from `start` on; `row` is the number of the chunk's first one.
   *
   * @returns where it stopped: at the end, or, in an ordered log, at the first event of a later group
   */
  take({ user, item, time }: EventChunk, start: number, row: number): number {
    const { from, to, places } = this;
    const { number, isKept, most } = this.gathering;
    for (let i = start; i < item.length; i++) {
      const own = number[user[i]];
      if (own < from || (isKept !== null && isKept[item[i]] === 0)) continue;
      if (own >= to) {
        if (this.counts.isOrdered) return i;
        continue;
      }
      const place = places[own]++;
      this.item[place] = item[i];
      if (most > 0) this.row[place] = row + i;
      if (time !== null) this.time[place] = time[i];
    }
    return item.length;
  }

  /** Writes the sequences of its users; counts `items`, unless they are null. */
  *flush(
    write: (written: Int32Array, at: number) => void,
    offsets: Uint32Array,
    items: Items | null,
    work: Work,
  ): Generator<number, void> {
    const { item } = this;
    // What is written takes the place of what was cut off before it.
    let filled = 0;
    let yielded = 0;
    for (let user = this.from, start = 0; user < this.to; user++) {
      const end = this.places[user];
      this.sort(start, end);
      const kept = offsets[user + 1] - offsets[user];
      for (let i = start; i < start + kept; i++) {
        items?.add(item[i], this.gathering.log.timeUnit === null ? 0 : this.time[i], this.row[i]);
        item[filled++] = item[i];
      }
      start = end;
      if (end - yielded < STEP) continue;
      yielded = end;
      yield work.share(0);
    }
    if (filled > 0) write(item.subarray(0, filled), offsets[this.from]);
  }

  /** Events of a user in order of time; file order where times are equal. */
  private sort(start: number, end: number): void {
    if (this.gathering.log.timeUnit === null) return;
    const { item, time, row } = this;
    let isSorted = true;
    for (let i = start + 1; i < end && isSorted; i++) isSorted = time[i - 1] <= time[i];
    if (isSorted) return;
    const order = Int32Array.from({ length: end - start }, (_, i) => start + i);
    order.sort((a, b) => time[a] - time[b] || a - b);
    item.set(
      order.map((i) => item[i]),
      start,
    );
    time.set(
      Float64Array.from(order, (i) => time[i]),
      start,
    );
    if (row.length > 0)
      row.set(
        Float64Array.from(order, (i) => row[i]),
        start,
      );
  }
}
