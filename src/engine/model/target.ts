import * as tf from '@tensorflow/tfjs';
import { gatherRows } from '../kernels/embedding/index.ts';
import type { Parameters } from './parameters.ts';

export type TargetLoss = 'bpr' | 'bce';

/** o = w_y · h + b_y for one target item a row: users [B, k] → [B]. */
export function scores(parameters: Parameters, users: tf.Tensor, items: Int32Array): tf.Tensor {
  const weight = gatherRows(parameters['target.weight'], items);
  const products = tf.sum(tf.mul(users, weight), 1);
  const bias = parameters['target.bias'];
  return bias === undefined ? products : tf.add(products, gatherRows(bias, items));
}

/**
 * Mean over the rows that count of −log σ(o⁺ − o⁻) (BPR, Eq. 8), or of −log σ(o⁺) − log σ(−o⁻) (BCE, release).
 *
 * @param positive o⁺ [B]
 * @param negative o⁻ [B]
 * @param counts how many rows, from the first, are instances; the rest fill the batch
 */
export function pairwiseLoss(positive: tf.Tensor, negative: tf.Tensor, loss: TargetLoss, counts: number): tf.Tensor {
  // softplus(−x) = −log σ(x): tfjs's logSigmoid has no gradient on intermediate tensors.
  const each =
    loss === 'bpr' ? tf.softplus(tf.sub(negative, positive)) : tf.add(tf.softplus(tf.neg(positive)), tf.softplus(negative));
  const rows = each.shape[0] as number;
  return tf.div(tf.sum(counts === rows ? each : tf.slice(each, [0], [counts])), counts);
}
