import { expect, it } from 'vitest';
import { parseAddress } from './address.ts';

it('reads page and search from the hash', () => {
  expect(parseAddress('#/learn?term=policy')).toEqual({ page: '/learn', search: 'term=policy' });
  expect(parseAddress('#/train')).toEqual({ page: '/train', search: '' });
  expect(parseAddress('')).toEqual({ page: '/', search: '' });
  expect(parseAddress('#/user?items=a?b&run=3')).toEqual({ page: '/user', search: 'items=a?b&run=3' });
});
