import * as tf from '@tensorflow/tfjs';
import type { Configuration } from '../../configuration/schema.ts';
import { type NegativeClasses, sampledSoftmaxCrossEntropy, softmaxCrossEntropy } from '../kernels/crossEntropy/index.ts';
import { hiddenStates, plainBlocks } from './nextitnet.ts';
import type { Parameters } from './parameters.ts';

/** One batch of source sequences to predict the next item on. */
export interface SourceBatch {
  /** [rows × length], row by row. */
  readonly items: Int32Array;
  readonly rows: number;
  /** Rows from the first that count; the others only fill the batch. */
  readonly counted: number;
  /** The classes of a sampled softmax; null for the full one. */
  readonly sampled: NegativeClasses | null;
}

/** The loss of Eqs. 3-5: each position of the source sequences predicts the next item. A scalar. */
export function nextItemLoss(
  parameters: Parameters,
  { items, rows, counted, sampled }: SourceBatch,
  { dilations, kernelSize, pretraining }: Pick<Configuration, 'dilations' | 'kernelSize' | 'pretraining'>,
): tf.Tensor {
  const length = items.length / rows;
  const inputs = new Int32Array(rows * (length - 1));
  const targets = new Int32Array(rows * (length - 1)).fill(-1);
  for (let row = 0; row < rows; row++) {
    inputs.set(items.subarray(row * length, (row + 1) * length - 1), row * (length - 1));
    if (row < counted) targets.set(items.subarray(row * length + 1, (row + 1) * length), row * (length - 1));
  }
  const trunk = { table: parameters.item_embedding, dilations, kernelSize, blocks: plainBlocks(parameters, 'blocks') };
  const hidden = hiddenStates(trunk, { items: inputs, rows, length: length - 1 }, 'everywhere');
  const flat = tf.reshape(hidden, [rows * (length - 1), -1]);
  const counts = (target: number) => (pretraining.maskPadding ? target > 0 : target >= 0);
  const layer = [parameters['output.weight'], parameters['output.bias']] as const;
  return sampled === null
    ? softmaxCrossEntropy(flat, ...layer, targets, counts)
    : sampledSoftmaxCrossEntropy(flat, ...layer, targets, counts, sampled);
}
