import { describe, expect, it } from 'vitest';
import { EventCounter } from './eventCounter.ts';

const counted = (...blocks: readonly (readonly [users: number[], items: number[]])[]) => {
  const counter = new EventCounter();
  for (const [users, items] of blocks) counter.add(Int32Array.from(users), Int32Array.from(items));
  return counter.counts(4);
};

describe('Events that are counted while they come', () => {
  it('are those of each user and item, of all blocks', () => {
    const { users, items } = counted(
      [
        [0, 0, 2],
        [1, 1, 0],
      ],
      [
        [2, 5000],
        [3, 1],
      ],
    );
    expect([...users.subarray(0, 3), users.length, users[5000]]).toEqual([2, 0, 2, 5001, 1]);
    expect([...items]).toEqual([1, 3, 0, 1]);
  });

  it('tell whether each user’s events stand together, also over the end of a block', () => {
    expect(
      counted(
        [
          [0, 1],
          [0, 0],
        ],
        [
          [1, 2],
          [0, 0],
        ],
      ).isGrouped,
    ).toBe(true);
    expect(
      counted(
        [
          [0, 1],
          [0, 0],
        ],
        [
          [2, 1],
          [0, 0],
        ],
      ).isGrouped,
    ).toBe(false);
  });
});
