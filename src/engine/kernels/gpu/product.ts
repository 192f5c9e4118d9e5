import type { Variant } from './variants.ts';

/**
 * The inner loops of all products: rows × columns of a result, summed over taps and depth. The caller's WGSL says where the
 * operands are, and what becomes of the sums:
 *
 * - `fn rowsOf() -> u32`: how many rows there are;
 * - `fn address(row : u32, tap : u32) -> i32`: where the left-hand row begins, −1 for zeros;
 * - `fn left(at : u32, d : u32) -> vec4<f32>`: four values of it from depth d on; one (`f32`) if not `aligned`;
 * - `fn right(tap : u32, d : u32, c : u32) -> vec4<f32>`: four columns at depth d; `alongDepth`: four depths of column c;
 * - `finish`: code that finds the sums in `v0_0` … (row, four columns each), from row `r0` and column `c0` on.
 */
export interface Product {
  readonly variant: Variant;
  readonly columns: number;
  readonly depth: number;
  /** 0: no product; `finish` begins with zeros. */
  readonly taps: number;
  /** Four values can be read at once: depth and columns are multiples of 4. */
  readonly aligned: boolean;
  /** The right-hand side lies along depth, not along columns. Only looked at if `aligned`. */
  readonly alongDepth: boolean;
  /** Bytes of workgroup memory that are left for strips of both sides; without, there is enough. */
  readonly room?: number;
  /** WGSL for where the sum over depth begins and ends: a part of it, if it is split. */
  readonly range?: readonly [from: string, to: string];
  readonly functions: string;
  readonly finish: string;
}

/** Invocations of a workgroup, [over columns, over rows], and the rows and columns that a workgroup computes. */
export interface Tile {
  readonly threads: readonly [number, number];
  readonly rows: number;
  readonly columns: number;
}

/** Invocations of a workgroup: as many as every WebGPU device allows. */
const MOST_THREADS = 256;
/** Rows beyond these do not make a workgroup any faster. */
const MOST_ROWS = 64;
/** Depth that goes through workgroup memory at a time. */
const STRIP = 16;

/** The values that one invocation computes: fewer columns where there are few. */
function blockOf(variant: Variant, columns: number): { rows: number; columns: number } {
  return { rows: variant.rows, columns: columns <= 32 ? 4 : variant.columns };
}

/** Workgroup memory of every WebGPU device. */
const LEAST_MEMORY = 16_384;

/** What each invocation keeps there of its rows (two sums) and of its columns (one vector of each four). */
export const memoryOf = (tile: Tile): { rows: number; columns: number } => {
  const { rows, quads } = shapeOf(tile);
  const invocations = tile.threads[0] * tile.threads[1];
  return { rows: 8 * rows * invocations, columns: 16 * quads * invocations };
};

/** A tile whose rows are whole: what a norm over them needs. */
export function wholeRows(variant: Variant, columns: number): Tile {
  const block = blockOf(variant, columns);
  let width = block.columns;
  const memoryOfOneRow = () => Math.ceil(columns / width) * (8 * block.rows + 4 * width);
  // Very wide rows: more columns an invocation.
  while (Math.ceil(columns / width) > MOST_THREADS || memoryOfOneRow() > LEAST_MEMORY) width *= 2;
  const across = Math.ceil(columns / width);
  const fitting = Math.floor(LEAST_MEMORY / memoryOfOneRow());
  const down = Math.max(1, Math.min(Math.floor(MOST_THREADS / across), Math.ceil(MOST_ROWS / block.rows), fitting));
  return { threads: [across, down], rows: down * block.rows, columns: across * width };
}

/** A tile of at most 64 columns. */
export function smallTile(variant: Variant, columns: number): Tile {
  const block = blockOf(variant, columns);
  const across = Math.min(Math.ceil(columns / block.columns), 64 / block.columns);
  const down = Math.max(1, Math.min(Math.floor(MOST_THREADS / across), Math.ceil(MOST_ROWS / block.rows)));
  return { threads: [across, down], rows: down * block.rows, columns: across * block.columns };
}

