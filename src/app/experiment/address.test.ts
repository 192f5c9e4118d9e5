import { describe, expect, it } from 'vitest';
import { splitHash } from '../shared/hashLocation.ts';
import { type ExperimentAddress, experimentLink, readAddress } from './address.ts';

const read = (search: string) => readAddress(new URLSearchParams(search));

describe('the address of the page of experiments', () => {
  it.each<ExperimentAddress>([
    { kind: 'list' },
    { kind: 'one', id: 3 },
    { kind: 'new', template: 'table-2', on: [], plan: null },
    { kind: 'new', template: 'table-2', on: [1, 4], plan: null },
    { kind: 'new', template: 'table-2', on: [1], plan: 'q-_A' },
    { kind: 'new', template: null, on: [], plan: null },
    { kind: 'shared', link: 'q-_A', on: [] },
    { kind: 'shared', link: 'q-_A', on: [2, 3] },
  ])('brings back %j', (address) => {
    expect(read(splitHash(`#${experimentLink(address)}`).search)).toEqual(address);
  });

  it('shows the list where it is not understood', () => {
    expect(read('id=three')).toEqual({ kind: 'list' });
  });
});
