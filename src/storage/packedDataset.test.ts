import fc from 'fast-check';
import { expect, it } from 'vitest';
import { SIMULATOR_DEFAULTS, simulate } from '../data/simulator.ts';
import { packDataset, unpackDataset } from './packedDataset.ts';

const dataset = simulate({ ...SIMULATOR_DEFAULTS, users: 10 });

it('gives all names back, in any alphabet', async () => {
  const name = fc.oneof(fc.string({ unit: 'binary' }), fc.constant('x'.repeat(300)), fc.constant('\uFEFF'));
  await fc.assert(
    fc.asyncProperty(fc.array(name), fc.array(name), async (users, sourceNames) => {
      const given = { ...dataset, users, sourceNames };
      expect(unpackDataset(await packDataset(given, 'file', async () => {}), dataset.source.values)).toEqual(given);
    }),
    { numRuns: 30 },
  );
});

it.each([0, 40_000, 66_000])('has room for names that need more bytes than characters, from %s on', async (from) => {
  const users = Array.from({ length: 100_000 }, (_, i) => (i < from || i > from + 33_000 ? `user-${i}` : `日本-${i}`));
  const packed = await packDataset({ ...dataset, users }, 'file', async () => {});
  expect(unpackDataset(packed, dataset.source.values).users).toEqual(users);
});
