import { gateColour } from '../../configuration/gateColour.ts';
import { element, type Markup } from '../markup.ts';
import type { HeatmapFigure } from './figure.ts';
import type { Drawn } from './legend.ts';
import { SCALE_HEIGHT, scaleLegend } from './scaleLegend.ts';
import { FONT, LEADING, paragraph, textAt, textWidth, wrapped } from './text.ts';

/** Points that all lines are high together. */
const HEIGHT = 170;
/** Bands' names take no more than this part of the width. */
const NAMES = 0.3;

/** Many lines of shares as colours, in named bands. */
export function drawHeatmap({ lines, bands, columns, rowTitle, columnTitle, ends }: HeatmapFigure, width: number): Drawn {
  const room = NAMES * width;
  const pitch = HEIGHT / Math.max(1, lines.length);
  const names = bands.map(({ label, lines: own }) => wrapped(label, room, FONT, Math.floor((own * pitch) / (LEADING * FONT))));
  const widest = Math.max(0, ...names.flat().map((line) => textWidth(line)));
  const left = widest + LEADING * FONT + 4;
  const pace = (width - left - 2) / Math.max(1, columns.length);
  const top = 2 * LEADING * FONT + 2;
  const bottom = top + HEIGHT;
  const starts = bands.map((_, i) => bands.slice(0, i).reduce((sum, band) => sum + band.lines, 0));
  const every = Math.max(1, Math.ceil(Math.max(0, ...columns.map((column) => textWidth(column))) / (pace - 1)));
  return {
    markup: [
      textAt(left + (width - left) / 2, FONT * 0.6, columnTitle, { anchor: 'middle' }),
      ...columns.flatMap((column, l) =>
        l % every === 0 ? [textAt(left + (l + 0.5) * pace, FONT * 1.8, column, { anchor: 'middle' })] : [],
      ),
      textAt(FONT / 2, top + HEIGHT / 2, rowTitle, { anchor: 'middle', turned: -90 }),
      ...columns.flatMap((_, l) => column(lines, l, left + l * pace, top, pace, pitch)),
      ...names.flatMap((words, i) => paragraph(LEADING * FONT, top + starts[i] * pitch, words)),
      ...starts.slice(1).map((start) =>
        element('path', {
          d: `M${LEADING * FONT} ${(top + start * pitch).toFixed(2)}H${width - 2}`,
          stroke: '#000000',
          'stroke-width': 0.5,
        }),
      ),
      ...scaleLegend(ends, left, bottom + 6, width),
    ],
    height: bottom + 6 + SCALE_HEIGHT + 6,
  };
}

/** One column; neighbouring lines of one colour are one rectangle. */
function column(lines: HeatmapFigure['lines'], l: number, x: number, top: number, pace: number, pitch: number): Markup[] {
  const colours = lines.map((line) => gateColour(line[l]));
  const first = colours.flatMap((colour, i) => (colour === colours[i - 1] ? [] : [i]));
  return first.map((from, i) =>
    element('rect', {
      x,
      y: top + from * pitch,
      width: pace - 0.5,
      height: ((first[i + 1] ?? lines.length) - from) * pitch,
      fill: colours[from],
      // Without seams.
      'shape-rendering': 'crispEdges',
    }),
  );
}
