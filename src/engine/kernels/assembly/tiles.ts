import { addTiles, COLUMNS, finish, pack, padded, ROWS } from './gemm';
import { madd } from './simd';

/**
 * Convolutions in tiles (`block/tiling.ts`): rows to multiply are put together from places of the input, each is multiplied
 * with one factor, a matrix, and places of the output are put together from the results. Some sequences at a time, so that
 * what is in between stays in the cache. Row r of the q-th of `count` sequences stands at r · count + q, so that all rows of a
 * factor stand together.
 */

const TAPS: i32 = 3;
/** The three taps, then six points. */
const FACTORS: i32 = 9;
/** Bytes of eight floats. */
const GROUP: usize = 32;

/**
 * to[row, q] (+)= bias + Σ share · from[at, q] over the terms of each row.
 *
 * @param list [rows + 1]: where the terms of each row begin; then the terms, an integer `at` and a single `share` each
 * @param fromRow bytes from one `at` to the next, `fromSequence` from one sequence to the next; so, too, of `to`
 * @param group bytes from eight floats of a row of `to` to the next eight
 * @param bias [width], or 0
 */
function combine(
  list: usize, rows: i32, sequences: i32, width: i32, from: usize, fromRow: usize, fromSequence: usize,
  to: usize, toRow: usize, toSequence: usize, group: usize, bias: usize, accumulate: bool,
): void {
  const terms = list + ((<usize>(rows + 1)) << 2);
  const most = (<usize>(width & ~15)) << 2;
  const whole = (<usize>(width & ~3)) << 2;
  const bytes = (<usize>width) << 2;
  for (let q = 0; q < sequences; q++) {
    const x = from + <usize>q * fromSequence;
    for (let r = 0; r < rows; r++) {
      const first = terms + ((<usize>load<i32>(list + (r << 2))) << 3);
      const end = terms + ((<usize>load<i32>(list + (r << 2), 4)) << 3);
      if (accumulate && first == end) continue;
      let y = to + <usize>r * toRow + <usize>q * toSequence;
      const begin = accumulate ? y : bias;
      let c: usize = 0;
      for (; c < most; c += 64) {
        let s0 = f32x4.splat(0);
        let s1 = s0, s2 = s0, s3 = s0;
        if (begin != 0) {
          s0 = v128.load(begin + c);
          s1 = v128.load(begin + c, 16);
          s2 = v128.load(begin + c, 32);
          s3 = v128.load(begin + c, 48);
        }
        for (let term = first; term < end; term += 8) {
          const at = x + <usize>load<i32>(term) * fromRow + c;
          const share = v128.load32_splat(term, 4);
          s0 = madd(share, v128.load(at), s0);
          s1 = madd(share, v128.load(at, 16), s1);
          s2 = madd(share, v128.load(at, 32), s2);
          s3 = madd(share, v128.load(at, 48), s3);
        }
        v128.store(y, s0);
        v128.store(y, s1, 16);
        v128.store(y + group, s2);
        v128.store(y + group, s3, 16);
        y += 2 * group;
      }
      for (; c < whole; c += 16) {
        let sum = f32x4.splat(0);
        if (begin != 0) sum = v128.load(begin + c);
        for (let term = first; term < end; term += 8) {
          sum = madd(v128.load32_splat(term, 4), v128.load(x + <usize>load<i32>(term) * fromRow + c), sum);
        }
        v128.store(y, sum);
        y += c & 16 ? group - 16 : 16;
      }
      // One by one as above: in a vector, so that a channel is rounded in the same way wherever it stands.
      for (; c < bytes; c += 4) {
        let sum = f32x4.splat(0);
        if (begin != 0) sum = v128.load32_zero(begin + c);
        for (let term = first; term < end; term += 8) {
          sum = madd(v128.load32_splat(term, 4), v128.load32_zero(x + <usize>load<i32>(term) * fromRow + c), sum);
        }
        v128.store32_lane(y, sum, 0);
        y += 4;
      }
    }
  }
}

/** Bytes from one row in scratch to the next: an odd number of cache lines, so that rows do not get into each other's way in the cache. */
@inline
function rowBytes(width: i32): usize {
  return <usize>((((width + 15) >> 4) | 1) << 6);
}

/** The floats of scratch that `convolveTiles` needs. */
export function convolveTilesScratch(products: i32, chunk: i32, depth: i32, columns: i32): i32 {
  return FACTORS * depth * padded(columns) + ((products * chunk * <i32>(rowBytes(depth) + rowBytes(columns))) >> 2);
}

/**
 * `convolve` in tiles, for three taps: forward, or for the gradient of the input.
 *
 * @param x [sequences, places, depth]
 * @param gather rows to multiply, from the places of x
 * @param y [sequences, outer, columns]
 * @param starts [factors + 1]: where the rows of each factor begin
 * @param points the factors after the taps, from the taps
 * @param scatter places of y, from the products
 * @param chunk sequences at a time
 */
