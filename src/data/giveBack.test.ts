import { afterEach, expect, it } from 'vitest';
import { filterInSteps, NO_EVENT_FILTERS } from './filters.ts';
import { giveBack } from './giveBack.ts';
import { NO_FILTERS, prepare } from './prepare.ts';
import { drained, end, type Steps } from './steps.ts';
import { summarise } from './summary.ts';
import { readingOf } from './testing.ts';

const own = Object.getOwnPropertyDescriptor(ArrayBuffer.prototype, 'transfer') ?? {};
const withoutTransfer = () => Object.defineProperty(ArrayBuffer.prototype, 'transfer', { ...own, value: undefined });
afterEach(() => {
  Object.defineProperty(ArrayBuffer.prototype, 'transfer', own);
});

it('empties arrays where the browser can, and leaves them where it cannot', () => {
  const arrays = [new Int32Array(3), new Float64Array(3)];
  withoutTransfer();
  giveBack(...arrays);
  expect(arrays.map(({ length }) => length)).toEqual([3, 3]);
  Object.defineProperty(ArrayBuffer.prototype, 'transfer', own);
  giveBack(...arrays);
  expect(arrays.map(({ length }) => length)).toEqual([0, 0]);
});

it('takes nothing that is read later: reading, what filters leave and the dataset are the same', () => {
  const rows = (count: number, items: number, isGrouped: boolean) =>
    Array.from({ length: count }, (_, i) => {
      const user = isGrouped ? Math.floor(i / 20) : (i * 7) % 90;
      return [`u${user}`, `i${(i * i) % items}`, (i * 37) % 1001] as const;
    });
  const filters = [
    NO_EVENT_FILTERS,
    { ...NO_EVENT_FILTERS, from: 200, repeats: 'first' as const },
    { ...NO_EVENT_FILTERS, repeats: 'consecutive' as const, core: 3 },
    { ...NO_EVENT_FILTERS, minimumSourceLength: 18, maximumSourceLength: 9, minimumTargetsPerUser: 2 },
  ];
  const everything = () =>
    [false, true].flatMap((isGrouped) => {
      const reading = readingOf(rows(2500, 300, isGrouped), rows(500, 50, isGrouped));
      const all = filters.flatMap((each) =>
        [NO_FILTERS, { minimumTargetItemCount: 3, maximumTargetsPerUser: 2 }].map((settings) => ({ ...settings, filters: each })),
      );
      // Twice: the second time all of what the first one gave back is gone.
      return [...all, ...all].map((settings) => [drained(summarise(reading, settings)), prepare('d', reading, settings)]);
    });
  const emptied = everything();
  withoutTransfer();
  expect(everything()).toEqual(emptied);
});

it('gives back what filters hold, also where they are refused, or ended in between', () => {
  const reading = readingOf([['u', 'a', 1]], [['u', 'x', 1]]);
  const core = { ...NO_EVENT_FILTERS, core: 2 };
  let given = 0;
  function counted(this: ArrayBuffer): ArrayBuffer {
    given++;
    return this;
  }
  Object.defineProperty(ArrayBuffer.prototype, 'transfer', { ...own, value: counted });
  const givenBy = (act: () => void) => {
    given = 0;
    act();
    return given;
  };
  // A mask a domain, and what was counted of the users and items of each.
  expect(givenBy(() => expect(() => drained(filterInSteps(reading, core))).toThrow(/2-core leaves/))).toBe(6);
  const endedAfter = (steps: Steps<unknown>, count: number) => {
    for (let step = 0; step < count; step++) steps.next();
    end(steps);
  };
  expect(givenBy(() => endedAfter(filterInSteps(reading, core), 1))).toBe(4);
  const settings = { ...NO_FILTERS, filters: { ...NO_EVENT_FILTERS, from: 0 } };
  let last = 0;
  for (const steps = summarise(reading, settings); !steps.next().done; last++);
  expect(givenBy(() => endedAfter(summarise(reading, settings), last))).toBeGreaterThan(5);
  const refused = { ...settings, minimumTargetItemCount: 2 };
  expect(givenBy(() => expect(() => drained(summarise(reading, refused))).toThrow(/No target/))).toBeGreaterThan(5);
  // Five are what says which events are left, of whom.
  expect(givenBy(() => prepare('d', reading, settings)) - givenBy(() => prepare('d', reading, NO_FILTERS))).toBe(5);
});
