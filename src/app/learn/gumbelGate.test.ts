import { describe, expect, it } from 'vitest';
import { drawGates, histogram, sigmoid } from './gumbelGate.ts';

const DRAWS = 20_000;

describe('a gate drawn with Gumbel noise', () => {
  it('is 1 as often as the policy says, whatever the temperature', () => {
    for (const difference of [-2, 0, 1.5]) {
      const [cold, hot] = [0.5, 10].map((temperature) => drawGates(difference, temperature, DRAWS, 1));
      // The difference of two Gumbel variables is logistic: the hard gate follows π exactly.
      expect(Math.abs(cold.fineTuned - sigmoid(difference))).toBeLessThan(0.015);
      expect(hot.fineTuned).toBe(cold.fineTuned);
    }
  });

  it('leaves a confident gate no gradient at τ = 1, and a lively one at the τ = 10 of the paper', () => {
    const [one, ten] = [1, 10].map((temperature) => drawGates(9, temperature, DRAWS, 1).gradient);
    expect(one).toBeLessThan(0.002);
    expect(ten).toBeGreaterThan(10 * one);
    expect(ten).toBeLessThan(0.25 / 10);
  });

  it('has as its gradient the slope of the mean relaxed gate', () => {
    const step = 1e-4;
    const meanOf = (difference: number) => drawGates(difference, 2, DRAWS, 3).relaxed.reduce((sum, x) => sum + x, 0) / DRAWS;
    const slope = (meanOf(0.7 + step) - meanOf(0.7 - step)) / (2 * step);
    expect(drawGates(0.7, 2, DRAWS, 3).gradient).toBeCloseTo(slope, 6);
  });

  it('gives the same draws for the same seed', () => {
    expect(drawGates(1, 10, 50, 4)).toEqual(drawGates(1, 10, 50, 4));
    expect(drawGates(1, 10, 50, 4).relaxed).not.toEqual(drawGates(1, 10, 50, 5).relaxed);
  });
});

it('a histogram counts every value once, the ends too', () => {
  expect(histogram(Float64Array.from([0, 0.1, 0.5, 0.99, 1]), 4)).toEqual([2, 0, 1, 2]);
});
