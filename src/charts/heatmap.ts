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

/** Lines in colours. */
interface Painted {
  /** Red, green, blue and opacity of each line and block, [lines × blocks × 4]. */
  readonly pixels: Uint8ClampedArray;
  /** The share of chosen users among those of each line; 0 where nobody is chosen. */
  readonly chosen: Float32Array;
}

/** The colour of the mean over the users that a line stands for; the more of them are not chosen, the fainter. */
export function paint(lines: readonly Line[], { bytes, blocks, order, value, chosen }: Cells, palette: Palette): Painted {
  const pixels = new Uint8ClampedArray(lines.length * blocks * 4);
  const shares = new Float32Array(lines.length);
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
    const share = bright / (end - first);
    if (chosen !== null) shares[line] = share;
    for (let block = 0; block < blocks; block++) {
      const at = (line * blocks + block) * 4;
      const colour = 3 * Math.round((steps * sums[block]) / (end - first));
      for (let channel = 0; channel < 3; channel++)
        pixels[at + channel] = bytes === null ? GREY[channel] : palette[colour + channel];
      pixels[at + 3] = 255 * (FADED + (1 - FADED) * share);
    }
  });
  return { pixels, chosen: shares };
}

/** Where on a picture the lines stand; all in pixels. */
interface Layout {
  readonly width: number;
  readonly height: number;
  /** Where the first line begins; above the picture if it is scrolled out. */
  readonly top: number;
  /** From one line to the next; a fraction where they do not fill whole pixels. */
  readonly pace: number;
  /** What the blocks leave free at the left for a mark beside lines with chosen users; 0 for none. */
  readonly strip: number;
  /** Between blocks, and below each line. */
  readonly gaps: { readonly blocks: number; readonly lines: number };
}

/**
 * The whole picture: lines and blocks as rectangles. Made at once and without the graphics card, which a browser waits for
 * when many small things are drawn.
 *
 * @param mark the colour of the strip: red, green, blue
 */
export function arrange(
  { pixels, chosen }: Painted,
  blocks: number,
  layout: Layout,
  mark: readonly number[],
): Uint8ClampedArray<ArrayBuffer> {
  const { width, height, top, pace, strip, gaps } = layout;
  const picture = new Uint32Array(width * height);
  // Four bytes are one number: what is copied is never taken apart.
  const colours = new Uint32Array(pixels.buffer);
  const marks = Uint32Array.from(chosen, (share) => {
    const rgba = Uint8ClampedArray.of(mark[0], mark[1], mark[2], 255 * share);
    return new Uint32Array(rgba.buffer)[0];
  });
  const edge = (block: number) => Math.round(strip + (block * (width - strip)) / blocks);
  for (let y = Math.max(0, Math.ceil(top)); y < height; y++) {
    const line = Math.floor((y - top) / pace);
    if (line >= chosen.length) break;
    if (y + gaps.lines >= top + (line + 1) * pace && gaps.lines > 0) continue;
    const start = y * width;
    if (strip > 0) picture.fill(marks[line], start, start + Math.round(0.75 * strip));
    for (let block = 0; block < blocks; block++) {
      const end = block + 1 < blocks ? edge(block + 1) - gaps.blocks : width;
      picture.fill(colours[line * blocks + block], start + edge(block), start + end);
    }
  }
  return new Uint8ClampedArray(picture.buffer);
}
