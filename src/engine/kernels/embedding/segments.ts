import * as tf from '@tensorflow/tfjs';
import { isBackendsOwn, type Operation, run } from '../operation.ts';
import { sumSegmentsOnHeap, takeRowsOnHeap } from './wasm.ts';
import { sumSegmentsOnGpu, takeRowsOnGpu } from './webgpu.ts';

/** For each row r of a result, which rows are summed: `order[starts[r]] … order[starts[r + 1] − 1]`. */
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

interface Rows {
  readonly ids: Int32Array;
}

/** Rows of a table [rows, k] or [rows], as they are. */
const takeRows: Operation<Rows> = {
  name: 'TakeRows',
  reference: ({ table }, { ids }) => [tf.gather(table, tf.tensor1d(ids, 'int32'))],
  wasm: takeRowsOnHeap,
  webgpu: takeRowsOnGpu,
};

export const rowOperations = [takeRows];

/** Rows `ids` of a table; the gradient is someone else's business. */
export const rowsOf = (table: tf.Tensor, ids: Int32Array): tf.Tensor => run(takeRows, { table }, { ids })[0];

/** Groups the places of `ids` by row, but for those of row −1: a counting sort, linear and stable. */
function segmentsOf(ids: Int32Array, rows: number): Segments {
  const starts = new Int32Array(rows + 1);
  for (const id of ids) if (id >= 0) starts[id + 1]++;
  for (let r = 0; r < rows; r++) starts[r + 1] += starts[r];
  const next = starts.slice(0, rows);
  const order = new Int32Array(ids.length);
  for (let i = 0; i < ids.length; i++) if (ids[i] >= 0) order[next[ids[i]]++] = i;
  return { rows, starts, order };
}

/** The rows that occur in `ids`, each once, and for each place of `ids` which of them it is. */
export function distinct(ids: Int32Array): { rows: Int32Array; places: Int32Array } {
  const number = new Map<number, number>();
  const places = ids.map((id) => {
    const known = number.get(id) ?? number.size;
    number.set(id, known);
    return known;
  });
  return { rows: Int32Array.from(number.keys()), places };
}

/** The sum of the rows of dy [ids.length, k] (or [ids.length]) that share an id → [rows, k]: what `gatherRows` sends back. */
export function scatterRows(dy: tf.Tensor, ids: Int32Array, rows: number): tf.Tensor {
  return run(segmentSum, { dy: tf.reshape(dy, [ids.length, -1]) }, segmentsOf(ids, rows))[0];
}

/** The gradient of some rows of a table, each named once: [rows.length, k]. Row −1 only fills. */
export interface RowGradient {
  readonly rows: Int32Array;
  readonly gradient: tf.Tensor;
}

/**
 * Fills different rows up to as many as there might have been: where buffers are pooled by their exact size, a size that changes with
 * every batch would fill the memory.
 */
export function filledUp(rows: Int32Array, most: number): Int32Array {
  if (!isBackendsOwn(takeRows) || tf.getBackend() !== 'webgpu') return rows;
  const filled = new Int32Array(most).fill(-1);
  filled.set(rows);
  return filled;
}

/** The sum of some gradients; rows that occur in several of them occur once. */
export function mergeRows(parts: readonly RowGradient[]): RowGradient {
  if (parts.length === 1) return parts[0];
  const named = Int32Array.from(parts.flatMap((part) => Array.from(part.rows)));
  const { rows, places } = distinct(named);
  const all = tf.concat(
    parts.map(({ gradient }) => gradient),
    0,
  );
  const filled = filledUp(rows, named.length);
  return { rows: filled, gradient: scatterRows(all, places, filled.length) };
}
