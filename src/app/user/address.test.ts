import { describe, expect, it } from 'vitest';
import { policiesLink, readAddress, type UserAddress, userLink, writeAddress } from './address.ts';

const back = (address: UserAddress) => readAddress(new URLSearchParams(writeAddress(address)));

describe('address of one user', () => {
  it('brings back what it was written from', () => {
    const user: UserAddress = {
      run: 3,
      subject: { user: 'ü 1&2=%' },
      hand: [0, 1, null],
      target: 2,
      item: null,
      from: null,
      truth: true,
    };
    expect(back(user)).toEqual(user);
    const composed: UserAddress = {
      run: 3,
      subject: { sequence: [5, 17, 3, 5] },
      hand: [],
      target: null,
      item: 0,
      from: 'ü 1&2=%',
      truth: false,
    };
    expect(back(composed)).toEqual(composed);
    const empty: UserAddress = {
      run: null,
      subject: { sequence: [] },
      hand: [],
      target: null,
      item: null,
      from: null,
      truth: false,
    };
    expect(back(empty)).toEqual(empty);
  });

  it('takes what it does not understand as not given', () => {
    expect(readAddress(new URLSearchParams('run=x&items=4.no.7&hand=012&target=-1&truth=yes'))).toEqual({
      run: null,
      subject: { sequence: [4, 7] },
      hand: [],
      target: null,
      item: null,
      from: null,
      truth: false,
    });
  });

  it('writes links to users', () => {
    const [, search] = userLink(3, 'a b?').split('?');
    expect(readAddress(new URLSearchParams(search))).toMatchObject({ run: 3, subject: { user: 'a b?' }, truth: false });
    expect(readAddress(new URLSearchParams(userLink(3, 'a', true).split('?')[1]))).toMatchObject({ truth: true });
    expect([policiesLink(3, true), policiesLink(3, false)]).toEqual(['/policies?run=3&truth=1', '/policies?run=3']);
  });
});
