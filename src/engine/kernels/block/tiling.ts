import type { Taps } from './geometry.ts';

/**
 * Convolutions of three taps with fewer products (Toom-Cook, Winograd's minimal filtering): `size` neighbours along a
 * dilation's chain, y_i = Σ_j w_j x_{i+j}, are the coefficients of a polynomial product turned round. Evaluated at size + 2
 * points it takes as many products of a row with a matrix, where three taps each take 3 · size:
 *
 *     y = Aᵀ [(G w) ⊙ (Bᵀ x)],   G w = w(a) at the points a;  A: powers of a;  B: Lagrange's polynomials
 *
 * The gradients are the same equation transposed, with as many products: dx = B [(G w)ᵀ (A dy)], dw = Gᵀ [(Bᵀ x) (A dy)ᵀ].
 */
export interface Tiling {
  /** Rows that are multiplied with a matrix, for one sequence; those of one factor stand together. */
  readonly products: number;
  /** [factors + 1]: where the rows of each factor begin. */
  readonly starts: Int32Array;
  /** Bᵀ: rows to multiply from places of the input, and B. */
  readonly fromInner: Int32Array;
  readonly toInner: Int32Array;
  /** A: rows to multiply from places of the output's gradient, and Aᵀ. */
  readonly fromOuter: Int32Array;
  readonly toOuter: Int32Array;
  /** Sequences at a time: enough rows of a factor, few enough to stay in the cache. */
  readonly chunk: number;
}

/** Finite points after 0 (whose factor is tap 0) in the order in which tiles take them; infinity's factor is the last tap. */
const POINTS = [1, -1, 2, -2, 0.5, -0.5];
const TAPS = 3;

/** Most outputs of one tile, in 8 products: results are off by at most 2e-6 of the largest (tap by tap 8e-7); larger ones lose digits. */
const LARGEST = 6;
/** Rows of the most frequent factor that are multiplied at a time. */
const ROWS = 96;

/** A share of a place, or of a row. */
type Term = readonly [at: number, share: number];

/** One row that is multiplied with a factor. */
interface Product {
  readonly factor: number;
  readonly inner: readonly Term[];
  readonly outer: readonly Term[];
}

/** What every factor has of each tap: the taps themselves, then w(a) = w_0 + a w_1 + a² w_2 at each point. */
const SHARES: readonly (readonly number[])[] = [[1, 0, 0], [0, 1, 0], [0, 0, 1], ...POINTS.map((a) => [1, a, a * a])];
const FACTORS = SHARES.map((shares) => shares.map((share, tap): Term => [tap, share]).filter(([, share]) => share !== 0));

/** G: the factors after the taps from the taps; and Gᵀ: gradients of the taps from those of all factors. */
export const POINTS_FROM_TAPS = packed(FACTORS.slice(TAPS));
export const TAPS_FROM_FACTORS = packed(transposed(FACTORS, TAPS));

/** Tiles where they pay; or, to compare, always or never. */
export const tiles: { use: 'where they pay' | 'always' | 'never' } = { use: 'where they pay' };

/**
 * They pay from so many channels on (a row is put together once, but multiplied once for each), and where they save this share
 * of the products. Whatever the batch: a sequence has the same numbers in any.
 */
const LEAST = { channels: 16, share: 0.1 };

const known = new WeakMap<Taps, Tiling>();

/**
 * The tiling with the fewest products; null where a convolution is better done tap by tap.
 *
 * @param places that are computed tap by tap otherwise
 * @param channels of the input or of the output, whichever are fewer
 */
export function tilingFor(geometry: Taps, places: number, channels: number): Tiling | null {
  if (geometry.taps !== TAPS || tiles.use === 'never') return null;
  const tiling = known.get(geometry) ?? compute(geometry);
  known.set(geometry, tiling);
  const saved = TAPS * places - tiling.products;
  const pays = channels >= LEAST.channels && saved >= LEAST.share * TAPS * places;
  return pays || tiles.use === 'always' ? tiling : null;
}

function compute(geometry: Taps): Tiling {
  const products = chains(geometry)
    .flatMap((chain) => cheapest(chain, geometry))
    .sort((a, b) => a.factor - b.factor);
  const counts = FACTORS.map((_, factor) => products.filter((product) => product.factor === factor).length);
  const starts = Int32Array.from([0, ...counts], (_, i) => counts.slice(0, i).reduce((sum, count) => sum + count, 0));
  const [inner, outer] = [products.map((p) => p.inner), products.map((p) => p.outer)];
  return {
    products: products.length,
    starts,
    fromInner: packed(inner),
    toInner: packed(transposed(inner, geometry.inner)),
    fromOuter: packed(outer),
    toOuter: packed(transposed(outer, geometry.outer)),
    chunk: Math.max(1, Math.floor(ROWS / Math.max(...counts))),
  };
}

