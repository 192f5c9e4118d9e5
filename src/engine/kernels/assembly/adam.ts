import { madd } from './simd';

/** One Adam step in place; constants as in `kernels/adam`, with 1 − β₁ and 1 − β₂ as shares: in single precision they would be off. */
export function adam(
  p: usize,
  g: usize,
  m: usize,
  v: usize,
  size: i32,
  beta1: f32,
  beta2: f32,
  share1: f32,
  share2: f32,
  epsilon: f32,
  rate: f32,
  correction: f32,
): void {
  const whole = size & ~3;
  const b1 = f32x4.splat(beta1),
    b2 = f32x4.splat(beta2),
    c1 = f32x4.splat(share1),
    c2 = f32x4.splat(share2);
  const eps = f32x4.splat(epsilon),
    rates = f32x4.splat(rate),
    corrections = f32x4.splat(correction);
  for (let i = 0; i < whole; i += 4) {
    const at = i << 2;
    const gradient = v128.load(g + at);
    const mean = madd(b1, v128.load(m + at), f32x4.mul(c1, gradient));
    const variance = madd(b2, v128.load(v + at), f32x4.mul(c2, f32x4.mul(gradient, gradient)));
    v128.store(m + at, mean);
    v128.store(v + at, variance);
    const step = f32x4.div(f32x4.mul(rates, mean), madd(corrections, f32x4.sqrt(variance), eps));
    v128.store(p + at, f32x4.sub(v128.load(p + at), step));
  }
  for (let i = whole; i < size; i++) {
    const at = i << 2;
    const gradient = load<f32>(g + at);
    const mean = beta1 * load<f32>(m + at) + share1 * gradient;
    const variance = beta2 * load<f32>(v + at) + share2 * gradient * gradient;
    store<f32>(m + at, mean);
    store<f32>(v + at, variance);
    store<f32>(p + at, load<f32>(p + at) - (rate * mean) / (correction * sqrt(variance) + epsilon));
  }
}
