import { describe, expect, it } from 'vitest';
import { permutation, randomStream, standardNormal } from './random.ts';

const draw = (...key: [number, ...(string | number)[]]) => {
  const random = randomStream(...key);
  return Array.from({ length: 5 }, () => random.uniform());
};

describe('random streams', () => {
  it('repeat for the same seed and key, and differ for any other', () => {
    expect(draw(1, 'shuffle', 3)).toEqual(draw(1, 'shuffle', 3));
    expect(draw(1, 'shuffle', 3)).not.toEqual(draw(1, 'shuffle', 4));
    expect(draw(1, 'shuffle', 3)).not.toEqual(draw(2, 'shuffle', 3));
    expect(draw(1, 'ab', 'c')).not.toEqual(draw(1, 'a', 'bc'));
  });

  it('are uniform: the mean of each of many streams is near one half', () => {
    const firsts = Array.from({ length: 4000 }, (_, key) => randomStream(1, 'negatives', key).uniform());
    const mean = firsts.reduce((sum, x) => sum + x, 0) / firsts.length;
    // Four standard errors of a uniform mean.
    expect(Math.abs(mean - 0.5)).toBeLessThan((4 * Math.sqrt(1 / 12)) / Math.sqrt(4000));
  });

  it('shuffle without losing anything', () => {
    const order = permutation(randomStream(1, 'x'), 100);
    expect(Array.from(order).sort((a, b) => a - b)).toEqual(Array.from({ length: 100 }, (_, i) => i));
    expect(Array.from(order)).not.toEqual(Array.from({ length: 100 }, (_, i) => i));
  });

  it('draw normal numbers of deviation 1, and none beyond the truncation', () => {
    const random = randomStream(7, 'normal');
    const values = Array.from({ length: 20_000 }, () => standardNormal(random));
    const variance = values.reduce((sum, x) => sum + x * x, 0) / values.length;
    expect(variance).toBeGreaterThan(0.95);
    expect(variance).toBeLessThan(1.05);
    expect(Array.from({ length: 2000 }, () => Math.abs(standardNormal(random, 2))).every((x) => x <= 2)).toBe(true);
  });
});
