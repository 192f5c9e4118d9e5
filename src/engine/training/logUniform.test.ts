import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { randomStream } from '../../data/random.ts';
import { drawLogUniform } from './logUniform.ts';

describe('log-uniform classes', () => {
  it('are distinct, in range, and all of them where as many are asked for', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 200 }), fc.integer({ min: 1, max: 250 }), fc.nat(), (ranks, count, seed) => {
        const { classes, expectedCounts } = drawLogUniform(randomStream(seed, 'test'), 1, ranks, count);
        expect(classes).toHaveLength(Math.min(count, ranks));
        expect(new Set(classes).size).toBe(classes.length);
        expect(classes.every((c) => c >= 1 && c <= ranks)).toBe(true);
        expect(expectedCounts.every((expected) => expected > 0 && expected <= 1)).toBe(true);
        if (count >= ranks) expect(expectedCounts.every((expected) => expected === 1)).toBe(true);
      }),
    );
  });

  it('come about as often as their expected count says', () => {
    const ranks = 30;
    const rounds = 4000;
    const drawn = new Float64Array(ranks);
    const expected = new Float64Array(ranks);
    const random = randomStream(1, 'test');
    for (let round = 0; round < rounds; round++) {
      const { classes } = drawLogUniform(random, 0, ranks, 6);
      for (const c of classes) drawn[c]++;
    }
    // What a class expects does not depend on whether it was drawn: asked for one by one, over other draws.
    const counted = new Float64Array(ranks);
    for (let round = 0; round < rounds; round++) {
      const { classes, expectedCounts } = drawLogUniform(random, 0, ranks, 6);
      classes.forEach((c, i) => {
        expected[c] += expectedCounts[i];
        counted[c]++;
      });
    }
    for (let c = 0; c < ranks; c++) expect(Math.abs(drawn[c] / rounds - expected[c] / counted[c])).toBeLessThan(0.04);
    expect(drawn[0]).toBeGreaterThan(3 * drawn[ranks - 1]);
  });
});
