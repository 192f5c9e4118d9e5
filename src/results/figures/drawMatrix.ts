import { gateColour, inkOn } from '../../configuration/gateColour.ts';
import { element, type Markup } from '../markup.ts';
import type { MatrixFigure } from './figure.ts';
import type { Drawn } from './legend.ts';
import { SCALE_HEIGHT, scaleLegend } from './scaleLegend.ts';
import { FONT, LEADING, paragraph, shortened, textAt, textWidth, wrapped } from './text.ts';

const ROW = 15;
/** Of the figures in the cells. */
const SIZE = 6.5;
/** Rows' names take no more than this part of the width. */
const NAMES = 0.34;

/** Shares in cells, as a colour and in figures: Fig. 3. */
export function drawMatrix({ rows, columns, rowTitle, columnTitle, ends }: MatrixFigure, width: number): Drawn {
  const room = NAMES * width;
  const names = rows.map(({ label }) => wrapped(label, room, FONT, 2));
  const left = Math.min(room, Math.max(...names.flat().map((line) => textWidth(line)), textWidth(rowTitle))) + 4;
  const pace = (width - left - 2) / Math.max(1, columns.length);
  const top = 2 * LEADING * FONT + 2;
  const heights = names.map((lines) => Math.max(ROW, lines.length * LEADING * FONT + 2));
  const tops = heights.map((_, i) => top + heights.slice(0, i).reduce((sum, height) => sum + height, 0));
  const bottom = top + heights.reduce((sum, height) => sum + height, 0);
  // Neighbouring columns' names must not run into each other.
  const every = Math.max(1, Math.ceil(Math.max(...columns.map((column) => textWidth(column)), 0) / (pace - 1)));
  return {
    markup: [
      textAt(0, FONT * 1.8, shortened(rowTitle, left)),
      textAt(left + (width - left) / 2, FONT * 0.6, columnTitle, { anchor: 'middle' }),
      ...columns.flatMap((column, l) =>
        l % every === 0 ? [textAt(left + (l + 0.5) * pace, FONT * 1.8, column, { anchor: 'middle' })] : [],
      ),
      ...rows.flatMap(({ values }, r) => [
        ...paragraph(0, tops[r] + (heights[r] - names[r].length * LEADING * FONT) / 2, names[r]),
        ...values.flatMap((value, l) => cell(value, left + l * pace, tops[r], pace, heights[r])),
      ]),
      ...scaleLegend(ends, left, bottom + 6, width),
    ],
    height: bottom + 6 + SCALE_HEIGHT + 6,
  };
}

/** Upright where there is no room across. Nothing is drawn of what was not measured. */
function cell(value: number, x: number, y: number, width: number, height: number): Markup[] {
  if (!Number.isFinite(value)) return [];
  const words = value.toFixed(2);
  const fits = textWidth(words, SIZE) < width - 1;
  const size = fits ? SIZE : Math.min(SIZE, width * 0.85, (height - 2) / (textWidth(words, 1) || 1));
  return [
    element('rect', { x, y, width: width - 0.5, height: height - 0.5, fill: gateColour(value) }),
    textAt(x + (width - 0.5) / 2, y + height / 2, words, {
      anchor: 'middle',
      size,
      fill: inkOn(value),
      turned: fits ? undefined : -90,
    }),
  ];
}
