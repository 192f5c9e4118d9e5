import * as tf from '@tensorflow/tfjs';
import { type Heap, PASSED } from '../heap.ts';
import type { Tensors } from '../operation.ts';
import type { BlockGeometry, Taps } from './geometry.ts';
import { POINTS_FROM_TAPS, TAPS_FROM_FACTORS, type Tiling, tilingFor } from './tiling.ts';

// The same steps as in `reference.ts`, under the same names, in the memory of the wasm backend. What is read and what is
// left behind is the same; no columns are laid out, since the kernels find their rows through the maps.

/** A convolution as it is, from places of x to those of y, or turned round for the gradient of its input. */
interface Direction {
  readonly transposed: 0 | 1;
  /** [outer × taps]. */
  readonly map: Int32Array;
  readonly tiling: Tiling | null;
  /** Of the tiling: rows from places that are read, and places from rows. */
  readonly gather: 'fromInner' | 'fromOuter';
  readonly scatter: 'toInner' | 'toOuter';
}

/** y [B, outer, m] (+)= bias + x [B, inner, k] convolved with the kernel. */
function convolve(
  heap: Heap,
  x: tf.Tensor,
  kernel: tf.Tensor,
  bias: tf.Tensor | null,
  y: tf.Tensor,
  { transposed, map, tiling, gather, scatter }: Direction,
  isAdded: boolean,
): void {
  const [batch, inner, channels] = x.shape as [number, number, number];
  const [, outer, filters] = y.shape as [number, number, number];
  const [input, weight, output] = [x, kernel, y].map((tensor) => heap.at(tensor));
  const offset = bias === null ? 0 : heap.at(bias);
  /** What both kernels are told alike, then the rest. */
  const words =
    (places: Int32Array, terms: number, more: readonly number[]) =>
    (from: number, to: number, scratch: number): number[] => {
      const [read, written] = [input + 4 * from * inner * channels, output + 4 * from * outer * filters];
      const sizes = [to - from, inner, outer, terms, channels, filters, transposed, isAdded ? 1 : 0];
      return [read, heap.constant(places), weight, offset, written, scratch, ...sizes, ...more];
    };
  if (tiling === null) {
    const taps = kernel.shape[0];
    const floats = heap.kernels.convolveScratch(taps, channels, filters);
    heap.parallel('convolve', batch, batch * outer * taps * channels * filters, floats, words(map, taps, []));
    return;
  }
  const { products, chunk, starts } = tiling;
  const floats = heap.kernels.convolveTilesScratch(products, chunk, channels, filters);
  const more = [...[starts, POINTS_FROM_TAPS, tiling[scatter]].map((list) => heap.constant(list)), chunk];
  heap.parallel('convolveTiles', batch, batch * products * channels * filters, floats, words(tiling[gather], products, more));
}

/** Causal convolution at chosen places: x [B, inner, k] → [B, outer, m]. */
export function convolutionForward(heap: Heap, x: tf.Tensor, kernel: tf.Tensor, bias: tf.Tensor, geometry: Taps): tf.Tensor {
  const { outer, map } = geometry;
  const batch = x.shape[0];
  const [, channels, filters] = kernel.shape as [number, number, number];
  const y = heap.output([batch, outer, filters]);
  const tiling = tilingFor(geometry, outer, Math.min(channels, filters));
  convolve(heap, x, kernel, bias, y, { transposed: 0, map, tiling, gather: 'fromInner', scatter: 'toOuter' }, false);
  return y;
}

/** dx [B, inner, k] from dy [B, outer, m]; added to `onto` where that is given. */
export function convolutionInputGradient(
  heap: Heap,
  dy: tf.Tensor,
  kernel: tf.Tensor,
  geometry: Taps,
  onto: tf.Tensor | null = null,
): tf.Tensor {
  const { inner, inverse } = geometry;
  const batch = dy.shape[0];
  const [, channels, filters] = kernel.shape as [number, number, number];
  const dx = onto ?? heap.output([batch, inner, channels]);
  const tiling = tilingFor(geometry, inner, Math.min(channels, filters));
  // Places of dy are read, places of x computed: the convolution turned round, its kernel transposed.
  const direction: Direction = { transposed: 1, map: inverse, tiling, gather: 'fromOuter', scatter: 'toInner' };
  convolve(heap, dy, kernel, null, dx, direction, onto !== null);
  return dx;
}

