import type * as tf from '@tensorflow/tfjs';
import { adaptedBlocks } from '../model/adapter.ts';
import { userVectors } from '../model/nextitnet.ts';
import { adapterParameters, type Parameters } from '../model/parameters.ts';
import { pretrainedTrunk, targetLayer, targetLoss } from './finetune.ts';
import type { Method, MethodContext, UserBatch } from './method.ts';

function users(parameters: Parameters, { sequences }: UserBatch, { configuration }: MethodContext): tf.Tensor {
  const trunk = { ...configuration, table: parameters.item_embedding, blocks: adaptedBlocks(parameters) };
  return userVectors(trunk, sequences, configuration.readout);
}

/** PeterRec (Yuan et al., 2020): the pre-trained network stays, small adapters inside its blocks are trained. */
export const peterRec: Method = {
  id: 'peterrec',
  start: 'pretrained',
  parameters: (context) => {
    const { dilations, channels, adapterWidth } = context.configuration;
    return [
      ...pretrainedTrunk(context),
      ...adapterParameters('adapters', dilations.length, channels, adapterWidth),
      ...targetLayer(context),
    ];
  },
  isTrained: (name, { configuration }) =>
    name.startsWith('adapters.') ||
    name.startsWith('target.') ||
    (configuration.adapterNorms === 'trained' && name.includes('.norm')),
  users: (parameters, batch, _gate, context) => users(parameters, batch, context),
  loss: (parameters, batch, context) => targetLoss(parameters, users(parameters, batch, context), batch, context),
};
