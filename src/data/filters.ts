import type { PreparationSettings } from './dataset.ts';
import { EmptyDatasetError } from './errors.ts';
import { countByUser, countLeft, forEachLeft, type MaskedLog, masked } from './eventMask.ts';
import type { EventChunk, EventLog, Reading } from './events.ts';
import { giveBack } from './giveBack.ts';
import { drained, type Steps } from './steps.ts';
import { type Clock, clockOf } from './times.ts';
import { eventsByUser } from './userEvents.ts';

/**
 * What of the events read is left out before anything is prepared. The order is that of the fields, and each filter sees what those
 * before it left; then come rare target items and the most targets a user, of `PreparationSettings`.
 */
export interface EventFilters {
  /** First and last moment, both included: milliseconds since 1970, or numbers where the times are no dates. See `clockOf`. */
  readonly from: number | null;
  readonly until: number | null;
  /** In order of time: all events; no item twice in a row; each item of a user only once, the first time. */
  readonly repeats: 'keep' | 'consecutive' | 'first';
  /** Users and items with fewer events go, again and again, until all that are left have as many (k-core). 1: off. */
  readonly core: number;
  /** Each domain by itself; in the target domain among users who have source events, as the others are left out in any case. */
  readonly coreOf: 'source' | 'target' | 'both';
  /** Who has fewer source events is left out, with their targets. 1: off. */
  readonly minimumSourceLength: number;
  /** Each user keeps the most recent so many source events. 0: all. */
  readonly maximumSourceLength: number;
  /** Who has fewer targets loses them; their source sequence stays. 1: off. */
  readonly minimumTargetsPerUser: number;
}

export const NO_EVENT_FILTERS: EventFilters = {
  from: null,
  until: null,
  repeats: 'keep',
  core: 1,
  coreOf: 'both',
  minimumSourceLength: 1,
  maximumSourceLength: 0,
  minimumTargetsPerUser: 1,
};

/** Whether they leave anything out at all. */
const isFiltering = (filters: EventFilters): boolean =>
  (Object.keys(NO_EVENT_FILTERS) as (keyof EventFilters)[]).some(
    (key) => key !== 'coreOf' && filters[key] !== NO_EVENT_FILTERS[key],
  );

/** Settings with filters, which are left out where they filter nothing: so rows and reports without any stay as they are. */
export const withFilters = ({ filters: _, ...settings }: PreparationSettings, filters: EventFilters): PreparationSettings =>
  isFiltering(filters) ? { ...settings, filters } : settings;

/** What is left of what was read. */
export interface LeftReading extends Reading {
  /** Gives back the memory of what says what is left, where anything was left out: its events cannot be read any more. */
  readonly giveBack?: () => void;
}

/**
 * What the filters leave of what was read: users and items that have no event left are gone, the others keep their order (users) or
 * stand by first appearance in what is left (items). Labels of a profile task are never filtered, but for those of users who are left out.
 *
 * Nothing is copied: a bit an event says what is left, some numbers a user and an item are counted, and the log is read anew for each
 * filter (k-core: as often as anything changes; see also `eventsByUser`).
 *
 * @throws EmptyDatasetError naming the filter that leaves nothing
 */
export function* filterInSteps(reading: Reading, filters: EventFilters): Steps<LeftReading> {
  if (!isFiltering(filters)) return reading;
  const [source, target] = [masked(reading.source), masked(reading.target)];
  let left: LeftReading | null = null;
  try {
    yield* drop(reading, filters, source, target);
    left = yield* leftOf(reading, source, target);
    return left;
  } finally {
    // Refused, or ended: nobody can give it back.
    if (left === null) for (const { mask } of [source, target]) mask.giveBack();
  }
}

