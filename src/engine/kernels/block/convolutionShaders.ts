import { type Program, read, uniform, write } from '../gpu/gpu.ts';
import { accessors, floats, productShader, shapeOf, smallTile, type Tile, times, usesSubgroups } from '../gpu/product.ts';
import { nameOfVariant } from '../gpu/variants.ts';
import { aligned as padded } from '../gpu/views.ts';
import {
  addressFunction,
  type BranchShape,
  CALL,
  COUNT,
  isAligned,
  leftFunction,
  rightFunction,
  rowFunctions,
} from './shaders.ts';

/**
 * A convolution by itself. `forward`: y [B, outer, k] of x [B, inner, k], with bias. `backward`: the gradient of x from that of y.
 * Kernel and bias lie side by side.
 */
export function convolutionProgram(shape: BranchShape, way: 'forward' | 'backward'): { program: Program; tile: Tile } {
  const { channels, taps, variant, places } = shape;
  const tile = smallTile(variant, channels);
  const { rows, quads } = shapeOf(tile);
  const aligned = isAligned(channels);
  const isForward = way === 'forward';
  const [per, readPlaces] = isForward ? ['outer()', 'inner()'] : ['inner()', 'outer()'];
  const functions = [
    rowFunctions(shape, per),
    accessors('x', aligned),
    accessors('p', aligned),
    accessors('y', aligned, true),
    addressFunction(taps, per, readPlaces),
    leftFunction(aligned, null),
    rightFunction(channels, aligned, 0, !isForward),
    COUNT,
  ].join('\n');
  const bias = padded(taps * channels * channels);
  const finish = times(
    rows,
    (i) => `if (r0 + ${i}u < rows) {
    ${times(
      quads,
      (q) => `{
      let c = c0 + ${4 * q}u;
      put_y((r0 + ${i}u) * K + c, v${i}_${q}${isForward ? ` + p4(${bias}u + c)` : ''}, countAt(c));
    }`,
    )}
  }`,
  );
  const product = { variant, columns: channels, depth: channels, taps, aligned, alongDepth: !isForward, functions, finish };
  return {
    tile,
    program: {
      key: `convolution ${way} k${channels} t${taps} p${places} ${nameOfVariant(variant)}`,
      declarations: [
        uniform('geometry', `array<vec4<i32>, ${places}>`),
        uniform('call', CALL),
        read('x', floats(aligned)),
        read('p', floats(aligned)),
        write('y', floats(aligned)),
      ],
      code: () => productShader(product, tile),
      usesSubgroups: usesSubgroups(variant, aligned),
    },
  };
}
