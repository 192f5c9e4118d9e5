import * as tf from '@tensorflow/tfjs';
import { setWasmPaths } from '@tensorflow/tfjs-backend-wasm';
import { findAdapter, isSoftware, nameOf, softwareWords } from './adapter.ts';
import { BackendUnavailableError, GpuError, OutOfGpuMemoryError } from './errors.ts';
import { type Gpu, startGpu } from './kernels/gpu/gpu.ts';
import { fastestVariant } from './kernels/gpu/measure.ts';
import { nameOfVariant, type Variant, variantNamed, WITHOUT_BARRIERS } from './kernels/gpu/variants.ts';
import { type SimdVariant, startKernels } from './kernels/heap.ts';
import { type BackendName, registerKernels } from './kernels/index.ts';
import { type StartThread, withSharedMemory } from './kernels/threads.ts';

/** What the user asks for: a backend by name, or the best one there is. */
export type BackendChoice = BackendName | 'auto';

/** The backend in use, and why it is this one: always on screen, and part of every run. */
export interface BackendInfo {
  readonly name: BackendName;
  /** The GPU's own words about itself; for wasm the instruction set and the number of threads. */
  readonly adapter: string;
  /** A WebGPU adapter that computes on the CPU. */
  readonly software: boolean;
  readonly reason: string;
  /** Which of its kernels compute: part of every run, since another one adds up in another order. */
  readonly variant: string;
  /** Bytes that one table may have at most on a GPU; null elsewhere. */
  readonly largestTable: number | null;
}

/** A WebAssembly module: tfjs's own with SIMD, or a build of the engine's kernels. */
export type WasmName = 'tfjs' | SimdVariant;

export interface BackendOptions {
  /** The bytes of tfjs's SIMD module, and of the engine's own kernels, `kernels/assembly/build/`. */
  readonly readWasm: (name: WasmName) => Promise<ArrayBuffer>;
  /** Starts a thread of `kernels/thread.mjs`; null where memory cannot be shared (a page that is not cross-origin isolated). */
  readonly startThread: StartThread | null;
  /** Which kernels were the fastest on an adapter, so that it is measured once. */
  readonly variants?: {
    readonly recall: (adapter: string) => Promise<string | undefined>;
    readonly remember: (adapter: string, variant: string) => Promise<void>;
  };
  /** Called when the GPU device is lost for a reason that is not ours. */
  readonly onDeviceLost?: (message: string) => void;
  /** Called when the GPU refuses something: above all, when its memory is full. What was computed since is not to be trusted. */
  readonly onDeviceError?: (error: Error) => void;
}

/**
 * Makes a backend tfjs's current one. `auto` takes WebGPU on a hardware adapter, else wasm; a software adapter is
 * used only when WebGPU is asked for by name.
 *
 * @throws BackendUnavailableError if the one asked for cannot be had
 */
export async function openBackend(choice: BackendChoice, options: BackendOptions): Promise<BackendInfo> {
  registerKernels();
  if (choice === 'auto') {
    const adapter = await findAdapter();
    if (typeof adapter === 'string') return openWasm(options, adapter);
    const name = nameOf(adapter.info);
    if (isSoftware(adapter.info)) return openWasm(options, softwareWords(name));
    try {
      return await openWebGpu(adapter, options, 'A hardware WebGPU adapter was found.');
    } catch (error) {
      return openWasm(
        options,
        `WebGPU’s adapter ${name} gave no device: ${error instanceof Error ? error.message : String(error)}`,
      );
    }
  }
  if (choice === 'webgpu') {
    const adapter = await findAdapter();
    if (typeof adapter === 'string') throw new BackendUnavailableError('webgpu', adapter);
    return openWebGpu(adapter, options, 'Chosen by hand.');
  }
  if (choice === 'wasm') return openWasm(options, 'Chosen by hand.');
  await tf.setBackend('cpu');
  return {
    name: 'cpu',
    adapter: 'plain JavaScript',
    software: false,
    reason: 'Chosen by hand.',
    variant: 'reference',
    largestTable: null,
  };
}

/** The limits that decide how large a model fits; asked for as high as the adapter goes. */
const LIMITS = [
  'maxBufferSize',
  'maxStorageBufferBindingSize',
  'maxComputeWorkgroupStorageSize',
  'maxComputeInvocationsPerWorkgroup',
  'maxComputeWorkgroupSizeX',
  'maxComputeWorkgroupSizeY',
  'maxComputeWorkgroupsPerDimension',
  'maxStorageBuffersPerShaderStage',
] as const;

/** The device in use. One that is replaced is given back, and its loss is nobody's concern. */
let currentDevice: GPUDevice | null = null;

let currentGpu: Gpu | null = null;

function releaseDevice(): void {
  const device = currentDevice;
  currentDevice = null;
  currentGpu = null;
  device?.destroy();
}