/** Places of the output in chains: each reads, one tap later, what the next one reads. */
function chains({ outer, map }: Taps): number[][] {
  const reader = new Map(Array.from({ length: outer }, (_, o) => [map[o * TAPS + 1], o]));
  const isFirst = new Set(Array.from({ length: outer }, (_, o) => o));
  const next = (o: number): number | undefined => reader.get(map[o * TAPS + 2]);
  for (let o = 0; o < outer; o++) isFirst.delete(next(o) ?? -1);
  return Array.from(isFirst, (first) => {
    const chain: number[] = [];
    for (let o: number | undefined = first; o !== undefined; o = next(o)) chain.push(o);
    return chain;
  });
}

/** Cuts a chain into tiles so that as few products as possible are left. */
function cheapest(chain: readonly number[], { map }: Taps): Product[] {
  const best: Product[][] = [[]];
  for (let end = 1; end <= chain.length; end++) {
    const candidates: Product[][] = [];
    for (let size = 1; size <= Math.min(LARGEST, end); size++) {
      const outputs = chain.slice(end - size, end);
      const inputs = [map[outputs[0] * TAPS], map[outputs[0] * TAPS + 1], ...outputs.map((o) => map[o * TAPS + 2])];
      candidates.push([...best[end - size], ...tile(inputs, outputs)]);
    }
    best.push(candidates.reduce((a, b) => (b.length < a.length ? b : a)));
  }
  return best[chain.length];
}

/** The products of one tile; those of zeros alone are left out. */
function tile(inputs: readonly number[], outputs: readonly number[]): Product[] {
  const terms = (places: readonly number[], shares: readonly number[]): Term[] =>
    shares.map((share, i): Term => [places[i], share]).filter(([place, share]) => place >= 0 && share !== 0);
  const size = outputs.length;
  // A single output: tap by tap, in which zeros before the beginning save most.
  if (size === 1) {
    return inputs.flatMap((place, tap) => (place < 0 ? [] : [{ factor: tap, inner: [[place, 1]], outer: [[outputs[0], 1]] }]));
  }
  const points = [0, ...POINTS.slice(0, size)];
  const finite = points.map((a, i) => ({
    factor: i === 0 ? 0 : TAPS + i - 1,
    inner: terms(inputs, lagrange(points, i)),
    outer: terms(
      outputs,
      outputs.map((_, power) => a ** power),
    ),
  }));
  const infinite = {
    factor: TAPS - 1,
    inner: terms(inputs, withRoots(points)),
    outer: terms(
      outputs,
      outputs.map((_, power) => (power === size - 1 ? 1 : 0)),
    ),
  };
  return [...finite, infinite].filter(({ inner }) => inner.length > 0);
}

/** Coefficients of Π (z − root), the constant first. */
function withRoots([root, ...others]: readonly number[]): number[] {
  if (root === undefined) return [1];
  const rest = withRoots(others);
  return [0, ...rest].map((coefficient, i) => coefficient - root * (rest[i] ?? 0));
}

/** Coefficients of the polynomial that is 1 at points[i] and 0 at the others. */
function lagrange(points: readonly number[], i: number): number[] {
  const others = points.filter((_, j) => j !== i);
  const scale = others.reduce((product, point) => product * (points[i] - point), 1);
  return withRoots(others).map((coefficient) => coefficient / scale);
}

function transposed(rows: readonly (readonly Term[])[], count: number): Term[][] {
  const columns = Array.from({ length: count }, (): Term[] => []);
  rows.forEach((terms, row) => {
    for (const [at, share] of terms) columns[at].push([row, share]);
  });
  return columns;
}

/** As the kernels read it: [rows + 1] where the terms of each row begin, then the terms, an integer and a single each. */
function packed(rows: readonly (readonly Term[])[]): Int32Array {
  const terms = rows.flat();
  const words = new Int32Array(rows.length + 1 + 2 * terms.length);
  const singles = new Float32Array(words.buffer);
  rows.forEach((own, row) => {
    words[row + 1] = words[row] + own.length;
  });
  terms.forEach(([at, share], i) => {
    words[rows.length + 1 + 2 * i] = at;
    singles[rows.length + 2 + 2 * i] = share;
  });
  return words;
}
