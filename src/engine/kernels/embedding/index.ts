import * as tf from '@tensorflow/tfjs';
import { differentiable, type Operation, run } from '../operation.ts';
import { sumSegmentsOnHeap } from './wasm.ts';
import { sumSegmentsOnGpu } from './webgpu.ts';

/** For each row r of a table, where it was read: `order[starts[r]] … order[starts[r + 1] − 1]`. */
export interface Segments {
  readonly rows: number;
  readonly starts: Int32Array;
  readonly order: Int32Array;
}

/**
 * Σ of dy [M, k] over the places where each row was read → [rows, k]. Sums run in the order of the places, so that
 * the result is the same every time (tfjs's own gradient of `gather` uses float atomics on WebGPU, and is missing on wasm).
 */
const segmentSum: Operation<Segments> = {
  name: 'SegmentSum',
  reference: ({ dy }, segments) => {
    const [places, width] = dy.shape as [number, number];
    const row = new Int32Array(places);
    for (let r = 0; r < segments.rows; r++) {
      for (let i = segments.starts[r]; i < segments.starts[r + 1]; i++) row[segments.order[i]] = r;
    }
    return [tf.unsortedSegmentSum(tf.reshape(dy, [places, width]), tf.tensor1d(row, 'int32'), segments.rows)];
  },
  wasm: sumSegmentsOnHeap,
  webgpu: sumSegmentsOnGpu,
};

export const operations = [segmentSum];

/** Groups the places of `ids` by row: a counting sort, linear and stable. */
function segmentsOf(ids: Int32Array, rows: number): Segments {
  const starts = new Int32Array(rows + 1);
  for (const id of ids) starts[id + 1]++;
  for (let r = 0; r < rows; r++) starts[r + 1] += starts[r];
  const next = starts.slice(0, rows);
  const order = new Int32Array(ids.length);
  for (let i = 0; i < ids.length; i++) order[next[ids[i]]++] = i;
  return { rows, starts, order };
}

/** Rows `ids` (known to the host) of a table [rows, k] → [ids.length, k]. */
export function gatherRows(table: tf.Tensor, ids: Int32Array): tf.Tensor {
  return differentiable([table], () => ({
    value: tf.gather(table, tf.tensor1d(ids, 'int32')),
    saved: [],
    backward: (dy) => run(segmentSum, { dy }, segmentsOf(ids, table.shape[0])),
  }));
}

/** The sum of the rows of dy [ids.length, k] that share an id → [rows, k]: what `gatherRows` sends back. */
export function scatterRows(dy: tf.Tensor, ids: Int32Array, rows: number): tf.Tensor {
  return run(segmentSum, { dy }, segmentsOf(ids, rows))[0];
}
