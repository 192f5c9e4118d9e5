import * as tf from '@tensorflow/tfjs';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { tiles } from '../kernels/block/tiling.ts';
import { METHODS } from '../methods/registry.ts';
import { openNodeBackend } from '../node.ts';
import { distance, LARGE_SEEDS, OPERATION_NAMES, outcomeOf, Training } from './agreement.ts';

describe.each(['where they pay', 'always'] as const)('convolutions by tiles %s: wasm has the reference’s', (use) => {
  beforeAll(() => {
    tiles.use = use;
  });
  afterAll(() => {
    tiles.use = 'where they pay';
  });

  it.each(OPERATION_NAMES)('values at random shapes: %s', async (name) => {
    for (const seed of [...Array.from({ length: 12 }, (_, i) => 1 + i), ...(use === 'always' ? [] : LARGE_SEEDS)]) {
      await openNodeBackend('cpu');
      const expected = await outcomeOf(name, seed);
      await openNodeBackend('wasm');
      expect(distance(expected, await outcomeOf(name, seed)), `seed ${seed}`).toBeLessThanOrEqual(name === 'ranks' ? 0 : 1e-4);
    }
  });

  const trained = METHODS.filter(({ start }) => start !== 'counts').map(({ id }) => id);
  it.each([...trained, 'pre-training', 'pre-training-sampled'])('losses of 20 steps: %s', async (of) => {
    const losses = [];
    for (const backend of ['cpu', 'wasm'] as const) {
      await openNodeBackend(backend);
      const training = new Training(of);
      const own = [];
      for (let step = 0; step < 20; step++) own.push(await training.step());
      training.dispose();
      losses.push(own);
    }
    const [expected, actual] = losses;
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
