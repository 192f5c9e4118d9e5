import { describe, expect, it } from 'vitest';
import { BadRows } from './badRows.ts';

describe('bad rows', () => {
  const told = (count: number, good = 5) => {
    const bad = new BadRows();
    for (let i = 0; i < count; i++) bad.add(7 + i, 'has 2 of 3 fields');
    const sentences: string[] = [];
    bad.settle('f.csv', good, { skipBadRows: true, onSkipped: (sentence) => sentences.push(sentence) });
    return sentences;
  };

  it('that are skipped are counted, and the first is named', () => {
    expect(told(0)).toEqual([]);
    expect(told(1)).toEqual(['One row of f.csv could not be used and was left out: line 7 has 2 of 3 fields.']);
    expect(told(1200)).toEqual(['1,200 rows of f.csv could not be used and were left out. The first: line 7 has 2 of 3 fields.']);
  });

  it('are not skipped where nothing else is there', () => {
    expect(() => told(3, 0)).toThrow(/3 rows cannot be used/);
  });
});
