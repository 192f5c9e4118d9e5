import { madd, sumLanes } from './simd';

/** Layer norm's ε, inside the root. */
const EPSILON: f32 = 1e-8;

/**
 * relu(γ · (x − mean) · scale + β) over channels, row by row.
 *
 * @param x [rows, channels]; becomes the normalised x
 * @param y [rows, channels]
 * @param scale [rows]
 */
export function normRelu(x: usize, gamma: usize, beta: usize, y: usize, scale: usize, rows: i32, channels: i32): void {
  const whole = channels & ~3;
  const zero = f32x4.splat(0);
  for (let r = 0; r < rows; r++) {
    let sums = zero;
    let sum: f32 = 0;
    for (let c = 0; c < whole; c += 4) sums = f32x4.add(sums, v128.load(x + (c << 2)));
    for (let c = whole; c < channels; c++) sum += load<f32>(x + (c << 2));
    const mean = (sum + sumLanes(sums)) / <f32>channels;
    const means = f32x4.splat(mean);
    sums = zero;
    sum = 0;
    for (let c = 0; c < whole; c += 4) {
      const centred = f32x4.sub(v128.load(x + (c << 2)), means);
      sums = madd(centred, centred, sums);
    }
    for (let c = whole; c < channels; c++) {
      const centred = load<f32>(x + (c << 2)) - mean;
      sum += centred * centred;
    }
    const root: f32 = 1 / sqrt((sum + sumLanes(sums)) / <f32>channels + EPSILON);
    store<f32>(scale + (r << 2), root);
    const roots = f32x4.splat(root);
    for (let c = 0; c < whole; c += 4) {
      const z = f32x4.mul(f32x4.sub(v128.load(x + (c << 2)), means), roots);
      v128.store(x + (c << 2), z);
      v128.store(y + (c << 2), f32x4.max(zero, madd(z, v128.load(gamma + (c << 2)), v128.load(beta + (c << 2)))));
    }
    for (let c = whole; c < channels; c++) {
      const z = (load<f32>(x + (c << 2)) - mean) * root;
      store<f32>(x + (c << 2), z);
      store<f32>(y + (c << 2), max<f32>(0, z * load<f32>(gamma + (c << 2)) + load<f32>(beta + (c << 2))));
    }
    x += (<usize>channels) << 2;
    y += (<usize>channels) << 2;
  }
}

/**
 * The gradient of `normRelu`.
 *
 * @param dy [rows, channels]; becomes dx
 * @param z the normalised x [rows, channels]
 * @param dGamma [channels]
 * @param dBeta [channels]
 * @param dBias [channels]: the sum of dx over the rows, which is the gradient of a bias before the norm
 */
export function normReluGradient(
  dy: usize,
  y: usize,
  z: usize,
  scale: usize,
  gamma: usize,
  dGamma: usize,
  dBeta: usize,
  dBias: usize,
  rows: i32,
  channels: i32,
): void {
  const whole = channels & ~3;
  const zero = f32x4.splat(0);
  const width = (<usize>channels) << 2;
  memory.fill(dGamma, 0, width);
  memory.fill(dBeta, 0, width);
  memory.fill(dBias, 0, width);
  for (let r = 0; r < rows; r++) {
    let means = zero,
      projections = zero;
    let mean: f32 = 0,
      projection: f32 = 0;
    for (let c = 0; c < whole; c += 4) {
      const at = c << 2;
      const dz = v128.and(v128.load(dy + at), f32x4.gt(v128.load(y + at), zero));
      const normalised = v128.load(z + at);
      const dNormalised = f32x4.mul(dz, v128.load(gamma + at));
      means = f32x4.add(means, dNormalised);
      projections = madd(dNormalised, normalised, projections);
      v128.store(dGamma + at, madd(dz, normalised, v128.load(dGamma + at)));
      v128.store(dBeta + at, f32x4.add(dz, v128.load(dBeta + at)));
      v128.store(dy + at, dNormalised);
    }
    for (let c = whole; c < channels; c++) {
      const at = c << 2;
      const dz: f32 = load<f32>(y + at) > 0 ? load<f32>(dy + at) : 0;
      const normalised = load<f32>(z + at);
      const dNormalised = dz * load<f32>(gamma + at);
      mean += dNormalised;
      projection += dNormalised * normalised;
      store<f32>(dGamma + at, load<f32>(dGamma + at) + dz * normalised);
      store<f32>(dBeta + at, load<f32>(dBeta + at) + dz);
      store<f32>(dy + at, dNormalised);
    }
    mean = (mean + sumLanes(means)) / <f32>channels;
    projection = (projection + sumLanes(projections)) / <f32>channels;
    const root = load<f32>(scale + (r << 2));
    means = f32x4.splat(mean);
    projections = f32x4.splat(-projection);
    const roots = f32x4.splat(root);
    for (let c = 0; c < whole; c += 4) {
      const at = c << 2;
      const centred = f32x4.sub(v128.load(dy + at), means);
      const dx = f32x4.mul(roots, madd(v128.load(z + at), projections, centred));
      v128.store(dy + at, dx);
      v128.store(dBias + at, f32x4.add(dx, v128.load(dBias + at)));
    }
    for (let c = whole; c < channels; c++) {
      const at = c << 2;
      const dx = root * (load<f32>(dy + at) - mean - load<f32>(z + at) * projection);
      store<f32>(dy + at, dx);
      store<f32>(dBias + at, load<f32>(dBias + at) + dx);
    }
    dy += width;
    y += width;
    z += width;
  }
}
