import * as tf from '@tensorflow/tfjs';
import { heapOf, WHOLE } from './heap.ts';
import { type Operation, run } from './operation.ts';

interface Transpositions {
  readonly transposeA: boolean;
  readonly transposeB: boolean;
}

/** [rows, depth] × [depth, columns]. */
const product: Operation<Transpositions> = {
  name: 'Product',
  reference: ({ a, b }, { transposeA, transposeB }) => [
    tf.matMul(a as tf.Tensor2D, b as tf.Tensor2D, transposeA, transposeB) as tf.Tensor,
  ],
  // tfjs hands only untransposed products to XNNPACK, and runs the others in a scalar loop (0.5 to 1.8 GFLOP/s).
  wasm: ({ a, b }, { transposeA, transposeB }, backend) => {
    const heap = heapOf(backend);
    const [rows, depth] = (transposeA ? [...a.shape].reverse() : a.shape) as [number, number];
    const columns = b.shape[transposeB ? 0 : 1] as number;
    const c = heap.zeros([rows, columns]);
    const [left, right, result] = [a, b, c].map((tensor) => heap.at(tensor));
    if (transposeA) {
      const map = heap.constant(WHOLE);
      heap.parallel(
        'addWeightGradient',
        rows,
        rows * depth * columns,
        heap.kernels.weightGradientScratch(columns),
        (from, to, scratch) => [...[left, map, right, result, scratch, depth, 1, 1, 1, rows, columns], ...[from, to]],
      );
    } else {
      heap.parallel(
        'multiply',
        rows,
        rows * depth * columns,
        heap.kernels.multiplyScratch(depth, columns),
        (from, to, scratch) => {
          const [read, written] = [left + 4 * from * depth, result + 4 * from * columns];
          return [read, right, written, scratch, to - from, depth, columns, Number(transposeB)];
        },
      );
    }
    return [c];
  },
};

export const operations = [product];

/** Matrix product [m, k] × [k, n] with at most one side transposed. */
export function matMul(a: tf.Tensor, b: tf.Tensor, transposeA = false, transposeB = false): tf.Tensor2D {
  return run(product, { a, b }, { transposeA, transposeB })[0] as tf.Tensor2D;
}

/** Sums over the rows of [m, n] → [n]. A product with ones: the fast path on every backend. */
export function sumRows(x: tf.Tensor): tf.Tensor1D {
  return tf.reshape(matMul(tf.ones([1, x.shape[0]]), x), [x.shape[1] as number]);
}
