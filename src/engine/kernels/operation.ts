import * as tf from '@tensorflow/tfjs';

/** The tfjs backends on which the engine runs. */
export const BACKENDS = ['wasm', 'webgpu', 'cpu'] as const;
export type BackendName = (typeof BACKENDS)[number];

export type Tensors = Readonly<Record<string, tf.Tensor>>;
type Implementation<Attributes> = (inputs: Tensors, attributes: Attributes, backend: tf.KernelBackend) => tf.Tensor[];

/**
 * A coarse operation: one tfjs kernel name, one meaning (`reference`, composed of stock tfjs operations) and, where
 * a backend has something better, its own implementation. Callers never know which one runs.
 */
export interface Operation<Attributes> {
  readonly name: string;
  readonly reference: Implementation<Attributes>;
  readonly wasm?: Implementation<Attributes>;
  readonly webgpu?: Implementation<Attributes>;
}

/** Runs an operation on the current backend. Its results belong to the enclosing `tf.tidy`. */
export function run<Attributes>(operation: Operation<Attributes>, inputs: Tensors, attributes: Attributes): tf.Tensor[] {
  const results = tf.engine().runKernel(operation.name, inputs as tf.NamedTensorMap, attributes as tf.NamedAttrMap);
  return Array.isArray(results) ? results : [results as tf.Tensor];
}

/** Which implementation runs: the backend's own where there is one, or the reference, to compare with. */
export type Which = 'best' | 'reference';

let running: Which = 'best';

/** Whether the current backend runs its own implementation of an operation. */
export function isBackendsOwn<Attributes>(operation: Operation<Attributes>): boolean {
  const backend = tf.getBackend();
  return running === 'best' && (backend === 'wasm' || backend === 'webgpu') && operation[backend] !== undefined;
}

/** Registers an operation with tfjs for every backend, in place of what was registered before. */
export function register<Attributes>(operation: Operation<Attributes>, which: Which): void {
  running = which;
  for (const backendName of BACKENDS) {
    const own = backendName === 'cpu' || which === 'reference' ? undefined : operation[backendName];
    const implementation = own ?? operation.reference;
    if (tf.getKernel(operation.name, backendName) !== undefined) tf.unregisterKernel(operation.name, backendName);
    tf.registerKernel({
      kernelName: operation.name,
      backendName,
      kernelFunc: ({ inputs, attrs, backend }) =>
        tf.tidy(() => implementation(inputs as tf.NamedTensorMap, attrs as Attributes, backend as tf.KernelBackend)),
    });
  }
}

interface Differentiable {
  readonly value: tf.Tensor;
  readonly saved: tf.Tensor[];
  /** Gradients for all inputs, in their order. */
  readonly backward: (dy: tf.Tensor, saved: tf.Tensor[]) => tf.Tensor[];
}

/** Puts an operation with a hand-written backward on tfjs's tape. */
export function differentiable(inputs: readonly tf.Tensor[], forward: () => Differentiable): tf.Tensor {
  return tf.customGrad((...args) => {
    const save = args[args.length - 1] as tf.GradSaveFunc;
    const { value, saved, backward } = forward();
    save(saved);
    return { value, gradFunc: (dy: tf.Tensor, kept: tf.Tensor[]) => backward(dy, kept) };
  })(...inputs);
}

/** Computes something that no gradient may run through, such as a reward: the inside of an operation is not on tfjs's tape. */
export function untracked(compute: () => tf.Tensor): tf.Tensor {
  return differentiable([], () => ({ value: compute(), saved: [], backward: () => [] }));
}
