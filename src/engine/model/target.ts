import * as tf from '@tensorflow/tfjs';
import { gatherRows } from '../kernels/embedding/index.ts';
import type { Parameters } from './parameters.ts';

/** o = w_y · h + b_y for one target item a row: users [B, k] → [B]. */
export function scores(parameters: Parameters, users: tf.Tensor, items: Int32Array): tf.Tensor {
  const weight = gatherRows(parameters['target.weight'], items);
  const products = tf.sum(tf.mul(users, weight), 1);
  const bias = parameters['target.bias'];
  return bias === undefined ? products : tf.add(products, gatherRows(bias, items));
}
