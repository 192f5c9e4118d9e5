import { expect, it } from 'vitest';
import { begunAt, goingOn } from './begun.ts';

it('is the same plan as long as the builder alone writes the address', () => {
  const begun = begunAt('new=table-2', null);
  expect(begunAt('new=table-2&plan=x', goingOn(begun))).toBe(begun);
  expect(begunAt('new=table-3', null)).not.toBe(begun);
  // Others may keep something there, too.
  expect(begunAt('new=table-3', { scroll: 3 })).toBe('new=table-3');
});
