import { type Declaration, type Program, read, uniform, write } from '../gpu/gpu.ts';
import {
  accessors,
  floats,
  memoryOf,
  productShader,
  shapeOf,
  smallTile,
  type Tile,
  times,
  usesSubgroups,
  wholeRows,
} from '../gpu/product.ts';
import { nameOfVariant, type Variant } from '../gpu/variants.ts';
import { aligned as padded } from '../gpu/views.ts';

/** What is baked into the shaders of a residual branch. */
export interface BranchShape {
  readonly channels: number;
  readonly taps: number;
  readonly variant: Variant;
  /** Bytes of workgroup memory that the device has. */
  readonly memory: number;
  /** What the branch gives a user is weighed by their gate. */
  readonly weighted: boolean;
  /** The users it serves are found through a list (`usersByGate`); without, it serves all of the batch. */
  readonly listed: boolean;
  /** Vectors of four numbers that the places of a convolution take up as uniforms. */
  readonly places: number;
}

/** Where the eight tensors of a branch begin among the floats of one buffer, each at a multiple of 64. */
export function branchLayout(taps: number, channels: number) {
  const kernel = padded(taps * channels * channels);
  const vector = padded(channels);
  const half = kernel + 3 * vector;
  const at = (i: 0 | 1) => ({
    kernel: i * half,
    bias: i * half + kernel,
    gamma: i * half + kernel + vector,
    beta: i * half + kernel + 2 * vector,
  });
  return { first: at(0), second: at(1), floats: 2 * half };
}

type Offsets = ReturnType<typeof branchLayout>['first'];

/** Words of `call`: sequences, where the list of users begins, what a gate counts as, gates a user, column of the gate. */
export const CALL = 'array<vec4<i32>, 2>';

export const isAligned = (channels: number): boolean => channels % 4 === 0;

/**
 * Rows of a batch: place `row % per` of user `row / per` in the list, or in the batch. `map(i)` are the numbers of the
 * convolution's geometry, `weightOf` is what a branch counts for a user.
 */
export const rowFunctions = ({ listed, channels }: BranchShape, per: string): string => `
const K = ${channels}u;
fn map(i : u32) -> i32 { let j = i + 4u; return geometry[j >> 2u][j & 3u]; }
fn inner() -> u32 { return u32(geometry[0].x); }
fn outer() -> u32 { return u32(geometry[0].y); }
fn mapsize() -> u32 { return u32(geometry[0].z); }
${
  listed
    ? `fn users() -> u32 { return u32(lists[call[0].y]); }
fn userAt(i : u32) -> u32 { return u32(lists[u32(call[0].y) + 1u + i]); }`
    : `fn users() -> u32 { return u32(call[0].x); }
fn userAt(i : u32) -> u32 { return i; }`
}
fn rowsOf() -> u32 { return users() * ${per}; }
`;

const weightFunction = `
fn weightOf(user : u32) -> f32 {
  let g = gate[user * u32(call[0].w) + u32(call[1].x)];
  return select(1.0 - g, g, call[0].z == 1);
}`;

/** The address of what a tap of a convolution reads; `read` is how many places the left-hand side has. */
export const addressFunction = (taps: number, per: string, places: string): string => `
fn address(row : u32, tap : u32) -> i32 {
  let at = map((row % ${per}) * ${taps}u + tap);
  if (at < 0) { return -1; }
  return i32((userAt(row / ${per}) * ${places} + u32(at)) * K);
}`;

/** `x` as it is, or relu(γ x + β), where x holds the normalised values of the first convolution. */
export const leftFunction = (aligned: boolean, offsets: Offsets | null): string => {
  const type = aligned ? 'vec4<f32>' : 'f32';
  const value = aligned ? 'x4(at + d)' : 'x[at + d]';
  const parameter = (from: number) => (aligned ? `p4(${from}u + d)` : `p[${from}u + d]`);
  if (offsets === null) return `fn left(at : u32, d : u32) -> ${type} { return ${value}; }`;
  return `fn left(at : u32, d : u32) -> ${type} {
    return max(${type}(0.0), fma(${value}, ${parameter(offsets.gamma)}, ${parameter(offsets.beta)}));
  }`;
};

