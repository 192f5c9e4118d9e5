/** Which places of a sequence a causal convolution computes, and what its taps read for each. */
export interface Taps {
  /** Places of the input and of the output. */
  readonly inner: number;
  readonly outer: number;
  readonly taps: number;
  /** [outer × taps]: the place of the input that a tap reads; −1 for the zeros before the beginning. */
  readonly map: Int32Array;
  /** [inner × taps]: the place of the output where a tap reads this place of the input; −1 where none does. */
  readonly inverse: Int32Array;
}

/** The places that a residual block reads and computes. */
export interface BlockGeometry {
  readonly first: Taps;
  readonly second: Taps;
  /** [outer]: the place of the input that is added to each place of the output. */
  readonly skip: Int32Array;
  /** [inner]: the place of the output that each place of the input is added to, −1 where it is to none. */
  readonly added: Int32Array;
}

export interface TrunkGeometry {
  /** The positions of the sequence that are needed at all, ascending. */
  readonly positions: Int32Array;
  readonly blocks: readonly BlockGeometry[];
}

/** Where the output is needed: at the last position alone, or everywhere. */
export type Reach = 'last' | 'everywhere';

const known = new Map<string, TrunkGeometry>();

/**
 * What has to be computed of a stack of residual blocks: everything, or the receptive cone of the last position, which gives
 * the same numbers there. At n 50 the paper's trunk has 75.5 % of its positions in the cone, its policy network 13 %.
 * The same object for the same arguments.
 */
export function trunkGeometry(length: number, dilations: readonly number[], taps: number, reach: Reach): TrunkGeometry {
  const key = JSON.stringify([length, dilations, taps, reach]);
  const found = known.get(key) ?? compute(length, dilations, taps, reach);
  known.set(key, found);
  return found;
}

function compute(length: number, dilations: readonly number[], taps: number, reach: Reach): TrunkGeometry {
  const blocks: BlockGeometry[] = [];
  let needed = reach === 'last' ? [length - 1] : Array.from({ length }, (_, t) => t);
  for (const dilation of dilations.toReversed()) {
    const outer = needed;
    const middle = read(outer, taps, 2 * dilation);
    const inner = read(middle, taps, dilation);
    const skip = Int32Array.from(outer, (t) => inner.indexOf(t));
    blocks.unshift({
      first: tapsBetween(inner, middle, taps, dilation),
      second: tapsBetween(middle, outer, taps, 2 * dilation),
      skip,
      added: inverseOf(skip, inner.length),
    });
    needed = inner;
  }
  return { positions: Int32Array.from(needed), blocks };
}

/** Where each of `count` places stands among `places`, each of which occurs once; −1 where it does not. */
export function inverseOf(places: Int32Array, count: number): Int32Array {
  const inverse = new Int32Array(count).fill(-1);
  places.forEach((place, i) => {
    inverse[place] = i;
  });
  return inverse;
}

/** The convolution alone, at all positions of a sequence. */
export function causalTaps(length: number, taps: number, dilation: number): Taps {
  const all = Array.from({ length }, (_, t) => t);
  return tapsBetween(all, all, taps, dilation);
}

/** Tap 0 is the oldest. */
const readBy = (position: number, tap: number, taps: number, dilation: number): number => position - (taps - 1 - tap) * dilation;

/** All positions that a convolution reads to compute the ones given, ascending. */
function read(positions: readonly number[], taps: number, dilation: number): number[] {
  const all = new Set(positions.flatMap((t) => Array.from({ length: taps }, (_, tap) => readBy(t, tap, taps, dilation))));
  return Array.from(all)
    .filter((t) => t >= 0)
    .sort((a, b) => a - b);
}

function tapsBetween(inner: readonly number[], outer: readonly number[], taps: number, dilation: number): Taps {
  const place = new Map(inner.map((position, i) => [position, i]));
  const map = new Int32Array(outer.length * taps).fill(-1);
  const inverse = new Int32Array(inner.length * taps).fill(-1);
  outer.forEach((position, o) => {
    for (let tap = 0; tap < taps; tap++) {
      const i = place.get(readBy(position, tap, taps, dilation));
      if (i === undefined) continue;
      map[o * taps + tap] = i;
      inverse[i * taps + tap] = o;
    }
  });
  return { inner: inner.length, outer: outer.length, taps, map, inverse };
}
