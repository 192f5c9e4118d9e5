import * as tf from '@tensorflow/tfjs';
import type { WebGPUBackend } from '@tensorflow/tfjs-backend-webgpu';
import type { Variant } from './variants.ts';
import { aligned, allowViews, type BackendInternals, ownersOf, type Place, placeOf, viewOf } from './views.ts';

/** How a kernel uses a buffer. */
type Access = 'read' | 'write' | 'uniform';

/** A buffer that a kernel binds, as its shader calls it. */
export interface Declaration {
  readonly name: string;
  readonly access: Access;
  /** Its WGSL type: `array<f32>`. */
  readonly type: string;
}

/**
 * A compute shader: the declarations of its buffers are put before the code. The key names everything that is baked in; the code is
 * asked for once for each key, since putting it together takes longer than a dispatch.
 */
export interface Program {
  readonly key: string;
  readonly declarations: readonly Declaration[];
  readonly code: () => string;
  /** Written with operations of subgroups, which the device has to have been asked for. */
  readonly usesSubgroups?: boolean;
}

/** What is bound: a tensor, or a place in a buffer; `touched` where the kernel addresses only so many bytes of it. */
export interface Bound {
  readonly place: Place;
  readonly owners: readonly object[];
  readonly touched: number;
}

export const read = (name: string, type = 'array<f32>'): Declaration => ({ name, access: 'read', type });
export const write = (name: string, type = 'array<f32>'): Declaration => ({ name, access: 'write', type });
export const uniform = (name: string, type: string): Declaration => ({ name, access: 'uniform', type });

/** A part of what is bound, from float `from` on: it has to be a multiple of 64. */
export function part({ place, owners }: Bound, from: number, count: number): Bound {
  const size = 4 * count;
  return { place: { ...place, offset: place.offset + 4 * from, size }, owners, touched: size };
}

/** Workgroups in one dimension; beyond, they go on in the second (`GROUP` is their number). */
const MOST_GROUPS = 65_535;

/** The number of the workgroup, in shaders whose workgroups `linear` has laid out. */
export const GROUP = `(group.x + group.y * ${MOST_GROUPS}u)`;

/** Workgroups in a row, going on in the second dimension where one does not hold them. */
export const linear = (groups: number): [number, number, number] => [
  Math.min(groups, MOST_GROUPS),
  Math.ceil(groups / MOST_GROUPS),
  1,
];

/** Dispatches between two submissions: tfjs's own number is 15, which would make a step a dozen submissions. */
const DISPATCHES_A_SUBMISSION = 64;

/** Whether a subgroup takes the same way is asked at run time, which no analysis of the text can follow. */
const SUBGROUPS = 'enable subgroups;\ndiagnostic(off, subgroup_uniformity);\n';

/** Floats that are sent to the device at a time (16 MB). */
const WRITTEN_AT_A_TIME = 1 << 22;

/** At most so many bind groups are remembered. */
export const MOST_BIND_GROUPS = 4096;

interface Compiled {
  readonly pipeline: GPUComputePipeline;
  readonly layout: GPUBindGroupLayout;
}

/** Told of every dispatch of an own kernel how many of the bytes that it binds it does not touch. */
type Untouched = (bytes: number) => void;

/**
 * The device of tfjs's WebGPU backend, with kernels of our own at work in its queue, between its own ones. Pipelines are
 * compiled once, bind groups made once for the same buffers (tfjs's pool hands out the same ones step after step).
 */
export class Gpu {
  private readonly compiled = new Map<string, Compiled>();
  private readonly bindGroups = new Map<string, GPUBindGroup>();
  private readonly numbers = new WeakMap<GPUBuffer, number>();
  private readonly constants = new WeakMap<object, Bound>();
  private readonly byContent = new Map<string, Bound>();
  private buffers = 0;
  onUntouched: Untouched | null = null;

  constructor(
    private readonly backend: BackendInternals,
    /** The shape of the inner loops; fixed for a run. */
    public variant: Variant,
  ) {}