/** Drops from the masks what filters leave out. @throws EmptyDatasetError */
function* drop(reading: Reading, filters: EventFilters, source: MaskedLog, target: MaskedLog): Steps<void> {
  const users = reading.users.length;
  const isProfile = reading.task === 'profile';
  const filtered = isProfile ? [source] : [source, target];
  const mustLeave = (what: string) => {
    for (const [{ mask }, domain] of [[source, 'source'] as const, [target, 'target'] as const])
      if (mask.left === 0) throw new EmptyDatasetError(`${what} no interaction of the ${domain} domain. Choose a weaker filter.`);
  };

  const { from, until, repeats, core, coreOf, minimumSourceLength, maximumSourceLength, minimumTargetsPerUser } = filters;
  if (from !== null || until !== null) {
    const clock = yield* clockOf(reading);
    yield* dropOutside(source, clock.source, from, until);
    if (!isProfile) yield* dropOutside(target, clock.target, from, until);
    mustLeave('The range of time leaves');
  }
  if (repeats !== 'keep') for (const events of filtered) yield* dropRepeats(events, repeats);
  if (core > 1) {
    if (coreOf !== 'target') yield* keepCore(source, users, core);
    if (coreOf !== 'source' && !isProfile) {
      const lengths = yield* countByUser(source);
      yield* dropUsers(target, (user) => !(lengths[user] > 0));
      yield* keepCore(target, users, core);
    }
    mustLeave(`The ${core}-core leaves`);
  }
  if (minimumSourceLength > 1) {
    const lengths = yield* countByUser(source);
    // Who has no source event at all may stand behind the last one who has.
    const isShort = (user: number) => user >= lengths.length || lengths[user] < minimumSourceLength;
    for (const events of [source, target]) yield* dropUsers(events, isShort);
    mustLeave(`Sequences of at least ${minimumSourceLength} items: that leaves`);
  }
  if (maximumSourceLength > 0) yield* keepRecent(source, maximumSourceLength);
  if (minimumTargetsPerUser > 1 && !isProfile) {
    const targets = yield* countByUser(target);
    yield* dropUsers(target, (user) => targets[user] < minimumTargetsPerUser);
    mustLeave(`At least ${minimumTargetsPerUser} targets a user: that leaves`);
  }
}

/** The same at once: for logs that are known to be small. */
export const filterReading = (reading: Reading, filters: EventFilters): Reading => drained(filterInSteps(reading, filters));

/** @param clock null: the log's times are not of the range's kind, and stay */
function* dropOutside(events: MaskedLog, clock: Clock['source'], from: number | null, until: number | null): Steps<void> {
  if (clock === null) return;
  yield* forEachLeft(events, (_user, _item, event, time) => {
    const at = clock(time);
    if ((from !== null && at < from) || (until !== null && at > until)) events.mask.drop(event);
  });
}

function* dropRepeats(events: MaskedLog, kind: 'consecutive' | 'first'): Steps<void> {
  // The last user who had an item: a set for each user, without emptying it.
  const seenBy = new Int32Array(events.log.itemIds.length).fill(-1);
  yield* eventsByUser(events, ({ user, items, events: places }) => {
    for (let i = 0; i < items.length; i++) {
      const isRepeat = kind === 'first' ? seenBy[items[i]] === user : i > 0 && items[i] === items[i - 1];
      if (isRepeat) events.mask.drop(places[i]);
      seenBy[items[i]] = user;
    }
  });
}

/** The largest part in which all users and items have at least k events: there is only one, in whatever order others are dropped. */
function* keepCore(events: MaskedLog, users: number, k: number): Steps<void> {
  const { ofUser, ofItem } = yield* countLeft(events, users);
  try {
    for (let before = -1; before !== events.mask.left; ) {
      before = events.mask.left;
      yield* forEachLeft(events, (user, item, event) => {
        if (ofUser[user] >= k && ofItem[item] >= k) return;
        events.mask.drop(event);
        ofUser[user]--;
        ofItem[item]--;
      });
    }
  } finally {
    giveBack(ofUser, ofItem);
  }
}

function* dropUsers(events: MaskedLog, isOut: (user: number) => boolean): Steps<void> {
  yield* forEachLeft(events, (user, _item, event) => {
    if (isOut(user)) events.mask.drop(event);
  });
}

