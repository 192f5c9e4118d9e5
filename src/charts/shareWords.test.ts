import { expect, it } from 'vitest';
import { shareWords } from './shareWords.ts';

it('tells a share of users for hard gates, and a mean for soft ones, which put nobody on one block alone', () => {
  const share = { mean: 0.25, deviation: null };
  expect(shareWords(share, false, 'the runs')).toBe(
    '25 % of the users are on the fine-tuned block, the others on the frozen one',
  );
  const soft = shareWords({ ...share, deviation: 0.1 }, true, 'the users’ probabilities');
  expect(soft).toContain('the mean gate is 0.25');
  expect(soft).toContain('standard deviation of the users’ probabilities 0.10');
  expect(soft).not.toContain('%');
});