export function convolveTiles(
  x: usize, gather: usize, weight: usize, bias: usize, y: usize, scratch: usize,
  sequences: i32, places: i32, outer: i32, products: i32, depth: i32, columns: i32, transposed: bool, accumulate: bool,
  starts: usize, points: usize, scatter: usize, chunk: i32,
): void {
  const size = depth * padded(columns);
  const factor = (<usize>size) << 2;
  for (let tap = 0; tap < TAPS; tap++) {
    const from = weight + ((<usize>(tap * depth * columns)) << 2);
    const to = scratch + <usize>tap * factor;
    if (transposed) pack(from, depth, columns, 1, depth, to);
    else pack(from, depth, columns, columns, 1, to);
  }
  combine(points, FACTORS - TAPS, 1, size, scratch, factor, 0, scratch + TAPS * factor, factor, 0, GROUP, 0, false);
  const wide = (<usize>depth) << 2;
  const narrow = (<usize>columns) << 2;
  const rows = scratch + FACTORS * factor;
  const rowWide = rowBytes(depth);
  const rowNarrow = rowBytes(columns);
  const results = rows + <usize>(products * chunk) * rowWide;
  for (let s = 0; s < sequences; s += chunk) {
    const count = min(chunk, sequences - s);
    const input = x + <usize>(s * places) * wide;
    const output = y + <usize>(s * outer) * narrow;
    combine(
      gather, products, count, depth, input, wide, <usize>places * wide, rows, <usize>count * rowWide, rowWide, GROUP, 0, false,
    );
    for (let f = 0; f < FACTORS; f++) {
      const first = load<i32>(starts + (f << 2)) * count;
      const end = load<i32>(starts + (f << 2), 4) * count;
      multiplyRows(
        rows + <usize>first * rowWide, rowWide, scratch + <usize>f * factor, results + <usize>first * rowNarrow, rowNarrow,
        end - first, depth, columns,
      );
    }
    combine(
      scatter, outer, count, columns, results, <usize>count * rowNarrow, rowNarrow,
      output, narrow, <usize>outer * narrow, GROUP, bias, accumulate,
    );
  }
}

/** y = x · W: [rows, depth] × [depth, columns], W packed in panels; rows of x `wide` bytes apart, those of y `next`. */
function multiplyRows(
  x: usize, wide: usize, packed: usize, y: usize, next: usize, rows: i32, depth: i32, columns: i32,
): void {
  const unrolled = (<usize>((depth & ~1) * COLUMNS)) << 2;
  const panel = (<usize>(depth * COLUMNS)) << 2;
  for (let c = 0; c < columns; c += COLUMNS, packed += panel) {
    const width = min(COLUMNS, columns - c);
    for (let r = 0; r < rows; r += ROWS) {
      const count = min(ROWS, rows - r);
      // Rows beyond the last repeat it; they are not stored.
      let a0 = x + <usize>r * wide;
      let a1 = count > 1 ? a0 + wide : a0;
      let a2 = count > 2 ? a1 + wide : a1;
      let a3 = count > 3 ? a2 + wide : a2;
      let a4 = count > 4 ? a3 + wide : a3;
      let a5 = count > 5 ? a4 + wide : a4;
      let l0: v128 = f32x4.splat(0);
      let h0 = l0, l1 = l0, h1 = l0, l2 = l0, h2 = l0, l3 = l0, h3 = l0, l4 = l0, h4 = l0, l5 = l0, h5 = l0;
      let b = packed;
      const stop = b + unrolled;
      while (b < stop) {
        let low: v128, high: v128, a: v128;
        low = v128.load(b, 0); high = v128.load(b, 16);
        a = v128.load32_splat(a0); l0 = madd(a, low, l0); h0 = madd(a, high, h0);
        a = v128.load32_splat(a1); l1 = madd(a, low, l1); h1 = madd(a, high, h1);
        a = v128.load32_splat(a2); l2 = madd(a, low, l2); h2 = madd(a, high, h2);
        a = v128.load32_splat(a3); l3 = madd(a, low, l3); h3 = madd(a, high, h3);
        a = v128.load32_splat(a4); l4 = madd(a, low, l4); h4 = madd(a, high, h4);
        a = v128.load32_splat(a5); l5 = madd(a, low, l5); h5 = madd(a, high, h5);
        low = v128.load(b, 32); high = v128.load(b, 48);
        a = v128.load32_splat(a0, 4); l0 = madd(a, low, l0); h0 = madd(a, high, h0);
        a = v128.load32_splat(a1, 4); l1 = madd(a, low, l1); h1 = madd(a, high, h1);
        a = v128.load32_splat(a2, 4); l2 = madd(a, low, l2); h2 = madd(a, high, h2);
        a = v128.load32_splat(a3, 4); l3 = madd(a, low, l3); h3 = madd(a, high, h3);
        a = v128.load32_splat(a4, 4); l4 = madd(a, low, l4); h4 = madd(a, high, h4);
        a = v128.load32_splat(a5, 4); l5 = madd(a, low, l5); h5 = madd(a, high, h5);
        a0 += 8; a1 += 8; a2 += 8; a3 += 8; a4 += 8; a5 += 8; b += 64;
      }
      if (depth & 1) {
        const low = v128.load(b), high = v128.load(b, 16);
        let a = v128.load32_splat(a0); l0 = madd(a, low, l0); h0 = madd(a, high, h0);
        a = v128.load32_splat(a1); l1 = madd(a, low, l1); h1 = madd(a, high, h1);
        a = v128.load32_splat(a2); l2 = madd(a, low, l2); h2 = madd(a, high, h2);
        a = v128.load32_splat(a3); l3 = madd(a, low, l3); h3 = madd(a, high, h3);
        a = v128.load32_splat(a4); l4 = madd(a, low, l4); h4 = madd(a, high, h4);
        a = v128.load32_splat(a5); l5 = madd(a, low, l5); h5 = madd(a, high, h5);
      }
      const out = y + <usize>r * next + (c << 2);
      finish(out, width, l0, h0, false);
      if (count > 1) finish(out + next, width, l1, h1, false);
      if (count > 2) finish(out + 2 * next, width, l2, h2, false);
      if (count > 3) finish(out + 3 * next, width, l3, h3, false);
      if (count > 4) finish(out + 4 * next, width, l4, h4, false);
      if (count > 5) finish(out + 5 * next, width, l5, h5, false);
    }
  }
}

