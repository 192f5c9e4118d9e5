import * as tf from '@tensorflow/tfjs';
import { type Heap, PASSED, WHOLE } from '../heap.ts';
import type { Tensors } from '../operation.ts';
import type { SampledTargets, Targets } from './index.ts';

/** At most this many logits exist at a time (8 MB): they are swept four times, and should stay in the cache. */
const LOGITS_AT_A_TIME = 1 << 21;

/**
 * The loss and the gradients for h, W and b, a chunk of rows at a time, in the memory of the wasm backend. With `own` also
 * those of the logits of `own`.
 *
 * @param columns the column of each row's target; with `own` the column that is left out, or −1
 */
function sweep(
  heap: Heap,
  hidden: tf.Tensor,
  weight: tf.Tensor,
  bias: tf.Tensor,
  columns: Int32Array,
  weights: Float32Array,
  ownLogits: tf.Tensor | null,
) {
  const { kernels } = heap;
  const [rows, channels] = hidden.shape as [number, number];
  const classes = weight.shape[0];
  const chunk = Math.min(rows, Math.max(1, Math.floor(LOGITS_AT_A_TIME / classes)));
  const logits = heap.output([chunk, classes]);
  const [dHidden, dWeight, dBias] = [hidden, weight, bias].map(({ shape }) => heap.zeros(shape));
  const [largest, total, targetLogit] = [1, 2, 3].map(() => heap.output([rows]));
  const [targets, shares] = [tf.tensor1d(columns, 'int32'), tf.tensor1d(weights)];
  const at = heap.at(logits);
  const map = heap.constant(WHOLE);
  const w = heap.at(weight);
  for (let first = 0; first < rows; first += chunk) {
    const size = Math.min(chunk, rows - first);
    const work = size * classes * channels;
    const row = (tensor: tf.Tensor, width = 1) => heap.at(tensor) + 4 * width * first;
    const [h, dh] = [row(hidden, channels), row(dHidden, channels)];
    // logits = h Wᵀ + b: a convolution of one tap, whose kernel stands the other way round.
    heap.parallel('convolve', size, work, kernels.convolveScratch(1, channels, classes), (from, to, scratch) => {
      const [read, written] = [h + 4 * from * channels, at + 4 * from * classes];
      return [read, map, w, heap.at(bias), written, scratch, to - from, 1, 1, 1, channels, classes, 1, 0];
    });
    heap.parallel('softmaxGradient', size, PASSED * size * classes, 0, (from, to) => {
      const lists = [targets, ownLogits, shares, largest, total, targetLogit].map((x) => (x === null ? 0 : row(x) + 4 * from));
      return [at + 4 * from * classes, ...lists, to - from, classes];
    });
    heap.parallel('multiply', size, work, kernels.multiplyScratch(classes, channels), (from, to, scratch) => {
      const [read, written] = [at + 4 * from * classes, dh + 4 * from * channels];
      return [read, w, written, scratch, to - from, classes, channels, 0];
    });
    heap.parallel('addWeightGradient', classes, work, kernels.weightGradientScratch(channels), (from, to, scratch) => [
      ...[at, map, h, heap.at(dWeight), scratch, size, 1, 1, 1, classes, channels],
      ...[from, to],
    ]);
    kernels.addRows(at, heap.at(dBias), size, classes);
  }
  let loss = 0;
  const [tops, sums, own] = [largest, total, targetLogit].map((tensor) => heap.view(tensor));
  for (let r = 0; r < rows; r++) loss += weights[r] * (tops[r] + Math.log(sums[r]) - own[r]);
  return { loss: tf.scalar(loss), dHidden, dWeight, dBias };
}

export function crossEntropyOnHeap(
  heap: Heap,
  hidden: tf.Tensor,
  weight: tf.Tensor,
  bias: tf.Tensor,
  { targets, weights }: Targets,
): tf.Tensor[] {
  const { loss, dHidden, dWeight, dBias } = sweep(heap, hidden, weight, bias, targets, weights, null);
  return [loss, dHidden, dWeight, dBias];
}

export function sampledCrossEntropyOnHeap(
  heap: Heap,
  { hidden, weight, bias, ownWeight, ownBias }: Tensors,
  { weights, hits }: SampledTargets,
): tf.Tensor[] {
  const [rows, channels] = hidden.shape as [number, number];
  // The targets' own logits; the softmax leaves their gradients in the same place.
  const own = heap.output([rows]);
  heap.kernels.dotRows(heap.at(hidden), heap.at(ownWeight), heap.at(ownBias), heap.at(own), rows, channels);
  const { loss, dHidden, dWeight, dBias } = sweep(heap, hidden, weight, bias, hits, weights, own);
  const dOwnWeight = heap.zeros([rows, channels]);
  heap.kernels.addWeighted(heap.at(hidden), heap.at(own), heap.at(dOwnWeight), rows, channels);
  heap.kernels.addWeighted(heap.at(ownWeight), heap.at(own), heap.at(dHidden), rows, channels);
  return [loss, dHidden, dWeight, dBias, dOwnWeight, tf.reshape(own, ownBias.shape)];
}
