import { element } from '../markup.ts';
import { drawBars } from './drawBars.ts';
import { drawDots } from './drawDots.ts';
import { drawHeatmap } from './drawHeatmap.ts';
import { drawLines } from './drawLines.ts';
import { drawMatrix } from './drawMatrix.ts';
import { drawScatter } from './drawScatter.ts';
import type { Figure } from './figure.ts';
import type { Drawn } from './legend.ts';
import { FONT, linesHeight, paragraph, wrapped } from './text.ts';

interface Print {
  /** Millimetres; texts stay as large as they are. */
  readonly width?: number;
  /** Whether the title and notes are part of the picture; a page may have them beside it. */
  readonly words?: boolean;
  /** Of the ids inside, once in a document. */
  readonly prefix?: string;
}

const POINTS_A_MILLIMETRE = 72 / 25.4;
const MARGIN = 3;
const TITLE = 7.5;
/** How much wider bold letters are. */
const BOLD = 1.08;
const NOTES = 6;

/** A figure as an SVG document: white, texts of 7 points, each series with a second cue besides its colour. */
export function figureSvg(figure: Figure, { width = 80, words = true, prefix = 'figure' }: Print = {}): string {
  const points = width * POINTS_A_MILLIMETRE;
  const inner = points - 2 * MARGIN;
  const title = words ? wrapped(figure.title, inner / BOLD, TITLE) : [];
  const notes = words ? figure.notes.flatMap((note) => wrapped(note, inner, NOTES)) : [];
  const body = drawn(figure, inner, prefix);
  const top = MARGIN + linesHeight(title, TITLE) + (words ? 3 : 0);
  const below = top + body.height + 3;
  const height = below + linesHeight(notes, NOTES) + MARGIN;
  return element(
    'svg',
    {
      xmlns: 'http://www.w3.org/2000/svg',
      width: `${width}mm`,
      height: `${(height / POINTS_A_MILLIMETRE).toFixed(2)}mm`,
      viewBox: `0 0 ${points.toFixed(2)} ${height.toFixed(2)}`,
      role: 'img',
      'font-family': 'Helvetica, Arial, sans-serif',
      'font-size': FONT,
      style: 'font-variant-numeric: tabular-nums',
    },
    element('title', {}, figure.title),
    element('desc', {}, figure.notes.join(' ')),
    element('rect', { width: points, height, fill: '#ffffff' }),
    paragraph(MARGIN, MARGIN, title, { size: TITLE, weight: 700 }),
    element('g', { transform: `translate(${MARGIN} ${top.toFixed(2)})` }, body.markup),
    paragraph(MARGIN, below, notes, { size: NOTES, fill: '#333333' }),
  ).source;
}

function drawn(figure: Figure, width: number, prefix: string): Drawn {
  switch (figure.kind) {
    case 'lines':
      return drawLines(figure, width);
    case 'scatter':
      return drawScatter(figure, width);
    case 'matrix':
      return drawMatrix(figure, width);
    case 'bars':
      return drawBars(figure, width, prefix);
    case 'dots':
      return drawDots(figure, width);
    case 'heatmap':
      return drawHeatmap(figure, width);
  }
}
