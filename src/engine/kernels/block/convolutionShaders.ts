import { type Program, read, uniform, write } from '../gpu/gpu.ts';
import { accessors, floats, forSums, productShader, smallTile, type Tile, usesSubgroups } from '../gpu/product.ts';
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
  const aligned = isAligned(channels);
  const isForward = way === 'forward';
  const [per, readPlaces] = isForward ? ['outer()', 'inner()'] : ['inner()', 'outer()'];
  const code = (): string => {
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
    const offset = isForward ? ` + p4(${bias}u + c)` : '';
    const finish = forSums(tile, (row, sum) => `put_y(${row} * K + c, ${sum}${offset}, countAt(c));`);
    const product = { variant, columns: channels, depth: channels, taps, aligned, alongDepth: !isForward, functions, finish };
    return productShader(product, tile);
  };
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
      code,
      usesSubgroups: usesSubgroups(variant, aligned),
    },
  };
}
