import type * as tf from '@tensorflow/tfjs';
import { gpuOf, type Program, read, uniform, write } from '../gpu/gpu.ts';
import { sumOf } from '../gpu/sum.ts';
import type { Tensors } from '../operation.ts';
import type { Pairs } from './index.ts';

const THREADS = 64;

/** A workgroup a row: both scores, then the gradients that they give. */
const pairwiseProgram = (channels: number, loss: Pairs['loss']): Program => ({
  key: `pairwise ${loss} k${channels}`,
  declarations: [
    ...[uniform('sizes', 'array<vec4<u32>, 1>'), read('users'), read('w'), read('bias')],
    ...[write('losses'), write('dUsers'), write('dW'), write('dBias')],
  ],
  code: () => `
const K = ${channels}u;
var<workgroup> shares : array<vec2<f32>, ${THREADS}>;
/** −log σ(−x) without overflow. */
fn softplus(x : f32) -> f32 { return max(x, 0.0) + log(1.0 + exp(-abs(x))); }
fn sigmoid(x : f32) -> f32 { return 1.0 / (1.0 + exp(-x)); }
@compute @workgroup_size(${THREADS})
fn main(@builtin(workgroup_id) group : vec3<u32>, @builtin(local_invocation_id) local : vec3<u32>) {
  let row = group.x;
  let other = sizes[0].x + row;
  var share = vec2<f32>(0.0);
  for (var c = local.x; c < K; c += ${THREADS}u) { share += users[row * K + c] * vec2<f32>(w[row * K + c], w[other * K + c]); }
  shares[local.x] = share;
  workgroupBarrier();
  var score = vec2<f32>(bias[row], bias[other]);
  for (var i = 0u; i < ${THREADS}u; i++) { score += shares[i]; }
  let counts = select(0.0, 1.0 / f32(sizes[0].y), row < sizes[0].y);
  ${
    loss === 'bpr'
      ? `let push = counts * sigmoid(score.y - score.x);
  let d = vec2<f32>(-push, push);
  let each = softplus(score.y - score.x);`
      : `let d = counts * vec2<f32>(sigmoid(score.x) - 1.0, sigmoid(score.y));
  let each = softplus(-score.x) + softplus(score.y);`
  }
  if (local.x == 0u) {
    losses[row] = counts * each;
    dBias[row] = d.x;
    dBias[other] = d.y;
  }
  for (var c = local.x; c < K; c += ${THREADS}u) {
    let h = users[row * K + c];
    dUsers[row * K + c] = d.x * w[row * K + c] + d.y * w[other * K + c];
    dW[row * K + c] = d.x * h;
    dW[other * K + c] = d.y * h;
  }
}`,
});

export function pairwiseLossOnGpu(
  { users, weight, bias }: Tensors,
  { loss, instances }: Pairs,
  backend: tf.KernelBackend,
): tf.Tensor[] {
  const gpu = gpuOf(backend);
  const [rows, channels] = users.shape as [number, number];
  const losses = gpu.output([rows]);
  const gradients = [users, weight, bias].map(({ shape }) => gpu.output(shape));
  gpu.dispatch(
    pairwiseProgram(channels, loss),
    [gpu.sizes(rows, instances, 0, 0), ...[users, weight, bias, losses, ...gradients].map((tensor) => gpu.bound(tensor))],
    [rows, 1, 1],
  );
  return [sumOf(gpu, losses), ...gradients];
}
