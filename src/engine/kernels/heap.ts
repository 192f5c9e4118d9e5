import * as tf from '@tensorflow/tfjs';
import type { BackendWasm } from '@tensorflow/tfjs-backend-wasm';
import { BackendUnavailableError } from '../errors.ts';

/** The two builds of `assembly/`: with fused multiply-adds where the browser has relaxed SIMD, and without. */
export type SimdVariant = 'relaxed' | 'simd';

type Kernel =
  | 'adam'
  | 'addOuterProducts'
  | 'addPlaces'
  | 'addRows'
  | 'addWeighted'
  | 'convolve'
  | 'convolveScratch'
  | 'convolveWeightGradient'
  | 'dotDifference'
  | 'dotRows'
  | 'multiply'
  | 'multiplyScratch'
  | 'normRelu'
  | 'normReluGradient'
  | 'rankAmongAll'
  | 'softmaxGradient'
  | 'sumSegments'
  | 'takePlaces'
  | 'weightGradientScratch';

/** Addresses, sizes and flags in, where there is one a size or a rank out; documented in `assembly/`. */
type Kernels = Readonly<Record<Kernel, (...words: number[]) => number>>;

/** What tfjs's wasm backend does not show in its type: the memory of its module, and its allocator. */
interface WasmModule {
  readonly asm: { readonly memory: WebAssembly.Memory };
  readonly _malloc: (bytes: number) => number;
  readonly _free: (address: number) => void;
}

/**
 * The memory of tfjs's wasm backend with the kernels of `assembly/` at work in it, without copies. Addresses stay valid;
 * typed views only until the next allocation, which may grow the memory.
 */
export class Heap {
  private scratchAddress = 0;
  private scratchBytes = 0;
  private readonly constants = new WeakMap<Int32Array, number>();

  constructor(
    private readonly backend: BackendWasm,
    private readonly module: WasmModule,
    readonly kernels: Kernels,
    readonly variant: SimdVariant,
  ) {}

  /** Where a tensor's values are. */
  at(tensor: tf.TensorInfo): number {
    const { memoryOffset } = this.backend.dataIdMap.get(tensor.dataId) as { memoryOffset: number };
    return memoryOffset;
  }

  /** A view of a tensor's values. */
  view(tensor: tf.TensorInfo): Float32Array {
    return this.backend.typedArrayFromHeap(tensor) as Float32Array;
  }

  /** A new float32 tensor, not initialised. */
  output(shape: number[]): tf.Tensor {
    return tf.engine().makeTensorFromTensorInfo(this.backend.makeOutput(shape, 'float32'));
  }

  /** A new float32 tensor of zeros. */
  zeros(shape: number[]): tf.Tensor {
    const tensor = this.output(shape);
    this.view(tensor).fill(0);
    return tensor;
  }

  /** Copies a tensor's values into another of the same size. */
  copy(from: tf.TensorInfo, to: tf.TensorInfo): void {
    const start = this.at(from);
    new Uint8Array(this.module.asm.memory.buffer).copyWithin(this.at(to), start, start + 4 * tf.util.sizeFromShape(from.shape));
  }

  /** Room for what a kernel needs while it runs; the same room every time. */
  scratch(floats: number): number {
    if (floats * 4 > this.scratchBytes) {
      if (this.scratchAddress !== 0) this.module._free(this.scratchAddress);
      this.scratchAddress = this.allocate(floats * 4);
      this.scratchBytes = floats * 4;
    }
    return this.scratchAddress;
  }

  /** Where an array is that never changes; copied once, and kept as long as the backend. */
  constant(array: Int32Array): number {
    const known = this.constants.get(array);
    if (known !== undefined) return known;
    const address = this.allocate(array.byteLength);
    new Int32Array(this.module.asm.memory.buffer, address, array.length).set(array);
    this.constants.set(array, address);
    return address;
  }

  private allocate(bytes: number): number {
    // 16 bytes more: kernels may read a vector beyond the last value.
    const address = this.module._malloc(bytes + 16);
    if (address === 0) throw new RangeError(`WebAssembly has no memory left for ${bytes} bytes.`);
    return address;
  }
}

/** The map of a convolution that is a plain product: the only place reads the only place. */
export const WHOLE = Int32Array.of(0);

const heaps = new WeakMap<tf.KernelBackend, Heap>();

/**
 * Starts the kernels in the memory of a wasm backend.
 *
 * @param read the bytes of a build
 * @returns the build in use
 * @throws BackendUnavailableError without SIMD
 */
export async function startKernels(
  backend: tf.KernelBackend,
  read: (variant: SimdVariant) => Promise<ArrayBuffer>,
): Promise<SimdVariant> {
  const started = heaps.get(backend);
  if (started !== undefined) return started.variant;
  for (const variant of ['relaxed', 'simd'] as const) {
    const bytes = await read(variant);
    if (!WebAssembly.validate(bytes)) continue;
    const wasm = backend as BackendWasm;
    const module = wasm.wasm as unknown as WasmModule;
    const { instance } = await WebAssembly.instantiate(bytes, { env: { memory: module.asm.memory } });
    heaps.set(backend, new Heap(wasm, module, instance.exports as unknown as Kernels, variant));
    return variant;
  }
  throw new BackendUnavailableError('wasm', 'This browser has no WebAssembly SIMD; all since 2021 have (Safari since 16.4).');
}

export function heapOf(backend: tf.KernelBackend): Heap {
  const heap = heaps.get(backend);
  if (heap === undefined) throw new Error('The wasm backend was not opened by openBackend: its kernels are not there.');
  return heap;
}
