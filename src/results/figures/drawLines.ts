import { element, type Markup } from '../markup.ts';
import { airyScale, belowOf, leftAxis, leftOf, lowerAxis, type Scale, ticksOf, tightScale } from './axes.ts';
import type { LineFigure } from './figure.ts';
import { type Drawn, type LegendItem, legend, SAMPLE } from './legend.ts';
import { dashOf, MARKER, marker } from './marks.ts';

type Line = LineFigure['lines'][number];
type Points = Line['points'];

/** More cannot be seen in a print. */
const MOST_POINTS = 300;
const MARKERS = 6;
const LINE = 1.1;
/** Level lines are told apart by their dashes. */
const LEVEL_DASHES = ['1 2', '5 2', '3 1.5 1 1.5', '8 3'] as const;
const LEVEL = '#444444';

/** Lines with bands, markers and level lines, named below. */
export function drawLines({ x, y, lines, levels }: LineFigure, width: number): Drawn {
  const thin = lines.map((line) => ({ ...line, points: downsampled(line.points.filter(isKnown), line.marked) }));
  const drawn = thin.filter(({ points }) => points.length > 0);
  const xs = drawn.flatMap(({ points }) => points.map((point) => point.x));
  const values = drawn.flatMap(({ points }) => points.flatMap((point) => [point.y, point.low ?? point.y, point.high ?? point.y]));
  const plot = { top: 4, bottom: 4 + width * 0.56 };
  const yScale = airyScale(y, [...values, ...levels.map((level) => level.y)], { from: plot.bottom, to: plot.top });
  const yTicks = ticksOf(yScale);
  const left = leftOf(yTicks, y.title !== '');
  const plane = { ...plot, left, right: width - 5 };
  const xScale = tightScale(x, xs, { from: left + 4, to: plane.right - 4 });
  const below = belowOf(x, plane.right - left);
  const names = legend(
    [
      ...drawn.map(
        ({ label, colour, dash }, i): LegendItem => ({
          label,
          sample: (from, at) => [
            stroke(`M${from} ${at.toFixed(2)}h${SAMPLE}`, colour, dash),
            marker(i, from + SAMPLE / 2, at, colour),
          ],
        }),
      ),
      ...levels.map(
        ({ label }, i): LegendItem => ({
          label,
          sample: (from, at) => [levelLine(`M${from} ${at.toFixed(2)}h${SAMPLE}`, i)],
        }),
      ),
    ],
    width,
  );
  return {
    markup: [
      ...leftAxis(y, yTicks, plane),
      ...lowerAxis(x, ticksOf(xScale, xs.every(Number.isInteger)), plane),
      ...drawn.flatMap(({ points, colour }) => band(points, colour, xScale, yScale)),
      ...levels.map((level, i) => levelLine(`M${plane.left} ${yScale(level.y).toFixed(2)}H${plane.right}`, i)),
      ...drawn.map(({ points, colour, dash }) => stroke(pathOf(points, xScale, yScale), colour, dash)),
      ...drawn.flatMap((line, i) => markersOf(line, i, xScale, yScale)),
      element('g', { transform: `translate(0 ${(plot.bottom + below).toFixed(2)})` }, names.markup),
    ],
    height: plot.bottom + below + names.height,
  };
}

const isKnown = (point: Points[number]): boolean => Number.isFinite(point.x) && Number.isFinite(point.y);

/** At most some hundred points: every k-th, the last, and the one that is marked. */
function downsampled(points: Points, marked: number | undefined): Points {
  const step = Math.ceil(points.length / MOST_POINTS);
  return step <= 1 ? points : points.filter(({ x }, i) => i % step === 0 || i === points.length - 1 || x === marked);
}

const stroke = (d: string, colour: string, dash: string): Markup =>
  element('path', {
    d,
    stroke: colour,
    'stroke-width': LINE,
    'stroke-dasharray': dashOf(dash),
    'stroke-linejoin': 'round',
    fill: 'none',
  });

const levelLine = (d: string, i: number): Markup =>
  element('path', {
    d,
    stroke: LEVEL,
    'stroke-width': 0.8,
    'stroke-dasharray': LEVEL_DASHES[i % LEVEL_DASHES.length],
    fill: 'none',
  });

const pathOf = (points: Points, x: Scale, y: Scale): string =>
  `M${points.map((point) => `${x(point.x).toFixed(2)} ${y(point.y).toFixed(2)}`).join('L')}`;

/** The spread behind a line, of the points that have one. */
function band(points: Points, colour: string, x: Scale, y: Scale): Markup[] {
  const spread = points.flatMap(({ x: at, low, high }) =>
    low !== undefined && high !== undefined && Number.isFinite(low + high) ? [{ at, low, high }] : [],
  );
  if (spread.length < 2 || spread.every(({ low, high }) => low === high)) return [];
  const upper = spread.map(({ at, high }) => `${x(at).toFixed(2)} ${y(high).toFixed(2)}`);
  const lower = spread.toReversed().map(({ at, low }) => `${x(at).toFixed(2)} ${y(low).toFixed(2)}`);
  return [element('path', { d: `M${[...upper, ...lower].join('L')}Z`, fill: colour, 'fill-opacity': '0.14' })];
}

/** Some of the points; those of different lines at different places, so that they do not hide each other. The marked one has a ring. */
function markersOf({ points, colour, marked }: Line, i: number, x: Scale, y: Scale): Markup[] {
  const step = Math.max(1, Math.ceil(points.length / MARKERS));
  const shown = points.filter((point, at) => at % step === (2 * i) % step || point.x === marked);
  return shown.flatMap((point) => [
    ...(point.x === marked
      ? [
          element('circle', {
            cx: x(point.x),
            cy: y(point.y),
            r: MARKER * 1.9,
            fill: 'none',
            stroke: colour,
            'stroke-width': 0.8,
          }),
        ]
      : []),
    marker(i, x(point.x), y(point.y), colour),
  ]);
}
