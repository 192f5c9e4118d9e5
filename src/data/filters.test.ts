import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { rowOf } from './dataset.ts';
import { masked } from './eventMask.ts';
import type { EventLog, Reading } from './events.ts';
import { type EventFilters, filterReading, NO_EVENT_FILTERS, withFilters } from './filters.ts';
import { NO_FILTERS, prepare } from './prepare.ts';
import { drained } from './steps.ts';
import { readingOf } from './testing.ts';
import { clockOf } from './times.ts';
import { eventsByUser } from './userEvents.ts';

type Event = readonly [user: string, item: string, time: number];

/** The same log in chunks of some events. */
const inChunks = (log: EventLog, size: number): EventLog => ({
  ...log,
  *chunks() {
    for (const { user, item, time } of log.chunks()) {
      for (let from = 0; from < user.length; from += size) {
        const to = from + size;
        yield { user: user.slice(from, to), item: item.slice(from, to), time: time?.slice(from, to) ?? null };
      }
    }
  },
});

const chunked = (reading: Reading, size: number): Reading => ({
  ...reading,
  source: inChunks(reading.source, size),
  target: inChunks(reading.target, size),
});

const eventsOf = ({ users }: Reading, log: EventLog): Event[] => {
  const events: Event[] = [];
  for (const { user, item, time } of log.chunks())
    for (let i = 0; i < user.length; i++) events.push([users[user[i]], log.itemIds[item[i]], time?.[i] ?? 0]);
  return events;
};

/** A user's events in order of time; ties in file order. */
const ofUser = (events: readonly Event[], user: string) => events.filter(([who]) => who === user).toSorted((a, b) => a[2] - b[2]);
const countOf = (events: readonly Event[], place: 0 | 1, name: string) => events.filter((event) => event[place] === name).length;

/** What the filters say, one after the other, without a thought for time or memory. */
function naive(source: readonly Event[], target: readonly Event[], filters: EventFilters): [Event[], Event[]] {
  const inRange = ([, , time]: Event) => time >= (filters.from ?? -1e99) && time <= (filters.until ?? 1e99);
  const repeats = (events: readonly Event[]) =>
    events.filter((event) => {
      const own = ofUser(events, event[0]);
      const at = own.indexOf(event);
      if (filters.repeats === 'keep') return true;
      if (filters.repeats === 'consecutive') return at === 0 || own[at - 1][1] !== event[1];
      return own.findIndex(([, item]) => item === event[1]) === at;
    });
  const core = (events: readonly Event[]): readonly Event[] => {
    const left = events.filter(
      ([user, item]) => countOf(events, 0, user) >= filters.core && countOf(events, 1, item) >= filters.core,
    );
    return left.length === events.length ? left : core(left);
  };
  let [s, t] = [source, target].map((events) => repeats(events.filter(inRange)));
  if (filters.coreOf !== 'target') s = [...core(s)];
  if (filters.coreOf !== 'source') {
    // Who has no source is left out in any case, and makes no item frequent.
    t = [...core(filters.core > 1 ? t.filter(([user]) => s.some(([who]) => who === user)) : t)];
  }
  const lengths = s;
  const isLong = ([user]: Event) => filters.minimumSourceLength <= 1 || countOf(lengths, 0, user) >= filters.minimumSourceLength;
  [s, t] = [s.filter(isLong), t.filter(isLong)];
  const most = filters.maximumSourceLength;
  s = s.filter((event) => most === 0 || ofUser(s, event[0]).slice(-most).includes(event));
  t = t.filter(([user]) => countOf(t, 0, user) >= filters.minimumTargetsPerUser);
  return [s, t];
}

const event = (items: string) =>
  fc.tuple(fc.constantFrom(...'abcdef'), fc.constantFrom(...items), fc.nat(20)).map((all): Event => all);
