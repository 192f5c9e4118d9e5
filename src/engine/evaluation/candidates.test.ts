import { expect, it } from 'vitest';
import { drawNegatives } from '../../data/split.ts';
import { negativesOf } from './candidates.ts';

it('draws the same candidates whether they are kept or not, whatever the order they are asked for', () => {
  const [instances, targets] = [Int32Array.of(4, 9, 30), Int32Array.of(1, 0, 7)];
  for (const most of [0, 100]) {
    const negatives = negativesOf(5, instances, targets, 20, 9, most);
    for (const place of [2, 0, 1, 2]) {
      expect(negatives(place)).toEqual(drawNegatives(5, instances[place], targets[place], 20, 9));
    }
  }
});
