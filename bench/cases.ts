import { PRESETS } from '../src/configuration/presets.ts';
import type { Configuration } from '../src/configuration/schema.ts';
import { type RandomStream, randomStream } from '../src/data/random.ts';
import type { NegativeClasses } from '../src/engine/kernels/crossEntropy/index.ts';
import type { Batch, MethodContext } from '../src/engine/methods/method.ts';
import { methodOf } from '../src/engine/methods/registry.ts';
import {
  blockParameters,
  embeddingParameter,
  initialise,
  linearParameters,
  type StoredTensor,
} from '../src/engine/model/parameters.ts';
import { drawLogUniform } from '../src/engine/training/logUniform.ts';

/** How large the model and its batch are. */
interface Size {
  readonly channels: number;
  readonly dilations: readonly number[];
  readonly rows: number;
  readonly length: number;
  readonly items: number;
}

export const SIZES: Readonly<Record<string, Size>> = {
  small: { channels: 64, dilations: [1, 4, 1, 4], rows: 32, length: 20, items: 2_000 },
  medium: { channels: 128, dilations: [1, 4, 1, 4, 1, 4, 1, 4], rows: 128, length: 50, items: 20_000 },
  // The small model with tables of ColdRec-3's and ColdRec-2's size: a step should not know the difference.
  'items-11k': { channels: 64, dilations: [1, 4, 1, 4], rows: 32, length: 20, items: 11_349 },
  'items-646k': { channels: 64, dilations: [1, 4, 1, 4], rows: 32, length: 20, items: 645_981 },
};

/** What is timed unless something else is asked for. */
export const USUAL_SIZES = ['small', 'medium'];

export const TASKS = ['pre-training', 'pre-training-sampled', 'finetune-all', 'uaf-soft', 'uaf-hard', 'evaluation'] as const;
/** What every implementation knows. */
export const USUAL_TASKS = TASKS.filter((task) => task !== 'pre-training-sampled');
export type TaskName = (typeof TASKS)[number];

/** One thing to time: everything that all implementations have to share. */
export interface Case {
  /** `small/uaf-soft`. */
  readonly name: string;
  readonly size: string;
  readonly task: TaskName;
  readonly configuration: Configuration;
  readonly context: MethodContext;
  readonly parameters: Readonly<Record<string, StoredTensor>>;
  readonly isTrained: (name: string) => boolean;
  readonly batch: Batch;
  /** The classes of a sampled softmax. */
  readonly sampled: NegativeClasses | null;
}

const LEARNING_RATE = 1e-3;
const SAMPLED = 4096;

/** The stream that Gumbel noise is drawn from; begun anew at each step, so that all steps have the same. */
export const noiseStream = (): RandomStream => randomStream(1, 'noise');

/** Draws weights and a batch for a case. Padding does not occur: it would only make steps cheaper. */
export function caseOf(size: string, task: TaskName): Case {
  const isPretraining = task.startsWith('pre-training');
  const { rows, length, items, ...model } = SIZES[size];
  const { pretraining, fineTuning } = PRESETS.paper;
  const configuration: Configuration = {
    ...PRESETS.paper,
    channels: model.channels,
    dilations: [...model.dilations],
    sequenceLength: length,
    method: isPretraining || task === 'evaluation' ? 'finetune-all' : task,
    pretraining: { ...pretraining, softmax: 'full', learningRate: LEARNING_RATE },
    fineTuning: { ...fineTuning, learningRate: LEARNING_RATE },
  };
  const context: MethodContext = {
    configuration,
    task: 'ranking',
    sourceItems: items,
    targetItems: items,
    popularity: new Float32Array(items),
  };
  const pretrained = initialise(
    [
      ...embeddingParameter('item_embedding', items + 1, model.channels),
      ...blockParameters('blocks', model.dilations.length, model.channels, configuration.kernelSize),
      ...linearParameters('output', items + 1, model.channels),
    ],
    1,
  );
  const method = methodOf(configuration.method);
  const random = randomStream(1, 'batch');
  const draw = (count: number, from: number, to: number) =>
    Int32Array.from({ length: count }, () => from + random.integer(to - from));
  return {
    name: `${size}/${task}`,
    size,
    task,
    configuration,
    context,
    parameters: isPretraining ? pretrained : initialise(method.parameters(context), 1, pretrained),
    isTrained: (name) => task !== 'evaluation' && (isPretraining || method.isTrained(name, context)),
    sampled: task === 'pre-training-sampled' ? drawLogUniform(randomStream(1, 'sampled'), 1, items, SAMPLED) : null,
    batch: {
      sequences: { items: draw(rows * length, 1, items + 1), rows, length },
      users: Int32Array.from({ length: rows }, (_, row) => row),
      positives: draw(rows, 0, items),
      negatives: draw(rows, 0, items),
      instances: rows,
      epoch: 1,
      random: noiseStream,
      source: () => {
        throw new Error('No case of the benchmark takes source batches.');
      },
    },
  };
}
