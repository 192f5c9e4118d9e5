import { expect, it } from 'vitest';
import { smoothed, smoothedCurve } from './smoothing.ts';

it('keeps a level line level, also at its beginning', () => {
  for (const value of smoothed([3, 3, 3, 3], 0.9)) expect(value).toBeCloseTo(3, 12);
});

it('weighs each value by β to the power of its age', () => {
  expect(smoothed([1, 5, 2], 0.5)[2]).toBeCloseTo((0.25 * 1 + 0.5 * 5 + 2) / 1.75, 12);
});

it('with β 0 changes nothing', () => {
  expect(smoothed([1, 5, 2], 0)).toEqual([1, 5, 2]);
});

it('takes the band along, and makes none where there is none', () => {
  const [, second] = smoothedCurve(
    [
      { x: 1, y: 1, low: 0, high: 2 },
      { x: 2, y: 4, low: 3, high: 5 },
    ],
    0.5,
  );
  expect(second.x).toBe(2);
  expect(second.y - (second.low ?? 0)).toBeCloseTo(1, 12);
  expect((second.high ?? 0) - second.y).toBeCloseTo(1, 12);
  expect(smoothedCurve([{ x: 1, y: 1 }], 0.5)).toEqual([{ x: 1, y: 1 }]);
});
