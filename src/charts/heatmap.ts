/** Rows that one line of a heat map stands for: from `first` up to, not including, `end`. */
export interface Line {
  readonly first: number;
  readonly end: number;
}

/** As many lines as there are pixels; with fewer rows, a line a row. */
export const fitLines = (rows: number, pixels: number): Line[] => {
  const lines = Math.min(rows, pixels);
  return Array.from({ length: lines }, (_, line) => ({
    first: Math.floor((line * rows) / lines),
    end: Math.floor(((line + 1) * rows) / lines),
  }));
};

/** The rows in sight where each is `rowHeight` pixels high, a line each. */
export const visibleLines = (rows: number, rowHeight: number, scrolled: number, height: number): Line[] => {
  const first = Math.min(rows, Math.max(0, Math.floor(scrolled / rowHeight)));
  const end = Math.min(rows, Math.ceil((scrolled + height) / rowHeight));
  return Array.from({ length: Math.max(0, end - first) }, (_, i) => ({ first: first + i, end: first + i + 1 }));
};

interface Cells {
  /** Packed gates, [users × blocks]; null while there are none. */
  readonly bytes: Uint8Array | null;
  readonly blocks: number;
  /** Users from top to bottom. */
  readonly order: Int32Array;
  /** What a byte is worth, 0 (frozen) to 1 (fine-tuned). */
  readonly value: Float64Array;
  /** 1 for each chosen user; null: nobody is chosen, and nothing is faded. */
  readonly chosen: Uint8Array | null;
}

/** Colours of 0 to 1 in equal steps, three bytes each. */
export type Palette = Uint8Array;

const GREY = [173, 181, 189] as const;
/** Opacity of a line without a chosen user. */
const FADED = 0.3;

/**
 * The pixels of some lines, one a block: the colour of the mean over the users that a line stands for; the more of them are
 * not chosen, the fainter. [lines × blocks × 4]
 */
export function paint(
  lines: readonly Line[],
  { bytes, blocks, order, value, chosen }: Cells,
  palette: Palette,
): Uint8ClampedArray<ArrayBuffer> {
  const pixels = new Uint8ClampedArray(lines.length * blocks * 4);
  const steps = palette.length / 3 - 1;
  const sums = new Float64Array(blocks);
  lines.forEach(({ first, end }, line) => {
    sums.fill(0);
    let bright = 0;
    for (let row = first; row < end; row++) {
      const user = order[row];
      if (chosen === null || chosen[user] === 1) bright++;
      if (bytes !== null) for (let block = 0; block < blocks; block++) sums[block] += value[bytes[user * blocks + block]];
    }
    const opacity = 255 * (FADED + ((1 - FADED) * bright) / (end - first));
    for (let block = 0; block < blocks; block++) {
      const at = (line * blocks + block) * 4;
      const colour = 3 * Math.round((steps * sums[block]) / (end - first));
      for (let channel = 0; channel < 3; channel++)
        pixels[at + channel] = bytes === null ? GREY[channel] : palette[colour + channel];
      pixels[at + 3] = opacity;
    }
  });
  return pixels;
}
