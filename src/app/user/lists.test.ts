import { describe, expect, it } from 'vitest';
import { linesOf, type NamedRecommendation, rankWords, scoreDigits } from './lists.ts';

const recommendation = (...numbers: number[]): NamedRecommendation => ({
  policy: [0],
  top: numbers.map((item, i) => ({ item, score: 5 - i })),
  items: numbers.map((number) => ({ number, id: `i${number}`, name: null })),
  target: null,
});

describe('lists of recommendations', () => {
  it('marks the user’s targets with their part, and what the own policy does not recommend', () => {
    const target = { item: { number: 7, id: 'i7', name: null }, instance: 0, part: 'test' as const };
    const lines = linesOf(recommendation(7, 3, 4), recommendation(3, 4, 5), [target]);
    expect(lines.map(({ item, part, differs }) => [item.id, part, differs])).toEqual([
      ['i7', 'test', true],
      ['i3', null, false],
      ['i4', null, false],
    ]);
  });

  it('gives small scores another digit, in all lists alike', () => {
    const small = { ...recommendation(1), top: [{ item: 1, score: 0.05 }] };
    expect(scoreDigits([small, small])).toBe(3);
    expect(scoreDigits([small, recommendation(1)])).toBe(2);
  });

  it('says among what a rank is', () => {
    const sizes = { task: 'ranking' as const, candidates: 100, targetItems: 1480 };
    expect(rankWords({ score: 1, rankAll: 41, rankSampled: 3 }, sizes)).toBe('rank 3 of 100 candidates, 41 of 1,480 items');
    expect(rankWords({ score: 1, rankAll: 41, rankSampled: null }, sizes)).toBe('rank 41 of 1,480 items');
    expect(rankWords({ score: 1, rankAll: 2, rankSampled: null }, { task: 'profile', candidates: 3, targetItems: 3 })).toBe(
      'rank 2 of 3 classes',
    );
  });
});
