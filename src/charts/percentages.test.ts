import { expect, it } from 'vitest';
import { percentages, sharesOfLargest } from './percentages.ts';

it('rounds parts so that they add up', () => {
  expect(percentages([1025, 975])).toEqual(['51.2 %', '48.8 %']);
  expect(percentages([1, 1, 1])).toEqual(['33.4 %', '33.3 %', '33.3 %']);
  expect(percentages([2000, 0])).toEqual(['100 %', '0.0 %']);
  expect(percentages([0])).toEqual(['0 %']);
});

it('gives the others together what the largest leave', () => {
  expect(sharesOfLargest([{ users: 1025 }, { users: 900 }], 2000)).toEqual(['51.2 %', '45.0 %', '3.8 %']);
});
