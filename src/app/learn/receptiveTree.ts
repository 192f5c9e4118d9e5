/** A convolution of the stack, as the last position sees it. Positions are counted from 0, the oldest of the sequence. */
export interface TreeLayer {
  readonly dilation: number;
  /** Positions of this convolution's output that the last position of the stack depends on, ascending. */
  readonly outputs: readonly number[];
  /** From an output to each of its inputs; those before the sequence's beginning are padding, and left out. */
  readonly edges: readonly { readonly from: number; readonly to: number }[];
}

/**
 * What the last position of a stack of causal convolutions depends on, convolution by convolution, the last one first.
 * An entry d stands for a pair with dilations d and 2d.
 *
 * @returns the layers, and the positions of the sequence that are seen, ascending
 */
export function receptiveTree(
  dilations: readonly number[],
  kernelSize: number,
  length: number,
): { readonly layers: readonly TreeLayer[]; readonly seen: readonly number[] } {
  let outputs: readonly number[] = [length - 1];
  const layers: TreeLayer[] = [];
  for (const dilation of dilations.flatMap((d) => [d, 2 * d]).reverse()) {
    const edges = outputs.flatMap((from) =>
      Array.from({ length: kernelSize }, (_, tap) => ({ from, to: from - tap * dilation })).filter(({ to }) => to >= 0),
    );
    layers.push({ dilation, outputs, edges });
    outputs = Array.from(new Set(edges.map(({ to }) => to))).sort((a, b) => a - b);
  }
  return { layers, seen: outputs };
}
