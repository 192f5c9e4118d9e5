/** A composed sequence with the item at `index` one place earlier (−1) or later (1); the same where there is no such place. */
export function moved(sequence: readonly number[], index: number, by: -1 | 1): readonly number[] {
  const to = index + by;
  if (to < 0 || to >= sequence.length) return sequence;
  return sequence.map((item, i) => (i === index ? sequence[to] : i === to ? sequence[index] : item));
}

export const without = (sequence: readonly number[], index: number): readonly number[] => sequence.filter((_, i) => i !== index);
