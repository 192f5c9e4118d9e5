import * as tf from '@tensorflow/tfjs';
import { heapOf, WHOLE } from '../heap.ts';
import { matMul } from '../matmul.ts';
import { type Operation, run } from '../operation.ts';
import { ranksOnGpu } from './webgpu.ts';

/** Instances whose targets are ranked. */
export interface Ranked {
  /** The row of the instance's user vector. */
  readonly rows: Int32Array;
  /** The target item. */
  readonly targets: Int32Array;
  /** [instances × c]: the other candidates of the sampled protocol. */
  readonly negatives: Int32Array;
}

/**
 * Ranks from 1, by counting: users [B, k], weight [items, k], bias [items] → among all items [I], and among the candidates
 * [I]. Over all items equal scores of lower numbers count against the target, among the candidates all equal ones; a score
 * that is not a number always does.
 */
const ranks: Operation<Ranked> = {
  name: 'Ranks',
  reference: ({ users, weight, bias }, { rows, targets, negatives }) => {
    const items = weight.shape[0];
    const instances = rows.length;
    const scores = tf.add(matMul(users, weight, false, true), bias);
    const own = tf.tensor2d(targets, [instances, 1], 'int32');
    const each = tf.gather(scores, tf.tensor1d(rows, 'int32'));
    const flat = tf.reshape(each, [-1]);
    const at = (columns: Int32Array): tf.Tensor => {
      const width = columns.length / instances;
      const indices = columns.map((column, i) => Math.floor(i / width) * items + column);
      return tf.reshape(tf.gather(flat, tf.tensor1d(indices, 'int32')), [instances, width]);
    };
    const score = at(targets);
    const numbers = tf.range(0, items, 1, 'int32');
    const below = tf.logicalOr(tf.less(each, score), tf.logicalAnd(tf.equal(each, score), tf.greater(numbers, own)));
    const isBelow = tf.sum(tf.cast(tf.logicalOr(below, tf.equal(numbers, own)), 'float32'), 1);
    const candidates = negatives.length / instances;
    const beaten = candidates === 0 ? tf.zeros([instances]) : tf.sum(tf.cast(tf.less(at(negatives), score), 'float32'), 1);
    return [tf.sub(items + 1, isBelow), tf.sub(candidates + 1, beaten)];
  },
  wasm: ({ users, weight, bias }, { rows, targets, negatives }, backend) => {
    const heap = heapOf(backend);
    const items = weight.shape[0];
    const candidates = negatives.length / rows.length;
    const [batch, channels] = users.shape as [number, number];
    const scores = heap.output([batch, items]);
    const [input, table, offsets, output] = [users, weight, bias, scores].map((tensor) => heap.at(tensor));
    const map = heap.constant(WHOLE);
    // Wᵀ u + b: a convolution of one tap, whose kernel stands the other way round.
    heap.parallel(
      'convolve',
      batch,
      batch * channels * items,
      heap.kernels.convolveScratch(1, channels, items),
      (from, to, scratch) => {
        const [read, written] = [input + 4 * from * channels, output + 4 * from * items];
        return [read, map, table, offsets, written, scratch, to - from, 1, 1, 1, channels, items, 1, 0];
      },
    );
    const [all, sampled] = [1, 2].map(() => heap.output([rows.length]));
    const [values, ranksOfAll, ranksOfSampled] = [scores, all, sampled].map((tensor) => heap.view(tensor));
    const address = heap.at(scores);
    rows.forEach((row, i) => {
      ranksOfAll[i] = heap.kernels.rankAmongAll(address + 4 * row * items, items, targets[i]);
      const own = values[row * items + targets[i]];
      let rank = 1;
      for (let c = 0; c < candidates; c++) if (!(values[row * items + negatives[i * candidates + c]] < own)) rank++;
      ranksOfSampled[i] = rank;
    });
    return [all, sampled];
  },
  webgpu: ranksOnGpu,
};

export const operations = [ranks];

/** The ranks of some targets among all items and among their candidates, [I] each. A missing bias counts as 0. */
export function rank(users: tf.Tensor, weight: tf.Tensor, bias: tf.Tensor | undefined, ranked: Ranked) {
  const [all, sampled] = tf.tidy(() => run(ranks, { users, weight, bias: bias ?? tf.zeros([weight.shape[0]]) }, ranked));
  return { all, sampled };
}
