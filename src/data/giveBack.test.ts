import { afterEach, expect, it } from 'vitest';
import { NO_EVENT_FILTERS } from './filters.ts';
import { giveBack } from './giveBack.ts';
import { NO_FILTERS, prepare } from './prepare.ts';
import { drained } from './steps.ts';
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