export const rightFunction = (channels: number, aligned: boolean, from: number, transposed: boolean): string => {
  const size = channels * channels;
  if (!transposed)
    return `fn right(tap : u32, d : u32, c : u32) -> vec4<f32> { return p4(${from}u + tap * ${size}u + d * K + c); }`;
  if (aligned) return `fn right(tap : u32, d : u32, c : u32) -> vec4<f32> { return p4(${from}u + tap * ${size}u + c * K + d); }`;
  return `fn right(tap : u32, d : u32, c : u32) -> vec4<f32> {
    let at = ${from}u + tap * ${size}u + c * K + d;
    return vec4<f32>(p[at], p[at + K], p[at + 2u * K], p[at + 3u * K]);
  }`;
};

/** How many of the four columns from c on there are. */
export const COUNT = `fn countAt(c : u32) -> u32 { return select(0u, min(4u, K - c), c < K); }
fn kept(v : vec4<f32>, count : u32) -> vec4<f32> {
  return select(vec4<f32>(0.0), v, vec4<u32>(0u, 1u, 2u, 3u) < vec4<u32>(count));
}`;

/** Sums over the columns of a row: what each invocation has of it, then what all of them have. */
const statistics = ({ threads: [across, down] }: Tile, rows: number): string => `
var<workgroup> shares : array<vec2<f32>, ${across * down * rows}>;
fn shareAt(y : u32, i : u32, x : u32) -> u32 { return (y * ROWS + i) * ACROSS + x; }`;

/** z = (v − mean) · scale of each row, ε inside the root; leaves both in v and `scale`. */
function normalise(rows: number, quads: number, offsets: Offsets): string {
  return `
  let size = f32(min(WIDTH, K - min(K, c0)));
  ${times(
    rows,
    (i) => `{
    ${times(quads, (q) => `v${i}_${q} = kept(v${i}_${q} + p4(${offsets.bias}u + c0 + ${4 * q}u), countAt(c0 + ${4 * q}u));`)}
    let mean = (${Array.from({ length: quads }, (_, q) => `dot(v${i}_${q}, vec4<f32>(1.0))`).join(' + ')}) / max(1.0, size);
    var squares = 0.0;
    ${times(quads, (q) => `{ let e = kept(v${i}_${q} - vec4<f32>(mean), countAt(c0 + ${4 * q}u)); squares += dot(e, e); }`)}
    shares[shareAt(local.y, ${i}u, local.x)] = vec2<f32>(mean, squares);
  }`,
  )}
  workgroupBarrier();
  ${times(
    rows,
    (i) => `
  var scale${i} = 0.0;
  {
    // The means and squares of all parts, put together (Chan et al., 1979).
    var mean = 0.0;
    for (var x = 0u; x < ACROSS; x++) {
      let n = f32(min(WIDTH, K - min(K, x * WIDTH)));
      mean += shares[shareAt(local.y, ${i}u, x)].x * n;
    }
    mean /= f32(K);
    var squares = 0.0;
    for (var x = 0u; x < ACROSS; x++) {
      let n = f32(min(WIDTH, K - min(K, x * WIDTH)));
      let part = shares[shareAt(local.y, ${i}u, x)];
      squares += part.y + n * (part.x - mean) * (part.x - mean);
    }
    scale${i} = inverseSqrt(squares / f32(K) + 1e-8);
    ${times(quads, (q) => `v${i}_${q} = (v${i}_${q} - vec4<f32>(mean)) * scale${i};`)}
  }`,
  )}`;
}

/**
 * One half of F: relu(LN(conv(x))) of Eq. 1 without the relu, which is made where it is read. `second` reads the first half, and
 * ends the block: y = base + weight · relu(γ z + β).
 */
