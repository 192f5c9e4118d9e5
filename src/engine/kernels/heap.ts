import * as tf from '@tensorflow/tfjs';
import type { BackendWasm } from '@tensorflow/tfjs-backend-wasm';
import { BackendUnavailableError } from '../errors.ts';
import { CONTROL_BYTES, Helper, type StartThread } from './threads.ts';

/** The builds of `assembly/`: with fused multiply-adds where the browser has relaxed SIMD, or without; for one thread or several. */
export const SIMD_VARIANTS = ['relaxed', 'simd', 'relaxed-shared', 'simd-shared'] as const;
export type SimdVariant = (typeof SIMD_VARIANTS)[number];

export type KernelName =
  | 'adam'
  | 'adamReplay'
  | 'adamRows'
  | 'addPlaces'
  | 'addRows'
  | 'addWeightGradient'
  | 'addWeighted'
  | 'convolve'
  | 'convolveScratch'
  | 'convolveTiles'
  | 'convolveTilesScratch'
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
  | 'weightGradientScratch'
  | 'weightGradientTiles'
  | 'weightGradientTilesScratch';

/** Addresses, sizes and flags in, where there is one a size or a rank out; documented in `assembly/`. */
export type Kernels = Readonly<Record<KernelName, (...words: number[]) => number>>;

/** What tfjs's wasm backend does not show in its type: the memory of its module, and its allocator. */
interface WasmModule {
  readonly asm: { readonly memory: WebAssembly.Memory };
  readonly _malloc: (bytes: number) => number;
  readonly _free: (address: number) => void;
}

/** Multiply-adds from which on two threads are faster than one: some 25 µs of one thread. */
const WORTH_TWO_THREADS = 1 << 20;
/** What a value costs that is only passed through, in multiply-adds of a product. */
export const PASSED = 24;

/**
 * The memory of tfjs's wasm backend with the kernels of `assembly/` at work in it, without copies. Addresses stay valid;
 * typed views only until the next allocation, which may grow the memory.
 */
export class Heap {
  private readonly scratches = [
    { address: 0, bytes: 0 },
    { address: 0, bytes: 0 },
  ];
  private readonly constants = new WeakMap<Int32Array | Float32Array, number>();

  constructor(
    private readonly backend: BackendWasm,
    private readonly module: WasmModule,
    readonly kernels: Kernels,
    readonly instructions: 'relaxed SIMD' | 'SIMD',
    private readonly helper: Helper | null,
  ) {}

  get threads(): number {
    return this.helper === null ? 1 : 2;
  }

  /**
   * Runs a kernel over some things that do not depend on each other, in two halves at the same time where there is a second
   * thread. The result is the same to the last bit.
   *
   * @param work in multiply-adds: with little, waking the other thread takes longer than it saves
   * @param floats the scratch that each half needs
   * @param words of the kernel, for the things from `from` to before `to`
   */
  parallel(
    name: KernelName,
    things: number,
    work: number,
    floats: number,
    words: (from: number, to: number, scratch: number) => number[],
  ): void {
    const own = this.scratch(floats);
    if (this.helper === null || things < 2 || work < WORTH_TWO_THREADS) this.kernels[name](...words(0, things, own));
    else this.halves(name, things, work, (from, to, half) => words(from, to, half === 0 ? own : this.scratch(floats, 1)));
  }

  /**
   * Runs a kernel over both halves of some things, whatever the number of threads: for sums over all of them, whose last bits
   * depend on where they are cut.
   */
  halves(name: KernelName, things: number, work: number, words: (from: number, to: number, half: 0 | 1) => number[]): void {
    const middle = things >> 1;
    const [own, other] = [words(0, middle, 0), words(middle, things, 1)];
    if (this.helper !== null && work >= WORTH_TWO_THREADS) {
      this.helper.both(name, own, other);
      return;
    }
    this.kernels[name](...own);
    this.kernels[name](...other);
  }

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

  /** Room for what a kernel needs while it runs, from a cache line's beginning; the same room every time, for each thread its own. */
  scratch(floats: number, thread: 0 | 1 = 0): number {
    const room = this.scratches[thread];
    if (floats * 4 > room.bytes) {
      if (room.address !== 0) this.module._free(room.address);
      room.address = allocate(this.module, floats * 4 + CACHE_LINE);
      room.bytes = floats * 4;
    }
    return Math.ceil(room.address / CACHE_LINE) * CACHE_LINE;
  }

  /** Where an array is that never changes; copied once, and kept as long as the backend. */
  constant(array: Int32Array | Float32Array): number {
    const known = this.constants.get(array);
    if (known !== undefined) return known;
    const address = allocate(this.module, array.byteLength);
    const bytes = new Uint8Array(array.buffer, array.byteOffset, array.byteLength);
    new Uint8Array(this.module.asm.memory.buffer).set(bytes, address);
    this.constants.set(array, address);
    return address;
  }
}

/** In bytes. Vectors that lie across two lines take twice as long; the allocator of tfjs's module aligns to 8 bytes only. */
const CACHE_LINE = 64;

function allocate(module: WasmModule, bytes: number): number {
  // 16 bytes more: kernels may read a vector beyond the last value.
  const address = module._malloc(bytes + 16);
  if (address === 0) throw new RangeError(`WebAssembly has no memory left for ${bytes} bytes.`);
  return address;
}

/** The map of a convolution that is a plain product: the only place reads the only place. */
export const WHOLE = Int32Array.of(0);

const heaps = new WeakMap<tf.KernelBackend, Heap>();

/**
 * Starts the kernels in the memory of a wasm backend, with a second thread where that memory is shared.
 *
 * @param read the bytes of a build
 * @returns what runs
 * @throws BackendUnavailableError without SIMD
 */
export async function startKernels(
  backend: tf.KernelBackend,
  read: (variant: SimdVariant) => Promise<ArrayBuffer>,
  startThread: StartThread | null,
): Promise<{ instructions: 'relaxed SIMD' | 'SIMD'; threads: number }> {
  const started = heaps.get(backend);
  if (started !== undefined) return started;
  const wasm = backend as BackendWasm;
  const module = wasm.wasm as unknown as WasmModule;
  const { memory } = module.asm;
  for (const instructions of ['relaxed', 'simd'] as const) {
    const bytes = await read(startThread === null ? instructions : `${instructions}-shared`);
    if (!WebAssembly.validate(bytes)) continue;
    const { instance } = await WebAssembly.instantiate(bytes, { env: { memory } });
    const kernels = instance.exports as unknown as Kernels;
    const helper = startThread && (await Helper.start(startThread, bytes, memory, allocate(module, CONTROL_BYTES), kernels));
    const heap = new Heap(wasm, module, kernels, instructions === 'relaxed' ? 'relaxed SIMD' : 'SIMD', helper);
    heaps.set(backend, heap);
    return heap;
  }
  throw new BackendUnavailableError('wasm', 'This browser has no WebAssembly SIMD; all since 2021 have (Safari since 16.4).');
}

export function heapOf(backend: tf.KernelBackend): Heap {
  const heap = heaps.get(backend);
  if (heap === undefined) throw new Error('The wasm backend was not opened by openBackend: its kernels are not there.');
  return heap;
}
