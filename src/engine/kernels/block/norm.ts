import * as tf from '@tensorflow/tfjs';
import { heapOf } from '../heap.ts';
import { sumRows } from '../matmul.ts';
import type { Operation } from '../operation.ts';
import { normBackward } from './wasm.ts';

/** Layer norm's ε, inside the root. */
const EPSILON = 1e-8;

/** relu(γ · (x − mean) · scale + β) over channels: x [B, n, k] → y, the normalised x, and scale [B, n, 1]. */
export const normRelu: Operation<object> = {
  name: 'NormRelu',
  reference: ({ x, gamma, beta }) => {
    const centred = tf.sub(x, tf.mean(x, -1, true));
    const scale = tf.rsqrt(tf.add(tf.mean(tf.square(centred), -1, true), EPSILON));
    const normalised = tf.mul(centred, scale);
    return [tf.relu(tf.add(tf.mul(normalised, gamma), beta)), normalised, scale];
  },
  wasm: ({ x, gamma, beta }, _attributes, backend) => {
    const heap = heapOf(backend);
    const [batch, length, channels] = x.shape as [number, number, number];
    const [y, normalised, scale] = [x.shape, x.shape, [batch, length, 1]].map((shape) => heap.output(shape));
    heap.copy(x, normalised);
    const [z, g, b, out, root] = [normalised, gamma, beta, y, scale].map((tensor) => heap.at(tensor));
    heap.kernels.normRelu(z, g, b, out, root, batch * length, channels);
    return [y, normalised, scale];
  },
};

/** The gradient of `normRelu`: dy, y, normalised [B, n, k], scale, γ → dx, dγ, dβ. */
export const normReluGradient: Operation<object> = {
  name: 'NormReluGradient',
  reference: ({ dy, y, normalised, scale, gamma }) => {
    const channels = y.shape[2] as number;
    const dz = tf.mul(dy, tf.step(y));
    const dNormalised = tf.mul(dz, gamma);
    const projection = tf.mean(tf.mul(dNormalised, normalised), -1, true);
    const centred = tf.sub(dNormalised, tf.mean(dNormalised, -1, true));
    return [
      tf.mul(scale, tf.sub(centred, tf.mul(normalised, projection))),
      sumRows(tf.reshape(tf.mul(dz, normalised), [-1, channels])),
      sumRows(tf.reshape(dz, [-1, channels])),
    ];
  },
  wasm: ({ dy, y, normalised, scale, gamma }, _attributes, backend) => {
    const heap = heapOf(backend);
    const dx = heap.output(y.shape);
    heap.copy(dy, dx);
    const [dGamma, dBeta] = normBackward(heap, dx, y, normalised, scale, gamma);
    return [dx, dGamma, dBeta];
  },
};
