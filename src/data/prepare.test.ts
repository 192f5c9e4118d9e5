import { describe, expect, it } from 'vitest';
import { paddedSequences, rowOf } from './dataset.ts';
import { EmptyDatasetError, NoSharedUserError, UnknownItemsError } from './errors.ts';
import { type InteractionTable, NO_FILTERS, prepareLines, prepareLong } from './prepare.ts';

/** A table from rows “user item time”. */
function table(...rows: [user: string, item: string, time?: number][]): InteractionTable {
  const userIds = Array.from(new Set(rows.map(([user]) => user)));
  const itemIds = Array.from(new Set(rows.map(([, item]) => item)));
  return {
    userIds,
    itemIds,
    user: Int32Array.from(rows, ([user]) => userIds.indexOf(user)),
    item: Int32Array.from(rows, ([, item]) => itemIds.indexOf(item)),
    time: rows[0][2] === undefined ? null : Float64Array.from(rows, ([, , time]) => time ?? 0),
  };
}

const files = ['source.csv', 'target.csv'];
const source = table(['u', 'b', 2], ['u', 'a', 1], ['v', 'a', 1], ['v', 'c', 1], ['v', 'b', 5]);

describe('preparation of long format', () => {
  it('orders by time, ties in file order, and numbers items by falling frequency', () => {
    const dataset = prepareLong('d', files, source, table(['v', 'x', 1], ['u', 'y', 2], ['u', 'x', 1]), NO_FILTERS);
    // a and b occur twice, c once; a comes first in time.
    expect(dataset.sourceItems).toEqual(['', 'a', 'b', 'c']);
    expect(Array.from(rowOf(dataset.source, 0))).toEqual([1, 2]);
    expect(Array.from(rowOf(dataset.source, 1))).toEqual([1, 3, 2]);
    expect(dataset.targetItems).toEqual(['x', 'y']);
    expect(Array.from(rowOf(dataset.targets, 0))).toEqual([0, 1]);
    expect(dataset.timed).toBe(true);
  });

  it('pads at the beginning and keeps the most recent items', () => {
    const dataset = prepareLong('d', files, source, table(['v', 'x', 1]), NO_FILTERS);
    expect(Array.from(paddedSequences(dataset, [0, 1], 3))).toEqual([0, 1, 2, 1, 3, 2]);
    expect(Array.from(paddedSequences(dataset, [1], 2))).toEqual([3, 2]);
  });

  it('drops rare target items by their rows in the whole file, then keeps the first of each user', () => {
    const target = table(['u', 'rare', 1], ['u', 'x', 2], ['u', 'y', 3], ['u', 'x', 4], ['w', 'y', 1]);
    const dataset = prepareLong('d', files, source, target, { minimumTargetItemCount: 2, maximumTargetsPerUser: 2 });
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
    const target = table(['U1', 'x', 1], ['U2', 'x', 1], ['U3', 'x', 1], ['U4', 'x', 1]);
    expect(() => prepareLong('d', files, source, target, NO_FILTERS)).toThrow(NoSharedUserError);
    expect(() => prepareLong('d', files, source, target, NO_FILTERS)).toThrow(/“u”, “v”.*“U1”, “U2”, “U3”/s);
  });

  it('says so when a filter leaves nothing', () => {
    const settings = { minimumTargetItemCount: 10, maximumTargetsPerUser: 0 };
    expect(() => prepareLong('d', files, source, table(['u', 'x', 1]), settings)).toThrow(EmptyDatasetError);
  });
});

describe('preparation of the release’s pair', () => {
  const rows = (...lines: number[][]) => ({
    offsets: Uint32Array.from([0, ...lines.map((_, i) => lines.slice(0, i + 1).flat().length)]),
    values: Int32Array.from(lines.flat()),
  });

  it('pre-trains on the first file’s lines and names users by the second’s', () => {
    const dataset = prepareLines(
      'd',
      files,
      {
        pretraining: { itemIds: ['a', 'b', 'c'], rows: rows([0, 1], [1]) },
        finetuning: rows([1, 2], [0]),
        lines: [1, 3],
        targets: { itemIds: ['x', 'y'], rows: rows([0], [0, 1]) },
      },
      NO_FILTERS,
    );
    expect(dataset.pretrainingUsers).toBe(2);
    expect(dataset.users.slice(2)).toEqual(['line-1', 'line-3']);
    expect(Array.from(rowOf(dataset.source, 2), (item) => dataset.sourceItems[item])).toEqual(['b', 'c']);
    expect(Array.from(rowOf(dataset.targets, 3), (item) => dataset.targetItems[item])).toEqual(['x', 'y']);
    expect(dataset.figures).toMatchObject({ sourceUsers: 2, targetUsers: 2, instances: 3, sourceInteractions: 3 });
  });

  it('refuses a pair without a common source item', () => {
    const pair = {
      pretraining: { itemIds: ['a', '1'], rows: rows([0]) },
      finetuning: rows([1]),
      lines: [1],
      targets: { itemIds: ['x'], rows: rows([0]) },
    };
    expect(() => prepareLines('d', files, pair, NO_FILTERS)).toThrow(UnknownItemsError);
  });
});
