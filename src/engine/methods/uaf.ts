import * as tf from '@tensorflow/tfjs';
import { randomStream } from '../../data/random.ts';
import { gatedBlocks, userVectors } from '../model/nextitnet.ts';
import { blockParameters, type ParameterSpecification, type Parameters } from '../model/parameters.ts';
import { gruPolicy, gumbelDifference, hardGate, nextItNetPolicy, type PolicyNetwork, pairDifference } from '../model/policy.ts';
import { pretrainedTrunk, targetLayer, targetLoss } from './finetune.ts';
import type { Batch, Method, MethodContext, Policy, UserBatch } from './method.ts';

/** How a policy network's logits become gates: what UAF-Hard and -Soft differ in. */
interface GateRule {
  /** Logits for each block: a pair (freeze, fine-tune), or one. */
  readonly logitsPerBlock: 1 | 2;
  readonly training: (logits: tf.Tensor, batch: Batch, context: MethodContext) => tf.Tensor;
  readonly evaluation: (logits: tf.Tensor, batch: UserBatch, context: MethodContext) => Policy;
}

/** A method with a policy network, and the steps of its loss. */
export interface UafMethod extends Method {
  readonly logits: (parameters: Parameters, batch: UserBatch, context: MethodContext) => tf.Tensor;
  /** The gates [B, N] of a training batch. */
  readonly trainingGate: (parameters: Parameters, batch: Batch, context: MethodContext) => tf.Tensor;
  readonly policy: NonNullable<Method['policy']>;
}

/** The seed of whatever is drawn at evaluation; 0 stands for the run's own. */
const evaluationSeedOf = ({ configuration }: MethodContext): number => configuration.evaluationSeed || configuration.seed;

/** Eqs. 9-10: straight-through Gumbel-softmax in training, at evaluation argmax without noise, or with (release). */
const hard: GateRule = {
  logitsPerBlock: 2,
  training: (logits, batch, { configuration }) => {
    const difference = pairDifference(logits, configuration.gateLogits, configuration.exploration);
    const noise = gumbelDifference(difference.shape as [number, number], batch.random('gumbel').uniform);
    return hardGate(difference, noise, configuration.temperature);
  },
  // Greedy on π itself, without exploration; fine-tune only where it is strictly the likelier.
  evaluation: (logits, { users }, context) => {
    const { evaluationGate, gateLogits } = context.configuration;
    const difference = pairDifference(logits, 'log-softmax', 1);
    const probability = tf.sigmoid(difference);
    if (evaluationGate === 'argmax') return { gate: tf.step(difference), probability };
    const [rows, blocks] = difference.shape as [number, number];
    const noise = eachUser(users, rows, (user) => {
      const { uniform } = randomStream(evaluationSeedOf(context), 'evaluation/gumbel', user);
      return gumbelDifference([1, blocks], uniform);
    });
    return { gate: tf.step(tf.add(pairDifference(logits, gateLogits, 1), noise)), probability };
  },
};

/** Rows [1, N] drawn for each user alone, so that batches do not matter; zeros for rows that only fill. */
function eachUser(users: Int32Array, rows: number, draw: (user: number) => tf.Tensor): tf.Tensor {
  const drawn = Array.from(users, draw);
  const [, blocks] = drawn[0].shape as [number, number];
  return users.length === rows ? tf.concat(drawn, 0) : tf.concat([...drawn, tf.zeros([rows - users.length, blocks])], 0);
}

/** Eqs. 11-12: I = σ(v). */
const soft: GateRule = {
  logitsPerBlock: 1,
  training: (logits) => tf.sigmoid(logits),
  evaluation: (logits) => {
    const gate = tf.sigmoid(logits);
    return { gate, probability: gate };
  },
};

/** The trunk with a trainable copy of each block beside it, and the target layer. */
function twoBranches(context: MethodContext): ParameterSpecification[] {
  const { channels, dilations, kernelSize } = context.configuration;
  const copies = blockParameters('tuned_blocks', dilations.length, channels, kernelSize);
  return [
    ...pretrainedTrunk(context),
    ...copies.map((p) => ({ ...p, initial: { kind: 'copy' as const, of: p.name.replace('tuned_', '') } })),
    ...targetLayer(context),
  ];
}

const isTrained = (name: string): boolean => !name.startsWith('blocks.');

/** The user vectors of Eq. 6. */
export function gatedUsers(
  parameters: Parameters,
  { sequences }: UserBatch,
  gate: tf.Tensor | null,
  { configuration }: MethodContext,
): tf.Tensor {
  if (gate === null) throw new Error('UAF needs a gate for every block.');
  const trunk = { ...configuration, table: parameters.item_embedding, blocks: gatedBlocks(parameters, gate) };
  return userVectors(trunk, sequences, configuration.readout);
}

function uaf(id: string, rule: GateRule, network: PolicyNetwork): UafMethod {
  const logits: UafMethod['logits'] = (parameters, { sequences }, { configuration }) =>
    network.logits(parameters, sequences, configuration);
  const trainingGate: UafMethod['trainingGate'] = (parameters, batch, context) =>
    rule.training(logits(parameters, batch, context), batch, context);
  return {
    id,
    start: 'pretrained',
    parameters: (context) => {
      const { sourceItems, configuration } = context;
      const outputs = rule.logitsPerBlock * configuration.dilations.length;
      return [...twoBranches(context), ...network.parameters({ sourceItems, ...configuration }, outputs)];
    },
    isTrained,
    users: gatedUsers,
    logits,
    trainingGate,
    loss: (parameters, batch, context) => {
      const gate = trainingGate(parameters, batch, context);
      return targetLoss(parameters, gatedUsers(parameters, batch, gate, context), batch, context);
    },
    policy: (parameters, batch, context) => rule.evaluation(logits(parameters, batch, context), batch, context),
    policySees: (configuration) => network.sees(configuration.sequenceLength, configuration),
  };
}

export const uafHard = uaf('uaf-hard', hard, nextItNetPolicy);
export const uafSoft = uaf('uaf-soft', soft, nextItNetPolicy);
export const uafHardGru = uaf('uaf-hard-gru', hard, gruPolicy);
export const uafSoftGru = uaf('uaf-soft-gru', soft, gruPolicy);

/** Gates of Bernoulli(½), each user's own and always the same for a seed (Table 3): [B, N]. */
function randomGate({ users, sequences }: UserBatch, seed: number, blocks: number): tf.Tensor {
  return eachUser(users, sequences.rows, (user) => {
    const random = randomStream(seed, 'random policy', user);
    return tf.tensor2d(
      Array.from({ length: blocks }, () => random.integer(2)),
      [1, blocks],
      'float32',
    );
  });
}

export const uafRandom: Method = {
  id: 'uaf-random',
  start: 'pretrained',
  parameters: twoBranches,
  isTrained,
  users: gatedUsers,
  loss: (parameters, batch, context) => {
    const { seed, dilations } = context.configuration;
    const gate = randomGate(batch, seed, dilations.length);
    return targetLoss(parameters, gatedUsers(parameters, batch, gate, context), batch, context);
  },
  policy: (_parameters, batch, context) => {
    const blocks = context.configuration.dilations.length;
    return {
      gate: randomGate(batch, evaluationSeedOf(context), blocks),
      probability: tf.fill([batch.sequences.rows, blocks], 0.5),
    };
  },
  policySees: () => 0,
};
