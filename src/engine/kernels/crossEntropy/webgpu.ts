import * as tf from '@tensorflow/tfjs';
import { partsReduction, REDUCERS } from '../block/parameterShaders.ts';
import { type Bound, type Gpu, linear, type Program, part, read, uniform, write } from '../gpu/gpu.ts';
import { accessors, floats, forSums, productShader, smallTile, type Tile, usesSubgroups } from '../gpu/product.ts';
import { sumOf } from '../gpu/sum.ts';
import { nameOfVariant, type Variant } from '../gpu/variants.ts';
import { weightGradientGroups, weightGradientShader } from '../gpu/weightGradient.ts';
import type { Tensors } from '../operation.ts';
import type { SampledTargets, Targets } from './index.ts';

/** At most this many exist at a time (128 MB); less for a test that wants several chunks. */
export const logitsAtATime = { count: 1 << 25 };
/** A workgroup a row: one dimension has 65,535 of them; a multiple of 64. */
const MOST_ROWS = 65_472;
/** Invocations that share a row of logits. */
const THREADS = 128;
const SIZES = 'array<vec4<u32>, 1>';

/** Rows of logits begin at multiples of four, whatever the number of classes. */
const strideOf = (classes: number): number => 4 * Math.ceil(classes / 4);

/** h Wᵀ + b → [rows, stride]. */
function logitsProgram(variant: Variant, classes: number, channels: number): { program: Program; tile: Tile } {
  const tile = smallTile(variant, classes);
  const aligned = channels % 4 === 0;
  const stride = strideOf(classes);
  const code = (): string => {
    const right = aligned
      ? 'return w4(c * K + d);'
      : 'let at = c * K + d; return vec4<f32>(w[at], w[at + K], w[at + 2u * K], w[at + 3u * K]);';
    const functions = `
const K = ${channels}u;
fn rowsOf() -> u32 { return sizes[0].x; }
fn address(row : u32, tap : u32) -> i32 { return i32(row * K); }
${accessors('h', aligned)}
${accessors('w', aligned)}
fn left(at : u32, d : u32) -> ${aligned ? 'vec4<f32> { return h4(at + d); }' : 'f32 { return h[at + d]; }'}
fn right(tap : u32, d : u32, c : u32) -> vec4<f32> { ${right} }`;
    const offset = 'vec4<f32>(bias[c], bias[c + 1u], bias[c + 2u], bias[c + 3u])';
    const finish = forSums(
      tile,
      (row, sum) => `if (c < COLUMNS) { logits[(${row} * ${stride}u + c) >> 2u] = ${sum} + ${offset}; }`,
    );
    const product = { variant, columns: classes, depth: channels, taps: 1, aligned, alongDepth: true, functions, finish };
    return productShader(product, tile);
  };
  return {
    tile,
    program: {
      key: `logits ${classes} k${channels} ${nameOfVariant(variant)}`,
      declarations: [
        ...[uniform('sizes', SIZES), read('h', floats(aligned)), read('w', floats(aligned)), read('bias')],
        write('logits', 'array<vec4<f32>>'),
      ],
      code,
      usesSubgroups: usesSubgroups(variant, aligned),
    },
  };
}

/**
 * Logits become the loss's gradients for them, a workgroup a row. `sampled`: the target is no column, but its logit stands in
 * `own`, whose gradient takes its place; the column in `targets` is left out.
 */
const softmaxProgram = (classes: number, sampled: boolean): Program => ({
  key: `softmax ${classes} ${sampled}`,
  declarations: [
    ...[uniform('sizes', SIZES), write('logits'), read('targets', 'array<i32>'), read('weights'), write('losses')],
    ...(sampled ? [write('own')] : []),
  ],
  code: () => `
const CLASSES = ${classes}u;
var<workgroup> shares : array<vec2<f32>, ${THREADS}>;
@compute @workgroup_size(${THREADS})
fn main(@builtin(workgroup_id) group : vec3<u32>, @builtin(local_invocation_id) local : vec3<u32>) {
  let row = sizes[0].x + group.x;
  let at = group.x * ${strideOf(classes)}u;
  let column = targets[row];
  ${sampled ? 'let target_logit = own[row];' : 'let target_logit = logits[at + u32(column)];'}
  // The largest so far, and the sum of exponentials relative to it.
  var most = ${sampled ? 'target_logit' : '-3.0e38'};
  var sum = 0.0;
  for (var c = local.x; c < CLASSES; c += ${THREADS}u) {
    ${sampled ? 'if (i32(c) == column) { continue; }' : ''}
    let logit = logits[at + c];
    if (logit > most) { sum *= exp(most - logit); most = logit; }
    sum += exp(logit - most);
  }
  shares[local.x] = vec2<f32>(most, sum);
  workgroupBarrier();
  for (var i = 0u; i < ${THREADS}u; i++) { most = max(most, shares[i].x); }
  sum = ${sampled ? 'exp(target_logit - most)' : '0.0'};
  for (var i = 0u; i < ${THREADS}u; i++) { sum += shares[i].y * exp(shares[i].x - most); }
  let weight = weights[row];
  let share = weight / sum;
  for (var c = local.x; c < ${strideOf(classes)}u; c += ${THREADS}u) {
    var d = share * exp(logits[at + c] - most);
    if (i32(c) == column) { d = ${sampled ? '0.0' : 'd - weight'}; }
    logits[at + c] = select(0.0, d, c < CLASSES);
  }
  if (local.x == 0u) {
    // exp(−large) of a row that nothing counts on: its weight is 0.
    losses[row] = weight * (most + log(sum) - target_logit);
    ${sampled ? 'own[row] = share * exp(target_logit - most) - weight;' : ''}
  }
}`,
});

