import * as tf from '@tensorflow/tfjs';
import { drawOthers } from '../../data/split.ts';
import { gatherRows } from '../kernels/embedding/index.ts';
import { untracked } from '../kernels/operation.ts';
import type { Parameters } from '../model/parameters.ts';
import { gumbelDifference, pairDifference, reward, selfCriticalLoss } from '../model/policy.ts';
import { targetLoss } from './finetune.ts';
import type { Batch, Method, MethodContext } from './method.ts';
import { gatedUsers, uafHard, uafHardGru } from './uaf.ts';

/** Candidates that decide whether a recommendation counts as correct, and how far up it has to stand. */
const CANDIDATES = 100;
const CORRECT_RANK = 5;

/** The blocks that the policy decides on, [N]: with the curriculum, the last e in the e-th epoch after the warm-up. */
function freeBlocks({ configuration }: MethodContext, epoch: number): tf.Tensor {
  const { dilations, curriculum, warmupEpochs } = configuration;
  const decidesAll = curriculum === 'none' || epoch <= warmupEpochs;
  const free = decidesAll ? dilations.length : epoch - warmupEpochs;
  return tf.tensor1d(dilations.map((_, l) => (l >= dilations.length - free ? 1 : 0)));
}

/** Blocks that are not free yet are fine-tuned. */
const locked = (gate: tf.Tensor, free: tf.Tensor) => tf.add(tf.mul(gate, free), tf.sub(1, free));

/** What the policy chose: A [B, N], how much better it did than the greedy Â, and the loss that comes of it. */
export function reinforcedLoss(
  parameters: Parameters,
  batch: Batch,
  context: MethodContext,
  difference: tf.Tensor,
  actions: tf.Tensor,
  free: tf.Tensor,
  advantageOf: (users: tf.Tensor) => tf.Tensor,
) {
  const users = gatedUsers(parameters, batch, actions, context);
  const advantage = untracked(() => advantageOf(users));
  const target = targetLoss(parameters, users, batch, context);
  const each = tf.slice(selfCriticalLoss(difference, actions, advantage, free), [0], [batch.instances]);
  const selfCritical = tf.mean(each);
  const total = tf.add(target, tf.mul(context.configuration.rewardBeta, selfCritical));
  return { users, target, selfCritical, total };
}

/** For each row the other candidates, drawn anew: [rows × (c − 1)]; all other classes of a profile task. */
function drawCandidates({ positives, random }: Batch, { task, targetItems }: MethodContext): Int32Array {
  const count = Math.min(targetItems, task === 'profile' ? targetItems : CANDIDATES) - 1;
  const stream = random('reward candidates');
  const others = new Int32Array(positives.length * count);
  positives.forEach((positive, row) => {
    others.set(drawOthers(stream, positive, targetItems, count), row * count);
  });
  return others;
}

/** 1 where a row's target stands in the top 5 of its candidates (of a profile task: is the likeliest class), else 0: [B]. */
export function correctness(
  parameters: Parameters,
  users: tf.Tensor,
  positives: Int32Array,
  others: Int32Array,
  { task }: MethodContext,
): tf.Tensor {
  const [rows, channels] = users.shape as [number, number];
  const scoresOf = (items: Int32Array) => {
    const weight = tf.reshape(gatherRows(parameters['target.weight'], items), [rows, -1, channels]);
    const products = tf.sum(tf.mul(tf.reshape(users, [rows, 1, channels]), weight), 2);
    const bias = parameters['target.bias'];
    return bias === undefined ? products : tf.add(products, tf.reshape(gatherRows(bias, items), [rows, -1]));
  };
  const below = tf.sum(tf.cast(tf.less(scoresOf(others), scoresOf(positives)), 'float32'), 1);
  const notBelow = tf.sub(others.length / rows, below);
  return tf.cast(tf.less(notBelow, task === 'profile' ? 1 : CORRECT_RANK), 'float32');
}

/**
 * UAF-RL (Eqs. 13-15): the policy samples a policy for each user and learns from how much better it does than the greedy
 * one (self-critical sequence training); the first `warmupEpochs` train as UAF-Hard does.
 */
function reinforced(id: string, hard: typeof uafHard): Method {
  return {
    ...hard,
    id,
    loss: (parameters, batch, context) => {
      const { configuration } = context;
      if (batch.epoch <= configuration.warmupEpochs) return hard.loss(parameters, batch, context);
      const { gateLogits, exploration, baselineNoise, rewardGamma, rewardForm } = configuration;
      const logits = hard.logits(parameters, batch, context);
      const free = freeBlocks(context, batch.epoch);
      const shape = [batch.sequences.rows, configuration.dilations.length] as [number, number];
      const difference = pairDifference(logits, gateLogits, exploration);
      const actions = untracked(() => {
        const { uniform } = batch.random('actions');
        const draws = tf.tensor2d(
          Float32Array.from({ length: shape[0] * shape[1] }, () => uniform()),
          shape,
        );
        return locked(tf.step(tf.sub(tf.sigmoid(difference), draws)), free);
      });
      const greedy = untracked(() => {
        if (!baselineNoise) return locked(tf.step(pairDifference(logits, 'log-softmax', 1)), free);
        const noise = gumbelDifference(shape, batch.random('baseline').uniform);
        return locked(tf.step(tf.add(pairDifference(logits, gateLogits, 1), noise)), free);
      });
      const others = drawCandidates(batch, context);
      const rewardOf = (gate: tf.Tensor, users: tf.Tensor) =>
        reward(gate, correctness(parameters, users, batch.positives, others, context), rewardGamma, rewardForm);
      return reinforcedLoss(parameters, batch, context, difference, actions, free, (users) =>
        tf.sub(rewardOf(actions, users), rewardOf(greedy, gatedUsers(parameters, batch, greedy, context))),
      ).total;
    },
    // As in training: what the curriculum has not freed yet at that epoch is nobody's decision.
    policy: (parameters, batch, context, epoch) => {
      const { gate, probability } = hard.policy(parameters, batch, context, epoch);
      const free = freeBlocks(context, epoch);
      return { gate: locked(gate, free), probability: locked(probability, free) };
    },
  };
}

export const uafRl = reinforced('uaf-rl', uafHard);
export const uafRlGru = reinforced('uaf-rl-gru', uafHardGru);