/** The floats of scratch that `weightGradientTiles` needs for `depth` channels. */
export function weightGradientTilesScratch(products: i32, chunk: i32, depth: i32, columns: i32): i32 {
  return FACTORS * depth * columns + products * chunk * (<i32>(rowBytes(depth) >> 2) + padded(columns) + ROWS);
}

/**
 * The gradient of `convolve` for its weight, in tiles, for the channels of x from `first` to before `end`: the gradients of the
 * factors, summed over all rows, then those of the taps.
 *
 * @param dWeight [taps, depth, columns]
 * @param fromInner rows from the places of x
 * @param fromOuter rows from the places of dy
 * @param taps from the factors
 */
export function weightGradientTiles(
  x: usize, fromInner: usize, dy: usize, dWeight: usize, scratch: usize,
  sequences: i32, places: i32, outer: i32, products: i32, depth: i32, columns: i32, first: i32, end: i32,
  fromOuter: usize, starts: usize, taps: usize, chunk: i32,
): void {
  const own = end - first;
  const wide = (<usize>depth) << 2;
  const narrow = (<usize>columns) << 2;
  const bytes = rowBytes(own);
  const factor = <usize>own * narrow;
  const left = scratch + FACTORS * factor;
  const right = left + <usize>(products * chunk) * bytes;
  const packed = right + ((<usize>(products * chunk * padded(columns))) << 2);
  memory.fill(scratch, 0, FACTORS * factor);
  for (let s = 0; s < sequences; s += chunk) {
    const count = min(chunk, sequences - s);
    const input = x + <usize>(s * places) * wide + (<usize>first << 2);
    const gradient = dy + <usize>(s * outer) * narrow;
    const panel = <usize>(products * count) * GROUP;
    combine(fromInner, products, count, own, input, wide, <usize>places * wide, left, <usize>count * bytes, bytes, GROUP, 0, false);
    combine(
      fromOuter, products, count, columns, gradient, narrow, <usize>outer * narrow,
      right, <usize>count * GROUP, GROUP, panel, 0, false,
    );
    for (let f = 0; f < FACTORS; f++) {
      const row = <usize>(load<i32>(starts + (f << 2)) * count);
      const rows = load<i32>(starts + (f << 2), 4) * count - <i32>row;
      for (let d = 0; d < own; d += ROWS) {
        packSix(left + row * bytes + (d << 2), bytes, rows, packed);
        addTiles(packed, right + row * GROUP, panel, rows, scratch + <usize>f * factor + <usize>d * narrow, columns, min(ROWS, own - d));
      }
    }
  }
  combine(
    taps, TAPS, own, columns, scratch, factor, narrow,
    dWeight + <usize>first * narrow, <usize>depth * narrow, narrow, GROUP, 0, false,
  );
}

/** Six floats of each row, side by side; what stands beyond the last channel is not used. */
function packSix(from: usize, apart: usize, rows: i32, to: usize): void {
  for (let r = 0; r < rows; r++) {
    store<u64>(to, load<u64>(from));
    store<u64>(to, load<u64>(from, 8), 8);
    store<u64>(to, load<u64>(from, 16), 16);
    from += apart;
    to += ROWS << 2;
  }
}
