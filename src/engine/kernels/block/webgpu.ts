import type * as tf from '@tensorflow/tfjs';
import { type Bound, type Gpu, linear } from '../gpu/gpu.ts';
import { roomForGradients } from '../gpu/packed.ts';
import { splitsFor, weightGradientGroups } from '../gpu/weightGradient.ts';
import type { Tensors } from '../operation.ts';
import { convolutionProgram } from './convolutionShaders.ts';
import type { BlockGeometry, Taps } from './geometry.ts';
import { branchReduction, gateGradientProgram, kernelGradientProgram, REDUCERS, usersByGateProgram } from './parameterShaders.ts';
import { BRANCH_PARAMETERS } from './reference.ts';
import { type BranchShape, branchLayout, forwardProgram, inputGradientProgram, normBackwardProgram } from './shaders.ts';

// The steps of `reference.ts` as WGSL. A half of a branch is one dispatch: convolution, bias and norm; its relu is made where it
// is read. What is kept for the backward are the normalised values and scales of both norms.

/** What the backward of a branch needs: z and scale of either norm. */
export const SAVED_ON_GPU = 4;

/** Whom a branch serves, and what it counts for each: column `block` of the gates, or 1 − it for the frozen branch. */
interface Gated {
  /** [B, N] */
  readonly gate: tf.Tensor;
  /** `usersByGate` of it; null where everybody is served, whatever their gate. */
  readonly lists: tf.Tensor | null;
  readonly block: number;
  readonly isTuned: boolean;
}

const workgroupMemory = (gpu: Gpu): number => gpu.device.limits.maxComputeWorkgroupStorageSize;

/** Numbers of a convolution as uniforms: places read and computed, size of the map, a word, the map, and another map. */
function uniformsOf(gpu: Gpu, { inner, outer, taps }: Taps, map: Int32Array, word: number, more: Int32Array | null): Int32Array {
  const size = 4 + map.length + (more?.length ?? 0);
  // Few sizes, so that few shaders are needed.
  const words = new Int32Array(Math.max(64, 2 ** Math.ceil(Math.log2(size))));
  words.set([inner, outer, map.length, word]);
  words.set(map, 4);
  if (more !== null) words.set(more, 4 + map.length);
  if (4 * words.length > gpu.device.limits.maxUniformBufferBindingSize)
    throw new RangeError(
      `Sequences are too long for this GPU: the places of a convolution of ${taps} taps fill ${words.length} words.`,
    );
  return words;
}

interface Uniforms {
  readonly first: Int32Array;
  readonly second: Int32Array;
  readonly firstInverse: Int32Array;
  readonly secondInverse: Int32Array;
}

const known = new WeakMap<BlockGeometry, Uniforms>();

function uniformsOfBlock(gpu: Gpu, geometry: BlockGeometry): Uniforms {
  const found = known.get(geometry);
  if (found !== undefined) return found;
  const { first, second, skip, added } = geometry;
  const made = {
    first: uniformsOf(gpu, first, first.map, first.inner, null),
    second: uniformsOf(gpu, second, second.map, first.inner, skip),
    firstInverse: uniformsOf(gpu, first, first.inverse, second.outer, added),
    secondInverse: uniformsOf(gpu, second, second.inverse, 0, null),
  };
  known.set(geometry, made);
  return made;
}

/**
 * A convolution by itself, `forward` from x [B, inner, k] to [B, outer, k], or `backward` from the gradient of the latter to that of x.
 * Kernels are square: [taps, k, k].
 */
