import * as tf from '@tensorflow/tfjs';
import { heapOf } from '../heap.ts';
import type { Tensors } from '../operation.ts';
import type { Segments } from './segments.ts';

/** One pass over dy, in the memory of the wasm backend. */
export function sumSegmentsOnHeap({ dy }: Tensors, { rows, starts, order }: Segments, backend: tf.KernelBackend): tf.Tensor[] {
  const heap = heapOf(backend);
  const width = dy.shape[1] as number;
  const sums = heap.output([rows, width]);
  const addresses = [dy, tf.tensor1d(starts, 'int32'), tf.tensor1d(order, 'int32'), sums].map((tensor) => heap.at(tensor));
  heap.kernels.sumSegments(...addresses, rows, width);
  return [sums];
}

export function takeRowsOnHeap({ table }: Tensors, { ids }: { ids: Int32Array }, backend: tf.KernelBackend): tf.Tensor[] {
  const heap = heapOf(backend);
  const [rows, ...rest] = table.shape;
  const taken = heap.output([ids.length, ...rest]);
  const [from, places, to] = [table, tf.tensor1d(ids, 'int32'), taken].map((tensor) => heap.at(tensor));
  heap.kernels.takePlaces(from, places, to, 1, rows, ids.length, table.size / rows);
  return [taken];
}
