import { expect, it } from 'vitest';
import { readAddress, readIds, writeIds } from './address.ts';

it('writes many runs shortly, and reads them back', () => {
  expect(writeIds([7, 1, 3, 2, 9])).toBe('1-3,7,9');
  expect(readIds('1-3,7,9')).toEqual([1, 2, 3, 7, 9]);
  expect(readIds(writeIds([]))).toEqual([]);
  expect(readIds('1,x,3-2,-4,2')).toEqual([1, 2]);
});

it('reads no more ids than there can be runs, whatever a link asks for', () => {
  const spans = Array.from({ length: 50 }, (_, i) => `${1 + i * 200_000}-${(i + 1) * 200_000}`);
  expect(readIds(spans.join())).toHaveLength(100_000);
  // Beyond it adding one changes nothing.
  expect(readIds('1,9007199254740993-9007199254740999')).toEqual([1]);
});

it('reads a link, and leaves to the page what it does not say', () => {
  expect(readAddress(new URLSearchParams('experiment=2&rows=seeds&columns=seed,metric:HR@5&protocol=all'))).toEqual({
    runs: null,
    rows: 'seeds',
    metric: null,
    protocol: 'all',
    differs: false,
    columns: ['seed', 'metric:HR@5'],
    method: null,
    dataset: null,
    status: null,
    experiment: 2,
  });
  expect(readAddress(new URLSearchParams('runs=')).runs).toEqual([]);
  expect(readAddress(new URLSearchParams('experiment=x')).experiment).toBeNull();
});
