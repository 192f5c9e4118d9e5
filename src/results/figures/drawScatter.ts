import { element, type Markup } from '../markup.ts';
import { airyScale, belowOf, leftAxis, leftOf, lowerAxis, ticksOf } from './axes.ts';
import type { ScatterFigure } from './figure.ts';
import { type Drawn, legend, SAMPLE } from './legend.ts';
import { errorBar, MARKER, marker } from './marks.ts';
import { FONT, textAt, textWidth } from './text.ts';

const LABEL = 6;

/** Points with error bars, series by marker, named below. */
export function drawScatter({ x, y, series }: ScatterFigure, width: number): Drawn {
  const drawn = series.map((one) => ({
    ...one,
    points: one.points.filter((point) => Number.isFinite(point.x) && Number.isFinite(point.y)),
  }));
  const points = drawn.flatMap((one) => one.points);
  const plot = { top: 4, bottom: 4 + width * 0.62 };
  const ends = points.flatMap((point) => [point.y - (point.error ?? 0), point.y + (point.error ?? 0)]);
  const yScale = airyScale(y, ends, { from: plot.bottom, to: plot.top });
  const yTicks = ticksOf(yScale);
  const left = leftOf(yTicks, y.title !== '');
  const plane = { ...plot, left, right: width - 8 };
  const xs = points.map((point) => point.x);
  const xScale = airyScale(x, xs, { from: left, to: plane.right });
  const below = belowOf(x, plane.right - left);
  const places = drawn.flatMap((one) => one.points.map((point) => ({ point, at: [xScale(point.x), yScale(point.y)] as const })));
  const names = legend(
    drawn.map(({ label, colour }, i) => ({ label, sample: (from, at) => [marker(i, from + SAMPLE / 2, at, colour, 2.4)] })),
    width,
  );
  return {
    markup: [
      ...leftAxis(y, yTicks, plane),
      ...lowerAxis(x, ticksOf(xScale, xs.every(Number.isInteger)), plane, true),
      ...places.flatMap(({ point: { x: at, y: value, error = 0 } }) =>
        error > 0 ? [errorBar(xScale(at), yScale(value - error), xScale(at), yScale(value + error))] : [],
      ),
      ...drawn.flatMap(({ points: own, colour }, i) =>
        own.map((point) => marker(i, xScale(point.x), yScale(point.y), colour, 2.4)),
      ),
      ...labelled(
        places.map(({ point: { label = '' }, at }) => ({ label, at })),
        plane,
      ),
      element('g', { transform: `translate(0 ${(plot.bottom + below).toFixed(2)})` }, names.markup),
    ],
    height: plot.bottom + below + names.height,
  };
}

interface Box {
  readonly left: number;
  readonly right: number;
  readonly top: number;
  readonly bottom: number;
}

const overlap = (a: Box, b: Box): boolean => a.left < b.right && b.left < a.right && a.top < b.bottom && b.top < a.bottom;

/** A word beside each point where there is room for it; a point without room goes without, since the legend names it too. */
function labelled(points: readonly { readonly label: string; readonly at: readonly [number, number] }[], plane: Box): Markup[] {
  const gap = MARKER + 2;
  const taken: Box[] = points.map(({ at: [x, y] }) => ({ left: x - 2, right: x + 2, top: y - 2, bottom: y + 2 }));
  return points.flatMap(({ label, at: [x, y] }) => {
    if (label === '') return [];
    const wide = textWidth(label, LABEL);
    const lefts = [
      [x + gap, y],
      [x - gap - wide, y],
      [x - wide / 2, y - gap - LABEL / 2],
      [x - wide / 2, y + gap + LABEL / 2],
    ] as const;
    const boxes = lefts.map(([left, middle]) => ({
      left,
      right: left + wide,
      top: middle - LABEL / 2,
      bottom: middle + LABEL / 2,
    }));
    const free = boxes.find(
      (box) =>
        box.left >= plane.left &&
        box.right <= plane.right + FONT &&
        box.top >= 0 &&
        box.bottom <= plane.bottom &&
        !taken.some((other) => overlap(box, other)),
    );
    if (free === undefined) return [];
    taken.push(free);
    return [textAt(free.left, (free.top + free.bottom) / 2, label, { size: LABEL })];
  });
}
