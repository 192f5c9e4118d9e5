import { expect, it } from 'vitest';
import { sizesFor } from './sizes.ts';

it('offers no two sizes that measure the same users', () => {
  const labels = (tested: number | null) => sizesFor(tested).map(({ label }) => label);
  expect(labels(963)).toEqual(['all 963 users']);
  expect(labels(1000)).toEqual(['all 1,000 users']);
  expect(labels(3000)).toEqual(['1,000 users', 'all 3,000 users']);
  expect(labels(null)).toEqual(['1,000 users', '5,000 users', 'all users']);
});
