import { type Dataset, paddedSequences } from '../../data/dataset.ts';
import type { UserBatch } from './method.ts';

/** Some users with their sequences, filled up to `rows` with padding. */
export function userBatch(dataset: Dataset, users: Int32Array, rows: number, length: number): UserBatch {
  const items = new Int32Array(rows * length);
  items.set(paddedSequences(dataset, users, length));
  return { sequences: { items, rows, length }, users };
}
