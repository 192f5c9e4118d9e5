import * as tf from '@tensorflow/tfjs';
import type { Dataset } from '../../data/dataset.ts';
import { type Model, scoresOf, vectorsOf } from '../evaluation/evaluate.ts';
import { highest } from './inspect.ts';

/** At most this many scores exist at a time (16 MB). */
const SCORES_AT_A_TIME = 1 << 22;

/** What is recommended to a user, best first. */
type List = readonly { readonly item: number; readonly score: number }[];

/**
 * The items (classes) with the highest scores of each of some users, under their own policies: what `recommend` gives for
 * one, `count` long, or as long as the catalogue.
 */
export async function topLists(
  model: Model,
  dataset: Dataset,
  users: Int32Array,
  count: number,
  turn: () => Promise<void>,
): Promise<List[]> {
  const vectors = await vectorsOf(model, dataset, users, turn);
  const width = vectors.length / users.length;
  const items = model.context.targetItems;
  const most = Math.max(1, Math.floor(SCORES_AT_A_TIME / items));
  const lists: List[] = [];
  for (let from = 0; from < users.length; from += most) {
    const rows = Math.min(most, users.length - from);
    const uploaded = tf.tensor2d(vectors.subarray(from * width, (from + rows) * width), [rows, width]);
    try {
      const scores = await scoresOf(model, uploaded);
      for (let row = 0; row < rows; row++) {
        lists.push(highest(scores.subarray(row * items, (row + 1) * items), count));
        await turn();
      }
    } finally {
      uploaded.dispose();
    }
  }
  return lists;
}
