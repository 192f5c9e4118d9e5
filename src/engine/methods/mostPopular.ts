import * as tf from '@tensorflow/tfjs';
import type { Method } from './method.ts';

/** Scores every user alike, by how often a target item occurs in training: as a one-channel model, so that evaluation is the same. */
export const mostPopular: Method = {
  id: 'most-popular',
  start: 'counts',
  parameters: ({ targetItems, popularity }) => [
    { name: 'target.weight', shape: [targetItems, 1], initial: { kind: 'values', values: popularity } },
  ],
  isTrained: () => false,
  users: (_parameters, { sequences }) => tf.ones([sequences.rows, 1]),
  loss: () => {
    throw new Error('MostPop is counted, not trained.');
  },
};
