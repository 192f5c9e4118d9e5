import * as tf from '@tensorflow/tfjs';
import { gatherRows } from '../embedding/index.ts';
import { differentiable, type Operation, run } from '../operation.ts';
import { pairwiseLossOnHeap } from './wasm.ts';
import { pairwiseLossOnGpu } from './webgpu.ts';

type TargetLoss = 'bpr' | 'bce';

export interface Pairs {
  readonly loss: TargetLoss;
  /** How many rows, from the first, are instances; the rest fill the batch. */
  readonly instances: number;
}

/**
 * Mean over the instances of −log σ(o⁺ − o⁻) (BPR, Eq. 8), or of −log σ(o⁺) − log σ(−o⁻) (BCE, release), o = w · h + b: the loss, and at
 * once its gradients for h [B, k], w [2B, k] (of the positive items, then of the negative ones) and b [2B].
 */
const pairwise: Operation<Pairs> = {
  name: 'PairwiseLoss',
  reference: ({ users, weight, bias }, { loss, instances }) => {
    const [rows, channels] = users.shape as [number, number];
    const both = tf.concat([users, users], 0);
    const scores = tf.reshape(tf.add(tf.sum(tf.mul(both, weight), 1), bias), [2, rows]);
    const [positive, negative] = tf.split(scores, 2, 0).map((each) => tf.reshape(each, [rows]));
    const counts = tf.tensor1d(Float32Array.from({ length: rows }, (_, row) => (row < instances ? 1 / instances : 0)));
    const difference = tf.sub(negative, positive);
    // softplus(−x) = −log σ(x)
    const each = loss === 'bpr' ? tf.softplus(difference) : tf.add(tf.softplus(tf.neg(positive)), tf.softplus(negative));
    const push = tf.sigmoid(difference);
    const [dPositive, dNegative] =
      loss === 'bpr' ? [tf.neg(push), push] : [tf.sub(tf.sigmoid(positive), 1), tf.sigmoid(negative)];
    const dScores = tf.concat([tf.mul(dPositive, counts), tf.mul(dNegative, counts)], 0);
    const column = tf.reshape(dScores, [2 * rows, 1]);
    const dUsers = tf.sum(tf.reshape(tf.mul(weight, column), [2, rows, channels]), 0);
    return [tf.sum(tf.mul(each, counts)), dUsers, tf.mul(both, column), dScores];
  },
  wasm: pairwiseLossOnHeap,
  webgpu: pairwiseLossOnGpu,
};

export const operations = [pairwise];

/**
 * The loss of user vectors [B, k] for one positive and one negative item a row, a scalar.
 *
 * @param weight w of every item [items, k]
 * @param bias b of every item [items]; none counts as 0
 */
export function pairwiseLoss(
  users: tf.Tensor,
  weight: tf.Tensor,
  bias: tf.Tensor | undefined,
  positives: Int32Array,
  negatives: Int32Array,
  pairs: Pairs,
): tf.Tensor {
  const items = Int32Array.from([...positives, ...negatives]);
  const rows = gatherRows(weight, items);
  const biases = bias === undefined ? tf.zeros([items.length]) : gatherRows(bias, items);
  return differentiable([users, rows, biases], () => {
    const [value, ...saved] = run(pairwise, { users, weight: rows, bias: biases }, pairs);
    return { value, saved, backward: (dy, gradients) => gradients.map((gradient) => tf.mul(gradient, dy)) };
  });
}