  get device(): GPUDevice {
    return this.backend.device;
  }

  /** A new tensor, not initialised. */
  output(shape: number[], dtype: 'float32' | 'int32' = 'float32'): tf.Tensor {
    const info = this.backend.makeTensorInfo(shape, dtype);
    this.backend.uploadToGPU(info.dataId);
    return tf.engine().makeTensorFromTensorInfo(info);
  }

  /** Fills with zeros; not a dispatch. */
  clear(tensor: tf.TensorInfo): void {
    const { buffer, offset, size } = placeOf(this.backend, tensor);
    this.own(tensor);
    this.encoder().clearBuffer(buffer, offset, size);
  }

  /** Copies values from one tensor to another of the same size, or as many as the first has; not a dispatch. */
  copy(from: tf.TensorInfo, to: tf.TensorInfo): void {
    const [source, target] = [from, to].map((tensor) => placeOf(this.backend, tensor));
    this.own(from);
    this.own(to);
    const size = 4 * tf.util.sizeFromShape(from.shape);
    this.encoder().copyBufferToBuffer(source.buffer, source.offset, target.buffer, target.offset, size);
  }

  /** A part of a tensor as a tensor of its own, from float `from` on, which is a multiple of 64. */
  view(base: tf.TensorInfo, from: number, shape: number[]): tf.Tensor {
    return viewOf(this.backend, base, from, shape);
  }

  /** A tensor to bind. */
  bound(tensor: tf.TensorInfo, touched?: number): Bound {
    const place = placeOf(this.backend, tensor);
    return { place, owners: ownersOf(tensor), touched: touched ?? place.size };
  }

  /** Some tensors as one, if they lie one after the other in one buffer, each from a multiple of 64 floats on; else null. */
  neighbours(tensors: readonly tf.Tensor[]): Bound | null {
    const places = tensors.map((tensor) => placeOf(this.backend, tensor));
    const [first] = places;
    let end = first.offset;
    for (const { buffer, offset, size } of places) {
      if (buffer !== first.buffer || offset !== end) return null;
      end = offset + 4 * aligned(size / 4);
    }
    const size = end - first.offset;
    if (end > first.buffer.size) return null;
    return { place: { ...first, size }, owners: tensors.flatMap(ownersOf), touched: size };
  }

  /** Some tensors as one: where they lie if they are neighbours, else a copy laid out like that. */
  together(tensors: readonly tf.Tensor[]): Bound {
    const found = this.neighbours(tensors);
    if (found !== null) return found;
    const packed = this.output([tensors.reduce((sum, { size }) => sum + aligned(size), 0)]);
    let at = 0;
    for (const tensor of tensors) {
      this.copy(tensor, this.view(packed, at, tensor.shape));
      at += aligned(tensor.size);
    }
    return this.bound(packed);
  }

  /** Sets the values of a tensor that nothing in the queue uses yet. */
  write(tensor: tf.TensorInfo, values: Float32Array): void {
    const { buffer, offset } = placeOf(this.backend, tensor);
    // In pieces: the whole would be copied into one staging buffer.
    for (let from = 0; from < values.length; from += WRITTEN_AT_A_TIME) {
      const piece = values.subarray(from, from + WRITTEN_AT_A_TIME);
      this.device.queue.writeBuffer(buffer, offset + 4 * from, piece.buffer, piece.byteOffset, piece.byteLength);
    }
  }

  /** Numbers from the host, for as long as the enclosing `tf.tidy`: as a tensor, whose buffer nothing in the queue uses yet. */
  upload(values: Int32Array | Float32Array): Bound {
    const tensor = this.output([roundedUp(values.byteLength) / 4], values instanceof Int32Array ? 'int32' : 'float32');
    const bound = this.bound(tensor, values.byteLength);
    this.device.queue.writeBuffer(bound.place.buffer, 0, values.buffer, values.byteOffset, values.byteLength);
    return bound;
  }

