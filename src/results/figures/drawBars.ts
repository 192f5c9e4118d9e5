import { element, type Markup } from '../markup.ts';
import { airyScale, belowOf, leftAxis, leftOf, lowerAxis, ticksOf } from './axes.ts';
import type { BarFigure } from './figure.ts';
import { type Drawn, legend, SAMPLE } from './legend.ts';
import { errorBar, hatch } from './marks.ts';

/** Groups of bars from zero, hatched, with error bars; named below. @param prefix of the patterns' ids, once in a document */
export function drawBars({ x, y, groups, series }: BarFigure, width: number, prefix: string): Drawn {
  const idOf = (i: number) => `${prefix}-hatch-${i}`;
  const plot = { top: 4, bottom: 4 + width * 0.56 };
  const ends = series.flatMap(({ values }) =>
    values.flatMap(({ y: value, error = 0 }) => (Number.isFinite(value) ? [value + error, value - error] : [])),
  );
  const yScale = airyScale(y, [0, ...ends], { from: plot.bottom, to: plot.top });
  const yTicks = ticksOf(yScale);
  const left = leftOf(yTicks, y.title !== '');
  const plane = { ...plot, left, right: width - 4 };
  const pace = (plane.right - left) / Math.max(1, groups.length);
  const bar = (0.84 * pace) / Math.max(1, series.length);
  const below = belowOf(x, plane.right - left);
  const names = legend(
    series.map(({ label, colour }, i) => ({
      label,
      sample: (from, at) => [
        element('rect', { x: from + 4, y: at - 3, width: SAMPLE - 8, height: 6, ...filled(idOf(i), colour) }),
      ],
    })),
    width,
  );
  return {
    markup: [
      element(
        'defs',
        {},
        series.map(({ colour }, i) => hatch(idOf(i), i, colour)),
      ),
      ...leftAxis(y, yTicks, plane),
      ...series.flatMap(({ values, colour }, i) =>
        values.flatMap(({ y: value, error = 0 }, group): Markup[] => {
          if (!Number.isFinite(value)) return [];
          const from = left + (group + 0.08) * pace + i * bar;
          const [top, bottom] = [yScale(Math.max(0, value)), yScale(Math.min(0, value))];
          const middle = from + bar / 2;
          return [
            element('rect', { x: from, y: top, width: bar, height: bottom - top, ...filled(idOf(i), colour) }),
            ...(error > 0 ? [errorBar(middle, yScale(value - error), middle, yScale(value + error))] : []),
          ];
        }),
      ),
      ...lowerAxis(
        x,
        groups.map((label, group) => ({ at: left + (group + 0.5) * pace, label })),
        plane,
      ),
      element('g', { transform: `translate(0 ${(plot.bottom + below).toFixed(2)})` }, names.markup),
    ],
    height: plot.bottom + below + names.height,
  };
}

const filled = (id: string, colour: string) => ({ fill: `url(#${id})`, stroke: colour, 'stroke-width': 0.6 });