export function convolve(
  gpu: Gpu,
  way: 'forward' | 'backward',
  x: tf.Tensor,
  kernel: tf.Tensor,
  bias: tf.Tensor,
  taps: Taps,
): tf.Tensor {
  const [batch, , channels] = x.shape as [number, number, number];
  const places = way === 'forward' ? taps.outer : taps.inner;
  const words = convolutionUniforms(gpu, taps, way);
  const shape = {
    ...{ channels, taps: taps.taps, variant: gpu.variant, memory: workgroupMemory(gpu), weighted: false, listed: false },
    places: words.length / 4,
  };
  const { program, tile } = convolutionProgram(shape, way);
  const y = gpu.output([batch, places, channels]);
  gpu.dispatch(
    program,
    [gpu.constant(words), gpu.sizes(batch, 0, 0, 0, 0, 0, 0, 0), gpu.bound(x), gpu.together([kernel, bias]), gpu.bound(y)],
    [Math.ceil((batch * places) / tile.rows), Math.ceil(channels / tile.columns), 1],
  );
  return y;
}

const alone = { forward: new WeakMap<Taps, Int32Array>(), backward: new WeakMap<Taps, Int32Array>() };

function convolutionUniforms(gpu: Gpu, taps: Taps, way: 'forward' | 'backward'): Int32Array {
  const words = alone[way].get(taps) ?? uniformsOf(gpu, taps, way === 'forward' ? taps.map : taps.inverse, 0, null);
  alone[way].set(taps, words);
  return words;
}

/** One branch of one block, for one batch. */
class Branch {
  private readonly batch: number;
  private readonly channels: number;
  readonly parameters: Bound;
  private readonly uniforms: Uniforms;
  private readonly call: Bound;

  constructor(
    private readonly gpu: Gpu,
    private readonly x: tf.Tensor,
    private readonly p: Tensors,
    private readonly geometry: BlockGeometry,
    private readonly gated: Gated | null,
  ) {
    [this.batch, , this.channels] = x.shape as [number, number, number];
    this.parameters = gpu.together(BRANCH_PARAMETERS.map((name) => p[name]));
    this.uniforms = uniformsOfBlock(gpu, geometry);
    if (gated === null) {
      this.call = gpu.sizes(this.batch, 0, 0, 0, 0, 0, 0, 0);
    } else {
      const at = (2 * gated.block + Number(gated.isTuned)) * (1 + this.batch);
      this.call = gpu.sizes(this.batch, at, Number(gated.isTuned), gated.gate.shape[1] as number, gated.block, 0, 0, 0);
    }
  }

  private shape(words: Int32Array): BranchShape {
    const { channels, geometry, gated, gpu } = this;
    const [weighted, listed] = [gated !== null, this.lists.length > 0];
    const { variant } = gpu;
    return {
      channels,
      taps: geometry.first.taps,
      variant,
      memory: workgroupMemory(gpu),
      weighted,
      listed,
      places: words.length / 4,
    };
  }

  private tensors(...list: tf.Tensor[]): Bound[] {
    return list.map((tensor) => this.gpu.bound(tensor));
  }

  private get gate(): Bound[] {
    return this.gated === null ? [] : this.tensors(this.gated.gate);
  }

  private get lists(): Bound[] {
    const lists = this.gated?.lists ?? null;
    return lists === null ? [] : this.tensors(lists);
  }

  private groups(places: number, rows: number, columns: number): [number, number, number] {
    return [Math.ceil((this.batch * places) / rows), Math.ceil(this.channels / columns), 1];
  }

  /** Adds this branch to y, or begins it with what passes by; z and scale of both norms. */
  forward(y: tf.Tensor, ending: 'begins' | 'adds'): tf.Tensor[] {
    const { gpu, batch, channels, uniforms } = this;
    const { first, second } = this.geometry;
    const [z1, z2] = [first, second].map(({ outer }) => gpu.output([batch, outer, channels]));
    const [scale1, scale2] = [first, second].map(({ outer }) => gpu.output([batch, outer, 1]));
    const one = forwardProgram(this.shape(uniforms.first), 'first', 'none');
    gpu.dispatch(
      one.program,
      [gpu.constant(uniforms.first), this.call, gpu.bound(this.x), this.parameters, ...this.tensors(z1, scale1), ...this.lists],
      this.groups(first.outer, one.tile.rows, one.tile.columns),
    );
    const two = forwardProgram(this.shape(uniforms.second), 'second', ending);
    gpu.dispatch(
      two.program,
      [
        ...[gpu.constant(uniforms.second), this.call, gpu.bound(z1), this.parameters, ...this.tensors(z2, scale2, y)],
        ...(ending === 'begins' ? this.tensors(this.x) : []),
        ...[...this.gate, ...this.lists],
      ],
      this.groups(second.outer, two.tile.rows, two.tile.columns),
    );
    return [z1, scale1, z2, scale2];
  }