export function forwardProgram(
  shape: BranchShape,
  half: 'first' | 'second',
  ending: 'none' | 'begins' | 'adds',
): { program: Program; tile: Tile } {
  const { channels, taps, variant, memory, weighted, listed, places } = shape;
  const tile = wholeRows(variant, channels);
  const { rows, quads } = shapeOf(tile);
  const aligned = isAligned(channels);
  const layout = branchLayout(taps, channels);
  const offsets = layout[half];
  const ends = half === 'second' && ending !== 'none';
  const declarations: Declaration[] = [
    uniform('geometry', `array<vec4<i32>, ${places}>`),
    uniform('call', CALL),
    read('x', floats(aligned)),
    read('p', floats(aligned)),
    write('z', floats(aligned)),
    write('scales'),
    ...(ends ? [write('y', floats(aligned))] : []),
    ...(ends && ending === 'begins' ? [read('base', floats(aligned))] : []),
    ...(ends && weighted ? [read('gate')] : []),
    ...(listed ? [read('lists', 'array<i32>')] : []),
  ];
  const code = (): string => {
    const finish = `
  ${normalise(rows, quads, offsets)}
  ${times(
    rows,
    (i) => `if (r0 + ${i}u < rows) {
    let user = userAt((r0 + ${i}u) / outer());
    let place = (r0 + ${i}u) % outer();
    let row = user * outer() + place;
    if (local.x == 0u) { scales[row] = scale${i}; }
    ${ends && weighted ? 'let weight = weightOf(user);' : 'let weight = 1.0;'}
    ${times(
      quads,
      (q) => `{
      let c = c0 + ${4 * q}u;
      put_z(row * K + c, v${i}_${q}, countAt(c));
      ${
        ends
          ? `let f = weight * max(vec4<f32>(0.0), fma(v${i}_${q}, p4(${offsets.gamma}u + c), p4(${offsets.beta}u + c)));
      ${
        ending === 'begins'
          ? 'let before = base4((user * u32(geometry[0].w) + u32(map(mapsize() + place))) * K + c);'
          : 'let before = y4(row * K + c);'
      }
      put_y(row * K + c, before + f, countAt(c));`
          : ''
      }
    }`,
    )}
  }`,
  )}
  ${
    // Users whom this branch does not serve have to begin with what is added to.
    ends && ending === 'begins' && listed
      ? times(
          rows,
          (i) => `{
    let i = r0 + ${i}u;
    if (i >= rows && i < u32(call[0].x) * outer()) {
      let user = userAt(i / outer());
      let place = i % outer();
      ${times(
        quads,
        (q) => `{
        let c = c0 + ${4 * q}u;
        put_y((user * outer() + place) * K + c, base4((user * u32(geometry[0].w) + u32(map(mapsize() + place))) * K + c), countAt(c));
      }`,
      )}
    }
  }`,
        )
      : ''
  }`;
    const functions = [
      rowFunctions(shape, 'outer()'),
      accessors('x', aligned),
      accessors('p', aligned),
      accessors('z', aligned, true),
      ends ? accessors('y', aligned, true) : '',
      ends && ending === 'begins' ? accessors('base', aligned) : '',
      ends && weighted ? weightFunction : '',
      // The second half reads the first at the places of its output.
      addressFunction(taps, 'outer()', 'inner()'),
      leftFunction(aligned, half === 'second' ? layout.first : null),
      rightFunction(channels, aligned, offsets.kernel, false),
      COUNT,
      statistics(tile, rows),
    ].join('\n');
    const sizes = { columns: channels, depth: channels, taps };
    const room = memory - memoryOf(tile).rows;
    const product = { variant, ...sizes, aligned, alongDepth: false, room, functions, finish };
    return productShader(product, tile);
  };
  return {
    tile,
    program: {
      key: `branch ${half} ${ending} k${channels} t${taps} ${weighted} ${listed} p${places} ${nameOfVariant(variant)}`,
      declarations,
      code,
      usesSubgroups: usesSubgroups(variant, aligned),
    },
  };
}

/** Adds up a value of each invocation over the rows of the workgroup, and leaves the sums of the columns in `partial`. */
const columnSums = (quads: number, part: number, value: (q: number) => string): string => `
  workgroupBarrier();
  ${times(quads, (q) => `sums[local.y * ACROSS * ${quads}u + local.x * ${quads}u + ${q}u] = ${value(q)};`)}
  workgroupBarrier();
  if (local.y == 0u) {
    ${times(
      quads,
      (q) => `{
      var sum = vec4<f32>(0.0);
      for (var y = 0u; y < DOWN; y++) { sum += sums[y * ACROSS * ${quads}u + local.x * ${quads}u + ${q}u]; }
      let c = c0 + ${4 * q}u;
      put_partial((group.x * 3u + ${part}u) * K + c, sum, countAt(c));
    }`,
    )}
  }`;

/**
 * The backward of a norm and its relu: v holds the gradient of relu(γ z + β) → that of the norm's input, written to `d`; and what γ,
 * β and the bias before the norm get, summed over the rows of the workgroup.
 */
