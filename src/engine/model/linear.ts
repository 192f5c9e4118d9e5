import * as tf from '@tensorflow/tfjs';
import { matMul } from '../kernels/matmul.ts';
import { differentiable } from '../kernels/operation.ts';

/** x W with products that are fast on every backend, both ways: [M, k] × [k, outputs]. */
export const product = (x: tf.Tensor, weight: tf.Tensor): tf.Tensor =>
  differentiable([x, weight], () => ({
    value: matMul(x, weight),
    saved: [x, weight],
    backward: (dy, [input, w]) => [matMul(dy, w, false, true), matMul(input, dy, true, false)],
  }));

/** x Wᵀ + b: [M, k] → [M, outputs], with weight [outputs, k]. */
export function linear(x: tf.Tensor, weight: tf.Tensor, bias: tf.Tensor): tf.Tensor {
  const transposed = differentiable([x, weight], () => ({
    value: matMul(x, weight, false, true),
    saved: [x, weight],
    backward: (dy, [input, w]) => [matMul(dy, w), matMul(dy, input, true, false)],
  }));
  return tf.add(transposed, bias);
}
