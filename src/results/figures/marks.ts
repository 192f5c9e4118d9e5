import { element, type Markup } from '../markup.ts';

/** Dashes are given for lines of two pixels; those of a print are thinner. */
const DASH_SCALE = 0.6;

export const dashOf = (dash: string): string | undefined =>
  dash === ''
    ? undefined
    : dash
        .split(/[ ,]+/)
        .map((length) => (Number(length) * DASH_SCALE).toFixed(1))
        .join(' ');

const polygon = (corners: readonly (readonly [number, number])[]) => `M${corners.map(([x, y]) => `${x} ${y}`).join('L')}Z`;
const strokes = (lines: readonly (readonly [number, number, number, number])[]) =>
  lines.map(([x, y, toX, toY]) => `M${x} ${y}L${toX} ${toY}`).join('');

/** Outlines round 0, about 1 from it to their edge. */
const SHAPES = [
  { path: 'M-1 0A1 1 0 1 0 1 0A1 1 0 1 0 -1 0Z', closed: true },
  {
    path: polygon([
      [-0.9, -0.9],
      [0.9, -0.9],
      [0.9, 0.9],
      [-0.9, 0.9],
    ]),
    closed: true,
  },
  {
    path: polygon([
      [0, -1.2],
      [1.1, 0.8],
      [-1.1, 0.8],
    ]),
    closed: true,
  },
  {
    path: polygon([
      [0, -1.3],
      [1.3, 0],
      [0, 1.3],
      [-1.3, 0],
    ]),
    closed: true,
  },
  {
    path: polygon([
      [0, 1.2],
      [1.1, -0.8],
      [-1.1, -0.8],
    ]),
    closed: true,
  },
  {
    path: strokes([
      [-1, -1, 1, 1],
      [-1, 1, 1, -1],
    ]),
    closed: false,
  },
  {
    path: strokes([
      [-1.2, 0, 1.2, 0],
      [0, -1.2, 0, 1.2],
    ]),
    closed: false,
  },
  {
    path: strokes([
      [-1.2, 0, 1.2, 0],
      [-0.6, -1.1, 0.6, 1.1],
      [-0.6, 1.1, 0.6, -1.1],
    ]),
    closed: false,
  },
  { path: 'M-1.2 -1.1L1.2 1.1V-1.1L-1.2 1.1Z', closed: true },
] as const;
const CLOSED = SHAPES.filter(({ closed }) => closed);

/** Points from a marker's middle to its edge. */
export const MARKER = 2;

/** The marker of the i-th series: nine shapes, then the closed ones again, hollow. */
export function marker(i: number, x: number, y: number, colour: string, size = MARKER): Markup {
  const place = i % (SHAPES.length + CLOSED.length);
  const { path, closed } = place < SHAPES.length ? SHAPES[place] : CLOSED[place - SHAPES.length];
  const filled = closed && place < SHAPES.length;
  return element('path', {
    d: path,
    transform: `translate(${x.toFixed(2)} ${y.toFixed(2)}) scale(${size})`,
    fill: filled ? colour : closed ? '#ffffff' : 'none',
    stroke: filled ? '#ffffff' : colour,
    'stroke-width': filled ? 0.2 : 0.45,
  });
}

/** What the i-th series of bars is filled with, besides its colour: lines on a square of 4 points. */
const HATCHES = ['', 'M-1 1L1 -1M0 4L4 0M3 5L5 3', 'M0 2H4', 'M-1 3L1 5M0 0L4 4M3 -1L5 1', 'M2 0V4', 'M0 2H4M2 0V4'] as const;

/** A pattern to fill with; the first is the colour alone. */
export const hatch = (id: string, i: number, colour: string): Markup =>
  element(
    'pattern',
    { id, width: 4, height: 4, patternUnits: 'userSpaceOnUse' },
    element('rect', { width: 4, height: 4, fill: i % HATCHES.length === 0 ? colour : '#ffffff' }),
    i % HATCHES.length > 0 &&
      element('path', { d: HATCHES[i % HATCHES.length], stroke: colour, 'stroke-width': 1.1, fill: 'none' }),
  );

/** A line up and down, or left and right, with ends. */
export function errorBar(x: number, y: number, toX: number, toY: number): Markup {
  const end = 1.5;
  const upright = Math.abs(toX - x) < Math.abs(toY - y);
  const [dx, dy] = upright ? [end, 0] : [0, end];
  const points = [x, y, toX, toY, x - dx, y - dy, x + dx, y + dy, toX - dx, toY - dy, toX + dx, toY + dy].map((n) =>
    n.toFixed(2),
  );
  const [a, b, c, d, e, f, g, h, i, j, k, l] = points;
  return element('path', {
    d: `M${a} ${b}L${c} ${d}M${e} ${f}L${g} ${h}M${i} ${j}L${k} ${l}`,
    stroke: '#000000',
    'stroke-width': 0.6,
    fill: 'none',
  });
}