const anyFilters: fc.Arbitrary<EventFilters> = fc.record({
  from: fc.option(fc.nat(8)),
  until: fc.option(fc.integer({ min: 10, max: 20 })),
  repeats: fc.constantFrom('keep', 'consecutive', 'first'),
  core: fc.constantFrom(1, 2, 3),
  coreOf: fc.constantFrom('source', 'target', 'both'),
  minimumSourceLength: fc.constantFrom(1, 2, 4),
  maximumSourceLength: fc.constantFrom(0, 1, 3),
  minimumTargetsPerUser: fc.constantFrom(1, 2),
});

describe('filters', () => {
  it('leave what they say, in their order, in whatever chunks and order the events come', () => {
    fc.assert(
      fc.property(
        fc.array(event('ABCD'), { minLength: 1, maxLength: 50 }),
        fc.array(event('XYZ'), { minLength: 1, maxLength: 40 }),
        anyFilters,
        fc.integer({ min: 1, max: 9 }),
        fc.boolean(),
        (source, target, filters, size, byUser) => {
          const rows = byUser ? source.toSorted((a, b) => a[0].localeCompare(b[0])) : source;
          const [s, t] = naive(rows, target, filters);
          const reading = chunked(readingOf(rows, target), size);
          if (s.length === 0 || t.length === 0) {
            expect(() => filterReading(reading, filters)).toThrow(/leaves no interaction of the (source|target) domain/);
            return;
          }
          const left = filterReading(reading, filters);
          expect(eventsOf(left, left.source)).toEqual(s);
          expect(eventsOf(left, left.target)).toEqual(t);
          expect([left.source.length, left.target.length]).toEqual([s.length, t.length]);
          expect(new Set(left.users)).toEqual(new Set([...s, ...t].map(([user]) => user)));
          expect(left.source.itemIds).toEqual([...new Set(s.map(([, item]) => item))]);
        },
      ),
      { numRuns: 400 },
    );
  });

  it('hold a bounded number of events where users do not stand together', () => {
    const rows = Array.from({ length: 60 }, (_, i): Event => [`u${i % 6}`, `i${i % 7}`, (i * 7) % 11]);
    const { source } = readingOf(rows, rows);
    const told = (held?: number) => {
      const all: number[][] = [];
      drained(eventsByUser(masked(source), ({ user, events }) => all.push([user, ...events]), held));
      return all;
    };
    expect(told()).toHaveLength(6);
    for (const held of [1, 15, 25]) expect(told(held)).toEqual(told());
  });

  it('compare days with times in seconds and in milliseconds alike', () => {
    const day = Date.parse('2013-05-01');
    const source: Event[] = [
      ['u', 'a', day / 1000 - 1],
      ['u', 'b', day / 1000],
    ];
    const target: Event[] = [
      ['u', 'x', day - 1],
      ['u', 'y', day],
    ];
    const left = filterReading(readingOf(source, target, ['seconds', 'iso']), { ...NO_EVENT_FILTERS, from: day });
    expect([left.source.itemIds, left.target.itemIds]).toEqual([['b'], ['y']]);
  });

  it.each([
    ['microseconds', 1e3],
    ['nanoseconds', 1e6],
    ['days', 1 / 86_400_000],
  ] as const)('compare days with times in %s', (unit, factor) => {
    const day = Date.parse('2013-05-01');
    const events = (items: string): Event[] => [
      ['u', items[0], (day - 86_400_000) * factor],
      ['u', items[1], day * factor],
    ];
    // One moment in 1970 makes no plain numbers of dates.
    const target: Event[] = [['u', 'z', 0], ...events('xy').map(([u, i, t]): Event => [u, i, t / factor])];
    const reading = readingOf(events('ab'), target, [unit, 'iso']);
    expect(drained(clockOf(reading)).span).toEqual({ first: 0, last: day, isDates: true, only: null });
    const left = filterReading(reading, { ...NO_EVENT_FILTERS, from: day });
    expect([left.source.itemIds, left.target.itemIds]).toEqual([['b'], ['y']]);
  });

  it('say which domain alone has days, and leave the other as it is', () => {
    const dated: Event[] = [
      ['u', 'a', 0],
      ['u', 'b', 86_400],
    ];
    const reading = readingOf(
      dated,
      [
        ['u', 'x', 5],
        ['u', 'y', 7],
      ],
      ['seconds', 'number'],
    );
    expect(drained(clockOf(reading)).span).toEqual({ first: 0, last: 86_400_000, isDates: true, only: 'source' });
    const left = filterReading(reading, { ...NO_EVENT_FILTERS, from: 86_400_000 });
    expect([left.source.itemIds, left.target.itemIds]).toEqual([['b'], ['x', 'y']]);
  });

  it('make a core of the target of those who have a source', () => {
    const source = ['u', 'v'].map((user): Event => [user, 'a', 0]);
    const target = ['ux', 'uy', 'vx', 'vy', 'wz', 'wz', 'uz'].map(([user, item], i): Event => [user, item, i]);
    const left = filterReading(readingOf(source, target), { ...NO_EVENT_FILTERS, core: 2, coreOf: 'target' });
    expect([left.users, left.target.itemIds, left.target.length]).toEqual([['u', 'v'], ['x', 'y'], 4]);
  });

  it('take what lies beyond all dates, in a unit that was chosen wrongly, for numbers', () => {
    const nanoseconds: Event[] = [['u', 'a', 1.4e18]];
    const span = { first: 1.4e18, last: 1.4e18, isDates: false, only: null };
    expect(drained(clockOf(readingOf(nanoseconds, nanoseconds, ['milliseconds', 'iso']))).span).toEqual(span);
  });

  it('leave labels as they are, but for those of users who are left out', () => {
    const source: Event[] = ['u', 'u', 'v', 'w', 'w'].map((user, i): Event => [user, `i${i}`, i]);
    const labels: Event[] = ['u', 'v', 'w'].map((user, i): Event => [user, i === 0 ? 'old' : 'young', 0]);
    const filters = { ...NO_EVENT_FILTERS, minimumSourceLength: 2, minimumTargetsPerUser: 3, from: 1, repeats: 'first' as const };
    const left = filterReading({ ...readingOf(source, labels), task: 'profile' }, { ...filters, from: 0 });
    expect(eventsOf(left, left.target)).toEqual([labels[0], labels[2]]);
  });

  it('count pre-training lines anew', () => {
    const source: Event[] = ['p', 'q', 'q', 'l', 'l'].map((user, i): Event => [user, 'ab'[i % 2], 0]);
    const reading = { ...readingOf(source, [['l', 'x', 0]]), pretrainingUsers: 2 };
    const dataset = prepare('d', reading, { ...NO_FILTERS, filters: { ...NO_EVENT_FILTERS, minimumSourceLength: 2 } });
    expect(dataset.users).toEqual(['q', 'l']);
    expect(dataset.pretrainingUsers).toBe(1);
    expect(dataset.figures).toMatchObject({ sourceUsers: 1, sourceInteractions: 2, droppedTargetItems: 0 });
    expect(rowOf(dataset.source, 1)).toHaveLength(2);
  });

  it('leave somebody to pre-train on', () => {
    const source: Event[] = ['p', 'l', 'l'].map((user, i): Event => [user, 'ab'[i % 2], 0]);
    const reading = { ...readingOf(source, [['l', 'x', 0]]), pretrainingUsers: 1 };
    expect(() => filterReading(reading, { ...NO_EVENT_FILTERS, minimumSourceLength: 2 })).toThrow('no user to pre-train on');
  });

  it('are not written where nothing is filtered', () => {
    expect(withFilters(NO_FILTERS, { ...NO_EVENT_FILTERS, coreOf: 'source' })).toEqual(NO_FILTERS);
    const reading = readingOf([['u', 'a']], [['u', 'x']]);
    expect(filterReading(reading, NO_EVENT_FILTERS)).toBe(reading);
  });
});
