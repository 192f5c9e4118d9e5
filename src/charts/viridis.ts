import { gateColour, inkOn } from '../configuration/gateColour.ts';

export { gateColour, inkOn };

/** Round what is painted in it: on a dark page, frozen is nearly as dark as the page. */
export const GATE_EDGE = 'light-dark(transparent, var(--mantine-color-dark-2))';

/** The scale from 0 to 1 in 256 steps, three bytes each (red, green, blue): for canvases. */
export const gatePalette = (): Uint8Array =>
  Uint8Array.from(
    Array.from({ length: 256 }, (_, i) => gateColour(i / 255)).flatMap((hex) =>
      [1, 3, 5].map((at) => Number.parseInt(hex.slice(at, at + 2), 16)),
    ),
  );
