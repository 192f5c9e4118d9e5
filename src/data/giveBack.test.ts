import { afterEach, expect, it } from 'vitest';
import { NO_EVENT_FILTERS } from './filters.ts';
import { giveBack } from './giveBack.ts';
import { NO_FILTERS, prepare } from './prepare.ts';
import { drained } from './steps.ts';
import { summarise } from './summary.ts';
import { readingOf } from './testing.ts';

/** As browsers do: the old buffer is empty. */
function transfer(this: ArrayBuffer, length: number): ArrayBuffer {
  structuredClone(this, { transfer: [this] });
  return new ArrayBuffer(length);
}

const stubTransfer = (given: typeof transfer | undefined) =>
  Object.defineProperty(ArrayBuffer.prototype, 'transfer', { value: given, configurable: true, writable: true });

const own = Object.getOwnPropertyDescriptor(ArrayBuffer.prototype, 'transfer');
afterEach(() => {
  Reflect.deleteProperty(ArrayBuffer.prototype, 'transfer');
  if (own !== undefined) Object.defineProperty(ArrayBuffer.prototype, 'transfer', own);
});

it('empties arrays where the browser can, and leaves them where it cannot', () => {
  const arrays = [new Int32Array(3), new Float64Array(3)];
  stubTransfer(undefined);
  giveBack(...arrays);
  expect(arrays.map(({ length }) => length)).toEqual([3, 3]);
  stubTransfer(transfer);
  giveBack(...arrays);
  expect(arrays.map(({ length }) => length)).toEqual([0, 0]);
});

it('takes nothing that is read later: reading, what filters leave and the dataset are the same', () => {
  const event = (i: number, items: number) => [`u${(i * 7) % 90}`, `i${(i * i) % items}`, (i * 37) % 1001] as const;
  const rows = (count: number, items: number) => Array.from({ length: count }, (_, i) => event(i, items));
  const filters = [
    NO_EVENT_FILTERS,
    { ...NO_EVENT_FILTERS, from: 200, repeats: 'first' as const },
    { ...NO_EVENT_FILTERS, repeats: 'consecutive' as const, core: 3 },
    { ...NO_EVENT_FILTERS, minimumSourceLength: 20, maximumSourceLength: 9, minimumTargetsPerUser: 2 },
  ];
  const everything = () => {
    const reading = readingOf(rows(2500, 300), rows(500, 50));
    const all = filters.flatMap((each) =>
      [NO_FILTERS, { minimumTargetItemCount: 3, maximumTargetsPerUser: 2 }].map((settings) => ({ ...settings, filters: each })),
    );
    // Twice: the second time all of what the first one gave back is gone.
    return [...all, ...all].map((settings) => [drained(summarise(reading, settings)), prepare('d', reading, settings)]);
  };
  stubTransfer(undefined);
  const kept = everything();
  stubTransfer(transfer);
  expect(everything()).toEqual(kept);
});
