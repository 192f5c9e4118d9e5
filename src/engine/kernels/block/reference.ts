import * as tf from '@tensorflow/tfjs';
import { matMul, sumRows } from '../matmul.ts';
import type { Tensors } from '../operation.ts';

/** Layer norm's ε, inside the root. */
const EPSILON = 1e-8;

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
  const padded = tf.pad(x as tf.Tensor3D, [[0, 0], [(taps - 1) * dilation, 0], [0, 0]]);
  const shifted = Array.from({ length: taps }, (_, tap) =>
    tf.slice(padded, [0, tap * dilation, 0], [batch, length, channels]),
  );
  const columns = tf.reshape(tf.concat(shifted, 2), [batch * length, taps * channels]);
  const y = tf.add(matMul(columns, tf.reshape(kernel, [taps * channels, filters])), bias);
  return { y: tf.reshape(y, [batch, length, filters]), columns };
}

/** The gradients of `convolutionForward`, from dy [B, n, m]. */
export function convolutionBackward(dy: tf.Tensor, columns: tf.Tensor, kernel: tf.Tensor, dilation: number) {
  const [batch, length, filters] = dy.shape as [number, number, number];
  const [taps, channels] = kernel.shape as [number, number, number];
  const rows = tf.reshape(dy, [batch * length, filters]);
  const kernelMatrix = tf.reshape(kernel, [taps * channels, filters]);
  const dColumns = tf.reshape(matMul(rows, kernelMatrix, false, true), [batch, length, taps * channels]) as tf.Tensor3D;
  const shifted: tf.Tensor[] = [];
  for (let tap = 0; tap < taps; tap++) {
    const shift = (taps - 1 - tap) * dilation;
    if (shift >= length) continue;
    const kept = tf.slice(dColumns, [0, shift, tap * channels], [batch, length - shift, channels]);
    shifted.push(shift === 0 ? kept : tf.pad(kept, [[0, 0], [0, shift], [0, 0]]));
  }
  return {
    dx: tf.addN(shifted),
    dKernel: tf.reshape(matMul(columns, rows, true, false), kernel.shape),
    dBias: sumRows(rows),
  };
}

/** relu(layer norm over channels), with what its backward needs. */
function normForward(x: tf.Tensor, gamma: tf.Tensor, beta: tf.Tensor) {
  const centred = tf.sub(x, tf.mean(x, -1, true));
  const scale = tf.rsqrt(tf.add(tf.mean(tf.square(centred), -1, true), EPSILON));
  const normalised = tf.mul(centred, scale);
  return { y: tf.relu(tf.add(tf.mul(normalised, gamma), beta)), normalised, scale };
}

function normBackward(dy: tf.Tensor, y: tf.Tensor, normalised: tf.Tensor, scale: tf.Tensor, gamma: tf.Tensor) {
  const channels = y.shape[2] as number;
  const dz = tf.mul(dy, tf.step(y));
  const dNormalised = tf.mul(dz, gamma);
  const projection = tf.mean(tf.mul(dNormalised, normalised), -1, true);
  const centred = tf.sub(dNormalised, tf.mean(dNormalised, -1, true));
  return {
    dx: tf.mul(scale, tf.sub(centred, tf.mul(normalised, projection))),
    dGamma: sumRows(tf.reshape(tf.mul(dz, normalised), [-1, channels])),
    dBeta: sumRows(tf.reshape(dz, [-1, channels])),
  };
}

/** The parameters of one residual branch, in the order in which operations pass them. */
export const BRANCH_PARAMETERS = [
  'conv1.kernel', 'conv1.bias', 'norm1.gamma', 'norm1.beta',
  'conv2.kernel', 'conv2.bias', 'norm2.gamma', 'norm2.beta',
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
    dParameters: [
      conv1.dKernel, conv1.dBias, norm1.dGamma, norm1.dBeta,
      conv2.dKernel, conv2.dBias, norm2.dGamma, norm2.dBeta,
    ],
  };
}
