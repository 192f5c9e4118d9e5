import { madd } from './simd';

/**
 * Matrix products over 6×8 tiles that stay in registers (12 accumulators of 4 floats), the right-hand side packed in
 * panels of 8 columns. One routine serves plain products and convolutions: its left-hand rows are found through a map.
 */

export const ROWS: i32 = 6;
export const COLUMNS: i32 = 8;
/** Rows whose left-hand side is swept by one panel after the other while it is in the cache. */
const ROW_BLOCK: i32 = 96;
/** Longest sum that is done in one go: a panel of that length fits into the first-level cache. */
const DEPTH_BLOCK: i32 = 512;

@inline
export function padded(columns: i32): i32 {
  return (columns + COLUMNS - 1) & ~(COLUMNS - 1);
}

/**
 * Packs a matrix of `depth` rows and `columns` columns, whose element (d, c) stands at d·depthStride + c·columnStride,
 * into panels of 8 columns, filled up with zeros.
 */
export function pack(source: usize, depth: i32, columns: i32, depthStride: i32, columnStride: i32, to: usize): void {
  for (let c = 0; c < columns; c += COLUMNS) {
    const width = min(COLUMNS, columns - c);
    let from = source + ((<usize>(c * columnStride)) << 2);
    if (columnStride == 1 && width == COLUMNS) {
      for (let d = 0; d < depth; d++) {
        v128.store(to, v128.load(from));
        v128.store(to, v128.load(from, 16), 16);
        from += (<usize>depthStride) << 2;
        to += COLUMNS << 2;
      }
      continue;
    }
    for (let d = 0; d < depth; d++) {
      for (let i = 0; i < width; i++) store<f32>(to + (i << 2), load<f32>(from + ((<usize>(i * columnStride)) << 2)));
      for (let i = width; i < COLUMNS; i++) store<f32>(to + (i << 2), 0);
      from += (<usize>depthStride) << 2;
      to += COLUMNS << 2;
    }
  }
}

@inline
function storeRow(to: usize, columns: i32, low: v128, high: v128): void {
  if (columns == COLUMNS) {
    v128.store(to, low);
    v128.store(to, high, 16);
    return;
  }
  if (columns >= 4) v128.store(to, low);
  else {
    store<f32>(to, f32x4.extract_lane(low, 0));
    if (columns > 1) store<f32>(to, f32x4.extract_lane(low, 1), 4);
    if (columns > 2) store<f32>(to, f32x4.extract_lane(low, 2), 8);
  }
  if (columns > 4) store<f32>(to, f32x4.extract_lane(high, 0), 16);
  if (columns > 5) store<f32>(to, f32x4.extract_lane(high, 1), 20);
  if (columns > 6) store<f32>(to, f32x4.extract_lane(high, 2), 24);
}

@inline
function loadLow(from: usize, columns: i32): v128 {
  if (columns >= 4) return v128.load(from);
  let x = f32x4.splat(load<f32>(from));
  if (columns > 1) x = f32x4.replace_lane(x, 1, load<f32>(from, 4));
  if (columns > 2) x = f32x4.replace_lane(x, 2, load<f32>(from, 8));
  return x;
}

@inline
function loadHigh(from: usize, columns: i32): v128 {
  if (columns == COLUMNS) return v128.load(from, 16);
  let x = f32x4.splat(0);
  if (columns > 4) x = f32x4.replace_lane(x, 0, load<f32>(from, 16));
  if (columns > 5) x = f32x4.replace_lane(x, 1, load<f32>(from, 20));
  if (columns > 6) x = f32x4.replace_lane(x, 2, load<f32>(from, 24));
  return x;
}

/** Address of the row that tap `tap` reads at place `place` of sequence `sequence`; of zeros before the beginning. */
@inline
function rowAt(x: usize, map: usize, sequence: i32, place: i32, tap: i32, taps: i32, places: i32, stride: i32, zeros: usize): usize {
  const at = load<i32>(map + ((place * taps + tap) << 2));
  return at < 0 ? zeros : x + ((<usize>((sequence * places + at) * stride)) << 2);
}

/**
 * y (+)= bias + Σ_tap x[map[·, tap]] · W_tap for `rows` rows of `outer` places a sequence.
 *
 * @param x [sequences, places, depth], rows `stride` apart
 * @param map [outer, taps]: the place that a tap reads, or −1
 * @param packed panels of W, taps one after the other: [panel][tap][depth][8]
 * @param zeros `depth` zeros
 * @param bias [columns], or 0
 * @param y [rows, columns], rows `yStride` apart
 */
