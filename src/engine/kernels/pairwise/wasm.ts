import * as tf from '@tensorflow/tfjs';
import { heapOf } from '../heap.ts';
import type { Tensors } from '../operation.ts';
import type { Pairs } from './index.ts';

const softplus = (x: number): number => Math.max(x, 0) + Math.log1p(Math.exp(-Math.abs(x)));
const sigmoid = (x: number): number => 1 / (1 + Math.exp(-x));

/** Two dot products a row: less work than a dozen stock operations have of their own. */
export function pairwiseLossOnHeap(
  { users, weight, bias }: Tensors,
  { loss, instances }: Pairs,
  backend: tf.KernelBackend,
): tf.Tensor[] {
  const heap = heapOf(backend);
  const [rows, channels] = users.shape as [number, number];
  const gradients = [users, weight, bias].map(({ shape }) => heap.zeros(shape));
  const [h, w, b, dh, dw, db] = [users, weight, bias, ...gradients].map((tensor) => heap.view(tensor));
  let sum = 0;
  for (let row = 0; row < instances; row++) {
    const at = row * channels;
    const other = (rows + row) * channels;
    let [positive, negative] = [b[row], b[rows + row]];
    for (let c = 0; c < channels; c++) {
      positive += h[at + c] * w[at + c];
      negative += h[at + c] * w[other + c];
    }
    const push = sigmoid(negative - positive);
    sum += loss === 'bpr' ? softplus(negative - positive) : softplus(-positive) + softplus(negative);
    const dPositive = (loss === 'bpr' ? -push : sigmoid(positive) - 1) / instances;
    const dNegative = (loss === 'bpr' ? push : sigmoid(negative)) / instances;
    db[row] = dPositive;
    db[rows + row] = dNegative;
    for (let c = 0; c < channels; c++) {
      dh[at + c] = dPositive * w[at + c] + dNegative * w[other + c];
      dw[at + c] = dPositive * h[at + c];
      dw[other + c] = dNegative * h[at + c];
    }
  }
  return [tf.scalar(sum / instances), ...gradients];
}
