import * as tf from '@tensorflow/tfjs';

/**
 * Matrix product [m, k] × [k, n] with optional transposition of either side.
 *
 * On wasm the transposition is made explicit: tfjs hands only untransposed products to XNNPACK (25 GFLOP/s here) and
 * runs the others in a scalar loop (0.5 to 1.8 GFLOP/s).
 */
export function matMul(a: tf.Tensor, b: tf.Tensor, transposeA = false, transposeB = false): tf.Tensor2D {
  if (tf.getBackend() !== 'wasm') return tf.matMul(a as tf.Tensor2D, b as tf.Tensor2D, transposeA, transposeB);
  return tf.matMul((transposeA ? tf.transpose(a) : a) as tf.Tensor2D, (transposeB ? tf.transpose(b) : b) as tf.Tensor2D);
}

/** Sums over the rows of [m, n] → [n]. A product with ones: the fast path on every backend. */
export function sumRows(x: tf.Tensor): tf.Tensor1D {
  return tf.reshape(matMul(tf.ones([1, x.shape[0]]), x), [x.shape[1] as number]);
}
