import { describe, expect, it } from 'vitest';
import { contentsHash } from './contentsHash.ts';
import { SIMULATOR_DEFAULTS, simulate } from './simulator.ts';

const dataset = simulate({ ...SIMULATOR_DEFAULTS, users: 20 });

describe('contentsHash', () => {
  it('is of the contents, not of the name', async () => {
    const hash = await contentsHash(dataset);
    expect(hash).toMatch(/^[0-9a-f]{64}$/);
    expect(await contentsHash({ ...dataset, name: 'another' })).toBe(hash);
  });

  it('is another one if anything is', async () => {
    const hash = await contentsHash(dataset);
    const [first, ...others] = dataset.users;
    expect(await contentsHash({ ...dataset, users: [`${first}x`, ...others] })).not.toBe(hash);
    const values = dataset.targets.values.slice();
    values[3]++;
    expect(await contentsHash({ ...dataset, targets: { ...dataset.targets, values } })).not.toBe(hash);
  });
});
