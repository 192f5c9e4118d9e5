import * as tf from '@tensorflow/tfjs';
import type { Taps } from '../kernels/block/geometry.ts';
import { choosePlaces, frozenConvolution, layerNormRelu } from '../kernels/block/index.ts';
import { product } from './linear.ts';
import { type Blocks, oneByOne } from './nextitnet.ts';
import type { Parameters } from './parameters.ts';

/** gelu in its tanh form: x/2 · (1 + tanh(√(2/π) (x + 0.044715 x³))). */
function gelu(x: tf.Tensor): tf.Tensor {
  const inner = tf.mul(Math.sqrt(2 / Math.PI), tf.add(x, tf.mul(0.044715, tf.mul(x, tf.mul(x, x)))));
  return tf.mul(tf.mul(0.5, x), tf.add(1, tf.tanh(inner)));
}

/** PeterRec's bottleneck: h + up(gelu(down(h))), [B, n, k] → [B, n, k]. */
function adapter(h: tf.Tensor, parameters: Parameters, prefix: string): tf.Tensor {
  const channels = h.shape[2] as number;
  const rows = tf.reshape(h, [-1, channels]);
  const layer = (x: tf.Tensor, name: string) =>
    tf.add(product(x, parameters[`${prefix}.${name}.kernel`]), parameters[`${prefix}.${name}.bias`]);
  return tf.add(h, tf.reshape(layer(gelu(layer(rows, 'down')), 'up'), h.shape));
}

/** A residual block with an adapter after each convolution, before its norm. */
export const adaptedBlocks = (parameters: Parameters): Blocks =>
  oneByOne((x, l, { first, second, skip }) => {
    const half = (h: tf.Tensor, i: 1 | 2, taps: Taps) => {
      const of = (name: string) => parameters[`blocks.${l}.${name}`];
      const convolved = frozenConvolution(h, of(`conv${i}.kernel`), of(`conv${i}.bias`), taps);
      const adapted = adapter(convolved, parameters, `adapters.${l}.adapter${i}`);
      return layerNormRelu(adapted, of(`norm${i}.gamma`), of(`norm${i}.beta`));
    };
    return tf.add(choosePlaces(x, skip), half(half(x, 1, first), 2, second));
  });
