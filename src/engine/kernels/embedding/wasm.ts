import * as tf from '@tensorflow/tfjs';
import { allocate, view } from '../heap.ts';
import type { Tensors } from '../operation.ts';
import type { Segments } from './index.ts';

/** One pass over dy, in the memory of the wasm backend. */
export function sumSegmentsOnHeap({ dy }: Tensors, { rows, starts, order }: Segments, backend: tf.KernelBackend): tf.Tensor[] {
  const width = dy.shape[1] as number;
  const output = allocate(backend, [rows, width]);
  const sums = view(backend, output).fill(0);
  const values = view(backend, dy);
  for (let r = 0; r < rows; r++) {
    for (let i = starts[r]; i < starts[r + 1]; i++) {
      const from = order[i] * width;
      for (let c = 0; c < width; c++) sums[r * width + c] += values[from + c];
    }
  }
  return [tf.engine().makeTensorFromTensorInfo(output)];
}