/** dh = dLogits · W, in parts over the classes: [splits, rows, k]. */
function hiddenGradientProgram(
  variant: Variant,
  classes: number,
  channels: number,
  splits: number,
): { program: Program; tile: Tile } {
  const tile = smallTile(variant, channels);
  const aligned = channels % 4 === 0;
  const stride = strideOf(classes);
  const code = (): string => {
    const share = 16 * Math.ceil(stride / splits / 16);
    const functions = `
const K = ${channels}u;
fn rowsOf() -> u32 { return sizes[0].x; }
fn address(row : u32, tap : u32) -> i32 { return i32(row * ${stride}u); }
${accessors('d', true)}
${accessors('w', aligned)}
${accessors('dh', aligned, true)}
fn left(at : u32, e : u32) -> ${aligned ? 'vec4<f32> { return d4(at + e); }' : 'f32 { return d[(at + e) >> 2u][(at + e) & 3u]; }'}
fn right(tap : u32, e : u32, c : u32) -> vec4<f32> { return w4(e * K + c); }`;
    const finish = forSums(
      tile,
      (row, sum) => `put_dh((group.z * rows + ${row}) * K + c, ${sum}, select(0u, min(4u, K - c), c < K));`,
    );
    const range = [`(group.z * ${share}u)`, `min(${stride}u, (group.z + 1u) * ${share}u)`] as const;
    const product = { variant, columns: channels, depth: stride, taps: 1, aligned, alongDepth: false, range, functions, finish };
    return productShader(product, tile);
  };
  return {
    tile,
    program: {
      key: `hidden gradient ${classes} k${channels} ${splits} ${nameOfVariant(variant)}`,
      declarations: [uniform('sizes', SIZES), read('d', floats(true)), read('w', floats(aligned)), write('dh', floats(aligned))],
      code,
      usesSubgroups: usesSubgroups(variant, aligned),
    },
  };
}

/** dW (+)= dLogitsᵀ · h, db (+)= the sums of the rows of dLogits. Words: rows, whether there is something to add to. */
function classGradientProgram(variant: Variant, classes: number, channels: number): Program {
  const aligned = channels % 4 === 0;
  const code = (): string => {
    const functions = `
const K = ${channels}u;
fn rowsOf() -> u32 { return sizes[0].x; }
fn address(row : u32, tap : u32) -> i32 { return i32(row * ${strideOf(classes)}u); }
${accessors('d', true)}
${accessors('h', aligned)}
${accessors('dw', aligned, true)}
fn left(at : u32, a : u32) -> vec4<f32> { return d4(at + a); }
fn right(row : u32, c : u32) -> vec4<f32> { return h4(row * K + c); }
fn put(split : u32, tap : u32, a : u32, c : u32, v : vec4<f32>) {
  var sum = v;
  if (sizes[0].y == 1u) { sum += dw4(a * K + c); }
  put_dw(a * K + c, sum, select(0u, min(4u, K - c), c < K));
}
fn putSum(a : u32, v : vec4<f32>) {
  for (var i = 0u; i < 4u; i++) {
    if (a + i < ${classes}u) { db[a + i] = select(v[i], db[a + i] + v[i], sizes[0].y == 1u); }
  }
}`;
    return weightGradientShader({ variant, left: classes, right: channels, sumsLeft: true, functions });
  };
  return {
    key: `class gradient ${classes} k${channels} ${nameOfVariant(variant)}`,
    declarations: [
      ...[uniform('sizes', SIZES), read('d', floats(true)), read('h', floats(aligned))],
      ...[write('dw', floats(aligned)), write('db')],
    ],
    code,
  };
}

/** own = h · w + b of each row with its own weights. */
const dotProgram = (channels: number): Program => ({
  key: `dot rows k${channels}`,
  declarations: [uniform('sizes', SIZES), read('h'), read('w'), read('b'), write('own')],
  code: () => `
@compute @workgroup_size(${THREADS})
fn main(@builtin(global_invocation_id) id : vec3<u32>) {
  if (id.x >= sizes[0].x) { return; }
  var sum = b[id.x];
  for (var c = 0u; c < ${channels}u; c++) { sum = fma(h[id.x * ${channels}u + c], w[id.x * ${channels}u + c], sum); }
  own[id.x] = sum;
}`,
});

