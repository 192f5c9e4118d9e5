/** How many of `items` a network depends on that sees the last `sees` positions. */
export const seen = (sees: number, items: number): number => Math.min(sees, items);

/** The same in words: “the last 13 of 17 items”. */
export function sightWords(sees: number, items: number): string {
  if (items === 1) return sees >= 1 ? 'the one item' : 'nothing';
  return sees >= items ? `all ${items} items` : `the last ${sees} of ${items} items`;
}
