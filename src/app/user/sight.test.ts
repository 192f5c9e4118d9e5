import { describe, expect, it } from 'vitest';
import { seen, sightWords } from './sight.ts';

describe('what is seen of a sequence', () => {
  it('is the end of it, or all', () => {
    expect(sightWords(13, 17)).toBe('the last 13 of 17 items');
    expect(sightWords(17, 17)).toBe('all 17 items');
    expect(sightWords(50, 17)).toBe('all 17 items');
    expect(sightWords(50, 1)).toBe('the one item');
  });

  it('is no more than there is', () => {
    expect(seen(13, 4)).toBe(4);
    expect(seen(13, 17)).toBe(13);
  });
});
