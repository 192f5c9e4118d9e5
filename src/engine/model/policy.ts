import * as tf from '@tensorflow/tfjs';
import { matMul } from '../kernels/matmul.ts';
import { differentiable } from '../kernels/operation.ts';
import { embed, hiddenStates, type Readout, read, type Sequences } from './nextitnet.ts';
import { blockParameters, linearParameters, type ParameterSpecification, type Parameters } from './parameters.ts';

/** The policy network's own two blocks. */
const POLICY_DILATIONS = [1, 4] as const;

/** What the policy network needs: an item embedding started from the pre-trained one, two blocks, a linear layer. */
export function policyParameters(
  sourceItems: number,
  channels: number,
  kernelSize: number,
  outputs: number,
): ParameterSpecification[] {
  return [
    { name: 'policy.item_embedding', shape: [sourceItems + 1, channels], initial: { kind: 'copy', of: 'item_embedding' } },
    ...blockParameters('policy.blocks', POLICY_DILATIONS.length, channels, kernelSize),
    ...linearParameters('policy.output', outputs, channels),
  ];
}

/** The policy network's logits [B, outputs] for source sequences. */
export function policyLogits(parameters: Parameters, sequences: Sequences, readout: Readout): tf.Tensor {
  const embedded = embed(parameters['policy.item_embedding'], sequences);
  const state = read(hiddenStates(parameters, embedded, 'policy.blocks', POLICY_DILATIONS), readout);
  return linear(state, parameters['policy.output.weight'], parameters['policy.output.bias']);
}

/** x Wᵀ + b with products that are fast on every backend, both ways: [B, k] → [B, outputs]. */
function linear(x: tf.Tensor, weight: tf.Tensor, bias: tf.Tensor): tf.Tensor {
  const product = differentiable([x, weight], () => ({
    value: matMul(x, weight, false, true),
    saved: [x, weight],
    backward: (dy, [input, w]) => [matMul(dy, w), matMul(dy, input, true, false)],
  }));
  return tf.add(product, bias);
}

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

/**
 * The hard gate of Eqs. 9-10 with the straight-through Gumbel-softmax: forward 1 where (log π + noise) is larger for
 * fine-tune than for freeze, backward the softmax of the same at temperature τ.
 *
 * @param difference log π(fine-tune) − log π(freeze) [B, N]
 * @param uniform the noise's uniform numbers [B, N, 2], in pairs (freeze, fine-tune)
 */
export function hardGate(difference: tf.Tensor, uniform: Float32Array, temperature: number): tf.Tensor {
  const gumbel = (u: number) => -Math.log(-Math.log(u));
  const noise = Float32Array.from({ length: uniform.length / 2 }, (_, i) => gumbel(uniform[2 * i + 1]) - gumbel(uniform[2 * i]));
  const noisy = tf.add(difference, tf.tensor(noise, difference.shape));
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

/** Splits gates [B, N] into one [B] a block. */
export function gatePerBlock(gate: tf.Tensor): tf.Tensor[] {
  const [rows, blocks] = gate.shape as [number, number];
  return Array.from({ length: blocks }, (_, l) => tf.reshape(tf.slice(gate, [0, l], [rows, 1]), [rows]));
}
