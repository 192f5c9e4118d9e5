import * as tf from '@tensorflow/tfjs';
import { allocate, view } from '../heap.ts';
import type { Operation } from '../operation.ts';

export interface Taps {
  readonly taps: number;
  readonly dilation: number;
}

/** How far back tap `tap` looks; tap 0 is the oldest. */
const shiftOf = (tap: number, { taps, dilation }: Taps): number => (taps - 1 - tap) * dilation;

/** The input of a causal convolution laid out for one matrix product: x [B, n, k] → [B·n, taps·k], zeros before the beginning. */
export const unrollTaps: Operation<Taps> = {
  name: 'UnrollTaps',
  reference: ({ x }, attributes) => {
    const [batch, length, channels] = x.shape as [number, number, number];
    const { taps, dilation } = attributes;
    const padded = tf.pad(x as tf.Tensor3D, [[0, 0], [shiftOf(0, attributes), 0], [0, 0]]); // biome-ignore format: a matrix
    const shifted = Array.from({ length: taps }, (_, tap) => tf.slice(padded, [0, tap * dilation, 0], [batch, length, channels]));
    return [tf.reshape(tf.concat(shifted, 2), [batch * length, taps * channels])];
  },
  wasm: ({ x }, attributes, backend) => {
    const [batch, length, channels] = x.shape as [number, number, number];
    const width = attributes.taps * channels;
    const output = allocate(backend, [batch * length, width]);
    const columns = view(backend, output).fill(0);
    const values = view(backend, x);
    eachCopy(batch, length, channels, attributes, (inner, outer) => {
      for (let c = 0; c < channels; c++) columns[outer + c] = values[inner + c];
    });
    return [tf.engine().makeTensorFromTensorInfo(output)];
  },
};

/** The gradient of `unrollTaps`: dColumns [B, n, taps·k] → dx [B, n, k]. */
export const foldTaps: Operation<Taps> = {
  name: 'FoldTaps',
  reference: ({ dColumns }, attributes) => {
    const [batch, length, width] = dColumns.shape as [number, number, number];
    const channels = width / attributes.taps;
    const shifted: tf.Tensor[] = [];
    for (let tap = 0; tap < attributes.taps; tap++) {
      const shift = shiftOf(tap, attributes);
      if (shift >= length) continue;
      const kept = tf.slice(dColumns as tf.Tensor3D, [0, shift, tap * channels], [batch, length - shift, channels]);
      shifted.push(shift === 0 ? kept : tf.pad(kept, [[0, 0], [0, shift], [0, 0]])); // biome-ignore format: a matrix
    }
    return [tf.addN(shifted)];
  },
  wasm: ({ dColumns }, attributes, backend) => {
    const [batch, length, width] = dColumns.shape as [number, number, number];
    const channels = width / attributes.taps;
    const output = allocate(backend, [batch, length, channels]);
    const dx = view(backend, output).fill(0);
    const values = view(backend, dColumns);
    eachCopy(batch, length, channels, attributes, (inner, outer) => {
      for (let c = 0; c < channels; c++) dx[inner + c] += values[outer + c];
    });
    return [tf.engine().makeTensorFromTensorInfo(output)];
  },
};

/** Every place where a row of x (`inner`, in elements) stands in the unrolled input (`outer`). */
function eachCopy(
  batch: number,
  length: number,
  channels: number,
  attributes: Taps,
  copy: (inner: number, outer: number) => void,
): void {
  const width = attributes.taps * channels;
  for (let tap = 0; tap < attributes.taps; tap++) {
    const shift = shiftOf(tap, attributes);
    for (let b = 0; b < batch; b++) {
      for (let t = shift; t < length; t++) copy((b * length + t - shift) * channels, (b * length + t) * width + tap * channels);
    }
  }
}
