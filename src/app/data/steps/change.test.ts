import { expect, it } from 'vitest';
import { change } from './change.ts';

it.each([
  [5, 5, ''],
  [0, 1200, '+1,200'],
  [4, 3, '−25 %'],
  [100_000, 99_999, '−0.1 %'],
  [1000, 4, '−99.6 %'],
  [100_000, 1, '−99.9 %'],
  [1000, 0, '−100 %'],
  [1000, 1998, '+100 %'],
])('from %d to %d is “%s”', (before, after, words) => {
  expect(change(before, after)).toBe(words);
});
