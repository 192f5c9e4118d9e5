import * as tf from '@tensorflow/tfjs';
import { gatherRows, scatterRows } from '../embedding/index.ts';
import { matMul, sumRows } from '../matmul.ts';
import { differentiable, type Operation, run } from '../operation.ts';

interface Targets {
  /** The class of each row of `hidden`; 0 where the weight is 0. */
  readonly targets: Int32Array;
  /** The weight of each row in the loss; 0 leaves it out. */
  readonly weights: Float32Array;
}

/** At most this many logits exist at a time (16 MB). */
const LOGITS_AT_A_TIME = 1 << 22;

/**
 * Softmax cross-entropy Σ_i weight_i · (−log softmax(W h_i + b)[target_i]), a chunk of rows at a time: the loss, and
 * at once its gradients for h, W and b, so that no logits are kept for a backward pass.
 */
const crossEntropy: Operation<Targets> = {
  name: 'SoftmaxCrossEntropy',
  reference: ({ hidden, weight, bias }, { targets, weights }) => {
    const [rows, channels] = hidden.shape as [number, number];
    const classes = weight.shape[0];
    const chunk = Math.min(rows, Math.max(1, Math.floor(LOGITS_AT_A_TIME / classes)));
    const transposed = tf.transpose(weight);
    let loss: tf.Tensor = tf.scalar(0);
    let dWeight: tf.Tensor = tf.zeros([channels, classes]);
    let dBias: tf.Tensor = tf.zeros([classes]);
    const dHidden: tf.Tensor[] = [];
    for (let from = 0; from < rows; from += chunk) {
      const size = Math.min(chunk, rows - from);
      const [partLoss, partWeight, partBias, partHidden] = tf.tidy(() => {
        const h = tf.slice(hidden, [from, 0], [size, channels]);
        const w = tf.tensor2d(weights.subarray(from, from + size), [size, 1]);
        const logits = tf.add(matMul(h, transposed), bias);
        const largest = tf.max(logits, 1, true);
        const exponentials = tf.exp(tf.sub(logits, largest));
        const total = tf.sum(exponentials, 1, true);
        const logTotal = tf.add(tf.log(total), largest);
        const dLogits = tf.mul(exponentials, tf.div(w, total));
        return [
          tf.add(loss, tf.sum(tf.mul(logTotal, w))),
          tf.add(dWeight, matMul(h, dLogits, true, false)),
          tf.add(dBias, sumRows(dLogits)),
          matMul(dLogits, weight),
        ];
      });
      tf.dispose([loss, dWeight, dBias]);
      [loss, dWeight, dBias] = [partLoss, partWeight, partBias];
      dHidden.push(partHidden);
    }
    // The part of the target itself: −weight · logit[target].
    const w = tf.tensor2d(weights, [rows, 1]);
    const own = tf.mul(gatherRows(weight, targets), w);
    const ownBias = tf.mul(gatherRows(tf.reshape(bias, [classes, 1]), targets), w);
    return [
      tf.sub(loss, tf.add(tf.sum(tf.mul(own, hidden)), tf.sum(ownBias))),
      tf.sub(tf.concat(dHidden, 0), own),
      tf.sub(tf.transpose(dWeight), scatterRows(tf.mul(hidden, w), targets, classes)),
      tf.sub(dBias, tf.reshape(scatterRows(w, targets, classes), [classes])),
    ];
  },
};

export const operations = [crossEntropy];

/** Rows beyond the counted ones are filled up to a multiple of this, so that few buffer sizes occur. */
const ROUNDING = 64;

/**
 * Mean softmax cross-entropy of the next item (Eqs. 3-5) over the rows whose target counts.
 *
 * @param hidden [M, k]
 * @param weight [classes, k]
 * @param bias [classes]
 * @param targets the class of each row
 * @param counts whether a row of that target counts
 * @returns a scalar; 0 if no row counts
 */
export function softmaxCrossEntropy(
  hidden: tf.Tensor,
  weight: tf.Tensor,
  bias: tf.Tensor,
  targets: Int32Array,
  counts: (target: number) => boolean,
): tf.Tensor {
  const counted: number[] = [];
  for (let i = 0; i < targets.length; i++) if (counts(targets[i])) counted.push(i);
  if (counted.length === 0) return tf.scalar(0);
  const size = Math.min(targets.length, Math.ceil(counted.length / ROUNDING) * ROUNDING);
  const rows = new Int32Array(size);
  const classes = new Int32Array(size);
  const weights = new Float32Array(size);
  counted.forEach((row, i) => {
    rows[i] = row;
    classes[i] = targets[row];
    weights[i] = 1 / counted.length;
  });
  const chosen = gatherRows(hidden, rows);
  return differentiable([chosen, weight, bias], () => {
    const [value, ...saved] = run(crossEntropy, { hidden: chosen, weight, bias }, { targets: classes, weights });
    return { value, saved, backward: (dy, gradients) => gradients.map((gradient) => tf.mul(gradient, dy)) };
  });
}
