import * as tf from '@tensorflow/tfjs';
import { beforeAll, expect, it } from 'vitest';
import { reward } from '../../engine/model/policy.ts';
import { openNodeBackend } from '../../engine/node.ts';
import { rewardOf } from './reward.ts';

beforeAll(() => openNodeBackend('cpu'));

it.each(['paper', 'released'] as const)('the reward that is drawn is the one that trains: %s', (form) => {
  const blocks = 4;
  for (const gamma of [0.5, 1, 3]) {
    for (const right of [true, false]) {
      const policies = Array.from({ length: blocks + 1 }, (_, tuned) =>
        Array.from({ length: blocks }, (_, l) => (l < tuned ? 1 : 0)),
      );
      const correct = tf.fill([blocks + 1], right ? 1 : 0) as tf.Tensor1D;
      const trained = reward(tf.tensor2d(policies), correct, gamma, form).dataSync();
      policies.forEach((_, tuned) => {
        expect(rewardOf(tuned, blocks, right, gamma, form)).toBeCloseTo(trained[tuned], 5);
      });
    }
  }
});
