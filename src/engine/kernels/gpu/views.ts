import * as tf from '@tensorflow/tfjs';
import type { WebGPUBackend } from '@tensorflow/tfjs-backend-webgpu';

interface TensorData {
  values: tf.backend_util.TypedArray | null;
  readonly dtype: tf.DataType;
  readonly shape: number[];
  refCount: number;
  resource?: GPUBuffer | null;
  /** tfjs does not release the buffer of such a tensor. */
  external?: boolean;
}

/** What tfjs's WebGPU backend keeps to itself, and the engine's own kernels need. */
export interface BackendInternals {
  readonly device: GPUDevice;
  readonly tensorMap: {
    get(dataId: object): TensorData;
    set(dataId: object, data: TensorData): void;
    has(dataId: object): boolean;
  };
  readonly bufferManager: {
    acquireBuffer(size: number, usage: GPUBufferUsageFlags): GPUBuffer;
    releaseBuffer(buffer: GPUBuffer): void;
    readonly freeBuffers: Map<string, GPUBuffer[]>;
    numFreeBuffers: number;
    numBytesAllocated: number;
  };
  readonly uniformPendingDisposal: GPUBuffer[];
  readonly commandQueueOwnedIds: WeakSet<object>;
  computePassEncoder: GPUComputePassEncoder | null;
  commandEncoder: GPUCommandEncoder | null;
  dispatchCountInPass: number;
  ensureCommandEncoderReady(): void;
  endComputePassEncoder(): void;
  submitQueue(): void;
  uploadToGPU(dataId: object): void;
  makeTensorInfo(shape: number[], dtype: tf.DataType): tf.TensorInfo;
  getBufferData(buffer: GPUBuffer): Promise<ArrayBuffer>;
  tensorToBinding(tensor: tf.TensorInfo | null): GPUBindingResource | null;
  read(dataId: object): Promise<tf.backend_util.TypedArray>;
  disposeData(dataId: object, force?: boolean): boolean;
}

/** Where the values of a tensor are: a part of a buffer, in bytes. */
export interface Place {
  readonly buffer: GPUBuffer;
  readonly offset: number;
  readonly size: number;
}

interface View {
  readonly base: object;
  readonly offset: number;
  readonly size: number;
}

/** Parts of a buffer can be bound from a multiple of so many floats on (256 bytes). */
const ALIGNMENT = 64;

/** The floats that something of `floats` floats takes up among others that can be bound on their own. */
export const aligned = (floats: number): number => Math.ceil(floats / ALIGNMENT) * ALIGNMENT;

const views = new WeakMap<object, View>();

/**
 * Teaches tfjs's WebGPU backend that tensors may be parts of another tensor's buffer, so that many small ones can be bound,
 * stepped and copied as one. It also stops it from caching what is read back: kernels that write in place would not be seen.
 */
export function allowViews(webgpu: WebGPUBackend): void {
  const backend = webgpu as unknown as BackendInternals;
  const { tensorToBinding, disposeData, read } = backend;
  backend.tensorToBinding = (tensor) => {
    const view = tensor === null ? undefined : views.get(tensor.dataId);
    if (view === undefined) return tensorToBinding.call(backend, tensor);
    backend.commandQueueOwnedIds.add(view.base);
    return placeOf(backend, tensor as tf.TensorInfo);
  };
  backend.disposeData = (dataId, force) => {
    const view = backend.tensorMap.has(dataId) ? views.get(dataId) : undefined;
    const isLast = view !== undefined && (force === true || backend.tensorMap.get(dataId).refCount === 1);
    const isGone = disposeData.call(backend, dataId, force);
    if (isLast) disposeData.call(backend, view.base);
    return isGone;
  };
  backend.read = async (dataId) => {
    const data = backend.tensorMap.get(dataId);
    const view = views.get(dataId);
    if (view === undefined) {
      const values = await read.call(backend, dataId);
      if (data.resource) data.values = null;
      return values;
    }
    const { buffer } = placeOf(backend, { dataId, shape: data.shape, dtype: data.dtype });
    const copy = backend.bufferManager.acquireBuffer(view.size, buffer.usage);
    backend.ensureCommandEncoderReady();
    backend.endComputePassEncoder();
    backend.commandEncoder?.copyBufferToBuffer(buffer, view.offset, copy, 0, view.size);
    const bytes = await backend.getBufferData(copy);
    backend.bufferManager.releaseBuffer(copy);
    return new Float32Array(bytes);
  };
}

/** A float32 tensor that is a part of another one, from float `from` on: `from` is a multiple of 64. */
export function viewOf(backend: BackendInternals, base: tf.TensorInfo, from: number, shape: number[]): tf.Tensor {
  const root = views.get(base.dataId);
  const owner = root?.base ?? base.dataId;
  const info = backend.makeTensorInfo(shape, 'float32');
  views.set(info.dataId, {
    base: owner,
    offset: (root?.offset ?? 0) + 4 * from,
    size: 4 * tf.util.sizeFromShape(shape),
  });
  const data = backend.tensorMap.get(info.dataId);
  data.resource = backend.tensorMap.get(owner).resource;
  data.external = true;
  backend.tensorMap.get(owner).refCount++;
  return tf.engine().makeTensorFromTensorInfo(info);
}

/** Where a tensor's values are; they are brought there if they are not. */
export function placeOf(backend: BackendInternals, tensor: tf.TensorInfo): Place {
  backend.uploadToGPU(tensor.dataId);
  const buffer = backend.tensorMap.get(tensor.dataId).resource as GPUBuffer;
  const view = views.get(tensor.dataId);
  return view === undefined ? { buffer, offset: 0, size: buffer.size } : { buffer, offset: view.offset, size: view.size };
}

/** The tensors that have to live until the commands that use this one are submitted: itself, and what it is a part of. */
export function ownersOf(tensor: tf.TensorInfo): object[] {
  const view = views.get(tensor.dataId);
  return view === undefined ? [tensor.dataId] : [tensor.dataId, view.base];
}
