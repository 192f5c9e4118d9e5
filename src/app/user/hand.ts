/** Gates set by hand, block by block; null leaves the own gate. Empty where nothing is set. */
export type Hand = readonly (0 | 1 | null)[];

/** `01-`: block 1 frozen, block 2 fine-tuned, block 3 as the policy has it. Whatever else is written counts as nothing. */
export const readHand = (text: string): Hand =>
  /^[01-]*$/.test(text) ? tidy(Array.from(text, (sign) => (sign === '0' ? 0 : sign === '1' ? 1 : null))) : [];

export const handText = (hand: Hand): string => hand.map((gate) => gate ?? '-').join('');

/** The gates that come of it, [N]. */
export const gatesByHand = (hand: Hand, own: readonly number[]): number[] => own.map((gate, block) => hand[block] ?? gate);

/** A block on its other side: of a gate between frozen and fine-tuned, on the one that is further away. */
export function flip(hand: Hand, own: readonly number[], block: number): Hand {
  const flipped = gatesByHand(hand, own)[block] >= 0.5 ? 0 : 1;
  return byHand(
    own.map((_, l) => (l === block ? flipped : (hand[l] ?? null))),
    own,
  );
}

/** Sets all gates; those that are the own ones anyway are not called set by hand. */
export const byHand = (gates: Hand, own: readonly number[]): Hand =>
  tidy(own.map((gate, l) => (gates[l] === gate ? null : (gates[l] ?? null))));

const tidy = (hand: Hand): Hand => (hand.every((gate) => gate === null) ? [] : hand);
