import { describe, expect, it } from 'vitest';
import { gatesOfPattern } from '../../engine/evaluation/policies.ts';
import { acrossOf, bestOf, patternAt, patternOf, shadeOf, shownRanks, whatIfWords } from './whatIfs.ts';

const whatIfs = (ranks: number[], scores = ranks.map((rank) => -rank)) => ({
  score: Float32Array.from(scores),
  rankAll: Int32Array.from(ranks, (rank) => 10 * rank),
  rankSampled: Int32Array.from(ranks),
});

describe('picture of what-ifs', () => {
  it('has each pattern in one cell', () => {
    for (const blocks of [1, 2, 3, 8]) {
      const across = acrossOf(blocks);
      const patterns = Array.from({ length: 2 ** (blocks - across) }, (_, row) =>
        Array.from({ length: 2 ** across }, (_, column) => patternAt(blocks, row, column)),
      ).flat();
      expect(patterns.toSorted((a, b) => a - b)).toEqual(Array.from({ length: 2 ** blocks }, (_, p) => p));
    }
  });

  it('has the first block’s gate in the halves of the columns, and the next ones within', () => {
    const columns = Array.from({ length: 4 }, (_, column) => gatesOfPattern(patternAt(3, 1, column), 3));
    expect(columns).toEqual([
      [0, 0, 1],
      [0, 1, 1],
      [1, 0, 1],
      [1, 1, 1],
    ]);
  });

  it('goes from gates to patterns and back', () => {
    expect(gatesOfPattern(patternOf([1, 0, 1]), 3)).toEqual([1, 0, 1]);
    expect(patternOf([0.4, 0.6])).toBe(2);
  });

  it('finds the best rank, and of equal ones the highest score', () => {
    expect(bestOf(whatIfs([3, 1, 1, 7], [0, 1, 2, 9]), 0)).toEqual({ rank: 1, pattern: 2, count: 2 });
  });

  it('calls the own policy the best where nothing is better', () => {
    expect(bestOf(whatIfs([3, 1, 1, 7], [0, 1, 2, 9]), 1)).toEqual({ rank: 1, pattern: 1, count: 2 });
  });

  it('puts own and best into words', () => {
    const ranks = Int32Array.of(3, 1, 5, 1);
    const best = { rank: 1, pattern: 1, count: 2 };
    expect(whatIfWords(best, ranks, 3, null, 2)).toBe(
      'Own policy: rank 3; best of 4: rank 1 with [fine-tuned, frozen]; one other is as good.',
    );
    expect(whatIfWords(best, ranks, 1, null, 2)).toBe('Own policy: rank 1; none of the 4 is better; one other is as good.');
    expect(whatIfWords({ ...best, count: 1 }, ranks, 2, 0, 2)).toBe(
      'Own policy: rank 2 (it mixes, and is none of these; the nearest, [frozen, frozen], has rank 3). Best of 4: rank 1 with [fine-tuned, frozen].',
    );
    expect(whatIfWords({ ...best, count: 4 }, Int32Array.of(1, 1, 1, 1), 1, null, 2)).toBe(
      'Rank 1 under each of the 4 policies: for this target the gates do not matter.',
    );
    expect(whatIfWords({ ...best, count: 1 }, ranks, null, null, 2)).toBe('Best of 4: rank 1 with [fine-tuned, frozen].');
  });

  it('shows the rank among the candidates, or among all where there are none', () => {
    expect(Array.from(shownRanks(whatIfs([3, 1])))).toEqual([3, 1]);
    expect(Array.from(shownRanks({ ...whatIfs([3, 1]), rankSampled: null }))).toEqual([30, 10]);
  });

  it('is darkest for the first rank', () => {
    expect([shadeOf(1, 100), shadeOf(10, 100), shadeOf(100, 100)]).toEqual([9, 5, 0]);
    expect(shadeOf(2, 100)).toBeLessThan(9);
    expect(shadeOf(1, 1)).toBe(9);
  });
});
