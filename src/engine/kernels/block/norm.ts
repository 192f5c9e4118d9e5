import * as tf from '@tensorflow/tfjs';
import { allocate, view } from '../heap.ts';
import { sumRows } from '../matmul.ts';
import type { Operation } from '../operation.ts';

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
    const [batch, length, channels] = x.shape as [number, number, number];
    const outputs = [x.shape, x.shape, [batch, length, 1]].map((shape) => allocate(backend, shape));
    const [y, normalised, scale] = outputs.map((output) => view(backend, output));
    const [values, gains, offsets] = [x, gamma, beta].map((input) => view(backend, input));
    for (let row = 0, at = 0; row < batch * length; row++, at += channels) {
      let mean = 0;
      for (let c = 0; c < channels; c++) mean += values[at + c];
      mean /= channels;
      let variance = 0;
      for (let c = 0; c < channels; c++) {
        const centred = values[at + c] - mean;
        variance += centred * centred;
      }
      const root = 1 / Math.sqrt(variance / channels + EPSILON);
      scale[row] = root;
      for (let c = 0; c < channels; c++) {
        const z = (values[at + c] - mean) * root;
        const out = z * gains[c] + offsets[c];
        normalised[at + c] = z;
        y[at + c] = Math.max(0, out);
      }
    }
    return outputs.map((output) => tf.engine().makeTensorFromTensorInfo(output));
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
    const [batch, length, channels] = y.shape as [number, number, number];
    const outputs = [y.shape, gamma.shape, gamma.shape].map((shape) => allocate(backend, shape));
    const [dx, dGamma, dBeta] = outputs.map((output) => view(backend, output));
    const [dOut, out, z, roots, gains] = [dy, y, normalised, scale, gamma].map((input) => view(backend, input));
    const sumGamma = new Float64Array(channels);
    const sumBeta = new Float64Array(channels);
    for (let row = 0, at = 0; row < batch * length; row++, at += channels) {
      let mean = 0;
      let projection = 0;
      for (let c = 0; c < channels; c++) {
        const dz = out[at + c] > 0 ? dOut[at + c] : 0;
        const dNormalised = dz * gains[c];
        mean += dNormalised;
        projection += dNormalised * z[at + c];
        sumGamma[c] += dz * z[at + c];
        sumBeta[c] += dz;
        dx[at + c] = dNormalised;
      }
      mean /= channels;
      projection /= channels;
      for (let c = 0; c < channels; c++) dx[at + c] = roots[row] * (dx[at + c] - mean - z[at + c] * projection);
    }
    dGamma.set(sumGamma);
    dBeta.set(sumBeta);
    return outputs.map((output) => tf.engine().makeTensorFromTensorInfo(output));
  },
};
