import { element, type Markup } from '../markup.ts';
import { airyScale, belowOf, lowerAxis, ticksOf } from './axes.ts';
import type { DotFigure } from './figure.ts';
import type { Drawn } from './legend.ts';
import { errorBar } from './marks.ts';
import { FONT, shortened, textAt, textWidth } from './text.ts';

const ROW = 12;
/** Rows' names take no more than this part of the width. */
const NAMES = 0.4;

/** A row each: its mean with its spread, and behind it what the mean is of. The names stand beside them. */
export function drawDots({ x, rows }: DotFigure, width: number): Drawn {
  const room = NAMES * width;
  const left = Math.min(room, Math.max(...rows.map(({ label }) => textWidth(label)), 0)) + 5;
  const plane = { left, right: width - 8, top: 2, bottom: 2 + rows.length * ROW };
  const values = rows.flatMap(({ value, error = 0, each }) => [value - error, value + error, ...each]).filter(Number.isFinite);
  const scale = airyScale(x, values, { from: left + 2, to: plane.right });
  return {
    markup: [
      ...lowerAxis(x, ticksOf(scale), plane, true),
      ...rows.flatMap(({ label, colour, value, error = 0, each }, r): Markup[] => {
        const middle = plane.top + (r + 0.4) * ROW;
        return [
          textAt(left - 4, middle, shortened(label, room), { anchor: 'end' }),
          ...(Number.isFinite(value)
            ? [
                ...each.map((one) =>
                  element('circle', {
                    cx: scale(one),
                    cy: middle + 3.4,
                    r: 1.1,
                    fill: 'none',
                    stroke: '#777777',
                    'stroke-width': 0.5,
                  }),
                ),
                ...(error > 0 ? [errorBar(scale(value - error), middle, scale(value + error), middle)] : []),
                element('circle', { cx: scale(value), cy: middle, r: 2.2, fill: colour, stroke: '#ffffff', 'stroke-width': 0.4 }),
              ]
            : []),
        ];
      }),
    ],
    height: plane.bottom + belowOf(x, plane.right - left) + FONT * 0.2,
  };
}
