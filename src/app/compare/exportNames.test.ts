import { expect, it } from 'vitest';
import { userIds } from './exportNames.ts';

it('reads ids of users, each once, however they are divided', () => {
  expect(userIds('a\n b c ,d;;a\r\n')).toEqual(['a', 'b c', 'd']);
  expect(userIds(' \n')).toEqual([]);
});
