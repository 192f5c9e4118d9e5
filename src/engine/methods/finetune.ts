import * as tf from '@tensorflow/tfjs';
import { softmaxCrossEntropy } from '../kernels/crossEntropy/index.ts';
import { pairwiseLoss } from '../kernels/pairwise/index.ts';
import { firstStates, plainBlocks, type Trunk, userVectors, userVectorsFrom } from '../model/nextitnet.ts';
import {
  blockParameters,
  embeddingParameter,
  linearParameters,
  type ParameterSpecification,
  type Parameters,
} from '../model/parameters.ts';
import type { Batch, Method, MethodContext, UserBatch } from './method.ts';

/** NextItNet without its output layer: what fine-tuning takes over from pre-training. */
export function trunkParameters({ sourceItems, configuration }: MethodContext): ParameterSpecification[] {
  const { channels, dilations, kernelSize } = configuration;
  return [
    ...embeddingParameter('item_embedding', sourceItems + 1, channels),
    ...blockParameters('blocks', dilations.length, channels, kernelSize),
  ];
}

/** The same, started from the pre-trained model. */
export const pretrainedTrunk = (context: MethodContext): ParameterSpecification[] =>
  trunkParameters(context).map((parameter) => ({ ...parameter, initial: { kind: 'copy', of: parameter.name } }));

/** w_y and b_y of every target item. */
export const targetLayer = ({ targetItems, configuration }: MethodContext): ParameterSpecification[] =>
  linearParameters('target', targetItems, configuration.channels).filter(
    ({ name }) => configuration.targetBias || name !== 'target.bias',
  );

/**
 * The loss of the target task for user vectors that are computed already: Eq. 8 (or its BCE form), or for a profile task
 * the softmax cross-entropy over its classes.
 */
export function targetLoss(parameters: Parameters, users: tf.Tensor, batch: Batch, context: MethodContext): tf.Tensor {
  const { positives, negatives, instances } = batch;
  if (context.task === 'profile') {
    const bias = parameters['target.bias'] ?? tf.zeros([context.targetItems]);
    const labels = positives.map((label, row) => (row < instances ? label : -1));
    return softmaxCrossEntropy(users, parameters['target.weight'], bias, labels, (label) => label >= 0);
  }
  const { 'target.weight': weight, 'target.bias': bias } = parameters;
  const pairs = { loss: context.configuration.targetLoss, instances };
  return pairwiseLoss(users, weight, bias, positives, negatives, pairs);
}

const plainTrunk = (parameters: Parameters, { configuration }: MethodContext): Trunk => ({
  ...configuration,
  table: parameters.item_embedding,
  blocks: plainBlocks(parameters, 'blocks'),
});

/** The user vectors of the plain trunk. */
export const trunkUsers = (parameters: Parameters, { sequences }: UserBatch, context: MethodContext): tf.Tensor =>
  userVectors(plainTrunk(parameters, context), sequences, context.configuration.readout);

/** One of the usual ways of fine-tuning: they differ in where they start and in what they train. */
function finetune(
  id: string,
  start: 'pretrained' | 'random',
  isTrained: Method['isTrained'],
  users: Method['users'] = (parameters, batch, _gate, context) => trunkUsers(parameters, batch, context),
): Method {
  return {
    id,
    start,
    parameters: (context) => [
      ...(start === 'random' ? trunkParameters(context) : pretrainedTrunk(context)),
      ...targetLayer(context),
    ],
    isTrained,
    users,
    loss: (parameters, batch, context) => targetLoss(parameters, users(parameters, batch, null, context), batch, context),
  };
}

export const finetuneAll = finetune('finetune-all', 'pretrained', () => true);

export const finetuneZero = finetune('finetune-zero', 'random', () => true);

/** Trains the last `count` blocks and the target layer: the embedding and the blocks before them stay as they are. */
function finetuneFrom(id: string, count: number): Method {
  const frozenBlocks = ({ configuration }: MethodContext): number => configuration.dilations.length - count;
  const isTrained: Method['isTrained'] = (name, context) => {
    const block = /^blocks\.(\d+)\./.exec(name);
    return name.startsWith('target.') || (block !== null && Number(block[1]) >= frozenBlocks(context));
  };
  const states = (parameters: Parameters, batch: UserBatch, context: MethodContext): tf.Tensor => {
    const { channels, readout } = context.configuration;
    if (batch.frozen !== undefined) return tf.reshape(tf.tensor1d(batch.frozen), [batch.sequences.rows, -1, channels]);
    return firstStates(plainTrunk(parameters, context), batch.sequences, readout, frozenBlocks(context));
  };
  const users: Method['users'] = (parameters, batch, _gate, context) => {
    const { readout, sequenceLength } = context.configuration;
    const trunk = plainTrunk(parameters, context);
    return userVectorsFrom(states(parameters, batch, context), trunk, sequenceLength, readout, frozenBlocks(context));
  };
  return {
    ...finetune(id, 'pretrained', isTrained, users),
    // Without a frozen block it would be the embedding alone: rows of a table, which are as fast to take from there.
    frozen: (context) => (frozenBlocks(context) === 0 ? null : (parameters, batch) => states(parameters, batch, context)),
  };
}

export const finetuneCls = finetuneFrom('finetune-cls', 0);

export const finetuneLast = (count: number): Method => finetuneFrom(`finetune-last-${count}`, count);