/** dKernel [taps, k, m]. */
export function convolutionKernelGradient(heap: Heap, dy: tf.Tensor, x: tf.Tensor, kernel: tf.Tensor, geometry: Taps): tf.Tensor {
  const { inner, outer, taps, map } = geometry;
  const [, channels, filters] = kernel.shape as [number, number, number];
  const batch = x.shape[0];
  const tiling = tilingFor(geometry, outer, Math.min(channels, filters));
  const dKernel = tiling === null ? heap.zeros(kernel.shape) : heap.output(kernel.shape);
  const [input, gradient, output] = [x, dy, dKernel].map((tensor) => heap.at(tensor));
  const words =
    (places: Int32Array, terms: number, more: readonly number[]) =>
    (from: number, to: number, scratch: number): number[] => {
      const sizes = [batch, inner, outer, terms, channels, filters];
      return [input, heap.constant(places), gradient, output, scratch, ...sizes, from, to, ...more];
    };
  if (tiling === null) {
    const scratch = heap.kernels.weightGradientScratch(filters);
    const work = batch * outer * taps * channels * filters;
    heap.parallel('addWeightGradient', channels, work, scratch, words(map, taps, []));
    return dKernel;
  }
  const { products, chunk, starts, fromInner, fromOuter } = tiling;
  const floats = heap.kernels.weightGradientTilesScratch(products, chunk, channels, filters);
  const more = [...[fromOuter, starts, TAPS_FROM_FACTORS].map((list) => heap.constant(list)), chunk];
  heap.parallel('weightGradientTiles', channels, batch * products * channels * filters, floats, words(fromInner, products, more));
  return dKernel;
}

/** F(x) of Eq. 1: [B, inner, k] → [B, outer, k]. */
export function branchForward(heap: Heap, x: tf.Tensor, p: Tensors, { first, second }: BlockGeometry) {
  const half = (input: tf.Tensor, i: 1 | 2, geometry: Taps): tf.Tensor[] => {
    // The norm leaves the normalised values where the convolution's were.
    const normalised = convolutionForward(heap, input, p[`conv${i}.kernel`], p[`conv${i}.bias`], geometry);
    const [batch, outer, channels] = normalised.shape as [number, number, number];
    const [y, scale] = [heap.output([batch, outer, channels]), heap.output([batch, outer, 1])];
    const addresses = [normalised, p[`norm${i}.gamma`], p[`norm${i}.beta`], y, scale].map((tensor) => heap.at(tensor));
    const rows = batch * outer;
    const [from, gamma, beta, to, roots] = addresses;
    heap.parallel('normRelu', rows, PASSED * rows * channels, 0, (first, end) => {
      const skipped = 4 * first * channels;
      return [from + skipped, gamma, beta, to + skipped, roots + 4 * first, end - first, channels];
    });
    return [y, normalised, scale];
  };
  const norm1 = half(x, 1, first);
  const norm2 = half(norm1[0], 2, second);
  return { y: norm2[0], saved: [...norm1, ...norm2] };
}

/** dγ, dβ, and the gradient of a bias before the norm; `d`, the gradient of relu(γ · normalised + β), becomes that of the norm's input. */
export function normBackward(
  heap: Heap,
  d: tf.Tensor,
  y: tf.Tensor,
  normalised: tf.Tensor,
  scale: tf.Tensor,
  gamma: tf.Tensor,
): tf.Tensor[] {
  const channels = gamma.size;
  const sums = [1, 2, 3].map(() => heap.output([channels]));
  const sumsOfHalves = [sums, sums.map(() => heap.output([channels]))].map((own) => own.map((sum) => heap.at(sum)));
  const rows = [d, y, normalised].map((tensor) => heap.at(tensor));
  const [roots, gain] = [heap.at(scale), heap.at(gamma)];
  heap.halves('normReluGradient', scale.size, PASSED * scale.size * channels, (from, to, half) => [
    ...rows.map((address) => address + 4 * from * channels),
    ...[roots + 4 * from, gain, ...sumsOfHalves[half], to - from, channels],
  ]);
  for (const [i, half] of sumsOfHalves[1].entries()) heap.kernels.addRows(half, sumsOfHalves[0][i], 1, channels);
  return sums;
}

/**
 * Gradients of F: dy [B, outer, k] is used up, the gradient for x [B, inner, k] is added to `onto`.
 *
 * @returns the gradients of the parameters, in the order of `BRANCH_PARAMETERS`; none of a frozen branch
 */
export function branchBackward(
  heap: Heap,
  dy: tf.Tensor,
  x: tf.Tensor,
  saved: readonly tf.Tensor[],
  p: Tensors,
  { first, second }: BlockGeometry,
  isTrained: boolean,
  onto: tf.Tensor,
): tf.Tensor[] {
  const [y1, normalised1, scale1, y2, normalised2, scale2] = saved;
  const norm = (i: 1 | 2, d: tf.Tensor, y: tf.Tensor, normalised: tf.Tensor, scale: tf.Tensor): tf.Tensor[] =>
    normBackward(heap, d, y, normalised, scale, p[`norm${i}.gamma`]);
  const [dGamma2, dBeta2, dBias2] = norm(2, dy, y2, normalised2, scale2);
  const d1 = convolutionInputGradient(heap, dy, p['conv2.kernel'], second);
  const [dGamma1, dBeta1, dBias1] = norm(1, d1, y1, normalised1, scale1);
  convolutionInputGradient(heap, d1, p['conv1.kernel'], first, onto);
  if (!isTrained) return [];
  const dKernel2 = convolutionKernelGradient(heap, dy, y1, p['conv2.kernel'], second);
  const dKernel1 = convolutionKernelGradient(heap, d1, x, p['conv1.kernel'], first);
  return [dKernel1, dBias1, dGamma1, dBeta1, dKernel2, dBias2, dGamma2, dBeta2];
}

