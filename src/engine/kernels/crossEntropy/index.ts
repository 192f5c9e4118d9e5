import * as tf from '@tensorflow/tfjs';
import { gatherRows, scatterRows } from '../embedding/index.ts';
import { gpuOf } from '../gpu/gpu.ts';
import { heapOf } from '../heap.ts';
import { matMul, sumRows } from '../matmul.ts';
import { differentiable, type Operation, run } from '../operation.ts';
import { crossEntropyOnHeap, sampledCrossEntropyOnHeap } from './wasm.ts';
import { crossEntropyOnGpu, sampledCrossEntropyOnGpu } from './webgpu.ts';

export interface Targets {
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
    const rowsOf = (table: tf.Tensor) => tf.gather(table, tf.tensor1d(targets, 'int32'));
    const own = tf.mul(rowsOf(weight), w);
    const ownBias = tf.mul(tf.reshape(rowsOf(bias), [rows, 1]), w);
    return [
      tf.sub(loss, tf.add(tf.sum(tf.mul(own, hidden)), tf.sum(ownBias))),
      tf.sub(tf.concat(dHidden, 0), own),
      tf.sub(tf.transpose(dWeight), scatterRows(tf.mul(hidden, w), targets, classes)),
      tf.sub(dBias, tf.reshape(scatterRows(w, targets, classes), [classes])),
    ];
  },
  wasm: ({ hidden, weight, bias }, targets, backend) => crossEntropyOnHeap(heapOf(backend), hidden, weight, bias, targets),
  webgpu: (inputs, targets, backend) => crossEntropyOnGpu(gpuOf(backend), inputs, targets),
};

/** Classes drawn for a sampled softmax, with how often each is expected to be drawn. */
export interface NegativeClasses {
  readonly classes: Int32Array;
  readonly expectedCounts: Float32Array;
}

export interface SampledTargets extends Targets {
  readonly classes: Int32Array;
  /** For each row which of the classes is its own target, −1 if none: it is left out. */
  readonly hits: Int32Array;
}

/** Takes a class out of a softmax. */
const LEFT_OUT = -1e30;

/**
 * Softmax cross-entropy over the target and some sampled classes, a chunk of rows at a time: the loss, and at once its
 * gradients for h, the sampled rows of W and b (corrected already), and the targets' own rows of W and b.
 */
const sampledCrossEntropy: Operation<SampledTargets> = {
  name: 'SampledSoftmaxCrossEntropy',
  reference: ({ hidden, weight, bias, ownWeight, ownBias }, { targets, weights, classes }) => {
    const [rows, channels] = hidden.shape as [number, number];
    const chunk = Math.min(rows, Math.max(1, Math.floor(LOGITS_AT_A_TIME / classes.length)));
    const transposed = tf.transpose(weight);
    const columns = tf.tensor2d(classes, [1, classes.length], 'int32');
    let loss: tf.Tensor = tf.scalar(0);
    let dWeight: tf.Tensor = tf.zeros([channels, classes.length]);
    let dBias: tf.Tensor = tf.zeros([classes.length]);
    const dRows: { hidden: tf.Tensor; ownWeight: tf.Tensor; ownBias: tf.Tensor }[] = [];
    for (let from = 0; from < rows; from += chunk) {
      const size = Math.min(chunk, rows - from);
      const part = tf.tidy(() => {
        const rowsOf = (x: tf.Tensor, width: number) => tf.slice(tf.reshape(x, [rows, width]), [from, 0], [size, width]);
        const h = rowsOf(hidden, channels);
        const own = rowsOf(ownWeight, channels);
        const w = tf.tensor2d(weights.subarray(from, from + size), [size, 1]);
        const target = tf.tensor2d(targets.subarray(from, from + size), [size, 1], 'int32');
        const hits = tf.cast(tf.equal(target, columns), 'float32');
        const logits = tf.add(tf.add(matMul(h, transposed), bias), tf.mul(hits, LEFT_OUT));
        const ownLogit = tf.add(tf.sum(tf.mul(h, own), 1, true), rowsOf(ownBias, 1));
        const largest = tf.maximum(tf.max(logits, 1, true), ownLogit);
        const exponentials = tf.exp(tf.sub(logits, largest));
        const ownExponential = tf.exp(tf.sub(ownLogit, largest));
        const total = tf.add(tf.sum(exponentials, 1, true), ownExponential);
        const dLogits = tf.mul(exponentials, tf.div(w, total));
        const dOwn = tf.mul(w, tf.sub(tf.div(ownExponential, total), 1));
        const each = tf.sub(tf.add(tf.log(total), largest), ownLogit);
        return {
          loss: tf.add(loss, tf.sum(tf.mul(each, w))),
          dWeight: tf.add(dWeight, matMul(h, dLogits, true, false)),
          dBias: tf.add(dBias, sumRows(dLogits)),
          hidden: tf.add(matMul(dLogits, weight), tf.mul(own, dOwn)),
          ownWeight: tf.mul(h, dOwn),
          ownBias: dOwn,
        };
      });
      tf.dispose([loss, dWeight, dBias]);
      ({ loss, dWeight, dBias } = part);
      dRows.push(part);
    }
    const joined = (name: 'hidden' | 'ownWeight' | 'ownBias') =>
      tf.concat(
        dRows.map((part) => part[name]),
        0,
      );
    return [
      loss,
      joined('hidden'),
      tf.transpose(dWeight),
      dBias,
      joined('ownWeight'),
      tf.reshape(joined('ownBias'), ownBias.shape),
    ];
  },
  wasm: (inputs, targets, backend) => sampledCrossEntropyOnHeap(heapOf(backend), inputs, targets),
  webgpu: (inputs, targets, backend) => sampledCrossEntropyOnGpu(gpuOf(backend), inputs, targets),
};

