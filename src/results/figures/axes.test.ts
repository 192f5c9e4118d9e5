import { describe, expect, it } from 'vitest';
import { airyScale, ticksOf, tightScale } from './axes.ts';

const axis = { title: '' };
const range = { from: 0, to: 100 };

describe('axes', () => {
  it('end at 1 where nothing is above it', () => {
    expect(airyScale(axis, [0.1, 1], range).domain()).toEqual([0, 1]);
    expect(airyScale(axis, [0.1, 1.02], range).domain()[1]).toBeGreaterThan(1);
    expect(airyScale(axis, [0.1, 0.5], range).domain()[1]).toBeLessThan(1);
  });

  it('have whole numbers written as such', () => {
    expect(ticksOf(tightScale(axis, [1, 2, 3], range), true).map(({ label }) => label)).toEqual(['1', '2', '3']);
  });
});