/** A piece of code for each number below `count`. */
export const times = (count: number, code: (i: number) => string): string =>
  Array.from({ length: count }, (_, i) => code(i)).join('\n');

/** The sums of an invocation: `rows` × `quads` vectors of four columns. */
export const shapeOf = (tile: Tile): { rows: number; quads: number } => ({
  rows: tile.rows / tile.threads[1],
  quads: tile.columns / tile.threads[0] / 4,
});

/** A whole shader but for the declarations of its buffers. */
export function productShader(product: Product, tile: Tile): string {
  const { rows, quads } = shapeOf(tile);
  const [across, down] = tile.threads;
  const fits = product.room === undefined || STRIP * 4 * (tile.rows + tile.columns) <= product.room;
  const isShared = product.variant.kind === 'workgroup' && product.aligned && product.taps > 0 && fits;
  const isSubgroup = usesSubgroups(product.variant, product.aligned);
  const loop = () =>
    isShared ? sharedLoop(product, tile) : isSubgroup ? subgroupLoop(product, tile) : ownLoop(product, rows, quads);
  return `
const ACROSS = ${across}u;
const DOWN = ${down}u;
const ROWS = ${rows}u;
const WIDTH = ${4 * quads}u;
const COLUMNS = ${product.columns}u;
const DEPTH = ${product.depth}u;
${isShared ? sharedTiles(tile, product.alongDepth) : ''}
${product.functions}

@compute @workgroup_size(${across}, ${down})
fn main(@builtin(workgroup_id) group : vec3<u32>, @builtin(local_invocation_id) local : vec3<u32>${isSubgroup ? ', @builtin(subgroup_invocation_id) lane : u32' : ''}) {
  let rows = rowsOf();
  let c0 = (group.y * ACROSS + local.x) * WIDTH;
  let r0 = (group.x * DOWN + local.y) * ROWS;
  ${times(rows, (i) => times(quads, (q) => `var v${i}_${q} = vec4<f32>(0.0);`))}
  ${product.taps === 0 ? '' : loop()}
  ${product.finish}
}`;
}

/** Depth that the invocations of a subgroup read for each other, in fours: the smallest subgroup has four. */
const SHARED_FOURS = 4;

/** Whether a product is computed by the loop of `subgroup` variants. */
export const usesSubgroups = ({ kind }: Variant, aligned: boolean): boolean => kind === 'subgroup' && aligned;

/**
 * Each invocation of a subgroup reads one four of the left-hand side of each row, and gets the other ones from its neighbours. Which
 * invocations form a subgroup is nobody's promise: where not all of them work on the same rows, each reads by itself.
 */
function subgroupLoop(product: Product, tile: Tile): string {
  const { taps, range } = product;
  const { rows, quads } = shapeOf(tile);
  const [from, to] = range ?? ['0u', 'DEPTH'];
  const addresses = times(
    rows,
    (i) =>
      `let a${i} = address(min(r0 + ${i}u, max(rows, 1u) - 1u), tap); let m${i} = f32(a${i} >= 0); let p${i} = u32(max(a${i}, 0));`,
  );
  return `if (subgroupAll(r0 == subgroupBroadcastFirst(r0)) && subgroupAdd(1u) >= ${SHARED_FOURS}u) {
    for (var tap = 0u; tap < ${taps}u; tap++) {
      ${addresses}
      for (var strip = ${from}; strip < ${to}; strip += ${4 * SHARED_FOURS}u) {
        let mine = min(strip + 4u * (lane % ${SHARED_FOURS}u), ${to} - 4u);
        ${times(rows, (i) => `let o${i} = left(p${i}, mine) * m${i};`)}
        ${times(
          SHARED_FOURS,
          (e) => `if (strip + ${4 * e}u < ${to}) {
            let d = strip + ${4 * e}u;
            ${times(rows, (i) => `let x${i} = subgroupShuffle(o${i}, ${e}u);`)}
            ${fourDepths(product, rows, quads)}
          }`,
        )}
      }
    }
  } else {
    ${ownLoop(product, rows, quads)}
  }`;
}

