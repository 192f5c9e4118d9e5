import { expect, it } from 'vitest';
import { smoothed } from './smoothing.ts';

const points = (...ys: number[]) => ys.map((y, i) => ({ x: i + 1, y }));

it('keeps a level line level, also at its beginning', () => {
  for (const { y } of smoothed(points(3, 3, 3, 3), 0.9)) expect(y).toBeCloseTo(3, 12);
});

it('weighs each point by β to the power of its age', () => {
  const [, , third] = smoothed(points(1, 5, 2), 0.5);
  expect(third.y).toBeCloseTo((0.25 * 1 + 0.5 * 5 + 2) / 1.75, 12);
  expect(third.x).toBe(3);
});

it('with β 0 changes nothing', () => {
  expect(smoothed(points(1, 5, 2), 0)).toEqual(points(1, 5, 2));
});
