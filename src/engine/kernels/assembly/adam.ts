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

/** An Adam step in place of some rows of a table alone; gradients [count, width] in their order. */
export function adamRows(
  p: usize,
  g: usize,
  m: usize,
  v: usize,
  ids: usize,
  count: i32,
  width: i32,
  beta1: f32,
  beta2: f32,
  share1: f32,
  share2: f32,
  epsilon: f32,
  rate: f32,
  correction: f32,
): void {
  const bytes = (<usize>width) << 2;
  for (let i = 0; i < count; i++) {
    const at = <usize>load<i32>(ids + (i << 2)) * bytes;
    adam(p + at, g + <usize>i * bytes, m + at, v + at, width, beta1, beta2, share1, share2, epsilon, rate, correction);
  }
}

/** Beyond so many steps without a gradient a row moves by less than single precision can tell: 0.9²⁰⁰ is 7e-10. */
const MOST_REPLAYED: i32 = 200;

/**
 * The steps that rows of a table have missed, whose gradients were zero: m and v decay, and the parameter goes on with what is
 * left of m.
 *
 * @param missed [count]: how many, the last of them step number `step`
 * @param rates [step + 1]: learning rate / (1 − β₁ᵗ) of each step
 * @param corrections [step + 1]: 1 / √(1 − β₂ᵗ)
 * @param decays [2, 201]: the powers of β₁, and those of √β₂
 */
export function adamReplay(
  p: usize,
  m: usize,
  v: usize,
  ids: usize,
  missed: usize,
  count: i32,
  width: i32,
  step: i32,
  rates: usize,
  corrections: usize,
  decays: usize,
  epsilon: f32,
): void {
  const roots = decays + ((<usize>(MOST_REPLAYED + 1)) << 2);
  const eps = f32x4.splat(epsilon);
  for (let i = 0; i < count; i++) {
    const behind = load<i32>(missed + (i << 2));
    const replayed = min(behind, MOST_REPLAYED);
    const first = (<usize>(step - behind + 1)) << 2;
    const row = (<usize>(load<i32>(ids + (i << 2)) * width)) << 2;
    let c = 0;
    for (; c + 4 <= width; c += 4) {
      const at = row + (c << 2);
      const mean = v128.load(m + at);
      const root = f32x4.sqrt(v128.load(v + at));
      let value = v128.load(p + at);
      for (let j = 0; j < replayed; j++) {
        const decayed = f32x4.mul(mean, f32x4.splat(load<f32>(rates + first + (j << 2)) * load<f32>(decays + ((j + 1) << 2))));
        const scale = f32x4.splat(load<f32>(corrections + first + (j << 2)) * load<f32>(roots + ((j + 1) << 2)));
        value = f32x4.sub(value, f32x4.div(decayed, madd(scale, root, eps)));
      }
      v128.store(p + at, value);
    }
    for (; c < width; c++) {
      const at = row + (c << 2);
      const mean = load<f32>(m + at);
      const root = sqrt(load<f32>(v + at));
      let value = load<f32>(p + at);
      for (let j = 0; j < replayed; j++) {
        const decayed = mean * (load<f32>(rates + first + (j << 2)) * load<f32>(decays + ((j + 1) << 2)));
        const scale = load<f32>(corrections + first + (j << 2)) * load<f32>(roots + ((j + 1) << 2));
        value -= decayed / (scale * root + epsilon);
      }
      store<f32>(p + at, value);
    }
    // The moments decay over all of the steps, in pieces of at most as many as there are powers of.
    for (let left = behind; left > 0; left -= MOST_REPLAYED) {
      const power = min(left, MOST_REPLAYED) << 2;
      const decay = load<f32>(decays + power);
      const root = load<f32>(roots + power);
      for (let k = 0; k < width; k++) {
        const at = row + (k << 2);
        store<f32>(m + at, load<f32>(m + at) * decay);
        store<f32>(v + at, load<f32>(v + at) * root * root);
      }
    }
  }
}