/** The sums of four depths from d on, whose left-hand side is in x0, x1, … */
function fourDepths({ alongDepth }: Product, rows: number, quads: number): string {
  if (alongDepth) {
    return times(
      quads,
      (q) => `{
        ${times(4, (e) => `let w${e} = right(tap, d, c0 + ${4 * q + e}u);`)}
        ${times(rows, (i) => `v${i}_${q} += vec4<f32>(dot(x${i}, w0), dot(x${i}, w1), dot(x${i}, w2), dot(x${i}, w3));`)}
      }`,
    );
  }
  return times(
    4,
    (e) => `{
      ${times(quads, (q) => `let w${q} = right(tap, d + ${e}u, c0 + ${4 * q}u);`)}
      ${times(rows, (i) => times(quads, (q) => `v${i}_${q} = fma(vec4<f32>(x${i}[${e}]), w${q}, v${i}_${q});`))}
    }`,
  );
}

/** Each invocation reads both sides by itself. */
function ownLoop(product: Product, rows: number, quads: number): string {
  const { taps, aligned, range } = product;
  const [from, to] = range ?? ['0u', 'DEPTH'];
  const addresses = times(
    rows,
    (i) => `let a${i} = address(min(r0 + ${i}u, rows - 1u), tap); let m${i} = f32(a${i} >= 0); let p${i} = u32(max(a${i}, 0));`,
  );
  const body = aligned
    ? `for (var d = ${from}; d < ${to}; d += 4u) {
         ${times(rows, (i) => `let x${i} = left(p${i}, d) * m${i};`)}
         ${fourDepths(product, rows, quads)}
       }`
    : `for (var d = ${from}; d < ${to}; d++) {
         ${times(quads, (q) => `let w${q} = right(tap, d, c0 + ${4 * q}u);`)}
         ${times(rows, (i) => `let x${i} = left(p${i}, d) * m${i}; ${times(quads, (q) => `v${i}_${q} = fma(vec4<f32>(x${i}), w${q}, v${i}_${q});`)}`)}
       }`;
  return `if (r0 < rows) {
    for (var tap = 0u; tap < ${taps}u; tap++) {
      ${addresses}
      ${body}
    }
  }`;
}

// What is turned round is written value by value: invocations must not write parts of one vector.
const sharedTiles = ({ rows, columns }: Tile, alongDepth: boolean): string => `
var<workgroup> tileLeft : array<array<vec4<f32>, ${STRIP / 4}>, ${rows}>;
var<workgroup> tileRight : array<array<${alongDepth ? `f32, ${columns}` : `vec4<f32>, ${columns / 4}`}>, ${STRIP}>;`;

