import { describe, expect, it } from 'vitest';
import { type PreparationSettings, paddedSequences, rowOf } from './dataset.ts';
import { EmptyDatasetError, NoSharedUserError } from './errors.ts';
import { NO_FILTERS, prepare } from './prepare.ts';
import { readingOf } from './testing.ts';

type Rows = Parameters<typeof readingOf>[0];
const source: Rows = [
  ['u', 'b', 2],
  ['u', 'a', 1],
  ['v', 'a', 1],
  ['v', 'c', 1],
  ['v', 'b', 5],
];
const prepared = (target: Rows, settings: PreparationSettings = NO_FILTERS) => prepare('d', readingOf(source, target), settings);

describe('preparation of long format', () => {
  it('orders by time, ties in file order, and numbers items by falling frequency', () => {
    const dataset = prepared([
      ['v', 'x', 1],
      ['u', 'y', 2],
      ['u', 'x', 1],
    ]);
    // a and b occur twice, c once; a comes first in time.
    expect(dataset.sourceItems).toEqual(['', 'a', 'b', 'c']);
    expect(Array.from(rowOf(dataset.source, 0))).toEqual([1, 2]);
    expect(Array.from(rowOf(dataset.source, 1))).toEqual([1, 3, 2]);
    expect(dataset.targetItems).toEqual(['x', 'y']);
    expect(Array.from(rowOf(dataset.targets, 0))).toEqual([0, 1]);
    expect(dataset.timed).toBe(true);
  });

  it('pads at the beginning and keeps the most recent items', () => {
    const dataset = prepared([['v', 'x', 1]]);
    expect(Array.from(paddedSequences(dataset, [0, 1], 3))).toEqual([0, 1, 2, 1, 3, 2]);
    expect(Array.from(paddedSequences(dataset, [1], 2))).toEqual([3, 2]);
  });

  it('drops rare target items by their rows in the whole file, then keeps the first of each user', () => {
    const target: Rows = [
      ['u', 'rare', 1],
      ['u', 'x', 2],
      ['u', 'y', 3],
      ['u', 'x', 4],
      ['w', 'y', 1],
    ];
    const dataset = prepared(target, { minimumTargetItemCount: 2, maximumTargetsPerUser: 2 });
    expect(Array.from(rowOf(dataset.targets, 0), (item) => dataset.targetItems[item])).toEqual(['x', 'y']);
    expect(dataset.figures).toMatchObject({
      instances: 2,
      targetUsers: 1,
      targetOnlyUsers: 1,
      droppedTargetItems: 1,
      sourceInteractions: 5,
    });
  });

  it('names three users of each side when none is shared', () => {
    const target: Rows = [
      ['U1', 'x', 1],
      ['U2', 'x', 1],
      ['U3', 'x', 1],
      ['U4', 'x', 1],
    ];
    expect(() => prepared(target)).toThrow(NoSharedUserError);
    expect(() => prepared(target)).toThrow(/“u”, “v”.*“U1”, “U2”, “U3”/s);
  });

  it('says so when a filter leaves nothing', () => {
    const settings = { minimumTargetItemCount: 10, maximumTargetsPerUser: 0 };
    expect(() => prepared([['u', 'x', 1]], settings)).toThrow(EmptyDatasetError);
  });
});
