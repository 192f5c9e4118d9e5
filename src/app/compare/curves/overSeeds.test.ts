import { expect, it } from 'vitest';
import { meanCurve } from './overSeeds.ts';

const points = (...ys: number[]) => ys.map((y, i) => ({ x: i + 1, y }));

it('is the mean ± one standard deviation, as far as all seeds go', () => {
  const [first, ...more] = meanCurve([points(1, 2, 9), points(3, 2)]);
  expect(first.x).toBe(1);
  expect(first.y).toBe(2);
  expect(first.low).toBeCloseTo(2 - Math.SQRT2, 12);
  expect(first.high).toBeCloseTo(2 + Math.SQRT2, 12);
  expect(more).toEqual([{ x: 2, y: 2, low: 2, high: 2 }]);
});

it('of one seed has no band', () => {
  expect(meanCurve([points(1, 2)])).toEqual(points(1, 2));
  expect(meanCurve([])).toEqual([]);
});