  /**
   * Adds the gradient of the branch's input to dx, or begins it with what passes by.
   *
   * @returns the gradients of the parameters, in the order of `BRANCH_PARAMETERS`; none of a frozen branch
   */
  backward(
    dy: tf.Tensor,
    saved: readonly tf.Tensor[],
    dx: tf.Tensor,
    ending: 'begins' | 'adds',
    isTrained: boolean,
  ): tf.Tensor[] {
    const { gpu, batch, channels, uniforms } = this;
    const { first, second } = this.geometry;
    const [z1, scale1, z2, scale2] = saved;
    const half = (which: 'first' | 'second', words: Int32Array, input: tf.Tensor, z: tf.Tensor, scale: tf.Tensor) => {
      const places = which === 'first' ? second.inner : second.outer;
      const { program, tile } = normBackwardProgram(this.shape(words), which, isTrained);
      const groups = this.groups(places, tile.rows, tile.columns);
      const d = gpu.output([batch, places, channels]);
      const sums = isTrained ? [gpu.output([groups[0], 3, channels])] : [];
      gpu.dispatch(
        program,
        [
          ...[gpu.constant(words), this.call, gpu.bound(input), this.parameters, ...this.tensors(z, scale, d, ...sums)],
          ...(which === 'second' ? this.gate : []),
          ...this.lists,
        ],
        groups,
      );
      return { d, sums: sums[0], groups: groups[0] };
    };
    const two = half('second', uniforms.second, dy, z2, scale2);
    const one = half('first', uniforms.secondInverse, two.d, z1, scale1);
    const through = inputGradientProgram(this.shape(uniforms.firstInverse), ending);
    gpu.dispatch(
      through.program,
      [
        ...[gpu.constant(uniforms.firstInverse), this.call, gpu.bound(one.d), this.parameters, gpu.bound(dx)],
        ...(ending === 'begins' ? this.tensors(dy) : []),
        ...this.lists,
      ],
      this.groups(first.inner, through.tile.rows, through.tile.columns),
    );
    if (!isTrained) return [];
    const kernels = [this.kernelGradient('first', this.x, one.d), this.kernelGradient('second', z1, two.d)];
    const { floats } = branchLayout(first.taps, channels);
    const { whole, parts } = roomForGradients(
      gpu,
      BRANCH_PARAMETERS.map((name) => this.p[name]),
    );
    gpu.dispatch(
      branchReduction(first.taps, channels),
      [
        gpu.sizes(kernels[0].splits, kernels[1].splits, one.groups, two.groups),
        ...this.tensors(kernels[0].partial, kernels[1].partial, one.sums, two.sums),
        whole,
      ],
      linear(Math.ceil(floats / REDUCERS)),
    );
    return parts;
  }

  private kernelGradient(which: 'first' | 'second', input: tf.Tensor, d: tf.Tensor) {
    const { gpu, batch, channels, uniforms } = this;
    const { taps, outer } = this.geometry[which];
    const splits = splitsFor(channels, channels, taps, batch * outer);
    const partial = gpu.output([splits, taps, channels, channels]);
    const words = uniforms[which];
    gpu.dispatch(
      kernelGradientProgram(this.shape(words), which),
      [
        ...[gpu.constant(words), this.call, ...this.tensors(input, d, partial)],
        ...(which === 'second' ? [this.parameters] : []),
        ...this.lists,
      ],
      weightGradientGroups(channels, channels, taps, splits),
    );
    return { partial, splits };
  }
}

