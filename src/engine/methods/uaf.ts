import * as tf from '@tensorflow/tfjs';
import { embed, hiddenStates, read, type Sequences } from '../model/nextitnet.ts';
import { blockParameters, type Parameters } from '../model/parameters.ts';
import { gatePerBlock, hardGate, pairDifference, policyLogits, policyParameters } from '../model/policy.ts';
import { pretrainedTrunk, targetLayer, targetLoss } from './finetune.ts';
import type { Batch, Method, MethodContext, Policy } from './method.ts';

/** How the policy's logits become gates: what the UAF methods differ in. */
interface GateRule {
  /** Logits for each block: a pair (freeze, fine-tune), or one. */
  readonly logitsPerBlock: 1 | 2;
  readonly training: (logits: tf.Tensor, batch: Batch, context: MethodContext) => tf.Tensor;
  readonly evaluation: (logits: tf.Tensor, context: MethodContext) => Policy;
}

/** Eqs. 9-10: straight-through Gumbel-softmax in training, argmax without noise at evaluation. */
const hard: GateRule = {
  logitsPerBlock: 2,
  training: (logits, batch, { configuration }) => {
    const difference = pairDifference(logits, configuration.gateLogits, configuration.exploration);
    return hardGate(difference, batch.noise(logits.size), configuration.temperature);
  },
  // Greedy on π itself, without exploration; fine-tune only where it is strictly the likelier.
  evaluation: (logits) => {
    const difference = pairDifference(logits, 'log-softmax', 1);
    return { gate: tf.step(difference), probability: tf.sigmoid(difference) };
  },
};

/** Eqs. 11-12: I = σ(v). */
const soft: GateRule = {
  logitsPerBlock: 1,
  training: (logits) => tf.sigmoid(logits),
  evaluation: (logits) => {
    const gate = tf.sigmoid(logits);
    return { gate, probability: gate };
  },
};

function users(parameters: Parameters, sequences: Sequences, gate: tf.Tensor, { configuration }: MethodContext): tf.Tensor {
  const embedded = embed(parameters.item_embedding, sequences);
  const hidden = hiddenStates(parameters, embedded, 'blocks', configuration.dilations, gatePerBlock(gate));
  return read(hidden, configuration.readout);
}

function uaf(id: string, rule: GateRule): Method {
  const logits = (parameters: Parameters, sequences: Sequences, { configuration }: MethodContext) =>
    policyLogits(parameters, sequences, configuration.readout);
  const trainingGate = (parameters: Parameters, batch: Batch, context: MethodContext) =>
    rule.training(logits(parameters, batch.sequences, context), batch, context);
  return {
    id,
    start: 'pretrained',
    parameters: (context) => {
      const { channels, dilations, kernelSize } = context.configuration;
      const copies = blockParameters('tuned_blocks', dilations.length, channels, kernelSize);
      return [
        ...pretrainedTrunk(context),
        ...copies.map((p) => ({ ...p, initial: { kind: 'copy' as const, of: p.name.replace('tuned_', '') } })),
        ...targetLayer(context),
        ...policyParameters(context.sourceItems, channels, kernelSize, rule.logitsPerBlock * dilations.length),
      ];
    },
    isTrained: (name) => !name.startsWith('blocks.'),
    users: (parameters, sequences, gate, context) => {
      if (gate === null) throw new Error(`${id} needs a gate for every block.`);
      return users(parameters, sequences, gate, context);
    },
    trainingGate,
    loss: (parameters, batch, context) => {
      const gate = trainingGate(parameters, batch, context);
      return targetLoss(parameters, users(parameters, batch.sequences, gate, context), batch, context);
    },
    policy: (parameters, sequences, context) => rule.evaluation(logits(parameters, sequences, context), context),
  };
}

export const uafHard = uaf('uaf-hard', hard);

export const uafSoft = uaf('uaf-soft', soft);
