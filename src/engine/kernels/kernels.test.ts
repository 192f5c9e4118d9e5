import * as tf from '@tensorflow/tfjs';
import { version } from '@tensorflow/tfjs';
import { version_wasm } from '@tensorflow/tfjs-backend-wasm';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { compile } from '../../../scripts/kernels.ts';
import { randomStream, standardNormal } from '../../data/random.ts';
import { openNodeBackend, readWasm } from '../node.ts';
import { adamStep } from './adam/index.ts';
import { type BlockGeometry, type Reach, trunkGeometry } from './block/geometry.ts';
import { type Branch, causalConvolution, gatedResidualBlocks, residualBlock } from './block/index.ts';
import { BRANCH_PARAMETERS } from './block/reference.ts';
import { tiles } from './block/tiling.ts';
import { softmaxCrossEntropy } from './crossEntropy/index.ts';
import { gatherRows } from './embedding/index.ts';
import { SIMD_VARIANTS } from './heap.ts';
import { matMul } from './matmul.ts';
import { rank } from './rank/index.ts';

interface Shape {
  readonly batch: number;
  readonly length: number;
  readonly channels: number;
  readonly dilation: number;
  readonly reach: Reach;
  readonly seed: number;
}

/** Shapes that are awkward on purpose: odd channels, one position, one row; at the last position and everywhere. */
const shapes = fc.record({
  batch: fc.integer({ min: 1, max: 4 }),
  length: fc.integer({ min: 1, max: 9 }),
  channels: fc.integer({ min: 3, max: 21 }),
  dilation: fc.integer({ min: 1, max: 5 }),
  reach: fc.constantFrom<Reach>('last', 'everywhere'),
  seed: fc.nat({ max: 1000 }),
});

