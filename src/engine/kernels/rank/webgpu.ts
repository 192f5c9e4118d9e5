import * as tf from '@tensorflow/tfjs';
import { gpuOf, type Program, read, uniform, write } from '../gpu/gpu.ts';
import { accessors, floats } from '../gpu/product.ts';
import type { Tensors } from '../operation.ts';
import type { Ranked } from './index.ts';

const THREADS = 64;
const SIZES = 'array<vec4<u32>, 1>';
/** Instances and items that one invocation compares, and how many invocations there are each way. */
const BLOCK = 4;
const ACROSS = 8;

/** The same steps in the same order in both shaders: equal items are to have equal scores. What is not a number is below nothing. */
const COMPARE = `
fn isNumber(x : f32) -> bool { return (bitcast<u32>(x) & 0x7fffffffu) <= 0x7f800000u; }
fn isBelow(x : f32, own : f32) -> bool { return isNumber(x) && isNumber(own) && x < own; }`;

const scoreFunction = (channels: number, aligned: boolean): string => `
const K = ${channels}u;
fn along(x : vec4<f32>, w : vec4<f32>, sum : f32) -> f32 { return fma(x.w, w.w, fma(x.z, w.z, fma(x.y, w.y, fma(x.x, w.x, sum)))); }
fn scoreOf(user : u32, item : u32) -> f32 {
  var sum = 0.0;
  ${
    aligned
      ? 'for (var d = 0u; d < K; d += 4u) { sum = along(users4(user * K + d), w4(item * K + d), sum); }'
      : 'for (var d = 0u; d < K; d++) { sum = fma(users[user * K + d], w[item * K + d], sum); }'
  }
  return sum + bias[item];
}`;

/** The score of each instance's target, and its rank among the candidates, a workgroup an instance. */
const candidatesProgram = (channels: number): Program => {
  const aligned = channels % 4 === 0;
  return {
    key: `rank candidates k${channels}`,
    declarations: [
      ...[uniform('sizes', SIZES), read('users', floats(aligned)), read('w', floats(aligned)), read('bias')],
      ...[
        read('instances', 'array<u32>'),
        read('negatives', 'array<u32>'),
        write('own'),
        write('sampled'),
        write('all', 'array<i32>'),
      ],
    ],
    code: () => `
${accessors('users', aligned)}
${accessors('w', aligned)}
${COMPARE}
${scoreFunction(channels, aligned)}
var<workgroup> shares : array<u32, ${THREADS}>;
@compute @workgroup_size(${THREADS})
fn main(@builtin(workgroup_id) group : vec3<u32>, @builtin(local_invocation_id) local : vec3<u32>) {
  let i = group.x;
  let candidates = sizes[0].y;
  let user = instances[2u * i];
  let score = scoreOf(user, instances[2u * i + 1u]);
  var against = 0u;
  for (var c = local.x; c < candidates; c += ${THREADS}u) {
    if (!isBelow(scoreOf(user, negatives[i * candidates + c]), score)) { against++; }
  }
  shares[local.x] = against;
  workgroupBarrier();
  if (local.x == 0u) {
    var rank = 1u;
    for (var t = 0u; t < ${THREADS}u; t++) { rank += shares[t]; }
    sampled[i] = f32(rank);
    own[i] = score;
    all[i] = 1;
  }
}`,
  };
};

/** Counts the items that stand before each target: scores are compared as they are computed, and kept nowhere. */
const allProgram = (channels: number): Program => {
  const aligned = channels % 4 === 0;
  const each = (code: (i: number, j: number) => string) =>
    Array.from({ length: BLOCK * BLOCK }, (_, n) => code(Math.floor(n / BLOCK), n % BLOCK)).join('\n');
  const one = (code: (i: number) => string) => Array.from({ length: BLOCK }, (_, i) => code(i)).join('\n');
  return {
    key: `rank all k${channels}`,
    declarations: [
      ...[uniform('sizes', SIZES), read('users', floats(aligned)), read('w', floats(aligned)), read('bias')],
      ...[read('instances', 'array<u32>'), read('own'), write('all', 'array<atomic<i32>>')],
    ],
    code: () => `
${accessors('users', aligned)}
${accessors('w', aligned)}
${COMPARE}
${scoreFunction(channels, aligned)}
@compute @workgroup_size(${ACROSS}, ${ACROSS})
fn main(@builtin(global_invocation_id) id : vec3<u32>) {
  let count = sizes[0].x;
  let items = sizes[0].z;
  let i0 = id.y * ${BLOCK}u;
  let j0 = id.x * ${BLOCK}u;
  if (i0 >= count || j0 >= items) { return; }
  ${one((i) => `let user${i} = instances[2u * min(i0 + ${i}u, count - 1u)]; let item${i} = min(j0 + ${i}u, items - 1u);`)}
  ${each((i, j) => `var s${i}_${j} = 0.0;`)}
  ${
    aligned
      ? `for (var d = 0u; d < K; d += 4u) {
    ${one((i) => `let x${i} = users4(user${i} * K + d); let w${i} = w4(item${i} * K + d);`)}
    ${each((i, j) => `s${i}_${j} = along(x${i}, w${j}, s${i}_${j});`)}
  }`
      : `for (var d = 0u; d < K; d++) {
    ${one((i) => `let x${i} = users[user${i} * K + d]; let w${i} = w[item${i} * K + d];`)}
    ${each((i, j) => `s${i}_${j} = fma(x${i}, w${j}, s${i}_${j});`)}
  }`
  }
  ${one(
    (i) => `if (i0 + ${i}u < count) {
    let score = own[i0 + ${i}u];
    let wanted = instances[2u * (i0 + ${i}u) + 1u];
    var against = 0;
    ${one(
      (j) => `{
      let s = s${i}_${j} + bias[item${j}];
      let stands = isBelow(s, score) || (s == score && item${j} > wanted);
      if (j0 + ${j}u < items && item${j} != wanted && !(stands && isNumber(score))) { against++; }
    }`,
    )}
    if (against > 0) { atomicAdd(&all[i0 + ${i}u], against); }
  }`,
  )}
}`,
  };
};

/** Ranks among all items and among the candidates, [I] each; no scores are kept. */
export function ranksOnGpu(
  { users, weight, bias }: Tensors,
  { rows, targets, negatives }: Ranked,
  backend: tf.KernelBackend,
): tf.Tensor[] {
  const gpu = gpuOf(backend);
  const channels = users.shape[1] as number;
  const [count, items] = [rows.length, weight.shape[0]];
  const pairs = new Int32Array(2 * count);
  rows.forEach((row, i) => {
    pairs[2 * i] = row;
    pairs[2 * i + 1] = targets[i];
  });
  const instances = gpu.upload(pairs);
  const [own, sampled, all] = [gpu.output([count]), gpu.output([count]), gpu.output([count], 'int32')];
  const model = [users, weight, bias].map((tensor) => gpu.bound(tensor));
  const sizes = gpu.sizes(count, negatives.length / count, items, 0);
  gpu.dispatch(
    candidatesProgram(channels),
    [sizes, ...model, instances, gpu.upload(negatives), ...[own, sampled, all].map((tensor) => gpu.bound(tensor))],
    [count, 1, 1],
  );
  gpu.dispatch(
    allProgram(channels),
    [sizes, ...model, instances, gpu.bound(own), gpu.bound(all)],
    [Math.ceil(items / BLOCK / ACROSS), Math.ceil(count / BLOCK / ACROSS), 1],
  );
  return [tf.cast(all, 'float32'), sampled];
}
