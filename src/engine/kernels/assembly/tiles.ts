import { pack, padded } from './gemm';
import { addTile, COLUMNS, multiplyColumns, multiplyRows, ROW, ROWS, TILE } from './registers';
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
  const rows = products * chunk;
  return FACTORS * depth * padded(columns) + ((rows * <i32>rowBytes(depth) + (rows + ROWS) * <i32>rowBytes(columns)) >> 2);
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
  combine(points, FACTORS - TAPS, 1, size, scratch, factor, 0, scratch + TAPS * factor, factor, 0, ROW, 0, false);
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
      gather, products, count, depth, input, wide, <usize>places * wide, rows, <usize>count * rowWide, rowWide, ROW, 0, false,
    );
    for (let f = 0; f < FACTORS; f++) {
      const first = load<i32>(starts + (f << 2)) * count;
      const end = load<i32>(starts + (f << 2), 4) * count;
      multiplyFactor(
        rows + <usize>first * rowWide, rowWide, scratch + <usize>f * factor, results + <usize>first * rowNarrow, rowNarrow,
        end - first, depth, columns,
      );
    }
    combine(
      scatter, outer, count, columns, results, <usize>count * rowNarrow, rowNarrow,
      output, narrow, <usize>outer * narrow, ROW, bias, accumulate,
    );
  }
}

/** y = x · W: [rows, depth] × [depth, columns], W packed in panels; rows of x `wide` bytes apart, those of y `next`. */
function multiplyFactor(
  x: usize, wide: usize, packed: usize, y: usize, next: usize, rows: i32, depth: i32, columns: i32,
): void {
  for (let c = 0; c < columns; c += COLUMNS, packed += <usize>depth * ROW) {
    for (let r = 0; r < rows; r += ROWS) {
      const count = min(ROWS, rows - r);
      // Rows beyond the last repeat it. Their results stand where those of the next factor will.
      const a0 = x + <usize>r * wide;
      const a1 = count > 1 ? a0 + wide : a0;
      const a2 = count > 2 ? a1 + wide : a1;
      const a3 = count > 3 ? a2 + wide : a2;
      const a4 = count > 4 ? a3 + wide : a3;
      const a5 = count > 5 ? a4 + wide : a4;
      multiplyRows(a0, a1, a2, a3, a4, a5, packed, depth, y + <usize>r * next + (c << 2), next);
    }
  }
}

/** The floats of scratch that `weightGradientTiles` needs for `depth` channels. */
export function weightGradientTilesScratch(products: i32, chunk: i32, depth: i32, columns: i32): i32 {
  return FACTORS * wholeRows(depth) * padded(columns) + products * chunk * (<i32>(rowBytes(depth) >> 2) + padded(columns)) + TILE;
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
  // The sums of a factor, in whole tiles.
  const next = (<usize>padded(columns)) << 2;
  const factor = <usize>wholeRows(own) * next;
  const left = scratch + FACTORS * factor;
  const right = left + <usize>(products * chunk) * bytes;
  const tile = right + ((<usize>(products * chunk * padded(columns))) << 2);
  memory.fill(scratch, 0, FACTORS * factor);
  for (let s = 0; s < sequences; s += chunk) {
    const count = min(chunk, sequences - s);
    const input = x + <usize>(s * places) * wide + (<usize>first << 2);
    const gradient = dy + <usize>(s * outer) * narrow;
    const panel = <usize>(products * count) * ROW;
    combine(fromInner, products, count, own, input, wide, <usize>places * wide, left, <usize>count * bytes, bytes, ROW, 0, false);
    combine(
      fromOuter, products, count, columns, gradient, narrow, <usize>outer * narrow,
      right, <usize>count * ROW, ROW, panel, 0, false,
    );
    for (let f = 0; f < FACTORS; f++) {
      const row = <usize>(load<i32>(starts + (f << 2)) * count);
      const rows = load<i32>(starts + (f << 2), 4) * count - <i32>row;
      addProducts(left + row * bytes, bytes, right + row * ROW, panel, rows, scratch + <usize>f * factor, next, own, tile);
    }
  }
  combine(
    taps, TAPS, own, columns, scratch, factor, next,
    dWeight + <usize>first * narrow, <usize>depth * narrow, narrow, ROW, 0, false,
  );
}

/** As many rows, and what fills up the last tile. */
@inline
function wholeRows(rows: i32): i32 {
  return (rows + ROWS - 1) / ROWS * ROWS;
}

/**
 * sums += leftᵀ · right over `rows` rows; those of the left side `wide` bytes apart, the right side in panels `panel` bytes apart.
 *
 * @param sums in whole tiles, rows `next` bytes apart
 * @param tile room for one
 */
function addProducts(
  left: usize, wide: usize, right: usize, panel: usize, rows: i32, sums: usize, next: usize, own: i32, tile: usize,
): void {
  for (let d = 0; d < own; d += ROWS) {
    const to = sums + <usize>d * next;
    for (let c: usize = 0, b = right; c < next; c += ROW, b += panel) {
      multiplyColumns(left + (d << 2), wide, b, ROW, rows, tile, ROW);
      addTile(tile, to + c, next);
    }
  }
}
