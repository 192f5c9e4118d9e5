import { times } from './product.ts';
import type { Variant } from './variants.ts';

/**
 * Σ over rows of left(row) ⊗ right(row): what weights get. The rows are split over workgroups, each of which leaves a part of
 * the sum that is added up later, in the same order every time. The caller's WGSL says where things are:
 *
 * - `fn rowsOf() -> u32`, `fn address(row : u32, tap : u32) -> i32` as in `product.ts`;
 * - `fn left(at : u32, a : u32) -> vec4<f32>`, `fn right(row : u32, c : u32) -> vec4<f32>`: four values of either side;
 * - `fn put(split : u32, tap : u32, a : u32, c : u32, v : vec4<f32>)`: row a of the result, four columns from c on;
 * - `fn putSum(a : u32, v : vec4<f32>)`, with `sumsLeft`: the sum of the left-hand rows.
 */
export interface WeightGradient {
  readonly variant: Variant;
  /** Values on the left and on the right. */
  readonly left: number;
  readonly right: number;
  readonly sumsLeft: boolean;
  readonly functions: string;
}

/** Values of the result that a workgroup computes, each way. */
const TILE = 64;

const blockOf = ({ rows, columns }: Variant) => ({ a: rows === 8 ? 8 : 4, c: columns });

/** Workgroups: tiles of the result, taps, parts of the rows. */
export function weightGradientGroups(left: number, right: number, taps: number, splits: number): [number, number, number] {
  return [Math.ceil(left / TILE) * Math.ceil(right / TILE), taps, splits];
}

/** Enough parts to occupy a device, each long enough to be worth one. */
export function splitsFor(left: number, right: number, taps: number, rows: number): number {
  const tiles = Math.ceil(left / TILE) * Math.ceil(right / TILE) * taps;
  return Math.max(1, Math.min(Math.ceil(OCCUPIED / tiles), Math.ceil(rows / FEWEST_ROWS)));
}

const OCCUPIED = 192;
const FEWEST_ROWS = 128;

export function weightGradientShader({ variant, left, right, sumsLeft, functions }: WeightGradient): string {
  const { a, c } = blockOf(variant);
  const [down, across] = [TILE / a, TILE / c];
  return `
const LEFT = ${left}u;
const RIGHT = ${right}u;
${functions}
@compute @workgroup_size(${across}, ${down})
fn main(@builtin(workgroup_id) group : vec3<u32>, @builtin(local_invocation_id) local : vec3<u32>, @builtin(num_workgroups) groups : vec3<u32>) {
  let tiles = ${Math.ceil(right / TILE)}u;
  let a0 = (group.x / tiles) * ${TILE}u + local.y * ${a}u;
  let c0 = (group.x % tiles) * ${TILE}u + local.x * ${c}u;
  if (a0 >= LEFT || c0 >= RIGHT) { return; }
  let tap = group.y;
  let rows = rowsOf();
  let share = (rows + groups.z - 1u) / groups.z;
  ${times(a, (i) => times(c / 4, (q) => `var v${i}_${q} = vec4<f32>(0.0);`))}
  ${sumsLeft ? times(a / 4, (i) => `var s${i} = vec4<f32>(0.0);`) : ''}
  for (var row = group.z * share; row < min(rows, (group.z + 1u) * share); row++) {
    let at = address(row, tap);
    if (at < 0) { continue; }
    ${times(a / 4, (i) => `let x${i} = left(u32(at), a0 + ${4 * i}u);`)}
    ${times(c / 4, (q) => `let w${q} = right(row, c0 + ${4 * q}u);`)}
    ${times(a, (i) => times(c / 4, (q) => `v${i}_${q} = fma(vec4<f32>(x${i >> 2}[${i & 3}]), w${q}, v${i}_${q});`))}
    ${sumsLeft ? times(a / 4, (i) => `s${i} += x${i};`) : ''}
  }
  ${times(a, (i) => `if (a0 + ${i}u < LEFT) { ${times(c / 4, (q) => `put(group.z, tap, a0 + ${i}u, c0 + ${4 * q}u, v${i}_${q});`)} }`)}
  ${sumsLeft ? `if (c0 == 0u) { ${times(a / 4, (i) => `putSum(a0 + ${4 * i}u, s${i});`)} }` : ''}
}`;
}
