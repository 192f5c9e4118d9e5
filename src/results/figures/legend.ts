import type { Markup } from '../markup.ts';
import { FONT, shortened, textAt, textWidth } from './text.ts';

/** Something drawn, from its top left corner on. */
export interface Drawn {
  readonly markup: readonly Markup[];
  /** Points. */
  readonly height: number;
}

export interface LegendItem {
  readonly label: string;
  /** As it looks in the figure, in a field of `SAMPLE` points whose left end and middle are given. */
  readonly sample: (x: number, y: number) => readonly Markup[];
}

/** Points that a sample is wide. */
export const SAMPLE = 20;
const GAP = 4;
const ROW = FONT * 1.45;

/** Samples with their names, in columns, below the data. */
export function legend(items: readonly LegendItem[], width: number): Drawn {
  if (items.length === 0) return { markup: [], height: 0 };
  const widest = Math.max(...items.map(({ label }) => textWidth(label))) + SAMPLE + 2 * GAP;
  const columns = Math.max(1, Math.min(items.length, Math.floor(width / widest)));
  const rows = Math.ceil(items.length / columns);
  const column = width / columns;
  const markup = items.flatMap(({ label, sample }, i) => {
    // Down the columns, so that neighbours in the list stay neighbours.
    const [x, y] = [Math.floor(i / rows) * column, ((i % rows) + 0.5) * ROW + 3];
    return [...sample(x, y), textAt(x + SAMPLE + GAP, y, shortened(label, column - SAMPLE - GAP))];
  });
  return { markup, height: rows * ROW + 3 };
}
