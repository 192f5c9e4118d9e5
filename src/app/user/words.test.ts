import { describe, expect, it } from 'vitest';
import { namesInBoth, patternWords } from './words.ts';

describe('words', () => {
  it('spells few blocks out, and names the fine-tuned ones of many', () => {
    expect(patternWords([1, 0])).toBe('[fine-tuned, frozen]');
    expect(patternWords([1, 0, 1, 0])).toBe('blocks 1, 3 fine-tuned, the others frozen');
    expect(patternWords([0, 1, 0, 0])).toBe('block 2 fine-tuned, the others frozen');
    expect(patternWords([0, 0, 0, 0])).toBe('all blocks frozen');
    expect(patternWords([1, 1, 1, 1])).toBe('all blocks fine-tuned');
  });

  it('notices items of both domains that are called the same', () => {
    const item = (id: string, name: string | null = null) => ({ number: 1, id, name });
    expect(namesInBoth([item('s1', 'A')], [item('t1', 'B'), item('t2', 'A')])).toBe(true);
    expect(namesInBoth([item('s1', 'A')], [item('s1', 'B')])).toBe(false);
  });
});
