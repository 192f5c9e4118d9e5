import { expect, it } from 'vitest';
import { NO_EVENT_FILTERS } from './filters.ts';
import { filterWords } from './filterWords.ts';

it('filters in words, in their order; none where nothing is filtered', () => {
  expect(filterWords(undefined)).toEqual([]);
  expect(filterWords(NO_EVENT_FILTERS)).toEqual([]);
  expect(
    filterWords({
      from: Date.UTC(2013, 0, 1),
      until: 12,
      repeats: 'first',
      core: 5,
      coreOf: 'target',
      minimumSourceLength: 3,
      maximumSourceLength: 50,
      minimumTargetsPerUser: 2,
    }),
  ).toEqual([
    'Only events from 2013-01-01 until 12.',
    'Each item of a user only once, the first time.',
    '5-core of the target domain.',
    'Only users with at least 3 source events.',
    'Each user keeps the most recent 50 source events.',
    'Targets only of users with at least 2 of them.',
  ]);
  // No date has such a number.
  expect(filterWords({ ...NO_EVENT_FILTERS, from: 1e300 })).toEqual(['Only events from 1e+300.']);
});
