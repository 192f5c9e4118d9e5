import * as tf from '@tensorflow/tfjs';
import { describe, expect, it } from 'vitest';
import { randomStream } from '../../data/random.ts';
import { openNodeBackend } from '../node.ts';
import { pretrainingParameters } from '../training/pretraining.ts';
import { hiddenStates, plainBlocks } from './nextitnet.ts';
import { initialise } from './parameters.ts';

const ITEMS = 30;
const ROWS = 3;

/** The hidden states of the last position, computed alone and among all. */
function lastStates(dilations: number[], length: number, kernelSize: number) {
  const channels = 5;
  const random = randomStream(length, 'items');
  const items = Int32Array.from({ length: ROWS * length }, () => random.integer(ITEMS + 1));
  const stored = initialise(pretrainingParameters({ channels, dilations, kernelSize }, ITEMS), 1);
  return tf.tidy(() => {
    const tensors = Object.fromEntries(
      Object.entries(stored).map(([name, { shape, values }]) => [
        name,
        tf.tensor(
          values.map((x) => 20 * x),
          shape,
        ),
      ]),
    );
    const trunk = { table: tensors.item_embedding, dilations, kernelSize, blocks: plainBlocks(tensors, 'blocks') };
    const sequences = { items, rows: ROWS, length };
    const last = hiddenStates(trunk, sequences, 'last');
    const all = hiddenStates(trunk, sequences, 'everywhere');
    const among = tf.slice(all as tf.Tensor3D, [0, length - 1, 0], [ROWS, 1, channels]);
    expect(last.shape).toEqual(among.shape);
    return [last, among].map((tensor) => Array.from(tensor.dataSync()));
  });
}

describe('the receptive cone of the last position gives its state, as if all positions had been computed', () => {
  it.each(['cpu', 'wasm'] as const)('%s', async (backend) => {
    await openNodeBackend(backend);
    for (const [dilations, length, kernelSize] of [
      [[1, 4, 1, 4], 50, 3],
      [[1, 4], 20, 3],
      [[2], 1, 3],
      [[1, 1], 6, 2],
      [[3, 1], 40, 5],
    ] as const) {
      const [alone, among] = lastStates([...dilations], length, kernelSize);
      expect(Math.max(...among.map(Math.abs))).toBeGreaterThan(0.1);
      alone.forEach((x, i) => {
        expect(x).toBeCloseTo(among[i], 4);
      });
    }
  });
});
