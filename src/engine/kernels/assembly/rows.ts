import { madd, sumLanes } from './simd';

/** to[i] += factor · from[i]. */
@inline
function addScaled(from: usize, to: usize, count: i32, factor: f32): void {
  const factors = f32x4.splat(factor);
  const whole = count & ~3;
  for (let c = 0; c < whole; c += 4) v128.store(to + (c << 2), madd(v128.load(from + (c << 2)), factors, v128.load(to + (c << 2))));
  for (let c = whole; c < count; c++) store<f32>(to + (c << 2), load<f32>(to + (c << 2)) + factor * load<f32>(from + (c << 2)));
}

/** to[s, i] = from[s, places[i]] for rows of `width` floats. */
export function takePlaces(from: usize, places: usize, to: usize, sequences: i32, inner: i32, outer: i32, width: i32): void {
  const bytes = (<usize>width) << 2;
  for (let s = 0; s < sequences; s++) {
    for (let o = 0; o < outer; o++) {
      memory.copy(to, from + <usize>load<i32>(places + (o << 2)) * bytes, bytes);
      to += bytes;
    }
    from += <usize>inner * bytes;
  }
}

/** to[s, i] += weight[s] · from[s, i] for sequences of `size` floats; weights of 1 where `weight` is 0. */
export function addWeighted(from: usize, weight: usize, to: usize, sequences: i32, size: i32): void {
  for (let s = 0; s < sequences; s++) {
    const factor: f32 = weight == 0 ? 1 : load<f32>(weight + (s << 2));
    const at = (<usize>(s * size)) << 2;
    if (factor != 0) addScaled(from + at, to + at, size, factor);
  }
}

/** to[s, places[i]] += from[s, i]. */
export function addPlaces(from: usize, places: usize, to: usize, sequences: i32, inner: i32, outer: i32, width: i32): void {
  const bytes = (<usize>width) << 2;
  for (let s = 0; s < sequences; s++) {
    for (let o = 0; o < outer; o++) {
      addScaled(from, to + <usize>load<i32>(places + (o << 2)) * bytes, width, 1);
      from += bytes;
    }
    to += <usize>inner * bytes;
  }
}

/** result[s] = ⟨a[s], b[s] − c[s]⟩ over sequences of `size` floats. */
export function dotDifference(a: usize, b: usize, c: usize, result: usize, sequences: i32, size: i32): void {
  const whole = size & ~3;
  for (let s = 0; s < sequences; s++) {
    let sums = f32x4.splat(0);
    let sum: f32 = 0;
    for (let i = 0; i < whole; i += 4) {
      sums = madd(v128.load(a + (i << 2)), f32x4.sub(v128.load(b + (i << 2)), v128.load(c + (i << 2))), sums);
    }
    for (let i = whole; i < size; i++) sum += load<f32>(a + (i << 2)) * (load<f32>(b + (i << 2)) - load<f32>(c + (i << 2)));
    store<f32>(result + (s << 2), sum + sumLanes(sums));
    a += (<usize>size) << 2;
    b += (<usize>size) << 2;
    c += (<usize>size) << 2;
  }
}

/** sums[r] = Σ of the rows of dy from order[starts[r]] to order[starts[r + 1] − 1]. */
export function sumSegments(dy: usize, starts: usize, order: usize, sums: usize, rows: i32, width: i32): void {
  memory.fill(sums, 0, (<usize>(rows * width)) << 2);
  for (let r = 0; r < rows; r++) {
    const end = load<i32>(starts + ((r + 1) << 2));
    const to = sums + ((<usize>(r * width)) << 2);
    for (let i = load<i32>(starts + (r << 2)); i < end; i++) {
      addScaled(dy + ((<usize>(load<i32>(order + (i << 2)) * width)) << 2), to, width, 1);
    }
  }
}

/** to[columns] += Σ over the rows of from [rows, columns]. */
export function addRows(from: usize, to: usize, rows: i32, columns: i32): void {
  for (let r = 0; r < rows; r++) {
    addScaled(from, to, columns, 1);
    from += (<usize>columns) << 2;
  }
}

/** result[r] = ⟨a[r], b[r]⟩ + bias[r]. */
export function dotRows(a: usize, b: usize, bias: usize, result: usize, rows: i32, columns: i32): void {
  const whole = columns & ~3;
  for (let r = 0; r < rows; r++) {
    let sums = f32x4.splat(0);
    let sum = load<f32>(bias + (r << 2));
    for (let c = 0; c < whole; c += 4) sums = madd(v128.load(a + (c << 2)), v128.load(b + (c << 2)), sums);
    for (let c = whole; c < columns; c++) sum += load<f32>(a + (c << 2)) * load<f32>(b + (c << 2));
    store<f32>(result + (r << 2), sum + sumLanes(sums));
    a += (<usize>columns) << 2;
    b += (<usize>columns) << 2;
  }
}