function* keepRecent(events: MaskedLog, most: number): Steps<void> {
  yield* eventsByUser(events, ({ events: places }) => {
    for (let i = 0; i < places.length - most; i++) events.mask.drop(places[i]);
  });
}

/** Users between two steps. */
const STEP = 1 << 18;

function* leftOf(reading: Reading, source: MaskedLog, target: MaskedLog): Steps<LeftReading> {
  const [ofSource, ofTarget] = [yield* leftCounts(source, reading.users.length), yield* leftCounts(target, reading.users.length)];
  const numbers = new Int32Array(reading.users.length);
  let size = 0;
  for (let user = 0; user < numbers.length; user++) if (ofSource.ofUser[user] > 0 || ofTarget.ofUser[user] > 0) size++;
  const users = new Array<string>(size);
  let next = 0;
  let pretraining = 0;
  for (let user = 0; user < numbers.length; user++) {
    if (user % STEP === 0) yield;
    if (ofSource.ofUser[user] === 0 && ofTarget.ofUser[user] === 0) continue;
    const number = next++;
    users[number] = reading.users[user];
    numbers[user] = number;
    // Nobody's new number is larger than the old one.
    for (const { ofUser } of [ofSource, ofTarget]) ofUser[number] = ofUser[user];
    if (reading.pretrainingUsers !== null && user < reading.pretrainingUsers) pretraining++;
  }
  if (reading.pretrainingUsers !== null && pretraining === 0)
    throw new EmptyDatasetError('The filters leave no user to pre-train on. Choose weaker ones.');
  return {
    ...reading,
    users,
    pretrainingUsers: reading.pretrainingUsers === null ? null : pretraining,
    source: leftLog(source, ofSource, numbers, users.length),
    target: leftLog(target, ofTarget, numbers, users.length),
    giveBack: () => {
      giveBack(numbers, ofSource.ofUser, ofTarget.ofUser);
      source.mask.giveBack();
      target.mask.giveBack();
    },
  };
}

/** Events that are left of each user (by number of the log, later by new number) and item, and these items by first appearance. */
interface LeftCounts {
  readonly ofUser: Uint32Array;
  readonly ofItem: Uint32Array;
  readonly items: readonly number[];
}

function* leftCounts(events: MaskedLog, users: number): Steps<LeftCounts> {
  const ofUser = new Uint32Array(users);
  const ofItem = new Uint32Array(events.log.itemIds.length);
  const items: number[] = [];
  yield* forEachLeft(events, (user, item) => {
    ofUser[user]++;
    if (ofItem[item]++ === 0) items.push(item);
  });
  return { ofUser, ofItem, items };
}

/** What is left of a log as a log of its own, with new numbers, by which users are counted already. @param users how many are left */
function leftLog(
  { log, mask }: MaskedLog,
  { ofUser, ofItem, items }: LeftCounts,
  userNumbers: Int32Array,
  users: number,
): EventLog {
  const itemNumbers = new Int32Array(log.itemIds.length);
  items.forEach((item, number) => {
    itemNumbers[item] = number;
  });
  const counts = {
    users: ofUser.subarray(0, users),
    items: Uint32Array.from(items, (item) => ofItem[item]),
    isGrouped: log.counts.isGrouped,
  };
  function* chunks(): Generator<EventChunk> {
    let first = 0;
    for (const { user, item, time } of log.chunks()) {
      let size = 0;
      for (let i = 0; i < user.length; i++) {
        if (!mask.has(first + i)) continue;
        user[size] = userNumbers[user[i]];
        item[size] = itemNumbers[item[i]];
        if (time !== null) time[size] = time[i];
        size++;
      }
      first += user.length;
      if (size === 0) continue;
      yield { user: user.subarray(0, size), item: item.subarray(0, size), time: time === null ? null : time.subarray(0, size) };
    }
  }
  return { itemIds: items.map((item) => log.itemIds[item]), length: mask.left, timeUnit: log.timeUnit, chunks, counts };
}
