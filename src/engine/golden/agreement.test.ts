import * as tf from '@tensorflow/tfjs';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { tiles } from '../kernels/block/tiling.ts';
import { METHODS } from '../methods/registry.ts';
import { openNodeBackend } from '../node.ts';
import { distance, LARGE_SEEDS, OPERATION_NAMES, outcomeOf, Training } from './agreement.ts';

/** What the reference gives, which knows no tiles: computed once. */
const known = new Map<string, unknown>();

async function reference<T>(key: string, compute: () => Promise<T>): Promise<T> {
  if (!known.has(key)) {
    await openNodeBackend('cpu');
    known.set(key, await compute());
  }
  return known.get(key) as T;
}

async function lossesOf(of: string): Promise<number[]> {
  const training = new Training(of);
  const losses = [];
  for (let step = 0; step < 20; step++) losses.push(await training.step());
  training.dispose();
  return losses;
}

describe.each(['where they pay', 'always'] as const)('convolutions by tiles %s: wasm has the reference’s', (use) => {
  beforeAll(() => {
    tiles.use = use;
  });
  afterAll(() => {
    tiles.use = 'where they pay';
  });

  it.each(OPERATION_NAMES)('values at random shapes: %s', async (name) => {
    for (const seed of [...Array.from({ length: 12 }, (_, i) => 1 + i), ...(use === 'always' ? [] : LARGE_SEEDS)]) {
      const expected = await reference(`${name} ${seed}`, () => outcomeOf(name, seed));
      await openNodeBackend('wasm');
      expect(distance(expected, await outcomeOf(name, seed)), `seed ${seed}`).toBeLessThanOrEqual(name === 'ranks' ? 0 : 1e-4);
    }
  });

  const trained = METHODS.filter(({ start }) => start !== 'counts').map(({ id }) => id);
  it.each([...trained, 'pre-training', 'pre-training-sampled'])('losses of 20 steps: %s', async (of) => {
    const expected = await reference(of, () => lossesOf(of));
    await openNodeBackend('wasm');
    const actual = await lossesOf(of);
    expected.forEach((loss, step) => {
      expect(Math.abs(actual[step] - loss), `step ${step + 1}`).toBeLessThan(1e-4 * Math.max(1, Math.abs(loss)));
    });
    expect(Math.min(...expected)).toBeLessThan(expected[0]);
  });
});

it('500 steps leave no tensor and no byte behind', async () => {
  await openNodeBackend('wasm');
  const training = new Training('uaf-hard');
  await training.step();
  const before = tf.memory();
  for (let step = 0; step < 500; step++) await training.step();
  const { numTensors, numBytes } = tf.memory();
  expect({ numTensors, numBytes }).toEqual({ numTensors: before.numTensors, numBytes: before.numBytes });
  training.dispose();
});
