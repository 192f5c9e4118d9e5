import { expect, it } from 'vitest';
import { separationWords } from './separationWords.ts';

it('tells a block that never was separated from one that did not stay so', () => {
  expect(separationWords([1, 2, 3], [0, 0.3, 0.4])).toBe('separated from epoch 2 on');
  expect(separationWords([1, 2, 3], [0, 0.3, 0.1])).toBe('reaches 0.25, but not to the end');
  expect(separationWords([1, 2, 3], [0, 0.1, 0.2])).toBe('never reaches 0.25');
});
