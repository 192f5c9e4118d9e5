import { SEPARATED, separatedFrom } from '../../analysis/blocks.ts';

/** Whether a block tells users apart, over the epochs. */
export function separationWords(epochs: readonly number[], separation: readonly number[]): string {
  const from = separatedFrom(epochs, separation);
  if (from !== null) return `separated from epoch ${from} on`;
  return separation.some((value) => value >= SEPARATED)
    ? `reaches ${SEPARATED}, but not to the end`
    : `never reaches ${SEPARATED}`;
}
