import * as tf from '@tensorflow/tfjs';
import { matMul, sumRows } from '../matmul.ts';
import { run, type Tensors } from '../operation.ts';
import type { BlockGeometry, Taps } from './geometry.ts';
import { normRelu, normReluGradient } from './norm.ts';

/** Places of x [B, inner, k] by their numbers → [B, places.length, k]; zeros for −1. */
export function takePlaces(x: tf.Tensor, places: Int32Array): tf.Tensor {
  const [batch, inner, channels] = x.shape as [number, number, number];
  const extended = tf.concat([x as tf.Tensor3D, tf.zeros([batch, 1, channels])], 1);
  const indices = places.map((place) => (place < 0 ? inner : place));
  return tf.gather(extended, tf.tensor1d(indices, 'int32'), 1);
}

/** The input of a convolution laid out for one matrix product: x [B, inner, k] → [B·outer, taps·k]. */
function columnsOf(x: tf.Tensor, { outer, taps, map }: Taps): tf.Tensor2D {
  const [batch, , channels] = x.shape as [number, number, number];
  return tf.reshape(takePlaces(x, map), [batch * outer, taps * channels]);
}

/**
 * Causal convolution at chosen places: y[o] = bias + Σ_tap kernel[tap] · x[map[o, tap]].
 *
 * @param x [B, inner, k]
 * @param kernel [taps, k, m], tap 0 the oldest
 * @returns [B, outer, m]
 */
export function convolutionForward(x: tf.Tensor, kernel: tf.Tensor, bias: tf.Tensor, geometry: Taps): tf.Tensor {
  const [taps, channels, filters] = kernel.shape as [number, number, number];
  const y = tf.add(matMul(columnsOf(x, geometry), tf.reshape(kernel, [taps * channels, filters])), bias);
  return tf.reshape(y, [x.shape[0], geometry.outer, filters]);
}

/** The gradient of `convolutionForward` for x [B, inner, k], from dy [B, outer, m]. */
export function convolutionInputBackward(dy: tf.Tensor, kernel: tf.Tensor, { inner, outer, taps, inverse }: Taps): tf.Tensor {
  const [batch, , filters] = dy.shape as [number, number, number];
  const channels = kernel.shape[1] as number;
  const rows = tf.reshape(dy, [batch * outer, filters]);
  const kernelMatrix = tf.reshape(kernel, [taps * channels, filters]);
  const dColumns = tf.reshape(matMul(rows, kernelMatrix, false, true), [batch, outer * taps, channels]);
  const readers = inverse.map((o, i) => (o < 0 ? -1 : o * taps + (i % taps)));
  return tf.sum(tf.reshape(takePlaces(dColumns, readers), [batch, inner, taps, channels]), 2);
}

/** All of its gradients. */
export function convolutionBackward(dy: tf.Tensor, x: tf.Tensor, kernel: tf.Tensor, geometry: Taps) {
  const rows = tf.reshape(dy, [dy.shape[0] * geometry.outer, dy.shape[2] as number]);
  return {
    dx: convolutionInputBackward(dy, kernel, geometry),
    dKernel: tf.reshape(matMul(columnsOf(x, geometry), rows, true, false), kernel.shape),
    dBias: sumRows(rows),
  };
}

/** The parameters of one residual branch, in the order in which operations pass them. */
export const BRANCH_PARAMETERS = [
  'conv1.kernel',
  'conv1.bias',
  'norm1.gamma',
  'norm1.beta',
  'conv2.kernel',
  'conv2.bias',
  'norm2.gamma',
  'norm2.beta',
] as const;

/** What the backward of a branch needs: of both norms the output, the normalised input and its scale. The first output leads. */
export const SAVED_PER_BRANCH = 6;

/** F(x) = relu(LN2(conv_2d(relu(LN1(conv_d(x)))))) of Eq. 1, with what `branchBackward` needs. */
export function branchForward(x: tf.Tensor, p: Tensors, { first, second }: BlockGeometry) {
  const conv1 = convolutionForward(x, p['conv1.kernel'], p['conv1.bias'], first);
  const norm1 = run(normRelu, { x: conv1, gamma: p['norm1.gamma'], beta: p['norm1.beta'] }, {});
  const conv2 = convolutionForward(norm1[0], p['conv2.kernel'], p['conv2.bias'], second);
  const norm2 = run(normRelu, { x: conv2, gamma: p['norm2.gamma'], beta: p['norm2.beta'] }, {});
  return { y: norm2[0], saved: [...norm1, ...norm2] };
}

/** Gradients of F for its input and, in the order of `BRANCH_PARAMETERS`, for its parameters. */
export function branchBackward(dy: tf.Tensor, x: tf.Tensor, saved: readonly tf.Tensor[], p: Tensors, geometry: BlockGeometry) {
  const [y1, normalised1, scale1, y2, normalised2, scale2] = saved;
  const norm = (d: tf.Tensor, y: tf.Tensor, normalised: tf.Tensor, scale: tf.Tensor, gamma: tf.Tensor) =>
    run(normReluGradient, { dy: d, y, normalised, scale, gamma }, {});
  const [d2, dGamma2, dBeta2] = norm(dy, y2, normalised2, scale2, p['norm2.gamma']);
  const conv2 = convolutionBackward(d2, y1, p['conv2.kernel'], geometry.second);
  const [d1, dGamma1, dBeta1] = norm(conv2.dx, y1, normalised1, scale1, p['norm1.gamma']);
  const conv1 = convolutionBackward(d1, x, p['conv1.kernel'], geometry.first);
  return {
    dx: conv1.dx,
    dParameters: [conv1.dKernel, conv1.dBias, dGamma1, dBeta1, conv2.dKernel, conv2.dBias, dGamma2, dBeta2],
  };
}