/** y, then what the backward wants back. */
export function blockForward(gpu: Gpu, x: tf.Tensor, p: Tensors, geometry: BlockGeometry): tf.Tensor[] {
  const y = gpu.output([x.shape[0], geometry.second.outer, x.shape[2] as number]);
  return [y, ...new Branch(gpu, x, p, geometry, null).forward(y, 'begins')];
}

/** dx, then the gradients of the parameters. */
export function blockBackward(
  gpu: Gpu,
  dy: tf.Tensor,
  x: tf.Tensor,
  saved: readonly tf.Tensor[],
  p: Tensors,
  geometry: BlockGeometry,
) {
  const dx = gpu.output(x.shape);
  return [dx, ...new Branch(gpu, x, p, geometry, null).backward(dy, saved, dx, 'begins', true)];
}

/** Gates [B, N] → `usersByGateProgram`’s lists [N, 2, 1 + B]. */
export function usersByGate(gpu: Gpu, gate: tf.Tensor): tf.Tensor {
  const [batch, blocks] = gate.shape as [number, number];
  const lists = gpu.output([blocks, 2, 1 + batch], 'int32');
  gpu.dispatch(usersByGateProgram, [gpu.sizes(batch, blocks, 0, 0), gpu.bound(gate), gpu.bound(lists)], [2 * blocks, 1, 1]);
  return lists;
}

/** A UAF block for one batch: both branches over x [B, inner, k], and what chooses between them. */
export interface GatedBlock extends Omit<Gated, 'isTuned'> {
  readonly x: tf.Tensor;
  readonly frozen: Tensors;
  readonly tuned: Tensors;
  readonly geometry: BlockGeometry;
}

/** The frozen branch begins the sum of Eq. 6, the fine-tuned one is added to it. */
const ENDINGS = ['begins', 'adds'] as const;

const branchesOf = (gpu: Gpu, { x, frozen, tuned, geometry, ...gated }: GatedBlock): [Branch, Branch] => [
  new Branch(gpu, x, frozen, geometry, { ...gated, isTuned: false }),
  new Branch(gpu, x, tuned, geometry, { ...gated, isTuned: true }),
];

/**
 * Eq. 6: y, then what the backward wants back of the frozen and the fine-tuned branch. With lists each branch serves the users in whose
 * output it has a part, and there is no backward; without, both serve all users.
 */
export function gatedForward(gpu: Gpu, block: GatedBlock): tf.Tensor[] {
  const { x, geometry } = block;
  const y = gpu.output([x.shape[0], geometry.second.outer, x.shape[2] as number]);
  return [y, ...branchesOf(gpu, block).flatMap((branch, i) => branch.forward(y, ENDINGS[i]))];
}

/** dx, dGate [B] of this block, then the gradients of the fine-tuned branch; each branch for the users in whose output it has a part. */
export function gatedBackward(gpu: Gpu, block: GatedBlock, dy: tf.Tensor, saved: readonly tf.Tensor[]): tf.Tensor[] {
  const { x, geometry } = block;
  const [batch, , channels] = x.shape as [number, number, number];
  const dx = gpu.output(x.shape);
  const dGate = gpu.output([batch]);
  const branches = branchesOf(gpu, block);
  const [savedFrozen, savedTuned] = [saved.slice(0, SAVED_ON_GPU), saved.slice(SAVED_ON_GPU)];
  gpu.dispatch(
    gateGradientProgram(geometry.first.taps, channels),
    [
      gpu.sizes(geometry.second.outer * channels, 0, 0, 0),
      ...[dy, savedFrozen[2], savedTuned[2]].map((tensor) => gpu.bound(tensor)),
      ...branches.map((branch) => branch.parameters),
      gpu.bound(dGate),
    ],
    [batch, 1, 1],
  );
  branches[0].backward(dy, savedFrozen, dx, 'begins', false);
  return [dx, dGate, ...branches[1].backward(dy, savedTuned, dx, 'adds', true)];
}