/** x at the places of the output, [B, outer, k]: what a block adds its branches to. */
export function skipForward(heap: Heap, x: tf.Tensor, { first, second, skip }: BlockGeometry): tf.Tensor {
  const [batch, , channels] = x.shape as [number, number, number];
  const y = heap.output([batch, second.outer, channels]);
  const [from, places, to] = [heap.at(x), heap.constant(skip), heap.at(y)];
  const [read, written] = [first.inner, second.outer];
  heap.parallel('takePlaces', batch, PASSED * y.size, 0, (start, end) => {
    const [source, target] = [from + 4 * start * read * channels, to + 4 * start * written * channels];
    return [source, places, target, end - start, read, written, channels];
  });
  return y;
}

/** Its gradient: dy at its places in x, zeros elsewhere. */
export function skipBackward(heap: Heap, dy: tf.Tensor, { first, second, skip }: BlockGeometry): tf.Tensor {
  const [batch, , channels] = dy.shape as [number, number, number];
  const dx = heap.zeros([batch, first.inner, channels]);
  const [from, places, to] = [heap.at(dy), heap.constant(skip), heap.at(dx)];
  const [written, read] = [first.inner, second.outer];
  heap.parallel('addPlaces', batch, PASSED * dy.size, 0, (start, end) => {
    const [source, target] = [from + 4 * start * read * channels, to + 4 * start * written * channels];
    return [source, places, target, end - start, written, read, channels];
  });
  return dx;
}

/** Users by their row; `rows` is null where they are all of the batch. */
interface Users {
  readonly count: number;
  readonly rows: tf.Tensor | null;
}

/** The users whose weight is not 0. */
export function usersOf(heap: Heap, weight: tf.Tensor): Users {
  const rows: number[] = [];
  heap.view(weight).forEach((value, row) => {
    if (value !== 0) rows.push(row);
  });
  return { count: rows.length, rows: rows.length === weight.size ? null : tf.tensor1d(rows, 'int32') };
}

/** The rows of some users of x [B, …] → [count, …]; x itself if they are all. */
export function takeUsers(heap: Heap, x: tf.Tensor, { count, rows }: Users): tf.Tensor {
  if (rows === null) return x;
  const [batch, ...rest] = x.shape;
  const taken = heap.output([count, ...rest]);
  heap.kernels.takePlaces(heap.at(x), heap.at(rows), heap.at(taken), 1, batch, count, x.size / batch);
  return taken;
}

/** y [B, …] += weight · x [count, …] at the rows of the users; without a weight it is 1. */
export function giveUsers(heap: Heap, x: tf.Tensor, { count, rows }: Users, weight: tf.Tensor | null, y: tf.Tensor): void {
  if (rows === null) {
    addWeighted(heap, x, weight, y);
    return;
  }
  const given = weight === null ? x : weighted(heap, x, weight);
  heap.kernels.addPlaces(heap.at(given), heap.at(rows), heap.at(y), 1, y.shape[0], count, y.size / y.shape[0]);
}

/** y[s] += weight[s] · x[s]; without a weight it is 1. */
export function addWeighted(heap: Heap, x: tf.Tensor, weight: tf.Tensor | null, y: tf.Tensor): void {
  const batch = x.shape[0];
  if (batch === 0) return;
  const size = x.size / batch;
  const [from, factors, to] = [heap.at(x), weight === null ? 0 : heap.at(weight), heap.at(y)];
  heap.parallel('addWeighted', batch, PASSED * x.size, 0, (start, end) => {
    const skipped = 4 * start * size;
    return [from + skipped, factors === 0 ? 0 : factors + 4 * start, to + skipped, end - start, size];
  });
}

/** weight[s] · x[s]. */
export function weighted(heap: Heap, x: tf.Tensor, weight: tf.Tensor): tf.Tensor {
  const y = heap.zeros(x.shape);
  addWeighted(heap, x, weight, y);
  return y;
}

/** 1 − gate. */
export function complement(heap: Heap, gate: tf.Tensor): tf.Tensor {
  const result = heap.output(gate.shape);
  const values = heap.view(gate);
  heap.view(result).forEach((_, i, to) => {
    to[i] = 1 - values[i];
  });
  return result;
}
