/**
 * Fine-tune probabilities in a byte each. Rounding never crosses ½, so that the hard gate (1 where the probability is
 * above ½) can be read back exactly.
 */
export function packPolicies(probability: Float32Array): Uint8Array {
  return Uint8Array.from(probability, (p) => (p > 0.5 ? Math.max(128, Math.round(p * 255)) : Math.min(127, Math.round(p * 255))));
}

/** The probability a byte stands for, to 1 / 510. */
export const probabilityOf = (byte: number): number => byte / 255;

/** The hard gate a byte stands for. */
export const gateOf = (byte: number): number => (byte >= 128 ? 1 : 0);
