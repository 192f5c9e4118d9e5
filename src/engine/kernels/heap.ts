import type * as tf from '@tensorflow/tfjs';
import type { BackendWasm } from '@tensorflow/tfjs-backend-wasm';

/**
 * A view of a tensor in the memory of tfjs's wasm backend, without a copy. It is valid only until the next
 * allocation, which may grow the memory: allocate the outputs first, then take the views.
 */
export function view(backend: tf.KernelBackend, tensor: tf.TensorInfo): Float32Array {
  return (backend as BackendWasm).typedArrayFromHeap(tensor) as Float32Array;
}

/** An uninitialised float32 tensor in the memory of tfjs's wasm backend. */
export function allocate(backend: tf.KernelBackend, shape: number[]): tf.TensorInfo {
  return (backend as BackendWasm).makeOutput(shape, 'float32');
}
