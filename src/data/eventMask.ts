import type { EventLog } from './events.ts';
import { giveBack } from './giveBack.ts';
import type { Steps } from './steps.ts';

/** Which events of a log are left: a bit each, so that a log of 82 million takes 10 MB. */
class EventMask {
  readonly #gone: Uint32Array;
  /** How many are left. */
  left: number;

  constructor(length: number) {
    this.#gone = new Uint32Array(Math.ceil(length / 32));
    this.left = length;
  }

  has(event: number): boolean {
    return (this.#gone[event >>> 5] & (1 << (event & 31))) === 0;
  }

  /** It tells nothing any more. */
  giveBack(): void {
    giveBack(this.#gone);
  }

  /** @param event one that is left */
  drop(event: number): void {
    this.#gone[event >>> 5] |= 1 << (event & 31);
    this.left--;
  }
}

/** A log, and what is left of it. */
export interface MaskedLog {
  readonly log: EventLog;
  readonly mask: EventMask;
}

export const masked = (log: EventLog): MaskedLog => ({ log, mask: new EventMask(log.length) });

/**
 * One pass over the events that are left, in file order, a chunk a step; `visit` may drop the one it is shown.
 *
 * @param visit `event`: its place in the log; `time`: 0 where the log has none
 */
export function* forEachLeft(
  { log, mask }: MaskedLog,
  visit: (user: number, item: number, event: number, time: number) => void,
): Steps<void> {
  let first = 0;
  for (const { user, item, time } of log.chunks()) {
    for (let i = 0; i < user.length; i++) {
      if (mask.has(first + i)) visit(user[i], item[i], first + i, time === null ? 0 : time[i]);
    }
    first += user.length;
    yield;
  }
}

/** How many events each user has left, and each item; nothing is read where all are. @param users how many there are */
export function* countLeft(
  events: MaskedLog,
  users: number,
): Steps<{ readonly ofUser: Uint32Array; readonly ofItem: Uint32Array }> {
  const { log, mask } = events;
  const ofUser = new Uint32Array(users);
  if (mask.left === log.length) {
    ofUser.set(log.counts.users);
    return { ofUser, ofItem: log.counts.items.slice() };
  }
  const ofItem = new Uint32Array(log.itemIds.length);
  yield* forEachLeft(events, (user, item) => {
    ofUser[user]++;
    ofItem[item]++;
  });
  return { ofUser, ofItem };
}

/** How many events each user has left, up to the last one who had any; nobody writes to it. */
export function* countByUser(events: MaskedLog): Steps<Uint32Array> {
  const { log, mask } = events;
  if (mask.left === log.length) return log.counts.users;
  const counts = new Uint32Array(log.counts.users.length);
  yield* forEachLeft(events, (user) => {
    counts[user]++;
  });
  return counts;
}
