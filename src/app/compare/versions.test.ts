import { expect, it } from 'vitest';
import { runRow } from './testing.ts';
import { versionOf } from './versions.ts';

const run = runRow({ id: 1 });
const others = [runRow({ id: 2 })];
const before = versionOf([run, ...others], new Set([2]));

it('is the same for the same runs', () => {
  expect(versionOf([{ ...run }, ...others], new Set([2, 3]))).toBe(before);
});

it.each([
  ['was run again', versionOf([{ ...run, finishedAt: 5 }, ...others], new Set([2]))],
  ['moved to another dataset', versionOf([{ ...run, datasetId: 7 }, ...others], new Set([2]))],
  ['got ranks', versionOf([run, ...others], new Set([1, 2]))],
  ['is left out', versionOf(others, new Set([2]))],
])('is another one where a run %s', (_, after) => {
  expect(after).not.toBe(before);
});
