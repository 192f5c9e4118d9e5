import * as tf from '@tensorflow/tfjs';
import { differentiable } from '../operation.ts';
import { type DeferredTable, tableOf } from './deferred.ts';
import { distinct, filledUp, rowsOf, scatterRows } from './segments.ts';

export { operations, rowOperations, scatterRows } from './segments.ts';

/**
 * Rows `ids` (known to the host) of a table [rows, k] or [rows] → [ids.length, k] or [ids.length]. A deferred table is told
 * what is read, and gets the gradient by rows.
 */
export function gatherRows(table: tf.Tensor, ids: Int32Array): tf.Tensor {
  const deferred = tableOf(table);
  if (deferred !== undefined) return gatherDeferred(table, deferred, ids);
  return differentiable([table], () => ({
    value: rowsOf(table, ids),
    saved: [],
    backward: (dy) => [tf.reshape(scatterRows(dy, ids, table.shape[0]), table.shape)],
  }));
}

function gatherDeferred(table: tf.Tensor, deferred: DeferredTable, ids: Int32Array): tf.Tensor {
  const { rows, places } = distinct(ids);
  deferred.catchUp(rows);
  return differentiable([deferred.handle], () => ({
    value: rowsOf(table, ids),
    saved: [],
    backward: (dy) => {
      const filled = filledUp(rows, ids.length);
      deferred.addGradient(filled, scatterRows(dy, places, filled.length));
      return [tf.zeros([])];
    },
  }));
}