/** Rows of logits at a time: so many that each chunk of `hidden` can be bound by itself. */
function chunkOf(gpu: Gpu, rows: number, classes: number, channels: number): number {
  const most = Math.min(logitsAtATime.count, gpu.device.limits.maxStorageBufferBindingSize / 4);
  let unit = 64;
  while (unit > 1 && ((unit / 2) * channels) % 64 === 0) unit /= 2;
  const fitting = Math.max(unit, Math.floor(most / strideOf(classes) / unit) * unit);
  return Math.min(rows, fitting, MOST_ROWS);
}

/** Enough parts of the classes to occupy a device. */
const splitsOf = (rows: number, classes: number, tile: Tile, channels: number): number =>
  Math.max(
    1,
    Math.min(Math.ceil(classes / 512), Math.ceil(192 / (Math.ceil(rows / tile.rows) * Math.ceil(channels / tile.columns)))),
  );

/** The loss and the gradients for h, W and b, a chunk of rows at a time; with `own` also those of the logits of `own`. */
function sweep(
  gpu: Gpu,
  hidden: tf.Tensor,
  weight: tf.Tensor,
  bias: tf.Tensor,
  columns: Int32Array,
  weights: Float32Array,
  own: tf.Tensor | null,
) {
  const { variant } = gpu;
  const [rows, channels] = hidden.shape as [number, number];
  const classes = weight.shape[0];
  const chunk = chunkOf(gpu, rows, classes, channels);
  const logits = gpu.output([chunk, strideOf(classes)]);
  const [dHidden, dWeight, dBias] = [hidden, weight, bias].map(({ shape }) => gpu.output(shape));
  const losses = gpu.output([rows]);
  const [targets, shares] = [gpu.upload(columns), gpu.upload(weights)];
  const scores = logitsProgram(variant, classes, channels);
  const most = splitsOf(chunk, classes, scores.tile, channels);
  const parts = most === 1 ? null : gpu.output([most, chunk, channels]);
  const bound = (tensor: tf.Tensor): Bound => gpu.bound(tensor);
  for (let first = 0; first < rows; first += chunk) {
    const size = Math.min(chunk, rows - first);
    const rowsOf = (tensor: tf.Tensor) => part(bound(tensor), first * channels, size * channels);
    const scored = part(bound(logits), 0, size * strideOf(classes));
    const sizes = gpu.sizes(size, Number(first > 0), 0, 0);
    gpu.dispatch(
      scores.program,
      [sizes, rowsOf(hidden), bound(weight), bound(bias), scored],
      [Math.ceil(size / scores.tile.rows), Math.ceil(classes / scores.tile.columns), 1],
    );
    gpu.dispatch(
      softmaxProgram(classes, own !== null),
      [gpu.sizes(first, 0, 0, 0), scored, targets, shares, bound(losses), ...(own === null ? [] : [bound(own)])],
      [size, 1, 1],
    );
    const through = hiddenGradientProgram(variant, classes, channels, most);
    const partial = parts === null ? rowsOf(dHidden) : part(bound(parts), 0, most * size * channels);
    gpu.dispatch(
      through.program,
      [sizes, scored, bound(weight), partial],
      [Math.ceil(size / through.tile.rows), Math.ceil(channels / through.tile.columns), most],
    );
    if (parts !== null) {
      const count = size * channels;
      const sums = [gpu.sizes(count, most, 0, 0), partial, rowsOf(dHidden)];
      gpu.dispatch(partsReduction, sums, linear(Math.ceil(count / REDUCERS)));
    }
    gpu.dispatch(
      classGradientProgram(variant, classes, channels),
      [sizes, scored, rowsOf(hidden), bound(dWeight), bound(dBias)],
      weightGradientGroups(classes, channels, 1, 1),
    );
  }
  return { loss: sumOf(gpu, losses), dHidden, dWeight, dBias };
}

export function crossEntropyOnGpu(gpu: Gpu, { hidden, weight, bias }: Tensors, { targets, weights }: Targets): tf.Tensor[] {
  const { loss, dHidden, dWeight, dBias } = sweep(gpu, hidden, weight, bias, targets, weights, null);
  return [loss, dHidden, dWeight, dBias];
}

export function sampledCrossEntropyOnGpu(
  gpu: Gpu,
  { hidden, weight, bias, ownWeight, ownBias }: Tensors,
  { weights, hits }: SampledTargets,
): tf.Tensor[] {
  const [rows, channels] = hidden.shape as [number, number];
  const own = gpu.output([rows]);
  gpu.dispatch(
    dotProgram(channels),
    [gpu.sizes(rows, 0, 0, 0), ...[hidden, ownWeight, ownBias, own].map((tensor) => gpu.bound(tensor))],
    [Math.ceil(rows / THREADS), 1, 1],
  );
  const { loss, dHidden, dWeight, dBias } = sweep(gpu, hidden, weight, bias, hits, weights, own);
  const dOwn = tf.reshape(own, [rows, 1]);
  return [loss, tf.add(dHidden, tf.mul(ownWeight, dOwn)), dWeight, dBias, tf.mul(hidden, dOwn), tf.reshape(own, ownBias.shape)];
}