const geometryOf = ({ length, dilation, reach }: Pick<Shape, 'length' | 'dilation' | 'reach'>): BlockGeometry =>
  trunkGeometry(length, [dilation], 3, reach).blocks[0];

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
      fc.asyncProperty(shapes, async ({ batch, channels: k, seed, ...places }: Shape) => {
        const geometry = geometryOf(places);
        const [cpu, wasm] = await onEach(() => {
          const x = normal(seed, 'x', [batch, geometry.first.inner, k]);
          const b = branchOf(seed, 'b', k);
          return evaluate(() => residualBlock(x, b, geometry), [x, ...Object.values(b)], seed);
        });
        expect(distance(cpu, wasm)).toBeLessThan(1e-2);
        expect(cpu[0].every(Number.isFinite)).toBe(true);
      }),
      { numRuns: 40, seed: 1 },
    );
  });

  it('gated block, with gates that choose and gates that mix', async () => {
    const gates = fc.array(fc.constantFrom(0, 1, 0.3), { minLength: 4, maxLength: 4 });
    await fc.assert(
      fc.asyncProperty(shapes, gates, async ({ batch, channels: k, seed, ...places }: Shape, gate: number[]) => {
        const geometry = geometryOf(places);
        const [cpu, wasm] = await onEach(() => {
          const x = normal(seed, 'x', [batch, geometry.first.inner, k]);
          const [frozen, tuned] = [branchOf(seed, 'f', k), branchOf(seed, 't', k)];
          const chosen = tf.tensor2d(gate.slice(0, batch), [batch, 1]);
          const forward = () => gatedResidualBlocks(x, [frozen], [tuned], chosen, [geometry]);
          const [alone, ...gradients] = evaluate(forward, [x, chosen, ...Object.values(tuned)], seed);
          // Off the tape only what a gate chooses is computed; on it, both.
          const taped = tf.engine().gradients(forward, [chosen], tf.ones([batch, geometry.second.outer, k])).value;
          return [alone, Array.from(taped.dataSync()), ...gradients];
        });
        expect(distance([cpu[0]], [cpu[1]])).toBeLessThan(1e-6);
        expect(distance([wasm[0]], [wasm[1]])).toBeLessThan(1e-5);
        expect(distance(cpu, wasm)).toBeLessThan(1e-2);
      }),
      { numRuns: 40, seed: 1 },
    );
  });

  it('gated block: gate 0 is the frozen block, gate 1 the fine-tuned one', async () => {
    await openNodeBackend('wasm');
    tf.tidy(() => {
      const geometry = geometryOf({ length: 5, dilation: 2, reach: 'everywhere' });
      const x = normal(1, 'x', [2, 5, 4]);
      const frozen = branchOf(1, 'f', 4);
      const tuned = branchOf(1, 't', 4);
      const mixed = gatedResidualBlocks(x, [frozen], [tuned], tf.tensor2d([[0], [1]]), [geometry]);
      const rows = (tensor: tf.Tensor) => Array.from(tensor.dataSync());
      const [f, t] = [frozen, tuned].map((branch) => rows(residualBlock(x, branch, geometry)));
      const expected = [...f.slice(0, 20), ...t.slice(20)];
      expect(distance([expected], [rows(mixed)])).toBeLessThan(1e-5);
    });
  });

  it('a convolution in tiles is the one tap by tap', async () => {
    await openNodeBackend('wasm');
    const [filters, sizes] = [fc.integer({ min: 1, max: 21 }), fc.integer({ min: 1, max: 40 })];
    fc.assert(
      fc.property(shapes, filters, sizes, sizes, ({ channels: k, dilation, reach, seed }: Shape, m, length, batch) => {
        const { first, second } = geometryOf({ length, dilation, reach });
        for (const geometry of [first, second]) {
          const [direct, tiled] = (['never', 'always'] as const).map((use) => {
            tiles.use = use;
            return tf.tidy(() => {
              const [x, kernel] = [normal(seed, 'x', [batch, geometry.inner, k]), normal(seed, 'w', [3, k, m])];
              const inputs = [x, kernel, normal(seed, 'b', [m])];
              return evaluate(() => causalConvolution(x, kernel, inputs[2], geometry), inputs, seed);
            });
          });
          expect(distance(direct, tiled)).toBeLessThan(1e-5);
        }
      }),
      { numRuns: 60, seed: 1 },
    );
    tiles.use = 'where they pay';
  });

  it('products, transposed and not', async () => {
    const sizes = fc.tuple(fc.integer({ min: 1, max: 40 }), fc.integer({ min: 1, max: 700 }), fc.integer({ min: 1, max: 40 }));
    await fc.assert(
      fc.asyncProperty(sizes, fc.constantFrom('', 'a', 'b'), async ([m, k, n], transposed) => {
        const [cpu, wasm] = await onEach(() => {
          const a = normal(m, 'a', transposed === 'a' ? [k, m] : [m, k]);
          const b = normal(n, 'b', transposed === 'b' ? [n, k] : [k, n]);
          return [Array.from(matMul(a, b, transposed === 'a', transposed === 'b').dataSync())];
        });
        expect(distance(cpu, wasm)).toBeLessThan(1e-4);
      }),
      { numRuns: 40, seed: 1 },
    );
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

describe('ranks', () => {
  /** One user with these scores. */
  const ranked = (scores: number[], targets: number[], negatives: number[]) =>
    onEach(() => {
      const { all, sampled } = rank(tf.tensor2d([scores]), tf.eye(scores.length), undefined, {
        rows: new Int32Array(targets.length),
        targets: Int32Array.from(targets),
        negatives: Int32Array.from(negatives),
      });
      return [all, sampled].map((tensor) => Array.from(tensor.dataSync()));
    });

  it('equal scores of lower numbers count against the target; among candidates all of them do', async () => {
    for (const [all, sampled] of await ranked([0.5, 0.1, 0.5, 0.9, 0.5], [0, 1, 2, 3, 4], [1, 2, 0, 2, 0, 4, 0, 1, 0, 2])) {
      expect(all).toEqual([2, 5, 3, 1, 4]);
      expect(sampled).toEqual([2, 3, 3, 1, 3]);
    }
  });

  it('a score that is not a number never looks perfect', async () => {
    for (const [all, sampled] of await ranked(new Array<number>(5).fill(Number.NaN), [2], [0, 1])) {
      expect([all, sampled]).toEqual([[5], [3]]);
    }
  });

  it('agree with sorting', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.integer({ min: 0, max: 5 }), { minLength: 1, maxLength: 30 }),
        fc.nat(),
        async (values, at) => {
          const target = at % values.length;
          const order = values.map((_, i) => i).sort((a, b) => values[b] - values[a] || a - b);
          for (const [all] of await ranked(values, [target], [])) expect(all).toEqual([order.indexOf(target) + 1]);
        },
      ),
      { numRuns: 50, seed: 1 },
    );
  });
});

it('the compiled kernels are those of the sources', async () => {
  for (const variant of SIMD_VARIANTS) {
    expect(Buffer.from(await compile(variant)).equals(Buffer.from(await readWasm(variant)))).toBe(true);
  }
});

it('the parts of tfjs are of one version', () => {
  expect(version_wasm).toBe(version['tfjs-core']);
  expect(version.tfjs).toBe(version['tfjs-core']);
});
