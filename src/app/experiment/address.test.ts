import { describe, expect, it } from 'vitest';
import { splitHash } from '../shared/hashLocation.ts';
import { type ExperimentAddress, experimentLink, readAddress } from './address.ts';

const read = (search: string) => readAddress(new URLSearchParams(search));

describe('the address of the page of experiments', () => {
  it.each<ExperimentAddress>([
    { kind: 'list' },
    { kind: 'one', id: 3 },
    { kind: 'new', template: 'table-2', on: [], like: null, plan: null },
    { kind: 'new', template: 'table-2', on: [1, 4], like: null, plan: null },
    { kind: 'new', template: 'table-2', on: [1], like: null, plan: 'q-_A' },
    { kind: 'new', template: null, on: [], like: null, plan: null },
    { kind: 'new', template: 'table-2', on: [], like: 7, plan: null },
    { kind: 'shared', link: 'q-_A', on: [], from: 'link' },
    { kind: 'shared', link: 'q-_A', on: [2, 3], from: 'here' },
  ])('brings back %j', (address) => {
    expect(read(splitHash(`#${experimentLink(address)}`).search)).toEqual(address);
  });

  it('shows the list where it is not understood', () => {
    expect(read('id=three')).toEqual({ kind: 'list' });
  });
});
