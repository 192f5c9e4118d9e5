import { expect, it } from 'vitest';
import { parseSeeds } from './parameters.ts';

it.each([
  ['0', [0]],
  ['0, 1', [0, 1]],
  ['3 1,,3', [3, 1]],
  ['4294967295', [4294967295]],
])('reads the seeds “%s”, each once', (text, seeds) => {
  expect(parseSeeds(text)).toEqual(seeds);
});

it.each(['', ' , ', '1, x', '-1', '1.5', '1e3', '4294967296'])('takes “%s” for no list of seeds', (text) => {
  expect(parseSeeds(text)).toBeNull();
});
