import * as tf from '@tensorflow/tfjs';
import { POLICY_DILATIONS } from '../../configuration/receptiveField.ts';
import { differentiable } from '../kernels/operation.ts';
import { gru, gruParameters } from './gru.ts';
import { linear } from './linear.ts';
import { plainBlocks, positionsSeen, type Readout, type Sequences, userVectors } from './nextitnet.ts';
import { blockParameters, linearParameters, type ParameterSpecification, type Parameters } from './parameters.ts';

/** What the trunk and the policy network have in common. */
interface Reading {
  readonly readout: Readout;
  readonly kernelSize: number;
}

/** A network that reads a user's source sequence and gives `outputs` logits. */
export interface PolicyNetwork {
  readonly parameters: (
    sizes: { readonly sourceItems: number; readonly channels: number; readonly kernelSize: number },
    outputs: number,
  ) => ParameterSpecification[];
  /** How many positions of a sequence, from the last, the logits depend on. */
  readonly sees: (length: number, reading: Reading) => number;
  /** [B, outputs]. */
  readonly logits: (parameters: Parameters, sequences: Sequences, reading: Reading) => tf.Tensor;
}

/** Its own item embedding, started from the pre-trained one, a body that makes a vector [B, k] of it, and a linear layer. */
function policyNetwork(
  body: (channels: number, kernelSize: number) => ParameterSpecification[],
  state: (parameters: Parameters, table: tf.Tensor, sequences: Sequences, reading: Reading) => tf.Tensor,
  sees: PolicyNetwork['sees'],
): PolicyNetwork {
  return {
    sees,
    parameters: ({ sourceItems, channels, kernelSize }, outputs) => [
      { name: 'policy.item_embedding', shape: [sourceItems + 1, channels], initial: { kind: 'copy', of: 'item_embedding' } },
      ...body(channels, kernelSize),
      ...linearParameters('policy.output', outputs, channels),
    ],
    logits: (parameters, sequences, reading) =>
      linear(
        state(parameters, parameters['policy.item_embedding'], sequences, reading),
        parameters['policy.output.weight'],
        parameters['policy.output.bias'],
      ),
  };
}

/** Two residual blocks, the paper's. */
export const nextItNetPolicy = policyNetwork(
  (channels, kernelSize) => blockParameters('policy.blocks', POLICY_DILATIONS.length, channels, kernelSize),
  (parameters, table, sequences, { readout, kernelSize }) => {
    const trunk = { table, dilations: POLICY_DILATIONS, kernelSize, blocks: plainBlocks(parameters, 'policy.blocks') };
    return userVectors(trunk, sequences, readout);
  },
  (length, reading) => positionsSeen(length, POLICY_DILATIONS, reading),
);

/** One GRU layer of width k (Table 4). */
export const gruPolicy = policyNetwork(
  (channels) => gruParameters('policy.gru', channels),
  (parameters, table, sequences, { readout }) => gru(parameters, 'policy.gru', table, sequences, readout),
  (length) => length,
);

/** What takes the place of log π in the hard gate: Eq. 9, or the released code's σ(v). */
export type GateLogits = 'log-softmax' | 'sigmoid';

/**
 * log π'(fine-tune) − log π'(freeze) for each block, [B, N], from logits [B, 2N] in pairs (freeze, fine-tune).
 * With exploration α < 1, π' = απ + (1 − α)(1 − π) (BlockDrop's).
 */
export function pairDifference(logits: tf.Tensor, form: GateLogits, exploration: number): tf.Tensor {
  const [rows, outputs] = logits.shape as [number, number];
  const pairs = tf.reshape(logits, [rows, outputs / 2, 2]);
  const [freeze, tune] = [0, 1].map((i) => tf.reshape(tf.slice(pairs, [0, 0, i], [rows, outputs / 2, 1]), [rows, outputs / 2]));
  if (form === 'sigmoid') return tf.sub(tf.sigmoid(tune), tf.sigmoid(freeze));
  if (exploration === 1) return tf.sub(tune, freeze);
  const probability = tf.sigmoid(tf.sub(tune, freeze));
  const explored = tf.add(tf.mul(probability, 2 * exploration - 1), 1 - exploration);
  return tf.sub(tf.log(explored), tf.log(tf.sub(1, explored)));
}

/** g(fine-tune) − g(freeze) of Gumbel noise, [B, N]. */
export function gumbelDifference(shape: [number, number], uniform: () => number): tf.Tensor {
  const gumbel = () => -Math.log(-Math.log(uniform()));
  const noise = Float32Array.from({ length: shape[0] * shape[1] }, () => {
    const freeze = gumbel();
    return gumbel() - freeze;
  });
  return tf.tensor2d(noise, shape);
}

/**
 * The hard gate of Eqs. 9-10 with the straight-through Gumbel-softmax: forward 1 where (log π + noise) is larger for
 * fine-tune than for freeze, backward the softmax of the same at temperature τ.
 *
 * @param difference log π(fine-tune) − log π(freeze) [B, N]
 * @param noise the same of the Gumbel noise [B, N]
 */
export function hardGate(difference: tf.Tensor, noise: tf.Tensor, temperature: number): tf.Tensor {
  const noisy = tf.add(difference, noise);
  return differentiable([noisy], () => ({
    value: tf.step(noisy),
    saved: [noisy],
    // The softmax of a pair is the sigmoid of its difference.
    backward: (dy, [d]) => {
      const soft = tf.sigmoid(tf.div(d, temperature));
      return [tf.div(tf.mul(dy, tf.mul(soft, tf.sub(1, soft))), temperature)];
    },
  }));
}

/**
 * The reward of a policy. `paper` (Eq. 13): 1 − (share of fine-tuned blocks)² where the prediction is correct, else −γ.
 * `released`: 1 − γ (share of frozen blocks)², else −γ; there the sign is the other way round, and fine-tuning is what pays.
 *
 * @param actions [B, N], 1 fine-tunes
 * @param correct [B], 0 or 1
 * @returns [B]
 */
export function reward(actions: tf.Tensor, correct: tf.Tensor, gamma: number, form: 'paper' | 'released'): tf.Tensor {
  const tuned = tf.mean(actions, 1);
  const cost = form === 'paper' ? tf.square(tuned) : tf.mul(gamma, tf.square(tf.sub(1, tuned)));
  return tf.sub(tf.mul(correct, tf.add(tf.sub(1, cost), gamma)), gamma);
}

/**
 * Self-critical loss (Eqs. 14-15) of each row: −Σ_l log π(A_l) · advantage, over the blocks that are free.
 *
 * @param difference log π(fine-tune) − log π(freeze) [B, N]
 * @param actions A [B, N]
 * @param advantage R(A) − R(Â) [B], a constant
 * @param free [N], 1 where the policy decides
 */
export function selfCriticalLoss(difference: tf.Tensor, actions: tf.Tensor, advantage: tf.Tensor, free: tf.Tensor): tf.Tensor {
  // log σ(±d) = −softplus(∓d): the log-probability of the action that was taken.
  const sign = tf.sub(1, tf.mul(actions, 2));
  const surprise = tf.softplus(tf.mul(sign, difference));
  return tf.mul(tf.sum(tf.mul(surprise, free), 1), advantage);
}
