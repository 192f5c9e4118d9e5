import * as tf from '@tensorflow/tfjs';
import { gatherRows } from '../kernels/embedding/index.ts';
import { product } from './linear.ts';
import type { Readout, Sequences } from './nextitnet.ts';
import type { ParameterSpecification, Parameters } from './parameters.ts';

/** One GRU layer of width k; the three parts of each tensor stand in the order r, z, n. All uniform ±1/√k. */
export const gruParameters = (prefix: string, channels: number): ParameterSpecification[] =>
  [
    { name: `${prefix}.kernel`, shape: [channels, 3 * channels] },
    { name: `${prefix}.bias`, shape: [3 * channels] },
    { name: `${prefix}.recurrent_kernel`, shape: [channels, 3 * channels] },
    { name: `${prefix}.recurrent_bias`, shape: [3 * channels] },
  ].map((tensor) => ({ ...tensor, initial: { kind: 'uniform', within: 1 / Math.sqrt(channels) } }));

/**
 * A GRU over embedded sequences, from a state of zeros; its last state, or the mean of all, [B, k]. As in cuDNN the reset
 * gate works on the recurrent product: r, z = σ(x W + b + h U + c), n = tanh(x W_n + b_n + r (h U_n + c_n)),
 * h' = (1 − z) n + z h.
 */
export function gru(
  parameters: Parameters,
  prefix: string,
  table: tf.Tensor,
  { items, rows, length }: Sequences,
  readout: Readout,
): tf.Tensor {
  const channels = table.shape[1] as number;
  const [kernel, bias, recurrentKernel, recurrentBias] = ['kernel', 'bias', 'recurrent_kernel', 'recurrent_bias'].map(
    (name) => parameters[`${prefix}.${name}`],
  );
  // Position by position, so that the inputs of one step lie together.
  const inTime = Int32Array.from(items, (_, i) => items[(i % rows) * length + Math.floor(i / rows)]);
  const embedded = gatherRows(table, inTime);
  const inputs = tf.unstack(tf.reshape(tf.add(product(embedded, kernel), bias), [length, rows, 3 * channels]));
  let state: tf.Tensor = tf.zeros([rows, channels]);
  let sum = state;
  for (const input of inputs) {
    const [xr, xz, xn] = tf.split(input, 3, 1);
    const [hr, hz, hn] = tf.split(tf.add(product(state, recurrentKernel), recurrentBias), 3, 1);
    const reset = tf.sigmoid(tf.add(xr, hr));
    const update = tf.sigmoid(tf.add(xz, hz));
    const candidate = tf.tanh(tf.add(xn, tf.mul(reset, hn)));
    state = tf.add(candidate, tf.mul(update, tf.sub(state, candidate)));
    sum = tf.add(sum, state);
  }
  return readout === 'last' ? state : tf.div(sum, length);
}
