import { GROUP, type Program, read, uniform, write } from '../gpu/gpu.ts';
import { accessors, floats } from '../gpu/product.ts';
import { nameOfVariant } from '../gpu/variants.ts';
import { weightGradientShader } from '../gpu/weightGradient.ts';
import {
  addressFunction,
  type BranchShape,
  branchLayout,
  CALL,
  COUNT,
  isAligned,
  leftFunction,
  rowFunctions,
} from './shaders.ts';

/**
 * What the kernel of a convolution gets: Σ over places of x[map[place, tap]] ⊗ d[place], in parts [splits, taps, k, k].
 *
 * @param reads `second`: x holds the normalised values of the first half, whose relu is made as they are read
 */
export function kernelGradientProgram(shape: BranchShape, reads: 'first' | 'second'): Program {
  const { channels, taps, variant, listed, places } = shape;
  const aligned = isAligned(channels);
  const isSecond = reads === 'second';
  const code = (): string => {
    const functions = [
      rowFunctions(shape, 'outer()'),
      accessors('x', aligned),
      accessors('d', aligned),
      accessors('partial', aligned, true),
      isSecond ? accessors('p', aligned) : '',
      addressFunction(taps, 'outer()', 'inner()'),
      // Four values at once, aligned or not.
      leftFunction(true, isSecond ? branchLayout(taps, channels).first : null),
      COUNT,
      `fn right(row : u32, c : u32) -> vec4<f32> {
      return d4((userAt(row / outer()) * outer() + row % outer()) * K + c);
    }
    fn put(split : u32, tap : u32, a : u32, c : u32, v : vec4<f32>) {
      put_partial(((split * ${taps}u + tap) * K + a) * K + c, v, countAt(c));
    }`,
    ].join('\n');
    return weightGradientShader({ variant, left: channels, right: channels, sumsLeft: false, functions });
  };
  return {
    key: `kernel gradient ${reads} k${channels} t${taps} ${listed} p${places} ${nameOfVariant(variant)}`,
    declarations: [
      uniform('geometry', `array<vec4<i32>, ${places}>`),
      uniform('call', CALL),
      read('x', floats(aligned)),
      read('d', floats(aligned)),
      write('partial', floats(aligned)),
      ...(isSecond ? [read('p', floats(aligned))] : []),
      ...(listed ? [read('lists', 'array<i32>')] : []),
    ],
    code,
  };
}

/** Workgroups of the reductions. */
export const REDUCERS = 64;

/**
 * Adds up the parts of all that a branch gets, into one buffer laid out as its parameters: of both kernels [splits, taps, k, k],
 * and [workgroups, 3, k] of γ, β and bias of both norms.
 *
 * `parts`: splits of the first and second kernel, workgroups of the first and second norm.
 */
export function branchReduction(taps: number, channels: number): Program {
  const { first, second, floats: size } = branchLayout(taps, channels);
  const kernel = taps * channels * channels;
  return {
    key: `branch reduction k${channels} t${taps}`,
    declarations: [
      uniform('parts', 'array<vec4<u32>, 1>'),
      read('kernels1'),
      read('kernels2'),
      read('vectors1'),
      read('vectors2'),
      write('gradient'),
    ],
    code: () => `
const K = ${channels}u;
const KERNEL = ${kernel}u;
@compute @workgroup_size(${REDUCERS})
fn main(@builtin(workgroup_id) group : vec3<u32>, @builtin(local_invocation_id) local : vec3<u32>) {
  let i = ${GROUP} * ${REDUCERS}u + local.x;
  if (i >= ${size}u) { return; }
  let isSecond = i >= ${second.kernel}u;
  let at = i - select(0u, ${second.kernel}u, isSecond);
  var sum = 0.0;
  if (at < KERNEL) {
    for (var s = 0u; s < select(parts[0].x, parts[0].y, isSecond); s++) {
      if (isSecond) { sum += kernels2[s * KERNEL + at]; } else { sum += kernels1[s * KERNEL + at]; }
    }
  } else if (at >= ${first.bias}u) {
    // γ, β and bias are the parts 0, 1 and 2; they lie as bias, γ, β.
    let vector = (at - ${first.bias}u) / ${first.gamma - first.bias}u;
    let c = (at - ${first.bias}u) % ${first.gamma - first.bias}u;
    let part = (vector + 2u) % 3u;
    if (c < K) {
      for (var g = 0u; g < select(parts[0].z, parts[0].w, isSecond); g++) {
        if (isSecond) { sum += vectors2[(g * 3u + part) * K + c]; } else { sum += vectors1[(g * 3u + part) * K + c]; }
      }
    }
  }
  gradient[i] = sum;
}`,
  };
}

