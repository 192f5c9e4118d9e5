import * as tf from '@tensorflow/tfjs';
import { randomStream, standardNormal } from '../../data/random.ts';

/** Tensors by the names of the specification: `blocks.0.conv1.kernel`, `policy.output.weight`, … */
export type Parameters = Readonly<Record<string, tf.Tensor>>;

/** A parameter outside the backend: how checkpoints and pre-trained models travel. */
export interface StoredTensor {
  readonly shape: number[];
  readonly values: Float32Array;
}
export type StoredParameters = Readonly<Record<string, StoredTensor>>;

/** Where the first value of a parameter comes from. */
type Initial =
  | { readonly kind: 'normal'; readonly deviation: number }
  | { readonly kind: 'truncated-normal'; readonly deviation: number }
  | { readonly kind: 'uniform'; readonly within: number }
  | { readonly kind: 'constant'; readonly value: number }
  | { readonly kind: 'copy'; readonly of: string }
  | { readonly kind: 'values'; readonly values: Float32Array };

export interface ParameterSpecification {
  readonly name: string;
  readonly shape: number[];
  readonly initial: Initial;
}

const EMBEDDING: Initial = { kind: 'truncated-normal', deviation: 0.02 };
const KERNEL = EMBEDDING;
const ADAPTER: Initial = { kind: 'normal', deviation: 0.02 };
const OUTPUT: Initial = { kind: 'normal', deviation: 0.01 };
const ZERO: Initial = { kind: 'constant', value: 0 };
const ONE: Initial = { kind: 'constant', value: 1 };

/** E [rows, k]. */
export const embeddingParameter = (name: string, rows: number, channels: number): ParameterSpecification[] => [
  { name, shape: [rows, channels], initial: EMBEDDING },
];

/** The eight tensors of each of `count` residual blocks. */
export function blockParameters(prefix: string, count: number, channels: number, kernelSize: number): ParameterSpecification[] {
  return Array.from({ length: count }, (_, l) =>
    [1, 2].flatMap((i): ParameterSpecification[] => [
      { name: `${prefix}.${l}.conv${i}.kernel`, shape: [kernelSize, channels, channels], initial: KERNEL },
      { name: `${prefix}.${l}.conv${i}.bias`, shape: [channels], initial: ZERO },
      { name: `${prefix}.${l}.norm${i}.gamma`, shape: [channels], initial: ONE },
      { name: `${prefix}.${l}.norm${i}.beta`, shape: [channels], initial: ZERO },
    ]),
  ).flat();
}

/** After each convolution of each block a bottleneck of `width`: down [k, width], up [width, k]. */
export function adapterParameters(prefix: string, count: number, channels: number, width: number): ParameterSpecification[] {
  return Array.from({ length: count }, (_, l) =>
    [1, 2].flatMap((i): ParameterSpecification[] => [
      { name: `${prefix}.${l}.adapter${i}.down.kernel`, shape: [channels, width], initial: ADAPTER },
      { name: `${prefix}.${l}.adapter${i}.down.bias`, shape: [width], initial: ZERO },
      { name: `${prefix}.${l}.adapter${i}.up.kernel`, shape: [width, channels], initial: ADAPTER },
      { name: `${prefix}.${l}.adapter${i}.up.bias`, shape: [channels], initial: ZERO },
    ]),
  ).flat();
}

/** A linear layer: weight [outputs, k] and bias [outputs]. */
export const linearParameters = (prefix: string, outputs: number, channels: number): ParameterSpecification[] => [
  { name: `${prefix}.weight`, shape: [outputs, channels], initial: OUTPUT },
  { name: `${prefix}.bias`, shape: [outputs], initial: ZERO },
];

/**
 * First values. Each parameter draws from a stream of its own name, so that adding one changes no other.
 *
 * @param pretrained what `copy` refers to; copies are made of stored values, never of tensors
 */
export function initialise(
  specifications: readonly ParameterSpecification[],
  seed: number,
  pretrained: StoredParameters = {},
): Record<string, StoredTensor> {
  return Object.fromEntries(
    specifications.map(({ name, shape, initial }) => [
      name,
      { shape, values: firstValues(name, shape, initial, seed, pretrained) },
    ]),
  );
}

function firstValues(name: string, shape: number[], initial: Initial, seed: number, pretrained: StoredParameters): Float32Array {
  const size = tf.util.sizeFromShape(shape);
  switch (initial.kind) {
    case 'constant':
      return new Float32Array(size).fill(initial.value);
    case 'values':
      return initial.values;
    case 'copy': {
      const original = pretrained[initial.of];
      if (original?.values.length !== size) {
        throw new Error(`The pre-trained model has no tensor ${initial.of} of shape [${shape}], which ${name} starts from.`);
      }
      return original.values;
    }
    case 'uniform': {
      const random = randomStream(seed, 'initial values', name);
      return Float32Array.from({ length: size }, () => initial.within * (2 * random.uniform() - 1));
    }
    case 'normal':
    case 'truncated-normal': {
      const random = randomStream(seed, 'initial values', name);
      const within = initial.kind === 'normal' ? undefined : 2;
      return Float32Array.from({ length: size }, () => initial.deviation * standardNormal(random, within));
    }
  }
}

/** Copies stored values into the current backend. The caller disposes of the tensors. */
export const upload = (stored: StoredParameters): Record<string, tf.Tensor> =>
  Object.fromEntries(Object.entries(stored).map(([name, { shape, values }]) => [name, tf.tensor(values, shape, 'float32')]));

/** Reads tensors back; the values are copies. */
export async function download(parameters: Parameters): Promise<Record<string, StoredTensor>> {
  const entries = Object.entries(parameters).map(async ([name, tensor]): Promise<[string, StoredTensor]> => {
    const values = (await tensor.data()) as Float32Array;
    return [name, { shape: tensor.shape, values: values.slice() }];
  });
  return Object.fromEntries(await Promise.all(entries));
}
