import { expect, it } from 'vitest';
import type { Verdict } from '../../results/claims.ts';
import { claimTestWords, holmMatrix, isOfOneSeed, testLines } from './testWords.ts';

const test = (p: number | null) => ({ effect: 0.1, standardError: 0.02, p, n: 9 });

it('corrects each pair once, for all pairs of the matrix', () => {
  const matrix = [
    [null, test(0.01), test(0.04)],
    [test(0.01), null, { reason: 'another dataset' }],
    [test(0.04), { reason: 'another dataset' }, null],
  ];
  expect(holmMatrix(matrix)).toEqual([
    [null, 0.02, 0.04],
    [0.02, null, null],
    [0.04, null, null],
  ]);
});

it('says a test in lines, and why there is no p', () => {
  expect(testLines(test(0.01), 0.03)).toEqual(['+0.100 ± 0.020', 'p = .010', 'Holm: p = .030', 'N = 9']);
  expect(testLines({ ...test(0.00001), seeds: 3 }, 0.0004).slice(1)).toEqual(['p < .001', 'Holm: p < .001', 'N = 9, 3 seeds']);
  expect(testLines({ ...test(null), n: 1 }, null)[1]).toBe('one pair only');
  expect(testLines({ ...test(null), effect: -0.1 }, null).slice(0, 2)).toEqual(['−0.100 ± 0.020', 'no spread']);
});

it('says a test of a claim with the p that its answer goes by', () => {
  const one = {
    dataset: 'd',
    first: 'UAF-Hard',
    second: 'Finetune-All',
    metric: 'HR@5',
    seeds: 3,
    test: test(0.012),
    corrected: 0.024,
  };
  expect(claimTestWords(one)).toBe(
    'On d: UAF-Hard − Finetune-All in HR@5 +0.100 ± 0.020, p = .012, Holm: p = .024, N = 9, 3 seeds.',
  );
});

it('knows what rests on one seed: no answer, where it cannot be told', () => {
  const one = { dataset: 'd', first: 'a', second: 'b', metric: 'HR@5', seeds: 1, test: test(0.01), corrected: 0.01 };
  const verdict: Verdict = {
    claim: { id: 'c', statement: '', source: '' },
    answer: 'holds',
    words: '',
    tests: [one, one],
    template: null,
  };
  expect(isOfOneSeed(verdict, false)).toBe(true);
  expect(isOfOneSeed({ ...verdict, tests: [one, { ...one, seeds: 2 }] }, false)).toBe(false);
  expect(isOfOneSeed({ ...verdict, tests: [] }, false)).toBe(false);
  expect(isOfOneSeed({ ...verdict, tests: [] }, true)).toBe(true);
  expect(isOfOneSeed({ ...verdict, answer: 'cannot be told' }, true)).toBe(false);
});