function product(
  x: usize, map: usize, outer: i32, places: i32, taps: i32, depth: i32, stride: i32, zeros: usize,
  packed: usize, bias: usize, y: usize, yStride: i32, rows: i32, columns: i32, accumulate: bool,
): void {
  const panel = (<usize>(taps * depth * COLUMNS)) << 2;
  for (let block = 0; block < rows; block += ROW_BLOCK) {
    const end = min(rows, block + ROW_BLOCK);
    let b0 = packed;
    for (let c = 0; c < columns; c += COLUMNS, b0 += panel) {
      const width = min(COLUMNS, columns - c);
      for (let r = block; r < end; r += ROWS) {
        const count = min(ROWS, end - r);
        const out = y + ((<usize>(r * yStride + c)) << 2);
        // Rows beyond the last repeat it; they are not stored.
        const s0 = r / outer, p0 = r - s0 * outer;
        let s1 = s0, p1 = p0, s2 = s0, p2 = p0, s3 = s0, p3 = p0, s4 = s0, p4 = p0, s5 = s0, p5 = p0;
        if (count > 1) { p1 = p0 + 1; if (p1 == outer) { p1 = 0; s1++; } }
        if (count > 2) { s2 = s1; p2 = p1 + 1; if (p2 == outer) { p2 = 0; s2++; } }
        if (count > 3) { s3 = s2; p3 = p2 + 1; if (p3 == outer) { p3 = 0; s3++; } }
        if (count > 4) { s4 = s3; p4 = p3 + 1; if (p4 == outer) { p4 = 0; s4++; } }
        if (count > 5) { s5 = s4; p5 = p4 + 1; if (p5 == outer) { p5 = 0; s5++; } }
        let l0: v128 = f32x4.splat(0), h0: v128 = l0;
        if (bias != 0) {
          l0 = loadLow(bias + (c << 2), width);
          h0 = loadHigh(bias + (c << 2), width);
        }
        let l1 = l0, h1 = h0, l2 = l0, h2 = h0, l3 = l0, h3 = h0, l4 = l0, h4 = h0, l5 = l0, h5 = h0;
        let b = b0;
        for (let tap = 0; tap < taps; tap++) {
          let a0 = rowAt(x, map, s0, p0, tap, taps, places, stride, zeros);
          let a1 = rowAt(x, map, s1, p1, tap, taps, places, stride, zeros);
          let a2 = rowAt(x, map, s2, p2, tap, taps, places, stride, zeros);
          let a3 = rowAt(x, map, s3, p3, tap, taps, places, stride, zeros);
          let a4 = rowAt(x, map, s4, p4, tap, taps, places, stride, zeros);
          let a5 = rowAt(x, map, s5, p5, tap, taps, places, stride, zeros);
          const stop = b + ((<usize>(depth * COLUMNS)) << 2);
          const unrolled = b + ((<usize>((depth & ~1) * COLUMNS)) << 2);
          while (b < unrolled) {
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
          if (b < stop) {
            const low = v128.load(b), high = v128.load(b, 16);
            let a = v128.load32_splat(a0); l0 = madd(a, low, l0); h0 = madd(a, high, h0);
            a = v128.load32_splat(a1); l1 = madd(a, low, l1); h1 = madd(a, high, h1);
            a = v128.load32_splat(a2); l2 = madd(a, low, l2); h2 = madd(a, high, h2);
            a = v128.load32_splat(a3); l3 = madd(a, low, l3); h3 = madd(a, high, h3);
            a = v128.load32_splat(a4); l4 = madd(a, low, l4); h4 = madd(a, high, h4);
            a = v128.load32_splat(a5); l5 = madd(a, low, l5); h5 = madd(a, high, h5);
            b += 32;
          }
        }
        const next = (<usize>yStride) << 2;
        finish(out, width, l0, h0, accumulate);
        if (count > 1) finish(out + next, width, l1, h1, accumulate);
        if (count > 2) finish(out + 2 * next, width, l2, h2, accumulate);
        if (count > 3) finish(out + 3 * next, width, l3, h3, accumulate);
        if (count > 4) finish(out + 4 * next, width, l4, h4, accumulate);
        if (count > 5) finish(out + 5 * next, width, l5, h5, accumulate);
      }
    }
  }
}

@inline
export function finish(to: usize, columns: i32, low: v128, high: v128, accumulate: bool): void {
  if (accumulate) {
    low = f32x4.add(low, loadLow(to, columns));
    high = f32x4.add(high, loadHigh(to, columns));
  }
  storeRow(to, columns, low, high);
}

/** The floats of scratch that `convolve` needs. */
export function convolveScratch(taps: i32, depth: i32, columns: i32): i32 {
  return taps * depth * padded(columns) + depth;
}

/**
 * A convolution over chosen places: y[s, o] (+)= bias + Σ_tap x[s, map[o, tap]] · W_tap.
 *
 * @param x [sequences, places, depth]
 * @param map [outer, taps], −1 for zeros
 * @param weight [taps, depth, columns], or transposed [taps, columns, depth]
 * @param bias [columns], or 0
 * @param y [sequences, outer, columns]
 */
export function convolve(
  x: usize, map: usize, weight: usize, bias: usize, y: usize, scratch: usize,
  sequences: i32, places: i32, outer: i32, taps: i32, depth: i32, columns: i32, transposed: bool, accumulate: bool,
): void {
  const panel = (<usize>(taps * depth * COLUMNS)) << 2;
  for (let c = 0, panels = 0; c < columns; c += COLUMNS, panels++) {
    for (let tap = 0; tap < taps; tap++) {
      const from = weight + ((<usize>(tap * depth * columns + (transposed ? c * depth : c))) << 2);
      const to = scratch + <usize>panels * panel + ((<usize>(tap * depth * COLUMNS)) << 2);
      const width = min(COLUMNS, columns - c);
      if (transposed) pack(from, depth, width, 1, depth, to);
      else pack(from, depth, width, columns, 1, to);
    }
  }
  const zeros = scratch + ((<usize>(taps * depth * padded(columns))) << 2);
  memory.fill(zeros, 0, (<usize>depth) << 2);
  product(x, map, outer, places, taps, depth, depth, zeros, scratch, bias, y, columns, sequences * outer, columns, accumulate);
}

/** The floats of scratch that `addWeightGradient` needs. */
export function weightGradientScratch(columns: i32): i32 {
  return DEPTH_BLOCK * padded(columns) + DEPTH_BLOCK * ROWS;
}

/**
 * The gradient of `convolve` for its weight, added to dWeight: Σ_{s, o} x[s, map[o, tap]]ᵀ · dy[s, o], for the channels of x
 * from `first` to before `end`.
 *
 * @param dy [sequences, outer, columns]
 * @param dWeight [taps, depth, columns]
 */
export function addWeightGradient(
  x: usize, map: usize, dy: usize, dWeight: usize, scratch: usize,
  sequences: i32, places: i32, outer: i32, taps: i32, depth: i32, columns: i32, first: i32, end: i32,
): void {
  const rows = sequences * outer;
  const left = scratch + ((<usize>(DEPTH_BLOCK * padded(columns))) << 2);
  for (let from = 0; from < rows; from += DEPTH_BLOCK) {
    const size = min(DEPTH_BLOCK, rows - from);
    const panel = (<usize>(size * COLUMNS)) << 2;
    pack(dy + ((<usize>(from * columns)) << 2), size, columns, columns, 1, scratch);
    for (let tap = 0; tap < taps; tap++) {
      for (let d = first; d < end; d += ROWS) {
        const count = min(ROWS, end - d);
        const used = packLeft(x, map, from, size, outer, places, tap, taps, depth, d, count, left);
        if (!used) continue;
        const to = dWeight + ((<usize>((tap * depth + d) * columns)) << 2);
        addTiles(left, scratch, panel, size, to, columns, count);
      }
    }
  }
}

/** Six channels from `d` on of the rows that a tap reads, side by side; false if all of them are zeros. */
function packLeft(
  x: usize, map: usize, from: i32, size: i32, outer: i32, places: i32, tap: i32, taps: i32, depth: i32, d: i32, count: i32, to: usize,
): bool {
  let sequence = from / outer;
  let place = from - sequence * outer;
  let used = false;
  for (let r = 0; r < size; r++) {
    const at = load<i32>(map + ((place * taps + tap) << 2));
    if (at < 0) {
      memory.fill(to, 0, ROWS << 2);
    } else {
      used = true;
      const source = x + ((<usize>((sequence * places + at) * depth + d)) << 2);
      if (count == ROWS) {
        store<u64>(to, load<u64>(source));
        store<u64>(to, load<u64>(source, 8), 8);
        store<u64>(to, load<u64>(source, 16), 16);
      } else {
        for (let i = 0; i < ROWS; i++) store<f32>(to + (i << 2), i < count ? load<f32>(source + (i << 2)) : 0);
      }
    }
    to += ROWS << 2;
    if (++place == outer) {
      place = 0;
      sequence++;
    }
  }
  return used;
}

/** y[0 … count, 0 … columns] += leftᵀ · right, both packed, over `size` rows; panels of the right-hand side `panel` bytes apart. */
export function addTiles(left: usize, right: usize, panel: usize, size: i32, y: usize, columns: i32, count: i32): void {
  const end = left + ((<usize>(size * ROWS)) << 2);
  const pairs = left + ((<usize>((size & ~1) * ROWS)) << 2);
  for (let c = 0; c < columns; c += COLUMNS, right += panel) {
    const width = min(COLUMNS, columns - c);
    let l0: v128 = f32x4.splat(0);
    let h0 = l0, l1 = l0, h1 = l0, l2 = l0, h2 = l0, l3 = l0, h3 = l0, l4 = l0, h4 = l0, l5 = l0, h5 = l0;
    let a = left;
    let b = right;
    let low: v128, high: v128, s: v128;
    while (a < pairs) {
      low = v128.load(b, 0); high = v128.load(b, 16);
      s = v128.load32_splat(a); l0 = madd(s, low, l0); h0 = madd(s, high, h0);
      s = v128.load32_splat(a, 4); l1 = madd(s, low, l1); h1 = madd(s, high, h1);
      s = v128.load32_splat(a, 8); l2 = madd(s, low, l2); h2 = madd(s, high, h2);
      s = v128.load32_splat(a, 12); l3 = madd(s, low, l3); h3 = madd(s, high, h3);
      s = v128.load32_splat(a, 16); l4 = madd(s, low, l4); h4 = madd(s, high, h4);
      s = v128.load32_splat(a, 20); l5 = madd(s, low, l5); h5 = madd(s, high, h5);
      low = v128.load(b, 32); high = v128.load(b, 48);
      s = v128.load32_splat(a, 24); l0 = madd(s, low, l0); h0 = madd(s, high, h0);
      s = v128.load32_splat(a, 28); l1 = madd(s, low, l1); h1 = madd(s, high, h1);
      s = v128.load32_splat(a, 32); l2 = madd(s, low, l2); h2 = madd(s, high, h2);
      s = v128.load32_splat(a, 36); l3 = madd(s, low, l3); h3 = madd(s, high, h3);
      s = v128.load32_splat(a, 40); l4 = madd(s, low, l4); h4 = madd(s, high, h4);
      s = v128.load32_splat(a, 44); l5 = madd(s, low, l5); h5 = madd(s, high, h5);
      a += 2 * (ROWS << 2); b += 64;
    }
    if (a < end) {
      low = v128.load(b, 0); high = v128.load(b, 16);
      s = v128.load32_splat(a); l0 = madd(s, low, l0); h0 = madd(s, high, h0);
      s = v128.load32_splat(a, 4); l1 = madd(s, low, l1); h1 = madd(s, high, h1);
      s = v128.load32_splat(a, 8); l2 = madd(s, low, l2); h2 = madd(s, high, h2);
      s = v128.load32_splat(a, 12); l3 = madd(s, low, l3); h3 = madd(s, high, h3);
      s = v128.load32_splat(a, 16); l4 = madd(s, low, l4); h4 = madd(s, high, h4);
      s = v128.load32_splat(a, 20); l5 = madd(s, low, l5); h5 = madd(s, high, h5);
    }
    const to = y + (c << 2);
    const next = (<usize>columns) << 2;
    finish(to, width, l0, h0, true);
    if (count > 1) finish(to + next, width, l1, h1, true);
    if (count > 2) finish(to + 2 * next, width, l2, h2, true);
    if (count > 3) finish(to + 3 * next, width, l3, h3, true);
    if (count > 4) finish(to + 4 * next, width, l4, h4, true);
    if (count > 5) finish(to + 5 * next, width, l5, h5, true);
  }
}

/** The floats of scratch that `multiply` needs. */
export function multiplyScratch(depth: i32, columns: i32): i32 {
  return min(depth, DEPTH_BLOCK) * padded(columns) + 1;
}

/** c = a · b, or a · bᵀ: [rows, depth] × [depth, columns]. The product with aᵀ is an `addWeightGradient`. */
export function multiply(
  a: usize, b: usize, c: usize, scratch: usize, rows: i32, depth: i32, columns: i32, transposeB: bool,
): void {
  // The map of a product: place 0 reads place 0.
  const map = scratch;
  const packed = scratch + 4;
  store<i32>(map, 0);
  for (let from = 0; from < depth; from += DEPTH_BLOCK) {
    const size = min(DEPTH_BLOCK, depth - from);
    if (transposeB) pack(b + ((<usize>from) << 2), size, columns, 1, depth, packed);
    else pack(b + ((<usize>(from * columns)) << 2), size, columns, columns, 1, packed);
    product(a + ((<usize>from) << 2), map, 1, 1, 1, size, depth, 0, packed, 0, c, columns, rows, columns, from > 0);
  }
}
