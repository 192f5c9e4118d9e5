import * as tf from '@tensorflow/tfjs';
import '@tensorflow/tfjs-backend-cpu';
import '@tensorflow/tfjs-backend-webgpu';
import { type BackendInfo, openBackend } from '../../src/engine/backend.ts';
import { distance, LARGE_SEEDS, OPERATION_NAMES, outcomeOf, Training } from '../../src/engine/golden/agreement.ts';
import { type Comparison, compare, type GoldenCase } from '../../src/engine/golden/cases.ts';
import { logitsAtATime } from '../../src/engine/kernels/crossEntropy/webgpu.ts';
import { gpuOf } from '../../src/engine/kernels/gpu/gpu.ts';
import { canRun, nameOfVariant, VARIANTS, variantNamed } from '../../src/engine/kernels/gpu/variants.ts';

/** What a backend holds: to be the same after any number of steps. */
interface Held {
  readonly tensors: number;
  readonly bytes: number;
  readonly buffers: number;
  /** In use or kept for the next step. */
  readonly allocated: number;
  readonly bindGroups: number;
}

interface EnginePage {
  readonly operations: readonly string[];
  /** Those that the open device can run. */
  variants(): readonly string[];
  /** Opens WebGPU; what its device complains of is kept. */
  open(): Promise<BackendInfo>;
  compare(golden: GoldenCase): Promise<Comparison[]>;
  /** How far an operation on WebGPU is from the reference, at the shapes of each seed. */
  distances(operation: string, seeds: readonly number[], variant: string): Promise<number[]>;
  readonly largeSeeds: readonly number[];
  /** From now on only so many logits exist at a time. */
  limitLogits(count: number): void;
  /** Losses of the first steps of training on either backend. */
  losses(of: string, backend: 'cpu' | 'webgpu', steps: number): Promise<number[]>;
  /** What is held after so many steps, and after as many more. */
  held(of: string, steps: number): Promise<[Held, Held]>;
  /** What was reported when the device was destroyed, and when it said that its memory was full. */
  faults(): Promise<{ lost: string[]; errors: string[] }>;
}

declare global {
  interface Window {
    engine: EnginePage;
  }
}

// What the device has said of itself.
const lost: string[] = [];
const errors: string[] = [];
let gpuBackend: tf.KernelBackend | null = null;

async function use(backend: 'cpu' | 'webgpu'): Promise<void> {
  await tf.setBackend(backend);
}

function gpu() {
  if (gpuBackend === null) throw new Error('WebGPU is not open.');
  return gpuOf(gpuBackend);
}

function held(): Held {
  const { numTensors, numBytes } = tf.memory();
  const { bufferManager } = gpuBackend as unknown as {
    bufferManager: { getNumUsedBuffers(): number; numBytesAllocated: number };
  };
  gpu().submit();
  const [buffers, allocated] = [bufferManager.getNumUsedBuffers(), bufferManager.numBytesAllocated];
  return { tensors: numTensors, bytes: numBytes, buffers, allocated, bindGroups: gpu().remembered };
}

window.engine = {
  operations: OPERATION_NAMES,
  variants: () => VARIANTS.filter((variant) => canRun(gpu().device, variant)).map(nameOfVariant),
  largeSeeds: LARGE_SEEDS,
  limitLogits: (count) => {
    logitsAtATime.count = count;
  },
  open: async () => {
    const info = await openBackend('webgpu', {
      readWasm: () => Promise.reject(new Error('WASM is not asked for.')),
      startThread: null,
      onDeviceLost: (message) => lost.push(message),
      onDeviceError: ({ name, message }) => errors.push(`${name}: ${message}`),
    });
    gpuBackend = tf.backend();
    return info;
  },
  compare: async (golden) => {
    await use('webgpu');
    tf.engine().startScope();
    const comparisons = await compare(golden);
    tf.engine().endScope();
    if (errors.length > 0) throw new Error(errors.join('\n'));
    return comparisons;
  },
  distances: async (operation, seeds, name) => {
    const variant = variantNamed(name);
    if (variant === undefined) throw new Error(`There is no variant ${name}.`);
    const before = gpu().variant;
    gpu().variant = variant;
    const found: number[] = [];
    for (const seed of seeds) {
      await use('cpu');
      const expected = await outcomeOf(operation, seed);
      await use('webgpu');
      found.push(distance(expected, await outcomeOf(operation, seed)));
    }
    gpu().variant = before;
    if (errors.length > 0) throw new Error(errors.join('\n'));
    return found;
  },
  losses: async (of, backend, steps) => {
    await use(backend);
    const training = new Training(of);
    const found: number[] = [];
    for (let step = 0; step < steps; step++) found.push(await training.step());
    training.dispose();
    if (errors.length > 0) throw new Error(errors.join('\n'));
    return found;
  },
  held: async (of, steps) => {
    await use('webgpu');
    const training = new Training(of);
    for (let step = 0; step < steps; step++) await training.step();
    const first = held();
    for (let step = 0; step < steps; step++) await training.step();
    const second = held();
    training.dispose();
    return [first, second];
  },
  faults: async () => {
    const { device } = gpu();
    const full = new GPUUncapturedErrorEvent('uncapturederror', { error: new GPUOutOfMemoryError('no room for 64 GB') });
    device.dispatchEvent(full);
    device.destroy();
    await device.lost;
    // What is told of the loss is told by another listener of the same promise.
    await new Promise((resolve) => setTimeout(resolve));
    return { lost, errors };
  },
};
