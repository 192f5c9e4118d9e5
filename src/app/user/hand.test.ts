import { describe, expect, it } from 'vitest';
import { byHand, flip, gatesByHand, handText, readHand } from './hand.ts';

describe('gates by hand', () => {
  it('flips a hard gate, and back to nothing by hand', () => {
    const own = [1, 0, 0];
    const once = flip([], own, 1);
    expect(gatesByHand(once, own)).toEqual([1, 1, 0]);
    expect(handText(once)).toBe('-1-');
    expect(flip(once, own, 1)).toEqual([]);
  });

  it('sets a soft gate to the side that is further away, and never back to the number', () => {
    const own = [0.3, 0.8];
    const once = flip([], own, 0);
    expect(gatesByHand(once, own)).toEqual([1, 0.8]);
    expect(gatesByHand(flip(once, own, 0), own)).toEqual([0, 0.8]);
  });

  it('is read from its text', () => {
    expect(readHand('0-1')).toEqual([0, null, 1]);
    expect(readHand('--')).toEqual([]);
    expect(readHand('0x')).toEqual([]);
  });

  it('takes a whole pattern', () => {
    expect(byHand([0, 1], [0, 0])).toEqual([null, 1]);
    expect(byHand([0, 1], [0, 1])).toEqual([]);
  });
});
