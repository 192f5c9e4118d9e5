import { expect, it } from 'vitest';
import { runRow } from '../compare/testing.ts';
import { bestOf, columnDigits, meanOf, meanWords } from './means.ts';

const run = (id: number, value: number | null) =>
  value === null ? runRow({ id, status: 'failed' }) : runRow({ id, test: value });

it('is the mean over the seeds that have a result, with its standard deviation', () => {
  const means = [meanOf([run(1, 0.1), run(2, 0.35), run(3, 0.3)]), meanOf([run(1, 0.5), run(2, null)]), meanOf([run(1, null)])];
  const digits = columnDigits(means);
  expect(digits).toBe(2);
  expect(means.map((mean) => mean && meanWords(mean, digits, 3))).toEqual(['0.25 ± 0.13', '0.50 (1 of 3)', null]);
});

it('is the best only against means over as many seeds', () => {
  const [first, second, single] = [meanOf([run(1, 0.1), run(2, 0.3)]), meanOf([run(1, 0.3), run(2, 0.3)]), meanOf([run(1, 0.9)])];
  expect(bestOf([first, single, second, null])).toEqual([2]);
  expect(bestOf([second, first, second])).toEqual([0, 2]);
  expect(bestOf([first, single])).toEqual([]);
});
