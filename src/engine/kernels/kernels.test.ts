import * as tf from '@tensorflow/tfjs';
import { version } from '@tensorflow/tfjs';
import { version_wasm } from '@tensorflow/tfjs-backend-wasm';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { randomStream, standardNormal } from '../../data/random.ts';
import { openNodeBackend } from '../node.ts';
import { adamStep } from './adam/index.ts';
import { type Branch, gatedResidualBlock, residualBlock } from './block/index.ts';
import { BRANCH_PARAMETERS } from './block/reference.ts';
import { softmaxCrossEntropy } from './crossEntropy/index.ts';
import { gatherRows } from './embedding/index.ts';

interface Shape {
  readonly batch: number;
  readonly length: number;
  readonly channels: number;
  readonly dilation: number;
  readonly seed: number;
}

/** Shapes that are awkward on purpose: odd channels, one position, one row. */
const shapes = fc.record({
  batch: fc.integer({ min: 1, max: 4 }),
  length: fc.integer({ min: 1, max: 9 }),
  channels: fc.integer({ min: 3, max: 8 }),
  dilation: fc.integer({ min: 1, max: 5 }),
  seed: fc.nat({ max: 1000 }),
});

const normal = (seed: number, name: string, shape: number[]) => {
  const random = randomStream(seed, name);
  return tf.tensor(
    Float32Array.from({ length: tf.util.sizeFromShape(shape) }, () => standardNormal(random)),
    shape,
  );
};

const branchOf = (seed: number, name: string, k: number): Branch =>
  Object.fromEntries(
    BRANCH_PARAMETERS.map((p) => [p, normal(seed, `${name} ${p}`, p.endsWith('kernel') ? [3, k, k] : [k])]),
  ) as Branch;

/** Value and gradients of sum(y · dy), as plain numbers. */
function evaluate(forward: () => tf.Tensor, inputs: tf.Tensor[], seed: number): number[][] {
  const y = forward();
  const dy = normal(seed, 'dy', y.shape);
  const { grads } = tf.engine().gradients(() => tf.sum(tf.mul(forward(), dy)), inputs);
  return [y, ...grads].map((tensor) => Array.from(tensor.dataSync()));
}

/** The largest difference of two results as a share of the largest value of each tensor. */
const distance = (a: number[][], b: number[][]): number =>
  Math.max(
    ...a.map((values, i) => {
      const scale = Math.max(1e-3, ...values.map(Math.abs));
      return Math.max(0, ...values.map((x, j) => Math.abs(x - b[i][j]))) / scale;
    }),
  );

async function onEach(compute: () => number[][]): Promise<number[][][]> {
  const results: number[][][] = [];
  for (const backend of ['cpu', 'wasm'] as const) {
    await openNodeBackend(backend);
    results.push(tf.tidy(compute));
  }
  return results;
}

describe('operations on cpu and wasm agree, forward and backward', () => {
  it('residual block', async () => {
    await fc.assert(
      fc.asyncProperty(shapes, async ({ batch, length, channels: k, dilation, seed }: Shape) => {
        const [cpu, wasm] = await onEach(() => {
          const x = normal(seed, 'x', [batch, length, k]);
          const b = branchOf(seed, 'b', k);
          return evaluate(() => residualBlock(x, b, dilation), [x, ...Object.values(b)], seed);
        });
        expect(distance(cpu, wasm)).toBeLessThan(1e-2);
        expect(cpu[0].every(Number.isFinite)).toBe(true);
      }),
      { numRuns: 25, seed: 1 },
    );
  });

  it('gated block: gate 0 is the frozen block, gate 1 the fine-tuned one', async () => {
    await openNodeBackend('wasm');
    tf.tidy(() => {
      const x = normal(1, 'x', [2, 5, 4]);
      const frozen = branchOf(1, 'f', 4);
      const tuned = branchOf(1, 't', 4);
      const mixed = gatedResidualBlock(x, frozen, tuned, tf.tensor1d([0, 1]), 2);
      const rows = (tensor: tf.Tensor) => Array.from(tensor.dataSync());
      const [f, t] = [frozen, tuned].map((branch) => rows(residualBlock(x, branch, 2)));
      const expected = [...f.slice(0, 20), ...t.slice(20)];
      expect(distance([expected], [rows(mixed)])).toBeLessThan(1e-5);
    });
  });

  it('rows of a table, repeated ids included', async () => {
    const [cpu, wasm] = await onEach(() => {
      const table = normal(3, 'table', [6, 5]);
      return evaluate(() => gatherRows(table, Int32Array.from([5, 0, 0, 2, 0, 5])), [table], 3);
    });
    expect(distance(cpu, wasm)).toBeLessThan(1e-6);
  });

  it('cross-entropy equals its definition by stock operations, and leaves masked rows out', async () => {
    const targets = Int32Array.from([2, 0, 6, 2, 0, 1]);
    const [cpu, wasm] = await onEach(() => {
      const [hidden, weight, bias] = [normal(4, 'h', [6, 5]), normal(4, 'w', [7, 5]), normal(4, 'b', [7])];
      return evaluate(() => softmaxCrossEntropy(hidden, weight, bias, targets, (t) => t > 0), [hidden, weight, bias], 4);
    });
    await openNodeBackend('cpu');
    const definition = tf.tidy(() => {
      const [hidden, weight, bias] = [normal(4, 'h', [6, 5]), normal(4, 'w', [7, 5]), normal(4, 'b', [7])];
      return evaluate(
        () => {
          const logits = tf.add(tf.matMul(hidden as tf.Tensor2D, weight as tf.Tensor2D, false, true), bias);
          const each = tf.sum(tf.mul(tf.logSoftmax(logits as tf.Tensor2D), tf.oneHot(tf.tensor1d(targets, 'int32'), 7)), 1);
          return tf.div(tf.sum(tf.mul(each, tf.tensor1d([-1, 0, -1, -1, 0, -1]))), 4);
        },
        [hidden, weight, bias],
        4,
      );
    });
    expect(distance(definition, cpu)).toBeLessThan(1e-5);
    expect(distance(definition, wasm)).toBeLessThan(1e-5);
  });

  it('Adam', async () => {
    const [cpu, wasm] = await onEach(() => {
      const parameter = normal(5, 'p', [9]);
      let state = { parameter, first: tf.zerosLike(parameter), second: tf.zerosLike(parameter) };
      for (let step = 1; step <= 3; step++) state = adamStep(state, normal(step, 'g', [9]), 0.01, step);
      return [state.parameter, state.first, state.second].map((tensor) => Array.from(tensor.dataSync()));
    });
    expect(distance(cpu, wasm)).toBeLessThan(1e-5);
  });
});

it('the parts of tfjs are of one version', () => {
  expect(version_wasm).toBe(version['tfjs-core']);
  expect(version.tfjs).toBe(version['tfjs-core']);
});