function normBackward(rows: number, quads: number, offsets: Offsets, per: string, sumsParameters: boolean): string {
  const at = (i: number, q: number) => `row${i} * K + c0 + ${4 * q}u`;
  return `
  ${times(
    rows,
    (i) => `
  let is${i} = r0 + ${i}u < rows;
  let row${i} = select(0u, userAt(select(0u, (r0 + ${i}u) / ${per}, is${i})) * ${per} + (r0 + ${i}u) % ${per}, is${i});
  {
    var both = vec2<f32>(0.0);
    ${times(
      quads,
      (q) => `{
      let c = c0 + ${4 * q}u;
      let z = kept(z4(${at(i, q)}), countAt(c));
      let gain = p4(${offsets.gamma}u + c);
      let isOn = fma(z, gain, p4(${offsets.beta}u + c)) > vec4<f32>(0.0);
      v${i}_${q} = kept(select(vec4<f32>(0.0), v${i}_${q}, isOn & vec4<bool>(is${i})), countAt(c));
      let dn = kept(v${i}_${q} * gain, countAt(c));
      both += vec2<f32>(dot(dn, vec4<f32>(1.0)), dot(dn, z));
    }`,
    )}
    shares[shareAt(local.y, ${i}u, local.x)] = both;
  }`,
  )}
  workgroupBarrier();
  ${sumsParameters ? times(quads, (q) => `var dGamma${q} = vec4<f32>(0.0); var dBeta${q} = vec4<f32>(0.0); var dBias${q} = vec4<f32>(0.0);`) : ''}
  ${times(
    rows,
    (i) => `{
    var both = vec2<f32>(0.0);
    for (var x = 0u; x < ACROSS; x++) { both += shares[shareAt(local.y, ${i}u, x)]; }
    both /= f32(K);
    let scale = select(0.0, scales[row${i}], is${i});
    ${times(
      quads,
      (q) => `{
      let c = c0 + ${4 * q}u;
      let z = kept(z4(${at(i, q)}), countAt(c));
      let d = scale * (v${i}_${q} * p4(${offsets.gamma}u + c) - vec4<f32>(both.x) - z * both.y);
      if (is${i}) { put_d(row${i} * K + c, d, countAt(c)); }
      ${sumsParameters ? `dGamma${q} += v${i}_${q} * z; dBeta${q} += v${i}_${q}; dBias${q} += select(vec4<f32>(0.0), d, vec4<bool>(is${i}));` : ''}
    }`,
    )}
  }`,
  )}
  ${sumsParameters ? [columnSums(quads, 0, (q) => `dGamma${q}`), columnSums(quads, 1, (q) => `dBeta${q}`), columnSums(quads, 2, (q) => `dBias${q}`)].join('\n') : ''}`;
}

const workgroupSums = ({ threads: [across, down] }: Tile, quads: number): string =>
  `var<workgroup> sums : array<vec4<f32>, ${across * down * quads}>;`;

/**
 * The gradient of the input of a norm. `second`: from dy, weighed by the gate. `first`: from the gradient of the second
 * convolution's output, through that convolution.
 */
