import type * as tf from '@tensorflow/tfjs';
import { type Declaration, type Gpu, GROUP, linear, type Program, read, uniform, write } from '../gpu/gpu.ts';
import { floats } from '../gpu/product.ts';
import type { Tensors } from '../operation.ts';

const THREADS = 64;

/** β₁, β₂, 1 − β₁, 1 − β₂, ε, rate, correction: in the order in which the other kernels take them. */
const CONSTANTS = `array<vec4<f32>, 2>`;

const stepDeclarations = (quads: boolean): Declaration[] => [
  uniform('constants', CONSTANTS),
  uniform('sizes', 'array<vec4<u32>, 1>'),
  write('p', floats(quads)),
  read('g', floats(quads)),
  write('m', floats(quads)),
  write('v', floats(quads)),
];

const stepCode = (type: string): string => `
fn stepped(i : u32, gradient : ${type}) {
  let a = constants[0];
  let b = constants[1];
  let mean = fma(m[i], ${type}(a.x), a.z * gradient);
  let variance = fma(v[i], ${type}(a.y), a.w * gradient * gradient);
  m[i] = mean;
  v[i] = variance;
  p[i] -= b.y * mean / fma(sqrt(variance), ${type}(b.z), ${type}(b.x));
}`;

/** Adam in place, for all values of a tensor or of many that lie in one buffer. */
const adamProgram = (quads: boolean): Program => ({
  key: `adam ${quads}`,
  declarations: [...stepDeclarations(quads)],
  code: () => `
${stepCode(quads ? 'vec4<f32>' : 'f32')}
@compute @workgroup_size(${THREADS})
fn main(@builtin(workgroup_id) group : vec3<u32>, @builtin(local_invocation_id) local : vec3<u32>) {
  let i = ${GROUP} * ${THREADS}u + local.x;
  if (i < sizes[0].x) { stepped(i, g[i]); }
}`,
});

/** In place. The four tensors have the same size. */
export function adamOnGpu(gpu: Gpu, { parameter, gradient, first, second }: Tensors, constants: readonly number[]): void {
  const quads = parameter.size % 4 === 0;
  const units = parameter.size / (quads ? 4 : 1);
  gpu.dispatch(
    adamProgram(quads),
    [
      ...[gpu.uniforms(constants), gpu.sizes(units, 0, 0, 0)],
      ...[parameter, gradient, first, second].map((tensor) => gpu.bound(tensor)),
    ],
    linear(Math.ceil(units / THREADS)),
  );
}

/** Adam in place for some rows of a table alone; row −1 stands for none. */
const adamRowsProgram = (width: number, quads: boolean): Program => ({
  key: `adam rows ${width}`,
  declarations: [...stepDeclarations(quads), read('ids', 'array<i32>')],
  code: () => `
const WIDTH = ${quads ? width / 4 : width}u;
${stepCode(quads ? 'vec4<f32>' : 'f32')}
@compute @workgroup_size(${THREADS})
fn main(@builtin(workgroup_id) group : vec3<u32>, @builtin(local_invocation_id) local : vec3<u32>) {
  let i = ${GROUP} * ${THREADS}u + local.x;
  if (i >= sizes[0].x) { return; }
  let row = ids[i / WIDTH];
  if (row >= 0) { stepped(u32(row) * WIDTH + i % WIDTH, g[i]); }
}`,
});

/** In place: gradient [ids.length, k]. */
export function adamRowsOnGpu(
  gpu: Gpu,
  { parameter, gradient, first, second }: Tensors,
  ids: Int32Array,
  constants: readonly number[],
): void {
  const width = gradient.size / ids.length;
  const quads = width % 4 === 0;
  const units = gradient.size / (quads ? 4 : 1);
  const touched = 4 * Math.min(parameter.size, gradient.size);
  gpu.dispatch(
    adamRowsProgram(width, quads),
    [
      ...[gpu.uniforms(constants), gpu.sizes(units, 0, 0, 0)],
      ...[gpu.bound(parameter, touched), gpu.bound(gradient), gpu.bound(first, touched), gpu.bound(second, touched)],
      gpu.upload(ids),
    ],
    linear(Math.ceil(units / THREADS)),
  );
}

/** The steps with zero gradients that rows have missed (`assembly/adam.ts` has the same, with words). */
const adamReplayProgram = (width: number, quads: boolean, mostReplayed: number): Program => {
  const type = quads ? 'vec4<f32>' : 'f32';
  return {
    key: `adam replay ${width} ${mostReplayed}`,
    declarations: [
      uniform('sizes', 'array<vec4<u32>, 1>'),
      uniform('constants', 'array<vec4<f32>, 1>'),
      write('p', floats(quads)),
      write('m', floats(quads)),
      write('v', floats(quads)),
      read('missed', 'array<u32>'),
      read('rates'),
      read('corrections'),
      read('decays'),
    ],
    code: () => `
const WIDTH = ${quads ? width / 4 : width}u;
const MOST = ${mostReplayed}u;
@compute @workgroup_size(${THREADS})
fn main(@builtin(workgroup_id) group : vec3<u32>, @builtin(local_invocation_id) local : vec3<u32>) {
  let i = ${GROUP} * ${THREADS}u + local.x;
  if (i >= sizes[0].x) { return; }
  let at = missed[2u * (i / WIDTH)] * WIDTH + i % WIDTH;
  let behind = missed[2u * (i / WIDTH) + 1u];
  let first = sizes[0].y - behind + 1u;
  var mean = m[at];
  var variance = v[at];
  let root = sqrt(variance);
  var value = p[at];
  for (var j = 0u; j < min(behind, MOST); j++) {
    let rate = rates[first + j] * decays[j + 1u];
    let scale = corrections[first + j] * decays[MOST + 2u + j];
    value -= rate * mean / fma(root, ${type}(scale), ${type}(constants[0].x));
  }
  p[at] = value;
  for (var left = behind; left > 0u; left -= min(left, MOST)) {
    let power = min(left, MOST);
    let shrink = decays[MOST + 1u + power];
    mean *= decays[power];
    variance *= shrink * shrink;
  }
  m[at] = mean;
  v[at] = variance;
}`,
  };
};

/** What a replay reads besides the rows: `Step` of every step by its number, and the powers of β₁ and √β₂. */
export interface ReplayTables {
  readonly rates: Float32Array;
  readonly corrections: Float32Array;
  readonly decays: Float32Array;
  readonly epsilon: number;
}

export function adamReplayOnGpu(
  gpu: Gpu,
  { parameter, first, second }: Tensors,
  ids: Int32Array,
  missed: Int32Array,
  step: number,
  { rates, corrections, decays, epsilon }: ReplayTables,
): void {
  const width = parameter.size / parameter.shape[0];
  const quads = width % 4 === 0;
  const units = (ids.length * width) / (quads ? 4 : 1);
  const touched = 4 * ids.length * width;
  const rows = new Int32Array(2 * ids.length);
  ids.forEach((id, i) => {
    rows[2 * i] = id;
    rows[2 * i + 1] = missed[i];
  });
  const tables: tf.Tensor[] = [parameter, first, second];
  gpu.dispatch(
    adamReplayProgram(width, quads, decays.length / 2 - 1),
    [
      ...[gpu.uniforms([units, step], Int32Array), gpu.uniforms([epsilon])],
      ...tables.map((tensor) => gpu.bound(tensor, touched)),
      ...[gpu.upload(rows), gpu.stored(rates), gpu.stored(corrections), gpu.stored(decays)],
    ],
    linear(Math.ceil(units / THREADS)),
  );
}
