/**
 * A user's decision for one block in a byte: the gate in the highest bit, the probability of fine-tuning in the other seven.
 * The two are kept apart, since a gate may be drawn (UAF-Random, sampled gates). A soft gate is its probability, and its
 * bit says on which side of ½ it lies.
 */
export function packPolicies({
  gate,
  probability,
}: {
  readonly gate: Float32Array;
  readonly probability: Float32Array;
}): Uint8Array {
  return Uint8Array.from(gate, (g, i) => (g > 0.5 ? GATE : 0) | Math.round(probability[i] * STEPS));
}

const GATE = 128;
const STEPS = 127;

/** The probability a byte stands for, to 1 / 254. */
export const probabilityOf = (byte: number): number => (byte & STEPS) / STEPS;

/** The hard gate a byte stands for. */
export const gateOf = (byte: number): number => (byte & GATE ? 1 : 0);

/** Before version 2 a byte was 255 · probability, and the gate was whether that is above ½. */
export const repacked = (bytes: Uint8Array): Uint8Array =>
  bytes.map((byte) => (byte >= 128 ? GATE : 0) | Math.round((byte / 255) * STEPS));
