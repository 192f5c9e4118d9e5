import { describe, expect, it } from 'vitest';
import { patternWords } from './words.ts';

describe('words', () => {
  it('spells few blocks out, and names the fine-tuned ones of many', () => {
    expect(patternWords([1, 0])).toBe('[fine-tuned, frozen]');
    expect(patternWords([1, 0, 1, 0])).toBe('blocks 1, 3 fine-tuned, the others frozen');
    expect(patternWords([0, 1, 0, 0])).toBe('block 2 fine-tuned, the others frozen');
    expect(patternWords([0, 0, 0, 0])).toBe('all blocks frozen');
    expect(patternWords([1, 1, 1, 1])).toBe('all blocks fine-tuned');
  });
});
