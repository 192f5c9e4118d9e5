import type * as tf from '@tensorflow/tfjs';
import { type Gpu, type Program, read, uniform, write } from './gpu.ts';

const THREADS = 256;

const sumProgram: Program = {
  key: 'sum',
  declarations: [uniform('sizes', 'array<vec4<u32>, 1>'), read('x'), write('sum')],
  code: () => `
var<workgroup> shares : array<f32, ${THREADS}>;
@compute @workgroup_size(${THREADS})
fn main(@builtin(local_invocation_id) local : vec3<u32>) {
  var own = 0.0;
  for (var i = local.x; i < sizes[0].x; i += ${THREADS}u) { own += x[i]; }
  shares[local.x] = own;
  workgroupBarrier();
  if (local.x == 0u) {
    var total = 0.0;
    for (var i = 0u; i < ${THREADS}u; i++) { total += shares[i]; }
    sum[0] = total;
  }
}`,
};

/** The sum of a few thousand values as a scalar, always in the same order. */
export function sumOf(gpu: Gpu, x: tf.Tensor): tf.Tensor {
  const sum = gpu.output([]);
  gpu.dispatch(sumProgram, [gpu.sizes(x.size, 0, 0, 0), gpu.bound(x), gpu.bound(sum)], [1, 1, 1]);
  return sum;
}