  /** Sizes that a kernel takes as uniforms: few different ones, since each has its buffer for good. */
  sizes(...words: number[]): Bound {
    const key = words.join();
    const known = this.byContent.get(key);
    if (known !== undefined) return known;
    const made = this.uniformBuffer(Int32Array.from(words));
    this.byContent.set(key, made);
    return made;
  }

  /** The same for an array that never changes, by its identity. */
  constant(array: Int32Array): Bound {
    const known = this.constants.get(array);
    if (known !== undefined) return known;
    const made = this.uniformBuffer(array);
    this.constants.set(array, made);
    return made;
  }

  /** An array that never changes, for kernels that index it freely; by its identity. */
  stored(array: Float32Array): Bound {
    const known = this.constants.get(array);
    if (known !== undefined) return known;
    const usage = GPUBufferUsage.STORAGE | GPUBufferUsage.COPY_DST;
    const made = this.constantBuffer(array, array.byteLength, usage);
    this.constants.set(array, made);
    return made;
  }

  /** Numbers that change from step to step, as uniforms of the next dispatch; after it their buffer goes back. */
  uniforms(words: readonly number[], kind: typeof Float32Array | typeof Int32Array = Float32Array): Bound {
    const values = new kind(Math.ceil(words.length / 4) * 4);
    values.set(words);
    const usage = GPUBufferUsage.UNIFORM | GPUBufferUsage.COPY_DST;
    const buffer = this.backend.bufferManager.acquireBuffer(values.byteLength, usage);
    this.device.queue.writeBuffer(buffer, 0, values);
    this.backend.uniformPendingDisposal.push(buffer);
    return { place: { buffer, offset: 0, size: values.byteLength }, owners: [], touched: values.byteLength };
  }

  private uniformBuffer(array: Int32Array): Bound {
    const usage = GPUBufferUsage.UNIFORM | GPUBufferUsage.COPY_DST;
    return this.constantBuffer(array, 16 * Math.ceil(array.length / 4), usage);
  }

  private constantBuffer(array: Int32Array | Float32Array, size: number, usage: GPUBufferUsageFlags): Bound {
    const buffer = this.device.createBuffer({ size, usage });
    this.device.queue.writeBuffer(buffer, 0, array.buffer, array.byteOffset, array.byteLength);
    return { place: { buffer, offset: 0, size }, owners: [], touched: size };
  }

  /** Puts a kernel into the queue. */
  dispatch(program: Program, bound: readonly Bound[], groups: readonly [number, number, number]): void {
    const { pipeline, layout } = this.compile(program);
    const { backend } = this;
    for (const { owners } of bound) for (const owner of owners) backend.commandQueueOwnedIds.add(owner);
    backend.ensureCommandEncoderReady();
    backend.computePassEncoder ??= (backend.commandEncoder as GPUCommandEncoder).beginComputePass();
    const pass = backend.computePassEncoder;
    pass.setPipeline(pipeline);
    pass.setBindGroup(0, this.bindGroup(program, layout, bound));
    pass.dispatchWorkgroups(...groups);
    this.onUntouched?.(bound.reduce((sum, { place, touched }) => sum + place.size - touched, 0));
    if (++backend.dispatchCountInPass >= DISPATCHES_A_SUBMISSION) this.submit();
  }

  /** Sends what is in the queue to the device. */
  submit(): void {
    if (this.backend.commandEncoder === null) return;
    this.backend.endComputePassEncoder();
    this.backend.submitQueue();
  }

  /** Bind groups that are remembered. */
  get remembered(): number {
    return this.bindGroups.size;
  }

  /** Gives back the memory that is not in use: the pool keeps every size that was ever needed, and the next stage needs others. */
  trim(): void {
    this.submit();
    const { bufferManager } = this.backend;
    for (const buffers of bufferManager.freeBuffers.values()) {
      for (const buffer of buffers) {
        bufferManager.numBytesAllocated -= buffer.size;
        buffer.destroy();
      }
      bufferManager.numFreeBuffers -= buffers.length;
      buffers.length = 0;
    }
    this.bindGroups.clear();
  }