/** Adds up `parts` parts of `size` floats each. */
export const partsReduction: Program = {
  key: 'parts reduction',
  declarations: [uniform('sizes', 'array<vec4<u32>, 1>'), read('parts'), write('sum')],
  code: () => `
@compute @workgroup_size(${REDUCERS})
fn main(@builtin(workgroup_id) group : vec3<u32>, @builtin(local_invocation_id) local : vec3<u32>) {
  let i = ${GROUP} * ${REDUCERS}u + local.x;
  let size = sizes[0].x;
  if (i >= size) { return; }
  var total = 0.0;
  for (var part = 0u; part < sizes[0].y; part++) { total += parts[part * size + i]; }
  sum[i] = total;
}`,
};

/**
 * For each block and branch (frozen, fine-tuned) the users in whose output it has a part, then the others: [blocks, 2, 1 + B], their
 * number first. One invocation makes one list, so that the order is always that of the batch.
 */
export const usersByGateProgram: Program = {
  key: 'users by gate',
  declarations: [uniform('sizes', 'array<vec4<u32>, 1>'), read('gate'), write('lists', 'array<i32>')],
  code: () => `
@compute @workgroup_size(1)
fn main(@builtin(workgroup_id) group : vec3<u32>) {
  let batch = sizes[0].x;
  let blocks = sizes[0].y;
  let block = group.x / 2u;
  let isTuned = group.x % 2u == 1u;
  let at = group.x * (batch + 1u);
  var count = 0u;
  for (var user = 0u; user < batch; user++) {
    let g = gate[user * blocks + block];
    if (select(1.0 - g, g, isTuned) != 0.0) { count++; lists[at + count] = i32(user); }
  }
  lists[at] = i32(count);
  for (var user = 0u; user < batch; user++) {
    let g = gate[user * blocks + block];
    if (select(1.0 - g, g, isTuned) == 0.0) { count++; lists[at + count] = i32(user); }
  }
}`,
};

/** ⟨dy, F̂ − F⟩ of each user, for the column of their gate: one workgroup a user. */
export function gateGradientProgram(taps: number, channels: number): Program {
  const { second } = branchLayout(taps, channels);
  const f = (z: string, p: string) => `max(0.0, fma(${z}[at], ${p}[${second.gamma}u + c], ${p}[${second.beta}u + c]))`;
  return {
    key: `gate gradient k${channels} t${taps}`,
    declarations: [
      uniform('sizes', 'array<vec4<u32>, 1>'),
      read('dy'),
      read('frozen'),
      read('tuned'),
      read('pf'),
      read('pt'),
      write('dGate'),
    ],
    code: () => `
const K = ${channels}u;
var<workgroup> shares : array<f32, 64>;
@compute @workgroup_size(64)
fn main(@builtin(workgroup_id) group : vec3<u32>, @builtin(local_invocation_id) local : vec3<u32>) {
  let size = sizes[0].x;
  var sum = 0.0;
  for (var i = local.x; i < size; i += 64u) {
    let at = group.x * size + i;
    let c = i % K;
    sum += dy[at] * (${f('tuned', 'pt')} - ${f('frozen', 'pf')});
  }
  shares[local.x] = sum;
  workgroupBarrier();
  if (local.x == 0u) {
    var total = 0.0;
    for (var i = 0u; i < 64u; i++) { total += shares[i]; }
    dGate[group.x] = total;
  }
}`,
  };
}
