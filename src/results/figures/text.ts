import { element, type Markup } from '../markup.ts';

/** Points. Everything is in points: a print is as large as it says. */
export const FONT = 7;
/** From one line of text to the next, as a multiple of its size. */
export const LEADING = 1.2;

/** Widths of Helvetica's letters as parts of the size; there is no page to ask. */
const WIDTHS: readonly (readonly [RegExp, number])[] = [
  [/[iljI.,:;'|!’‘]/, 0.28],
  [/[ftr()[\]{}/\\" -]/, 0.35],
  [/[mMW@%—…]/, 0.9],
  [/[A-Zw&±−+=<>~≥≤×]/, 0.7],
  [/[ -~ -ͯͰ-ӿ–“”]/, 0.56],
];

const letterWidth = (letter: string): number => WIDTHS.find(([letters]) => letters.test(letter))?.[1] ?? 1;

/** About how wide a text is set, in points. */
export const textWidth = (text: string, size = FONT): number =>
  size * Array.from(text).reduce((sum, letter) => sum + letterWidth(letter), 0);

/** A text that fits, with … for what does not. */
export function shortened(text: string, width: number, size = FONT): string {
  if (textWidth(text, size) <= width) return text;
  const letters = Array.from(text);
  while (letters.length > 1 && textWidth(`${letters.join('')}…`, size) > width) letters.pop();
  return `${letters.join('').trimEnd()}…`;
}

/** Lines that fit, broken between words; what is longer than all of them ends with …. */
export function wrapped(text: string, width: number, size = FONT, most = Number.POSITIVE_INFINITY): string[] {
  const lines: string[] = [];
  for (const word of text.split(/\s+/).filter((part) => part !== '')) {
    const line = lines.at(-1);
    if (line !== undefined && textWidth(`${line} ${word}`, size) <= width) lines[lines.length - 1] = `${line} ${word}`;
    else if (lines.length < most) lines.push(shortened(word, width, size));
    else {
      lines[lines.length - 1] = shortened(`${line}…`, width, size);
      break;
    }
  }
  return lines;
}

interface TextAt {
  readonly anchor?: 'start' | 'middle' | 'end';
  readonly size?: number;
  readonly fill?: string;
  readonly weight?: number;
  /** Degrees, around its place. */
  readonly turned?: number;
}

/** A line of text whose middle stands at a height: what that means is not left to the program that draws it. */
export function textAt(x: number, y: number, text: string, { anchor, size = FONT, fill, weight, turned }: TextAt = {}): Markup {
  const baseline = y + 0.35 * size;
  const place =
    turned === undefined
      ? { x, y: baseline }
      : { transform: `translate(${x.toFixed(2)} ${y.toFixed(2)}) rotate(${turned})`, y: 0.35 * size };
  return element(
    'text',
    {
      ...place,
      'text-anchor': anchor,
      'font-size': size === FONT ? undefined : size,
      'font-weight': weight,
      fill,
    },
    text,
  );
}

/** Lines of text, one below the other, from a top on. */
export const paragraph = (x: number, top: number, lines: readonly string[], style: TextAt = {}): Markup[] =>
  lines.map((line, i) => textAt(x, top + (i + 0.5) * LEADING * (style.size ?? FONT), line, style));

/** How high lines of text are. */
export const linesHeight = (lines: readonly string[], size = FONT): number => lines.length * LEADING * size;