/** Strips of both sides go through workgroup memory. The rows of the tile are read by all invocations together. */
function sharedLoop({ taps, alongDepth, range }: Product, tile: Tile): string {
  const { rows, quads } = shapeOf(tile);
  const [across, down] = tile.threads;
  const threads = across * down;
  const [from, to] = range ?? ['0u', 'DEPTH'];
  const lefts = tile.rows * (STRIP / 4);
  // Along columns a thread reads four columns of one depth; along depth four depths of one column, which it turns round.
  const rights = (tile.columns / 4) * STRIP;
  const loadRight = alongDepth
    ? `for (var i = thread; i < ${rights}u; i += ${threads}u) {
         let c = i / ${STRIP / 4}u; let e = (i % ${STRIP / 4}u) * 4u;
         var w = vec4<f32>(0.0);
         if (strip + e < ${to} && first + c < COLUMNS) { w = right(tap, strip + e, first + c); }
         tileRight[e][c] = w.x; tileRight[e + 1u][c] = w.y; tileRight[e + 2u][c] = w.z; tileRight[e + 3u][c] = w.w;
       }`
    : `for (var i = thread; i < ${rights}u; i += ${threads}u) {
         let e = i / ${tile.columns / 4}u; let c = i % ${tile.columns / 4}u;
         var w = vec4<f32>(0.0);
         if (strip + e < ${to} && first + 4u * c < COLUMNS) { w = right(tap, strip + e, first + 4u * c); }
         tileRight[e][c] = w;
       }`;
  const sharedRight = (e: string, q: number): string => {
    if (!alongDepth) return `tileRight[${e}][local.x * ${quads}u + ${q}u]`;
    const c = `local.x * WIDTH + ${4 * q}u`;
    return `vec4<f32>(tileRight[${e}][${c}], tileRight[${e}][${c} + 1u], tileRight[${e}][${c} + 2u], tileRight[${e}][${c} + 3u])`;
  };
  return `
  let thread = local.y * ACROSS + local.x;
  let first = group.y * ACROSS * WIDTH;
  for (var tap = 0u; tap < ${taps}u; tap++) {
    for (var strip = ${from}; strip < ${to}; strip += ${STRIP}u) {
      workgroupBarrier();
      for (var i = thread; i < ${lefts}u; i += ${threads}u) {
        let row = group.x * DOWN * ROWS + i / ${STRIP / 4}u;
        let d = strip + (i % ${STRIP / 4}u) * 4u;
        var x = vec4<f32>(0.0);
        if (row < rows && d < ${to}) {
          let at = address(row, tap);
          if (at >= 0) { x = left(u32(at), d); }
        }
        tileLeft[i / ${STRIP / 4}u][i % ${STRIP / 4}u] = x;
      }
      ${loadRight}
      workgroupBarrier();
      for (var e = 0u; e < ${STRIP / 4}u; e++) {
        ${times(rows, (i) => `let x${i} = tileLeft[local.y * ROWS + ${i}u][e];`)}
        ${times(
          4,
          (f) => `{
          ${times(quads, (q) => `let w${q} = ${sharedRight(`e * 4u + ${f}u`, q)};`)}
          ${times(rows, (i) => times(quads, (q) => `v${i}_${q} = fma(vec4<f32>(x${i}[${f}]), w${q}, v${i}_${q});`))}
        }`,
        )}
      }
    }
  }`;
}

/** Code for all that an invocation has summed: `each` for the row `r0 + i` and the four columns from `c` on, which are in `v{i}_{q}`. */
export function forSums(tile: Tile, each: (row: string, sum: string) => string): string {
  const { rows, quads } = shapeOf(tile);
  return times(
    rows,
    (i) => `if (r0 + ${i}u < rows) {
    ${times(quads, (q) => `{ let c = c0 + ${4 * q}u; ${each(`(r0 + ${i}u)`, `v${i}_${q}`)} }`)}
  }`,
  );
}

/** Functions that read and write four neighbouring values of a buffer, from value i on. */
export function accessors(name: string, aligned: boolean, isWritten = false): string {
  const get = aligned
    ? `fn ${name}4(i : u32) -> vec4<f32> { return ${name}[i >> 2u]; }`
    : `fn ${name}4(i : u32) -> vec4<f32> { return vec4<f32>(${name}[i], ${name}[i + 1u], ${name}[i + 2u], ${name}[i + 3u]); }`;
  if (!isWritten) return get;
  // `count` of the four belong to the row.
  const put = aligned
    ? `fn put_${name}(i : u32, v : vec4<f32>, count : u32) { if (count > 0u) { ${name}[i >> 2u] = v; } }`
    : `fn put_${name}(i : u32, v : vec4<f32>, count : u32) {
         if (count > 0u) { ${name}[i] = v.x; }
         if (count > 1u) { ${name}[i + 1u] = v.y; }
         if (count > 2u) { ${name}[i + 2u] = v.z; }
         if (count > 3u) { ${name}[i + 3u] = v.w; }
       }`;
  return `${get}\n${put}`;
}

/** The WGSL type of a buffer of floats. */
export const floats = (aligned: boolean): string => (aligned ? 'array<vec4<f32>>' : 'array<f32>');