async function openWebGpu(adapter: GPUAdapter, options: BackendOptions, reason: string): Promise<BackendInfo> {
  const { WebGPUBackend } = await import('@tensorflow/tfjs-backend-webgpu');
  const device = await adapter.requestDevice({
    // Not every adapter has them: for one of the variants only.
    requiredFeatures: adapter.features.has('subgroups') ? ['subgroups'] : [],
    requiredLimits: Object.fromEntries(LIMITS.map((limit) => [limit, adapter.limits[limit]])),
  });
  releaseDevice();
  currentDevice = device;
  // tfjs does not look after its device: a lost one makes every later call do nothing, silently.
  device.lost.then(({ message }) => {
    if (currentDevice === device) options.onDeviceLost?.(message || 'no reason given');
  });
  device.addEventListener('uncapturederror', ({ error }) => {
    if (currentDevice !== device) return;
    options.onDeviceError?.(
      error instanceof GPUOutOfMemoryError ? new OutOfGpuMemoryError(error.message) : new GpuError(error.message),
    );
  });
  const backend = new WebGPUBackend(device, adapter.info);
  const gpu = startGpu(backend, WITHOUT_BARRIERS);
  tf.removeBackend('webgpu');
  tf.registerBackend('webgpu', () => backend, 3);
  if (!(await tf.setBackend('webgpu'))) throw new BackendUnavailableError('webgpu', 'tfjs could not use the device.');
  const [name, software] = [nameOf(adapter.info), isSoftware(adapter.info)];
  if (!software) gpu.variant = await variantFor(name, gpu, options);
  currentGpu = gpu;
  const { maxStorageBufferBindingSize, maxBufferSize } = device.limits;
  const largestTable = Math.min(maxStorageBufferBindingSize, maxBufferSize);
  return { name: 'webgpu', adapter: name, software, reason, variant: nameOfVariant(gpu.variant), largestTable };
}

/** The fastest variant on an adapter: as remembered, or measured now. */
async function variantFor(adapter: string, gpu: Gpu, { variants }: BackendOptions): Promise<Variant> {
  const known = variantNamed((await variants?.recall(adapter)) ?? '');
  if (known !== undefined) return known;
  const measured = await fastestVariant(gpu);
  await variants?.remember(adapter, nameOfVariant(measured));
  return measured;
}

/**
 * For a run that began before: the variant that it began with, if it was on this adapter, else the one in use. What is in use from
 * now on.
 */
export function pinVariant(backend: BackendInfo, earlier: BackendInfo | null): BackendInfo {
  if (backend.name !== 'webgpu' || currentGpu === null) return backend;
  const isSame = earlier?.name === 'webgpu' && earlier.adapter === backend.adapter;
  const pinned = (isSame ? variantNamed(earlier.variant) : undefined) ?? variantNamed(backend.variant);
  if (pinned === undefined) return backend;
  currentGpu.variant = pinned;
  return { ...backend, variant: nameOfVariant(pinned) };
}

async function openWasm(options: BackendOptions, reason: string): Promise<BackendInfo> {
  if (tf.findBackendFactory('wasm') === null) throw new BackendUnavailableError('wasm', 'WebAssembly is not there.');
  // Its own threads are off (`withSharedMemory` says why).
  tf.env().set('WASM_HAS_MULTITHREAD_SUPPORT', false);
  // Not `tf.findBackend`: that would load the module by itself, from another place.
  tfjsWasm ??= loadTfjsWasm(options);
  await tfjsWasm.catch((error) => {
    tfjsWasm = null;
    throw error;
  });
  if (!(await tf.setBackend('wasm'))) throw new BackendUnavailableError('wasm', 'Its .wasm file could not be loaded.');
  releaseDevice();
  const { instructions, threads } = await startKernels(tf.backend(), options.readWasm, options.startThread);
  const adapter = `${instructions}, ${threads === 1 ? '1 thread' : `${threads} threads`}`;
  return { name: 'wasm', adapter, software: false, reason, variant: instructions, largestTable: null };
}

/** Settles when tfjs has its module; loaded once. */
let tfjsWasm: Promise<void> | null = null;

/** Gives tfjs its module from memory, whatever instruction set it asks for: without SIMD the kernels will not start. */
async function loadTfjsWasm({ readWasm, startThread }: BackendOptions): Promise<void> {
  const module = await readWasm('tfjs');
  const blob = new Blob([startThread === null ? module : withSharedMemory(module)], { type: 'application/wasm' });
  const url = URL.createObjectURL(blob);
  const names = ['', '-simd', '-threaded-simd'].map((suffix) => `tfjs-backend-wasm${suffix}.wasm`);
  setWasmPaths(Object.fromEntries(names.map((name) => [name, url])), true);
  await tf.setBackend('wasm');
  shareClones();
  URL.revokeObjectURL(url);
}

/** tfjs's wasm backend copies the values of a clone, and it clones all that is kept for a backward pass; other backends count references. */
function shareClones(): void {
  tf.unregisterKernel('Identity', 'wasm');
  tf.registerKernel({
    kernelName: 'Identity',
    backendName: 'wasm',
    kernelFunc: ({ inputs, backend }) => {
      const x = inputs.x as tf.TensorInfo;
      (backend as tf.KernelBackend).incRef(x.dataId);
      return { dataId: x.dataId, shape: x.shape, dtype: x.dtype };
    },
  });
}
