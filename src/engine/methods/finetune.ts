import * as tf from '@tensorflow/tfjs';
import { softmaxCrossEntropy } from '../kernels/crossEntropy/index.ts';
import { plainBlocks, userVectors } from '../model/nextitnet.ts';
import {
  blockParameters,
  embeddingParameter,
  linearParameters,
  type ParameterSpecification,
  type Parameters,
} from '../model/parameters.ts';
import { pairwiseLoss, scores } from '../model/target.ts';
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
  const positive = scores(parameters, users, positives);
  const negative = scores(parameters, users, negatives);
  return pairwiseLoss(positive, negative, context.configuration.targetLoss, instances);
}

/** The user vectors of the plain trunk. */
export function trunkUsers(parameters: Parameters, { sequences }: UserBatch, { configuration }: MethodContext): tf.Tensor {
  const trunk = { ...configuration, table: parameters.item_embedding, blocks: plainBlocks(parameters, 'blocks') };
  return userVectors(trunk, sequences, configuration.readout);
}

/** One of the usual ways of fine-tuning: they differ in where they start and in what they train. */
function finetune(id: string, start: 'pretrained' | 'random', isTrained: Method['isTrained']): Method {
  return {
    id,
    start,
    parameters: (context) => [
      ...(start === 'random' ? trunkParameters(context) : pretrainedTrunk(context)),
      ...targetLayer(context),
    ],
    isTrained,
    users: (parameters, batch, _gate, context) => trunkUsers(parameters, batch, context),
    loss: (parameters, batch, context) => targetLoss(parameters, trunkUsers(parameters, batch, context), batch, context),
  };
}

const isTargetLayer = (name: string): boolean => name.startsWith('target.');

export const finetuneAll = finetune('finetune-all', 'pretrained', () => true);

export const finetuneZero = finetune('finetune-zero', 'random', () => true);

export const finetuneCls = finetune('finetune-cls', 'pretrained', isTargetLayer);

/** Trains the last `count` blocks and the target layer. */
export const finetuneLast = (count: number): Method =>
  finetune(`finetune-last-${count}`, 'pretrained', (name, { configuration }) => {
    const block = /^blocks\.(\d+)\./.exec(name);
    return isTargetLayer(name) || (block !== null && Number(block[1]) >= configuration.dilations.length - count);
  });
