import { interpolateViridis } from 'd3-scale-chromatic';

/** The one colour scale of gates: 0, frozen, is a dark violet; 1, fine-tuned, is yellow. */
export const gateColour = (share: number): string => interpolateViridis(Math.min(1, Math.max(0, share)));

/** Ink that can be read on `gateColour`: whichever of the two has more contrast, 4.5 : 1 at least. */
export const inkOn = (share: number): string => (share > 0.43 ? '#000000' : '#ffffff');
