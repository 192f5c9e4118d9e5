import type * as tf from '@tensorflow/tfjs';
import { GROUP, gpuOf, linear, type Program, read, uniform, write } from '../gpu/gpu.ts';
import { floats } from '../gpu/product.ts';
import type { Tensors } from '../operation.ts';
import type { Segments } from './segments.ts';

const THREADS = 64;

/** Rows `ids` of a table, four values at a time where its rows have a multiple of four. */
const takeRowsProgram = (width: number, quads: boolean): Program => ({
  key: `take rows ${width}`,
  declarations: [
    uniform('sizes', 'array<vec4<u32>, 1>'),
    read('table', floats(quads)),
    read('ids', 'array<u32>'),
    write('taken', floats(quads)),
  ],
  code: () => `
const WIDTH = ${quads ? width / 4 : width}u;
@compute @workgroup_size(${THREADS})
fn main(@builtin(workgroup_id) group : vec3<u32>, @builtin(local_invocation_id) local : vec3<u32>) {
  let i = ${GROUP} * ${THREADS}u + local.x;
  if (i >= sizes[0].x) { return; }
  taken[i] = table[ids[i / WIDTH] * WIDTH + i % WIDTH];
}`,
});

export function takeRowsOnGpu({ table }: Tensors, { ids }: { ids: Int32Array }, backend: tf.KernelBackend): tf.Tensor[] {
  const gpu = gpuOf(backend);
  const [rows, ...rest] = table.shape;
  const width = table.size / rows;
  const quads = width % 4 === 0;
  const taken = gpu.output([ids.length, ...rest]);
  const units = (ids.length * width) / (quads ? 4 : 1);
  gpu.dispatch(
    takeRowsProgram(width, quads),
    [gpu.sizes(units, 0, 0, 0), gpu.bound(table, 4 * Math.min(table.size, taken.size)), gpu.upload(ids), gpu.bound(taken)],
    linear(Math.ceil(units / THREADS)),
  );
  return [taken];
}

/** A segment longer than this is worth more invocations than one a column. */
const LONG = 128;
/** Invocations that share such a segment and its columns. */
const MANY = 256;

const segmentDeclarations = (quads: boolean) => [
  uniform('sizes', 'array<vec4<u32>, 1>'),
  read('dy', floats(quads)),
  read('places', 'array<u32>'),
  write('sums', floats(quads)),
];

/** Short segments: one invocation sums one column (or four) of one row, in the order of the places. */
const shortSegmentsProgram = (columns: number, quads: boolean): Program => ({
  key: `short segments ${columns} ${quads}`,
  declarations: segmentDeclarations(quads),
  code: () => `
const COLUMNS = ${columns}u;
@compute @workgroup_size(${THREADS})
fn main(@builtin(workgroup_id) group : vec3<u32>, @builtin(local_invocation_id) local : vec3<u32>) {
  let i = ${GROUP} * ${THREADS}u + local.x;
  let rows = sizes[0].x;
  if (i >= rows * COLUMNS) { return; }
  let row = i / COLUMNS;
  var sum = ${quads ? 'vec4<f32>' : 'f32'}(0.0);
  for (var at = places[row]; at < places[row + 1u]; at++) { sum += dy[places[rows + 1u + at] * COLUMNS + i % COLUMNS]; }
  sums[i] = sum;
}`,
});

/**
 * Where some segment is long (that of the padding), one workgroup sums one row: its invocations share out the columns, and the
 * places, whose sums are then added up in a fixed order. No atomics, so that the result is always the same.
 */
const longSegmentsProgram = (columns: number, quads: boolean): Program => {
  const across = Math.min(columns, MANY);
  const parts = Math.max(1, Math.floor(MANY / across));
  const type = quads ? 'vec4<f32>' : 'f32';
  return {
    key: `long segments ${columns} ${quads}`,
    declarations: segmentDeclarations(quads),
    code: () => `
const COLUMNS = ${columns}u;
var<workgroup> shares : array<${type}, ${across * parts}>;
@compute @workgroup_size(${across}, ${parts})
fn main(@builtin(workgroup_id) group : vec3<u32>, @builtin(local_invocation_id) local : vec3<u32>) {
  let row = ${GROUP};
  let rows = sizes[0].x;
  let isRow = row < rows;
  let begin = places[select(0u, row, isRow)];
  let end = places[select(0u, row + 1u, isRow)];
  for (var first = 0u; first < COLUMNS; first += ${across}u) {
    let c = first + local.x;
    var sum = ${type}(0.0);
    if (c < COLUMNS) {
      for (var i = begin + local.y; i < end; i += ${parts}u) { sum += dy[places[rows + 1u + i] * COLUMNS + c]; }
    }
    workgroupBarrier();
    shares[local.y * ${across}u + local.x] = sum;
    workgroupBarrier();
    if (local.y == 0u && c < COLUMNS && isRow) {
      for (var part = 1u; part < ${parts}u; part++) { sum += shares[part * ${across}u + local.x]; }
      sums[row * COLUMNS + c] = sum;
    }
  }
}`,
  };
};

export function sumSegmentsOnGpu({ dy }: Tensors, { rows, starts, order }: Segments, backend: tf.KernelBackend): tf.Tensor[] {
  const gpu = gpuOf(backend);
  const width = dy.shape[1] as number;
  const sums = gpu.output([rows, width]);
  let longest = 0;
  for (let row = 0; row < rows; row++) longest = Math.max(longest, starts[row + 1] - starts[row]);
  const places = new Int32Array(starts.length + order.length);
  places.set(starts);
  places.set(order, starts.length);
  const quads = width % 4 === 0;
  const columns = quads ? width / 4 : width;
  const isLong = longest > LONG;
  gpu.dispatch(
    isLong ? longSegmentsProgram(columns, quads) : shortSegmentsProgram(columns, quads),
    [gpu.sizes(rows, 0, 0, 0), gpu.bound(dy), gpu.upload(places), gpu.bound(sums)],
    linear(isLong ? rows : Math.ceil((rows * columns) / THREADS)),
  );
  return [sums];
}
