import { describe, expect, it } from 'vitest';
import { moved, without } from './sequence.ts';

describe('composed sequence', () => {
  it('moves items, but not over the ends', () => {
    expect(moved([1, 2, 3], 0, 1)).toEqual([2, 1, 3]);
    expect(moved([1, 2, 3], 2, -1)).toEqual([1, 3, 2]);
    expect(moved([1, 2, 3], 0, -1)).toEqual([1, 2, 3]);
    expect(moved([1, 2, 3], 2, 1)).toEqual([1, 2, 3]);
  });

  it('removes one of equal items', () => {
    expect(without([5, 6, 5], 2)).toEqual([5, 6]);
  });
});
