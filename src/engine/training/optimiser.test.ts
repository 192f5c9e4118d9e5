import * as tf from '@tensorflow/tfjs';
import { describe, expect, it } from 'vitest';
import { randomStream, standardNormal } from '../../data/random.ts';
import { gatherRows } from '../kernels/embedding/index.ts';
import type { Parameters } from '../model/parameters.ts';
import { openNodeBackend } from '../node.ts';
import { Optimiser } from './optimiser.ts';

const ROWS = 30;
const WIDTH = 6;

/** Few rows a step, the first ones far more often than the others, which miss up to hundreds of steps. */
function idsOf(step: number): Int32Array {
  const random = randomStream(step, 'ids');
  return Int32Array.from({ length: 5 }, () => Math.floor(random.uniform() ** (step % 40 === 0 ? 1 : 6) * ROWS));
}

const stored = () => {
  const random = randomStream(1, 'table');
  const values = Float32Array.from({ length: ROWS * WIDTH }, () => standardNormal(random));
  return {
    item_embedding: { shape: [ROWS, WIDTH], values },
    'target.bias': { shape: [ROWS], values: values.slice(0, ROWS) },
  };
};

/** ½ Σ (row + bias − step)²: gradients that differ from step to step. */
const byRows =
  (step: number) =>
  ({ item_embedding: table, 'target.bias': bias }: Parameters): tf.Tensor => {
    const ids = idsOf(step);
    const rows = tf.add(gatherRows(table, ids), tf.reshape(gatherRows(bias, ids), [-1, 1]));
    // Read once more: the gradients of both have to be added up.
    const again = gatherRows(table, idsOf(step + 1000));
    return tf.add(tf.sum(tf.square(tf.sub(rows, Math.sin(step)))), tf.sum(again));
  };

async function train(backend: 'cpu' | 'wasm', steps: number, loss: (step: number) => (parameters: Parameters) => tf.Tensor) {
  await openNodeBackend(backend);
  const optimiser = new Optimiser(stored(), () => true, 0.01);
  const losses: number[] = [];
  for (let step = 1; step <= steps; step++) {
    const value = optimiser.step(loss(step));
    losses.push(value.dataSync()[0]);
    value.dispose();
  }
  const values = Object.values(optimiser.parameters).map((tensor) => Array.from(tensor.dataSync()));
  optimiser.dispose();
  return { losses, values: values.flat() };
}

const distance = (a: readonly number[], b: readonly number[]) =>
  Math.max(...a.map((x, i) => Math.abs(x - b[i]) / Math.max(1, Math.abs(x))));

describe('rows that are stepped when they are read', () => {
  it('have the values of dense Adam, whether they are read by rows or as a whole', async () => {
    const [dense, deferred] = [await train('cpu', 500, byRows), await train('wasm', 500, byRows)];
    expect(distance(dense.losses, deferred.losses)).toBeLessThan(1e-4);
    expect(distance(dense.values, deferred.values)).toBeLessThan(1e-4);
    expect(dense.values.every(Number.isFinite)).toBe(true);
  });

  it('can be read by rows and as a whole in the same step', async () => {
    const both = (step: number) => (parameters: Parameters) =>
      tf.add(byRows(step)(parameters), tf.sum(tf.square(parameters.item_embedding)));
    const [dense, deferred] = [await train('cpu', 50, both), await train('wasm', 50, both)];
    expect(distance(dense.values, deferred.values)).toBeLessThan(1e-4);
  });

  it('must not be behind when the table is used as a whole', async () => {
    const now = (step: number) => (parameters: Parameters) =>
      step < 5 ? byRows(step)(parameters) : tf.sum(tf.square(parameters.item_embedding));
    await expect(train('wasm', 5, now)).rejects.toThrow(/as a whole while some of its rows were behind/);
  });
});