export function normBackwardProgram(
  shape: BranchShape,
  half: 'first' | 'second',
  sumsParameters: boolean,
): { program: Program; tile: Tile } {
  const { channels, taps, variant, memory, weighted, listed, places } = shape;
  const tile = wholeRows(variant, channels);
  const { rows, quads } = shapeOf(tile);
  const aligned = isAligned(channels);
  const layout = branchLayout(taps, channels);
  const isProduct = half === 'first';
  const per = isProduct ? 'inner()' : 'outer()';
  const declarations: Declaration[] = [
    uniform('geometry', `array<vec4<i32>, ${places}>`),
    uniform('call', CALL),
    read('x', floats(aligned)),
    read('p', floats(aligned)),
    read('z', floats(aligned)),
    read('scales'),
    write('d', floats(aligned)),
    ...(sumsParameters ? [write('partial', floats(aligned))] : []),
    ...(!isProduct && weighted ? [read('gate')] : []),
    ...(listed ? [read('lists', 'array<i32>')] : []),
  ];
  const code = (): string => {
    const load = times(
      rows,
      (i) => `if (r0 + ${i}u < rows) {
    let user = userAt((r0 + ${i}u) / outer());
    let row = user * outer() + (r0 + ${i}u) % outer();
    let weight = ${weighted ? 'weightOf(user)' : '1.0'};
    ${times(quads, (q) => `v${i}_${q} = weight * x4(row * K + c0 + ${4 * q}u);`)}
  }`,
    );
    const functions = [
      rowFunctions(shape, per),
      accessors('x', aligned),
      accessors('p', aligned),
      accessors('z', aligned),
      accessors('d', aligned, true),
      sumsParameters ? accessors('partial', aligned, true) : '',
      !isProduct && weighted ? weightFunction : '',
      isProduct ? addressFunction(taps, 'inner()', 'outer()') : '',
      isProduct ? leftFunction(aligned, null) : '',
      isProduct ? rightFunction(channels, aligned, layout.second.kernel, true) : '',
      COUNT,
      statistics(tile, rows),
      sumsParameters ? workgroupSums(tile, quads) : '',
    ].join('\n');
    const finish = `${isProduct ? '' : load}\n${normBackward(rows, quads, layout[half], per, sumsParameters)}`;
    const product = {
      variant,
      columns: channels,
      depth: channels,
      taps: isProduct ? taps : 0,
      aligned,
      alongDepth: true,
      room: memory - memoryOf(tile).rows - (sumsParameters ? memoryOf(tile).columns : 0),
      functions,
      finish,
    };
    return productShader(product, tile);
  };
  return {
    tile,
    program: {
      key: `branch backward ${half} ${sumsParameters} k${channels} t${taps} ${weighted} ${listed} p${places} ${nameOfVariant(variant)}`,
      declarations,
      code,
      usesSubgroups: usesSubgroups(variant, aligned),
    },
  };
}

/** The gradient of a block's input: through the first convolution, and for the branch that `begins` what passes by. */
export function inputGradientProgram(shape: BranchShape, ending: 'begins' | 'adds'): { program: Program; tile: Tile } {
  const { channels, taps, variant, weighted, listed, places } = shape;
  const tile = smallTile(variant, channels);
  const { rows, quads } = shapeOf(tile);
  const aligned = isAligned(channels);
  const layout = branchLayout(taps, channels);
  const begins = ending === 'begins';
  const declarations: Declaration[] = [
    uniform('geometry', `array<vec4<i32>, ${places}>`),
    uniform('call', CALL),
    read('x', floats(aligned)),
    read('p', floats(aligned)),
    write('dx', floats(aligned)),
    ...(begins ? [read('dy', floats(aligned))] : []),
    ...(listed ? [read('lists', 'array<i32>')] : []),
  ];
  const code = (): string => {
    const finish = times(
      rows,
      (i) => `{
    let i = r0 + ${i}u;
    if (i < ${begins ? 'u32(call[0].x) * inner()' : 'rows'}) {
      let user = userAt(i / inner());
      let place = i % inner();
      ${begins ? 'let above = map(mapsize() + place);' : ''}
      ${times(
        quads,
        (q) => `{
        let c = c0 + ${4 * q}u;
        let at = (user * inner() + place) * K + c;
        let through = select(vec4<f32>(0.0), v${i}_${q}, vec4<bool>(i < rows));
        ${
          begins
            ? `var before = vec4<f32>(0.0);
        if (above >= 0) { before = dy4((user * u32(geometry[0].w) + u32(above)) * K + c); }`
            : 'let before = dx4(at);'
        }
        put_dx(at, before + through, countAt(c));
      }`,
      )}
    }
  }`,
    );
    const functions = [
      rowFunctions(shape, 'inner()'),
      accessors('x', aligned),
      accessors('p', aligned),
      accessors('dx', aligned, true),
      begins ? accessors('dy', aligned) : '',
      addressFunction(taps, 'inner()', 'outer()'),
      leftFunction(aligned, null),
      rightFunction(channels, aligned, layout.first.kernel, true),
      COUNT,
    ].join('\n');
    const product = { variant, columns: channels, depth: channels, taps, aligned, alongDepth: true, functions, finish };
    return productShader(product, tile);
  };
  return {
    tile,
    program: {
      key: `branch input gradient ${ending} k${channels} t${taps} ${weighted} ${listed} p${places} ${nameOfVariant(variant)}`,
      declarations,
      code,
      usesSubgroups: usesSubgroups(variant, aligned),
    },
  };
}
