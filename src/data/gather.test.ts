import fc from 'fast-check';
import { expect, it } from 'vitest';
import { EventSpool } from './eventSpool.ts';
import type { EventLog } from './events.ts';
import { gather } from './gather.ts';
import { memoryScratch } from './testing.ts';

type Event = readonly [user: number, item: number, time: number];

/** The definition: one sorted list, cut by user. */
function plain(events: readonly Event[], isTimed: boolean, number: Int32Array, users: number, isKept: Uint8Array, most: number) {
  const sorted = events
    .map((event, row) => ({ event, row }))
    .filter(({ event: [user, item] }) => number[user] >= 0 && isKept[item] === 1);
  if (isTimed) sorted.sort((a, b) => a.event[2] - b.event[2] || a.row - b.row);
  const rows: number[][] = Array.from({ length: users }, () => []);
  const first: number[] = [];
  for (const {
    event: [user, item],
  } of sorted) {
    const row = rows[number[user]];
    if (most > 0 && row.length === most) continue;
    row.push(item);
    if (!first.includes(item)) first.push(item);
  }
  const count = (item: number) => rows.flat().filter((other) => other === item).length;
  const order = [...first].sort((a, b) => count(b) - count(a) || first.indexOf(a) - first.indexOf(b));
  return { itemIds: order.map((item) => `i${item}`), rows: rows.map((row) => row.map((item) => order.indexOf(item) + 1)) };
}

function run(log: EventLog, number: Int32Array, users: number, isKept: Uint8Array, most: number, atOnce: number) {
  const steps = gather(
    { log, number, users, isKept, most },
    1,
    (length) => new Int32Array(length),
    { share: () => 0 },
    { ordered: atOnce, unordered: atOnce },
  );
  for (;;) {
    const step = steps.next();
    if (!step.done) continue;
    const { itemIds, rows } = step.value;
    const of = (user: number) => Array.from(rows.values.subarray(rows.offsets[user], rows.offsets[user + 1]));
    return { itemIds, rows: Array.from({ length: users }, (_, user) => of(user)) };
  }
}

it('gathers as one sort of everything would, wherever the events are and however few fit into memory', () => {
  const event = fc.tuple(fc.nat(5), fc.nat(7), fc.oneof(fc.nat(4), fc.constantFrom(-1.5, 2 ** 40)));
  const events = fc.array(event, { maxLength: 60 });
  const kept = fc.array(fc.boolean(), { minLength: 8, maxLength: 8 });
  const shown = fc.array(fc.boolean(), { minLength: 6, maxLength: 6 });
  fc.assert(
    fc.property(
      events,
      fc.boolean(),
      fc.boolean(),
      kept,
      shown,
      fc.nat(3),
      fc.integer({ min: 1, max: 20 }),
      (all, isOrdered, isTimed, keep, show, most, atOnce) => {
        const given = isOrdered ? [...all].sort(([a], [b]) => a - b) : all;
        let users = 0;
        const number = Int32Array.from(show, (isShown) => (isShown ? users++ : -1));
        const isKept = Uint8Array.from(keep, Number);
        const spool = new EventSpool(isTimed ? 'number' : null, memoryScratch(), 100);
        for (const [user, item, time] of given) spool.add(user, item, time);
        const log = spool.build(Array.from({ length: 8 }, (_, item) => `i${item}`));
        expect(run(log, number, users, isKept, most, atOnce)).toEqual(plain(given, isTimed, number, users, isKept, most));
      },
    ),
  );
});

it('keeps events as they came, those in memory and those in the scratch', () => {
  for (const step of [1, 0.5, 2 ** 20]) {
    const spool = new EventSpool('number', memoryScratch(), 1 << 22);
    const length = 600_000;
    for (let i = 0; i < length; i++) spool.add(step === 1 ? i % 3 : Math.floor(i / 50), (i * 7) % 1000, i * step);
    const log = spool.build([]);
    expect(log.length).toBe(length);
    let at = 0;
    let wrong = 0;
    for (const { user, item, time } of log.chunks()) {
      for (let i = 0; i < item.length; i++, at++) {
        const own = step === 1 ? at % 3 : Math.floor(at / 50);
        if (user[i] !== own || item[i] !== (at * 7) % 1000 || time?.[i] !== at * step) wrong++;
      }
    }
    expect([at, wrong]).toEqual([length, 0]);
  }
});

it('goes over its events again while a pass over them goes on, or was left', () => {
  const spool = new EventSpool('number', memoryScratch(), 0);
  const length = 300_000;
  for (let i = 0; i < length; i++) spool.add(i, i, i);
  const log = spool.build([]);
  const sums = () => {
    let sum = 0;
    for (const { user, item, time } of log.chunks())
      for (let i = 0; i < item.length; i++) sum += user[i] + item[i] + (time?.[i] ?? 0);
    return sum;
  };
  const all = (3 * length * (length - 1)) / 2;
  for (const { item } of log.chunks()) {
    const [first] = item;
    item[1] = -1;
    expect([sums(), sums(), item[0], item[1]]).toEqual([all, all, first, -1]);
    break;
  }
  expect(sums()).toBe(all);
});
