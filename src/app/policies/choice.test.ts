import { expect, it } from 'vitest';
import { packPolicies } from '../../storage/policies.ts';
import { chooseByPolicy, chooseRows, ofWhom } from './choice.ts';
import { sortingKey } from './order.ts';

it('chooses the users of some rows', () => {
  const choice = chooseRows(Int32Array.of(3, 0, 2, 1), [1, 2], '[3,{"by":"similar"}]');
  expect(Array.from(choice.mask)).toEqual([1, 0, 1, 0]);
  expect(choice.users).toBe(2);
});

it('chooses the users who have a policy', () => {
  const gate = Float32Array.of(0, 1, 1, 1, 0, 1);
  const choice = chooseByPolicy({ bytes: packPolicies({ gate, probability: gate }), blocks: 2, epoch: '3' }, '01');
  expect(Array.from(choice.mask)).toEqual([1, 0, 1]);
  expect(choice.users).toBe(2);
});

it('never calls other users by the same key', () => {
  const order = Int32Array.of(0, 1, 2);
  const against = (run: number) => chooseRows(order, [0, 1], sortingKey(2, { by: 'change', against: run })).key;
  expect(against(4)).toBe(against(4));
  expect(against(4)).not.toBe(against(5));
  const at = (epoch: string) => chooseByPolicy({ bytes: new Uint8Array(4), blocks: 2, epoch }, '00').key;
  expect(at('1')).not.toBe(at('2'));
});

it('says whose figures are shown', () => {
  expect(ofWhom(2000, 2000)).toBe('all 2,000 users');
  expect(ofWhom(1200, 2000)).toBe('the 1,200 chosen users');
  expect(ofWhom(1, 2000)).toBe('the one chosen user');
});
