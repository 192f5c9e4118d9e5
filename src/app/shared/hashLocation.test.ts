import { describe, expect, it } from 'vitest';
import { splitHash } from './hashLocation.ts';

describe('splitHash', () => {
  it('takes the address behind the # apart', () => {
    expect(splitHash('#/user?run=3&user=u-17')).toEqual({ path: '/user', search: 'run=3&user=u-17' });
    expect(splitHash('#/data')).toEqual({ path: '/data', search: '' });
    expect(splitHash('')).toEqual({ path: '/', search: '' });
  });

  it('leaves a question mark of the search alone', () => {
    expect(splitHash('#/user?user=who?')).toEqual({ path: '/user', search: 'user=who?' });
  });
});
