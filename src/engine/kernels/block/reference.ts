import * as tf from '@tensorflow/tfjs';
import { matMul, sumRows } from '../matmul.ts';
import { run, type Tensors } from '../operation.ts';
import { normRelu, normReluGradient } from './norm.ts';
import { foldTaps, unrollTaps } from './taps.ts';

/**
 * Causal dilated convolution: y[t] = bias + Σ_j kernel[j] · x[t − (taps − 1 − j) · d], zeros before the beginning.
 *
 * @param x [B, n, k]
 * @param kernel [taps, k, m], tap 0 the oldest
 * @returns y [B, n, m] and the unrolled input [B·n, taps·k] that the backward needs
 */
export function convolutionForward(x: tf.Tensor, kernel: tf.Tensor, bias: tf.Tensor, dilation: number) {
  const [batch, length, channels] = x.shape as [number, number, number];
  const [taps, , filters] = kernel.shape as [number, number, number];
  const [columns] = run(unrollTaps, { x }, { taps, dilation });
  const y = tf.add(matMul(columns, tf.reshape(kernel, [taps * channels, filters])), bias);
  return { y: tf.reshape(y, [batch, length, filters]), columns };
}

/** The gradients of `convolutionForward`, from dy [B, n, m]. */
export function convolutionBackward(dy: tf.Tensor, columns: tf.Tensor, kernel: tf.Tensor, dilation: number) {
  const [batch, length, filters] = dy.shape as [number, number, number];
  const [taps, channels] = kernel.shape as [number, number, number];
  const rows = tf.reshape(dy, [batch * length, filters]);
  const kernelMatrix = tf.reshape(kernel, [taps * channels, filters]);
  const dColumns = tf.reshape(matMul(rows, kernelMatrix, false, true), [batch, length, taps * channels]);
  const [dx] = run(foldTaps, { dColumns }, { taps, dilation });
  return {
    dx,
    dKernel: tf.reshape(matMul(columns, rows, true, false), kernel.shape),
    dBias: sumRows(rows),
  };
}

function normForward(x: tf.Tensor, gamma: tf.Tensor, beta: tf.Tensor) {
  const [y, normalised, scale] = run(normRelu, { x, gamma, beta }, {});
  return { y, normalised, scale };
}

function normBackward(dy: tf.Tensor, y: tf.Tensor, normalised: tf.Tensor, scale: tf.Tensor, gamma: tf.Tensor) {
  const [dx, dGamma, dBeta] = run(normReluGradient, { dy, y, normalised, scale, gamma }, {});
  return { dx, dGamma, dBeta };
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

/** F(x) = relu(LN2(conv_2d(relu(LN1(conv_d(x)))))) of Eq. 1, with what `branchBackward` needs. */
export function branchForward(x: tf.Tensor, p: Tensors, dilation: number) {
  const conv1 = convolutionForward(x, p['conv1.kernel'], p['conv1.bias'], dilation);
  const norm1 = normForward(conv1.y, p['norm1.gamma'], p['norm1.beta']);
  const conv2 = convolutionForward(norm1.y, p['conv2.kernel'], p['conv2.bias'], 2 * dilation);
  const norm2 = normForward(conv2.y, p['norm2.gamma'], p['norm2.beta']);
  const saved = [conv1.columns, norm1.y, norm1.normalised, norm1.scale, conv2.columns, norm2.y, norm2.normalised, norm2.scale];
  return { y: norm2.y, saved };
}

/** Gradients of F for its input and, in the order of `BRANCH_PARAMETERS`, for its parameters. */
export function branchBackward(dy: tf.Tensor, saved: readonly tf.Tensor[], p: Tensors, dilation: number) {
  const [columns1, y1, normalised1, scale1, columns2, y2, normalised2, scale2] = saved;
  const norm2 = normBackward(dy, y2, normalised2, scale2, p['norm2.gamma']);
  const conv2 = convolutionBackward(norm2.dx, columns2, p['conv2.kernel'], 2 * dilation);
  const norm1 = normBackward(conv2.dx, y1, normalised1, scale1, p['norm1.gamma']);
  const conv1 = convolutionBackward(norm1.dx, columns1, p['conv1.kernel'], dilation);
  return {
    dx: conv1.dx,
    dParameters: [conv1.dKernel, conv1.dBias, norm1.dGamma, norm1.dBeta, conv2.dKernel, conv2.dBias, norm2.dGamma, norm2.dBeta],
  };
}
