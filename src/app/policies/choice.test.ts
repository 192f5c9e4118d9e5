import { expect, it } from 'vitest';
import { packPolicies } from '../../storage/policies.ts';
import { chooseByPolicy, chooseRows } from './choice.ts';

it('chooses the users of some rows', () => {
  const choice = chooseRows(Int32Array.of(3, 0, 2, 1), [1, 2], 'similar');
  expect(Array.from(choice.mask)).toEqual([1, 0, 1, 0]);
  expect(choice.users).toBe(2);
});

it('chooses the users who have a policy', () => {
  const gate = Float32Array.of(0, 1, 1, 1, 0, 1);
  const choice = chooseByPolicy({ bytes: packPolicies({ gate, probability: gate }), blocks: 2 }, '01', 3);
  expect(Array.from(choice.mask)).toEqual([1, 0, 1]);
  expect(choice.users).toBe(2);
});
