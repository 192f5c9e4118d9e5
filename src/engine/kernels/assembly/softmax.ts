import { madd, sumLanes } from './simd';

/** eˣ for x ≤ 0 (Cephes' polynomial; relative error 2e-7); below −87 it is 0. */
@inline
function exponential(x: v128): v128 {
  const shown = f32x4.gt(x, f32x4.splat(-87));
  x = f32x4.max(x, f32x4.splat(-87));
  const n = f32x4.nearest(f32x4.mul(x, f32x4.splat(1.44269504088896341)));
  let r = madd(n, f32x4.splat(-0.693359375), x);
  r = madd(n, f32x4.splat(2.12194440e-4), r);
  let y = f32x4.splat(1.9875691500e-4);
  y = madd(y, r, f32x4.splat(1.3981999507e-3));
  y = madd(y, r, f32x4.splat(8.3334519073e-3));
  y = madd(y, r, f32x4.splat(4.1665795894e-2));
  y = madd(y, r, f32x4.splat(1.6666665459e-1));
  y = madd(y, r, f32x4.splat(5.0000001201e-1));
  y = f32x4.add(madd(f32x4.mul(y, r), r, r), f32x4.splat(1));
  const power = i32x4.shl(i32x4.add(i32x4.trunc_sat_f32x4_s(n), i32x4.splat(127)), 23);
  return v128.and(f32x4.mul(y, power), shown);
}

/**
 * Softmax of each row, in place: logits [rows, classes] → weight · probability, less `weight` at the target.
 * With `own` the target is a class beside the others: its logit stands there, and its gradient is left there.
 *
 * @param targets [rows]: the column of the target; with `own` the column that is left out, or −1
 * @param own [rows], or 0
 * @param weights [rows]
 * @param logTotals [rows]: for each row its largest logit, and in `totals` the sum of the exponentials relative to it
 * @param targetLogits [rows]
 */
export function softmaxGradient(
  logits: usize, targets: usize, own: usize, weights: usize, largests: usize, totals: usize, targetLogits: usize, rows: i32, classes: i32,
): void {
  const whole = classes & ~3;
  for (let r = 0; r < rows; r++) {
    const at = <usize>r << 2;
    const target = load<i32>(targets + at);
    if (own != 0) {
      if (target >= 0) store<f32>(logits + ((<usize>target) << 2), -1e30);
      store<f32>(targetLogits + at, load<f32>(own + at));
    } else {
      store<f32>(targetLogits + at, load<f32>(logits + ((<usize>target) << 2)));
    }
    let tops = f32x4.splat(-3e38);
    let largest: f32 = own == 0 ? -3e38 : load<f32>(own + at);
    for (let c = 0; c < whole; c += 4) tops = f32x4.max(tops, v128.load(logits + (c << 2)));
    for (let c = whole; c < classes; c++) largest = max(largest, load<f32>(logits + (c << 2)));
    largest = max(largest, max(max(f32x4.extract_lane(tops, 0), f32x4.extract_lane(tops, 1)), max(f32x4.extract_lane(tops, 2), f32x4.extract_lane(tops, 3))));
    const shift = f32x4.splat(largest);
    let sums = f32x4.splat(0);
    let total: f32 = 0;
    for (let c = 0; c < whole; c += 4) {
      const e = exponential(f32x4.sub(v128.load(logits + (c << 2)), shift));
      sums = f32x4.add(sums, e);
      v128.store(logits + (c << 2), e);
    }
    for (let c = whole; c < classes; c++) {
      const e = f32x4.extract_lane(exponential(f32x4.splat(load<f32>(logits + (c << 2)) - largest)), 0);
      total += e;
      store<f32>(logits + (c << 2), e);
    }
    const ownExponential: f32 = own == 0 ? 0 : f32x4.extract_lane(exponential(f32x4.splat(load<f32>(own + at) - largest)), 0);
    total += sumLanes(sums) + ownExponential;
    const weight = load<f32>(weights + at);
    const factor = weight / total;
    const factors = f32x4.splat(factor);
    for (let c = 0; c < whole; c += 4) v128.store(logits + (c << 2), f32x4.mul(v128.load(logits + (c << 2)), factors));
    for (let c = whole; c < classes; c++) store<f32>(logits + (c << 2), load<f32>(logits + (c << 2)) * factor);
    if (own == 0) store<f32>(logits + ((<usize>target) << 2), load<f32>(logits + ((<usize>target) << 2)) - weight);
    else store<f32>(own + at, ownExponential * factor - weight);
    store<f32>(largests + at, largest);
    store<f32>(totals + at, total);
    logits += (<usize>classes) << 2;
  }
}
