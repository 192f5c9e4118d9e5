import { embed, hiddenStates, read, type Sequences } from '../model/nextitnet.ts';
import {
  blockParameters,
  embeddingParameter,
  linearParameters,
  type ParameterSpecification,
  type Parameters,
} from '../model/parameters.ts';
import { pairwiseLoss, scores } from '../model/target.ts';
import type { Batch, Method, MethodContext } from './method.ts';

/** NextItNet without its output layer: what fine-tuning takes over from pre-training. */
function trunkParameters({ sourceItems, configuration }: MethodContext): ParameterSpecification[] {
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

/** Eq. 8 (or its BCE form) for user vectors that are computed already. */
export function targetLoss(parameters: Parameters, users: Parameters[string], batch: Batch, { configuration }: MethodContext) {
  const positive = scores(parameters, users, batch.positives);
  const negative = scores(parameters, users, batch.negatives);
  return pairwiseLoss(positive, negative, configuration.targetLoss, batch.instances);
}

const users = (parameters: Parameters, sequences: Sequences, { configuration }: MethodContext) => {
  const embedded = embed(parameters.item_embedding, sequences);
  return read(hiddenStates(parameters, embedded, 'blocks', configuration.dilations), configuration.readout);
};

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
    users: (parameters, sequences, _gate, context) => users(parameters, sequences, context),
    loss: (parameters, batch, context) => targetLoss(parameters, users(parameters, batch.sequences, context), batch, context),
  };
}

export const finetuneAll = finetune('finetune-all', 'pretrained', () => true);

export const finetuneZero = finetune('finetune-zero', 'random', () => true);

export const finetuneCls = finetune('finetune-cls', 'pretrained', (name) => name.startsWith('target.'));
