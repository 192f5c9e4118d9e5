import { addTile, COLUMNS, giveTile, multiplyColumns, multiplyRows, ROW, ROWS, TILE } from './registers';

/**
 * Matrix products over 6×8 tiles that stay in registers (12 accumulators of 4 floats), the right-hand side packed in
 * panels of 8 columns. One routine serves plain products and convolutions: its left-hand rows are found through a map.
 */

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
 * @param tile room for one
 */
function product(
  x: usize, map: usize, outer: i32, places: i32, taps: i32, depth: i32, stride: i32, zeros: usize, tile: usize,
  packed: usize, bias: usize, y: usize, yStride: i32, rows: i32, columns: i32, accumulate: bool,
): void {
  const panel = (<usize>(taps * depth * COLUMNS)) << 2;
  const next = (<usize>yStride) << 2;
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
        let b = b0;
        let onto: usize = accumulate ? out : bias == 0 ? 0 : bias + (c << 2);
        let ontoNext = accumulate ? next : 0;
        const isWhole = count == ROWS && width == COLUMNS;
        for (let tap = 0; tap < taps; tap++, b += <usize>depth * ROW) {
          const a0 = rowAt(x, map, s0, p0, tap, taps, places, stride, zeros);
          const a1 = rowAt(x, map, s1, p1, tap, taps, places, stride, zeros);
          const a2 = rowAt(x, map, s2, p2, tap, taps, places, stride, zeros);
          const a3 = rowAt(x, map, s3, p3, tap, taps, places, stride, zeros);
          const a4 = rowAt(x, map, s4, p4, tap, taps, places, stride, zeros);
          const a5 = rowAt(x, map, s5, p5, tap, taps, places, stride, zeros);
          if (isWhole && onto == 0) {
            multiplyRows(a0, a1, a2, a3, a4, a5, b, depth, out, next);
          } else {
            multiplyRows(a0, a1, a2, a3, a4, a5, b, depth, tile, ROW);
            giveTile(tile, onto, ontoNext, out, next, count, width);
          }
          onto = out;
          ontoNext = next;
        }
      }
    }
  }
}

/** The floats of scratch that `convolve` needs. */
export function convolveScratch(taps: i32, depth: i32, columns: i32): i32 {
  return taps * depth * padded(columns) + depth + TILE;
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
  const tile = zeros + ((<usize>depth) << 2);
  product(x, map, outer, places, taps, depth, depth, zeros, tile, scratch, bias, y, columns, sequences * outer, columns, accumulate);
}

/** The floats of scratch that `addWeightGradient` needs. */
export function weightGradientScratch(columns: i32): i32 {
  return DEPTH_BLOCK * padded(columns) + DEPTH_BLOCK * ROWS + TILE;
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
  const next = (<usize>columns) << 2;
  const left = scratch + ((<usize>(DEPTH_BLOCK * padded(columns))) << 2);
  const tile = left + ((<usize>(DEPTH_BLOCK * ROWS)) << 2);
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
        for (let c = 0, b = scratch; c < columns; c += COLUMNS, b += panel) {
          const sums = to + (c << 2);
          multiplyColumns(left, ROWS << 2, b, ROW, size, tile, ROW);
          if (count == ROWS && columns - c >= COLUMNS) addTile(tile, sums, next);
          else giveTile(tile, sums, next, sums, next, count, min(COLUMNS, columns - c));
        }
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

/** The floats of scratch that `multiply` needs. */
export function multiplyScratch(depth: i32, columns: i32): i32 {
  return min(depth, DEPTH_BLOCK) * padded(columns) + TILE + 1;
}

/** c = a · b, or a · bᵀ: [rows, depth] × [depth, columns]. The product with aᵀ is an `addWeightGradient`. */
export function multiply(
  a: usize, b: usize, c: usize, scratch: usize, rows: i32, depth: i32, columns: i32, transposeB: bool,
): void {
  // The map of a product: place 0 reads place 0.
  const tile = scratch + ((<usize>(min(depth, DEPTH_BLOCK) * padded(columns))) << 2);
  const map = tile + ((<usize>TILE) << 2);
  store<i32>(map, 0);
  for (let from = 0; from < depth; from += DEPTH_BLOCK) {
    const size = min(DEPTH_BLOCK, depth - from);
    if (transposeB) pack(b + ((<usize>from) << 2), size, columns, 1, depth, scratch);
    else pack(b + ((<usize>(from * columns)) << 2), size, columns, columns, 1, scratch);
    product(a + ((<usize>from) << 2), map, 1, 1, 1, size, depth, 0, tile, scratch, 0, c, columns, rows, columns, from > 0);
  }
}
