import { expect, it } from 'vitest';
import { dayOf, endOf, startOf } from './days.ts';

it('a day has its first and last moment, and no other day', () => {
  expect(startOf('2013-05-01')).toBe(Date.UTC(2013, 4, 1));
  expect(dayOf(endOf('2013-05-01') ?? 0)).toBe('2013-05-01');
  expect(dayOf((endOf('2013-05-01') ?? 0) + 1)).toBe('2013-05-02');
  expect([startOf(''), endOf('')]).toEqual([null, null]);
});