  private own(tensor: tf.TensorInfo): void {
    for (const owner of ownersOf(tensor)) this.backend.commandQueueOwnedIds.add(owner);
  }

  private encoder(): GPUCommandEncoder {
    this.backend.ensureCommandEncoderReady();
    this.backend.endComputePassEncoder();
    return this.backend.commandEncoder as GPUCommandEncoder;
  }

  private compile(program: Program): Compiled {
    const known = this.compiled.get(program.key);
    if (known !== undefined) return known;
    const { device } = this;
    const types = { read: 'read-only-storage', write: 'storage', uniform: 'uniform' } as const;
    const layout = device.createBindGroupLayout({
      entries: program.declarations.map(({ access }, binding) => ({
        binding,
        visibility: GPUShaderStage.COMPUTE,
        buffer: { type: types[access] },
      })),
    });
    const spaces = { read: 'var<storage, read>', write: 'var<storage, read_write>', uniform: 'var<uniform>' };
    const declared = program.declarations.map(
      ({ name, access, type }, i) => `@group(0) @binding(${i}) ${spaces[access]} ${name} : ${type};`,
    );
    const enabled = program.usesSubgroups ? SUBGROUPS : '';
    const module = device.createShaderModule({ label: program.key, code: `${enabled}${declared.join('\n')}\n${program.code()}` });
    const made = {
      layout,
      pipeline: device.createComputePipeline({
        label: program.key,
        layout: device.createPipelineLayout({ bindGroupLayouts: [layout] }),
        compute: { module, entryPoint: 'main' },
      }),
    };
    this.compiled.set(program.key, made);
    return made;
  }

  private bindGroup(program: Program, layout: GPUBindGroupLayout, bound: readonly Bound[]): GPUBindGroup {
    const parts = bound.map(({ place: { buffer, offset, size } }) => `${this.numberOf(buffer)}:${offset}:${size}`);
    const key = `${program.key}|${parts.join()}`;
    const known = this.bindGroups.get(key);
    if (known !== undefined) return known;
    if (this.bindGroups.size >= MOST_BIND_GROUPS) this.bindGroups.clear();
    const made = this.device.createBindGroup({
      layout,
      entries: bound.map(({ place }, binding) => ({ binding, resource: { ...place } })),
    });
    this.bindGroups.set(key, made);
    return made;
  }

  private numberOf(buffer: GPUBuffer): number {
    const known = this.numbers.get(buffer);
    if (known !== undefined) return known;
    this.numbers.set(buffer, ++this.buffers);
    return this.buffers;
  }
}

/** The next of few sizes (eight an octave), so that the pool of buffers stays small where lengths vary. */
function roundedUp(bytes: number): number {
  const step = Math.max(64, 2 ** (Math.floor(Math.log2(Math.max(1, bytes))) - 3));
  return Math.ceil(Math.max(1, bytes) / step) * step;
}

const gpus = new WeakMap<tf.KernelBackend, Gpu>();

/** Prepares a WebGPU backend for the engine's own kernels. */
export function startGpu(backend: WebGPUBackend, variant: Variant): Gpu {
  allowViews(backend);
  const gpu = new Gpu(backend as unknown as BackendInternals, variant);
  gpus.set(backend, gpu);
  return gpu;
}

/** Gives back what tfjs's current backend keeps in its pool for sizes that may not be needed again: the next stage has others. */
export function giveBackMemory(): void {
  gpus.get(tf.backend())?.trim();
}

export function gpuOf(backend: tf.KernelBackend): Gpu {
  const gpu = gpus.get(backend);
  if (gpu === undefined) throw new Error('The webgpu backend was not opened by openBackend: its kernels are not there.');
  return gpu;
}
