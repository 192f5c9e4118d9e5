/** The dilations of the policy network's two blocks (the paper's). */
export const POLICY_DILATIONS: readonly number[] = [1, 4];

/**
 * How many positions, counted from the last, the last position's vector depends on: 1 + (taps − 1) · Σ(d + 2d), since each
 * entry d stands for a pair of convolutions with dilations d and 2d.
 */
export const receptiveField = (dilations: readonly number[], kernelSize: number): number =>
  1 + (kernelSize - 1) * dilations.reduce((sum, d) => sum + 3 * d, 0);
