import { madd } from './simd';

/**
 * The innermost loops of all products: a tile of 6×8 sums that stay in registers, 12 accumulators of 4 floats.
 *
 * How they are written decides how V8 (measured: 11.3) orders their instructions. Where each multiply-add stands right behind its
 * load, 15 registers are enough; where all loads stand in front of all multiply-adds, half of the accumulators go to memory in
 * every step, at 0.6 times the speed. It does the former if a loop is a function by itself (within other loops it makes several
 * steps at a time), if a step adds to each accumulator once, and if they are used after the loop one after the other, in this
 * order, without a branch: whole tiles are stored, and whoever wants a part of one copies it.
 *
 * The module exports them, although nobody calls them there, so that Binaryen does not put them back into their callers.
 */

export const ROWS: i32 = 6;
export const COLUMNS: i32 = 8;
/** Bytes of a row of eight floats. */
export const ROW: usize = 32;
/** Floats of a tile. */
export const TILE: i32 = ROWS * COLUMNS;

/** y = a · b: six rows of `depth` floats times a packed panel of as many rows; rows of y `next` bytes apart. */
export function multiplyRows(
  a0: usize, a1: usize, a2: usize, a3: usize, a4: usize, a5: usize, b: usize, depth: i32, y: usize, next: usize,
): void {
  let l0: v128 = f32x4.splat(0);
  let h0 = l0, l1 = l0, h1 = l0, l2 = l0, h2 = l0, l3 = l0, h3 = l0, l4 = l0, h4 = l0, l5 = l0, h5 = l0;
  const end = b + <usize>depth * ROW;
  while (b < end) {
    const low = v128.load(b), high = v128.load(b, 16);
    let a = v128.load32_splat(a0); l0 = madd(a, low, l0); h0 = madd(a, high, h0);
    a = v128.load32_splat(a1); l1 = madd(a, low, l1); h1 = madd(a, high, h1);
    a = v128.load32_splat(a2); l2 = madd(a, low, l2); h2 = madd(a, high, h2);
    a = v128.load32_splat(a3); l3 = madd(a, low, l3); h3 = madd(a, high, h3);
    a = v128.load32_splat(a4); l4 = madd(a, low, l4); h4 = madd(a, high, h4);
    a = v128.load32_splat(a5); l5 = madd(a, low, l5); h5 = madd(a, high, h5);
    a0 += 4; a1 += 4; a2 += 4; a3 += 4; a4 += 4; a5 += 4; b += ROW;
  }
  v128.store(y, l0);
  v128.store(y, h0, 16);
  v128.store(y + next, l1);
  v128.store(y + next, h1, 16);
  v128.store(y + 2 * next, l2);
  v128.store(y + 2 * next, h2, 16);
  v128.store(y + 3 * next, l3);
  v128.store(y + 3 * next, h3, 16);
  v128.store(y + 4 * next, l4);
  v128.store(y + 4 * next, h4, 16);
  v128.store(y + 5 * next, l5);
  v128.store(y + 5 * next, h5, 16);
}

/** y = aᵀ · b: six columns of `rows` rows that are `wide` bytes apart, times eight of as many that are `narrow` bytes apart. */
export function multiplyColumns(
  a: usize, wide: usize, b: usize, narrow: usize, rows: i32, y: usize, next: usize,
): void {
  let l0: v128 = f32x4.splat(0);
  let h0 = l0, l1 = l0, h1 = l0, l2 = l0, h2 = l0, l3 = l0, h3 = l0, l4 = l0, h4 = l0, l5 = l0, h5 = l0;
  const end = a + <usize>rows * wide;
  while (a < end) {
    const low = v128.load(b), high = v128.load(b, 16);
    let s = v128.load32_splat(a); l0 = madd(s, low, l0); h0 = madd(s, high, h0);
    s = v128.load32_splat(a, 4); l1 = madd(s, low, l1); h1 = madd(s, high, h1);
    s = v128.load32_splat(a, 8); l2 = madd(s, low, l2); h2 = madd(s, high, h2);
    s = v128.load32_splat(a, 12); l3 = madd(s, low, l3); h3 = madd(s, high, h3);
    s = v128.load32_splat(a, 16); l4 = madd(s, low, l4); h4 = madd(s, high, h4);
    s = v128.load32_splat(a, 20); l5 = madd(s, low, l5); h5 = madd(s, high, h5);
    a += wide; b += narrow;
  }
  v128.store(y, l0);
  v128.store(y, h0, 16);
  v128.store(y + next, l1);
  v128.store(y + next, h1, 16);
  v128.store(y + 2 * next, l2);
  v128.store(y + 2 * next, h2, 16);
  v128.store(y + 3 * next, l3);
  v128.store(y + 3 * next, h3, 16);
  v128.store(y + 4 * next, l4);
  v128.store(y + 4 * next, h4, 16);
  v128.store(y + 5 * next, l5);
  v128.store(y + 5 * next, h5, 16);
}

/** y += tile, the whole of it. */
export function addTile(tile: usize, y: usize, next: usize): void {
  for (const end = tile + ROWS * ROW; tile < end; tile += ROW) {
    v128.store(y, f32x4.add(v128.load(tile), v128.load(y)));
    v128.store(y, f32x4.add(v128.load(tile, 16), v128.load(y, 16)), 16);
    y += next;
  }
}

/** y[0 … count, 0 … width] = onto + tile: a part of a tile [6, 8]; rows of y `next` bytes apart, those of `onto` (or 0) `ontoNext`. */
export function giveTile(tile: usize, onto: usize, ontoNext: usize, y: usize, next: usize, count: i32, width: i32): void {
  for (let r = 0; r < count; r++) {
    let low = v128.load(tile), high = v128.load(tile, 16);
    if (onto != 0) {
      low = f32x4.add(low, loadLow(onto, width));
      high = f32x4.add(high, loadHigh(onto, width));
      onto += ontoNext;
    }
    storeRow(y, width, low, high);
    tile += ROW;
    y += next;
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
