import { countByUser, forEachLeft, type MaskedLog } from './eventMask.ts';
import { giveBack } from './giveBack.ts';
import type { Steps } from './steps.ts';

/** What one user has left, in order of time; file order where times are equal or absent. Good until the next user is asked for. */
export interface UserEvents {
  readonly user: number;
  readonly items: Int32Array;
  /** Places in the log. */
  readonly events: Uint32Array;
}

/** Events that are held at a time where users do not stand together: 24 bytes each. */
const HELD = 2 ** 21;

/**
 * Everybody's events, user by user. Where each user's events stand together in the file that is one pass, in which one user is held at
 * a time. Otherwise users are taken in groups of at most `held` events, with a pass for each group: memory stays bounded (a single
 * user may be larger), and the log is read once in so many events.
 *
 * @param visit told of one user after the other
 */
export function* eventsByUser(events: MaskedLog, visit: (of: UserEvents) => void, held = HELD): Steps<void> {
  const counts = yield* countByUser(events);
  yield* (yield* standTogether(events, counts)) ? oneByOne(events, counts, visit) : inGroups(events, counts, held, visit);
}

function* standTogether(events: MaskedLog, counts: Uint32Array): Steps<boolean> {
  // Whatever is left of it.
  if (events.log.counts.isGrouped) return true;
  let changes = 0;
  let last = -1;
  yield* forEachLeft(events, (user) => {
    if (user !== last) changes++;
    last = user;
  });
  return changes === counts.reduce((sum, count) => sum + (count > 0 ? 1 : 0), 0);
}

function* oneByOne({ log, mask }: MaskedLog, counts: Uint32Array, visit: (of: UserEvents) => void): Steps<void> {
  const most = counts.reduce((all, count) => Math.max(all, count), 0);
  const items = new Int32Array(most);
  const places = new Uint32Array(most);
  const times = log.timeUnit === null ? null : new Float64Array(most);
  let held = 0;
  let last = -1;
  let first = 0;
  const visitHeld = () =>
    visit(ordered(last, items.subarray(0, held), places.subarray(0, held), times?.subarray(0, held) ?? null));
  for (const { user, item, time } of log.chunks()) {
    for (let i = 0; i < user.length; i++) {
      if (!mask.has(first + i)) continue;
      if (user[i] !== last) {
        if (held > 0) visitHeld();
        held = 0;
        last = user[i];
      }
      items[held] = item[i];
      places[held] = first + i;
      if (times !== null && time !== null) times[held] = time[i];
      held++;
    }
    first += user.length;
    yield;
  }
  if (held > 0) visitHeld();
}

function* inGroups(events: MaskedLog, counts: Uint32Array, most: number, visit: (of: UserEvents) => void): Steps<void> {
  const longest = counts.reduce((all, count) => Math.max(all, count), 0);
  const size = Math.min(events.mask.left, Math.max(most, longest));
  const room: Room = {
    items: new Int32Array(size),
    places: new Uint32Array(size),
    times: events.log.timeUnit === null ? null : new Float64Array(size),
  };
  let from = 0;
  try {
    while (from < counts.length) {
      let until = from;
      let held = 0;
      while (until < counts.length && (until === from || held + counts[until] <= most)) held += counts[until++];
      if (held > 0) yield* group(events, counts.subarray(from, until), from, room, visit);
      from = until;
    }
  } finally {
    giveBack(room.items, room.places, room.times ?? new Float64Array());
  }
}

/** What the groups share. */
interface Room {
  readonly items: Int32Array;
  readonly places: Uint32Array;
  readonly times: Float64Array | null;
}

/** The users `from`, … in one pass. */
function* group(
  events: MaskedLog,
  counts: Uint32Array,
  from: number,
  { items, places, times }: Room,
  visit: (of: UserEvents) => void,
): Steps<void> {
  const next = new Uint32Array(counts.length);
  for (let u = 1; u < counts.length; u++) next[u] = next[u - 1] + counts[u - 1];
  yield* forEachLeft(events, (user, item, event, time) => {
    if (user < from || user >= from + counts.length) return;
    const at = next[user - from]++;
    items[at] = item;
    places[at] = event;
    if (times !== null) times[at] = time;
  });
  for (let u = 0; u < counts.length; u++) {
    const [start, end] = [next[u] - counts[u], next[u]];
    if (end > start)
      visit(ordered(from + u, items.subarray(start, end), places.subarray(start, end), times?.subarray(start, end) ?? null));
  }
}

function ordered(user: number, items: Int32Array, events: Uint32Array, times: Float64Array | null): UserEvents {
  if (times === null || isAscending(times)) return { user, items, events };
  const order = new Int32Array(times.length);
  for (let i = 0; i < order.length; i++) order[i] = i;
  order.sort((a, b) => times[a] - times[b] || a - b);
  const sorted = { user, items: new Int32Array(order.length), events: new Uint32Array(order.length) };
  for (let i = 0; i < order.length; i++) {
    sorted.items[i] = items[order[i]];
    sorted.events[i] = events[order[i]];
  }
  return sorted;
}

function isAscending(times: Float64Array): boolean {
  for (let i = 1; i < times.length; i++) if (times[i] < times[i - 1]) return false;
  return true;
}
