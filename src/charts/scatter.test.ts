import { expect, it } from 'vitest';
import { isLogarithmic, markerOf, scatterAxis } from './scatter.ts';

it('is logarithmic where positive values span more than a power of ten', () => {
  expect(isLogarithmic([0.001, 0.1])).toBe(true);
  expect(isLogarithmic([1, 2])).toBe(false);
  expect(isLogarithmic([0, 100])).toBe(false);
  expect(isLogarithmic([])).toBe(false);
});

it('puts all values between its ends, larger ones further on', () => {
  for (const values of [[1, 2, 3], [0.001, 0.1, 10], [5]]) {
    const { at, ticks } = scatterAxis(values, 0, 100, 5);
    const places = values.map(at);
    expect(places).toEqual(places.toSorted((a, b) => a - b));
    for (const place of places) expect(place > 0 && place < 100).toBe(true);
    expect(ticks.length).toBeGreaterThan(1);
  }
});

it('tells twelve series apart without their colour', () => {
  const markers = Array.from({ length: 12 }, (_, i) => JSON.stringify(markerOf(i)));
  expect(new Set(markers).size).toBe(12);
});
