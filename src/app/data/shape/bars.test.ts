import { expect, it } from 'vitest';
import { lengthBars } from './bars.ts';

it('bars hold every length once, and leave out empty ends', () => {
  const counts = new Uint32Array(201).fill(1);
  counts[0] = 0;
  const bars = lengthBars(counts, counts);
  expect(bars.reduce((sum, { count }) => sum + count, 0)).toBe(200);
  expect(bars.map(({ label }) => label).slice(3, 8)).toEqual(['4', '5', '6–7', '8–10', '11–15']);
  expect(bars.at(-1)).toEqual({ label: '200+', count: 1, before: 1 });
  const few = new Uint32Array(201);
  few[17] = 9;
  const more = few.slice();
  more[7] = 2;
  expect(lengthBars(few, more).map(({ label, count, before }) => [label, count, before])).toEqual([
    ['6–7', 0, 2],
    ['8–10', 0, 0],
    ['11–15', 0, 0],
    ['16–20', 9, 9],
  ]);
});
