import { interpolateViridis } from 'd3-scale-chromatic';

/** The one colour scale of gates: 0, frozen, is a dark violet; 1, fine-tuned, is yellow. */
export const gateColour = (share: number): string => interpolateViridis(Math.min(1, Math.max(0, share)));

/** Round what is painted in it: on a dark page, frozen is nearly as dark as the page. */
export const GATE_EDGE = 'light-dark(transparent, var(--mantine-color-dark-2))';

/** Ink that can be read on `gateColour`: whichever of the two has more contrast, 4.5 : 1 at least. */
export const inkOn = (share: number): string => (share > 0.43 ? '#000000' : '#ffffff');

/** The scale from 0 to 1 in 256 steps, three bytes each (red, green, blue): for canvases. */
export const gatePalette = (): Uint8Array =>
  Uint8Array.from(
    Array.from({ length: 256 }, (_, i) => gateColour(i / 255)).flatMap((hex) =>
      [1, 3, 5].map((at) => Number.parseInt(hex.slice(at, at + 2), 16)),
    ),
  );