export const operations = [crossEntropy];
export const sampledOperations = [sampledCrossEntropy];

/** Rows beyond the counted ones are filled up to an eighth of all, and to a multiple of 64: few buffer sizes occur. */
const roundingOf = (rows: number): number => 64 * Math.max(1, Math.ceil(rows / 8 / 64));

/** The rows that count, filled up; null if there is none. `weights` make the sum over them a mean. */
function countedRows(targets: Int32Array, counts: (target: number) => boolean) {
  const counted: number[] = [];
  for (let i = 0; i < targets.length; i++) if (counts(targets[i])) counted.push(i);
  if (counted.length === 0) return null;
  const size = Math.min(targets.length, Math.ceil(counted.length / roundingOf(targets.length)) * roundingOf(targets.length));
  const rows = new Int32Array(size);
  const classes = new Int32Array(size);
  const weights = new Float32Array(size);
  counted.forEach((row, i) => {
    rows[i] = row;
    classes[i] = targets[row];
    weights[i] = 1 / counted.length;
  });
  return { rows, classes, weights };
}

/**
 * Mean softmax cross-entropy (Eqs. 3-5 over items; profile tasks over classes) over the rows whose target counts.
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
  const counted = countedRows(targets, counts);
  if (counted === null) return tf.scalar(0);
  const chosen = gatherRows(hidden, counted.rows);
  return differentiable([chosen, weight, bias], () => {
    const attributes = { targets: counted.classes, weights: counted.weights };
    const [value, ...saved] = run(crossEntropy, { hidden: chosen, weight, bias }, attributes);
    return { value, saved, backward: (dy, gradients) => gradients.map((gradient) => tf.mul(gradient, dy)) };
  });
}

/**
 * The same over the target and the sampled classes only: log of the expected count is taken from the sampled logits, not
 * from the target's, and a sampled class equal to the target is left out.
 */
export function sampledSoftmaxCrossEntropy(
  hidden: tf.Tensor,
  weight: tf.Tensor,
  bias: tf.Tensor,
  targets: Int32Array,
  counts: (target: number) => boolean,
  { classes, expectedCounts }: NegativeClasses,
): tf.Tensor {
  const counted = countedRows(targets, counts);
  if (counted === null) return tf.scalar(0);
  const inputs = {
    hidden: gatherRows(hidden, counted.rows),
    weight: gatherRows(weight, classes),
    bias: tf.sub(gatherRows(bias, classes), tf.tensor1d(expectedCounts.map(Math.log))),
    ownWeight: gatherRows(weight, counted.classes),
    ownBias: gatherRows(bias, counted.classes),
  };
  return differentiable(Object.values(inputs), () => {
    const column = new Map(Array.from(classes, (item, i) => [item, i]));
    const hits = counted.classes.map((target) => column.get(target) ?? -1);
    const attributes = { targets: counted.classes, weights: counted.weights, classes, hits };
    const [value, ...saved] = run(sampledCrossEntropy, inputs, attributes);
    return { value, saved, backward: (dy, gradients) => gradients.map((gradient) => tf.mul(gradient, dy)) };
  });
}
