import * as tf from '@tensorflow/tfjs';
import { nextItemLoss } from '../model/nextItem.ts';
import { linearParameters } from '../model/parameters.ts';
import { targetLayer, targetLoss, trunkParameters, trunkUsers } from './finetune.ts';
import type { Method } from './method.ts';

/** Learns both domains at once with a shared trunk: source loss + `multiTaskWeight` · target loss, from random values. */
export const multiTask: Method = {
  id: 'mtl',
  start: 'random',
  parameters: (context) => [
    ...trunkParameters(context),
    ...linearParameters('output', context.sourceItems + 1, context.configuration.channels),
    ...targetLayer(context),
  ],
  isTrained: () => true,
  users: (parameters, batch, _gate, context) => trunkUsers(parameters, batch, context),
  loss: (parameters, batch, context) => {
    const { configuration } = context;
    const source = nextItemLoss(parameters, batch.source(), configuration);
    const target = targetLoss(parameters, trunkUsers(parameters, batch, context), batch, context);
    return tf.add(source, tf.mul(configuration.fineTuning.multiTaskWeight, target));
  },
};
