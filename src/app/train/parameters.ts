/** “1, 4, 1, 4” → [1, 4, 1, 4]; null if it is no list of whole numbers. */
export function parseList(text: string): number[] | null {
  const numbers = text
    .split(/[\s,]+/)
    .filter((word) => word !== '')
    .map(Number);
  return numbers.length > 0 && numbers.every((n) => Number.isSafeInteger(n) && n > 0) ? numbers : null;
}

const LARGEST_SEED = 0xffffffff;

/** “0, 1, 2” → [0, 1, 2], each once; null if it is no list of seeds. */
export function parseSeeds(text: string): number[] | null {
  const words = text.split(/[\s,]+/).filter((word) => word !== '');
  const seeds = words.map(Number);
  const isList = words.length > 0 && words.every((word, i) => /^\d+$/.test(word) && seeds[i] <= LARGEST_SEED);
  return isList ? Array.from(new Set(seeds)) : null;
}
