import { scaleLinear } from 'd3-scale';

/** About so many lines across a chart. */
export const TICKS = 5;

export interface Point {
  readonly x: number;
  readonly y: number;
}

/** A point with the ends of a band around it, where there is one. */
export interface BandPoint extends Point {
  readonly low?: number;
  readonly high?: number;
}

export interface Series {
  readonly key: string;
  readonly label: string;
  readonly colour: string;
  readonly dash: string;
  readonly points: readonly BandPoint[];
  /** Behind the others, thin and without a name: what a smoothed line was before. */
  readonly faint?: boolean;
  /** The x of a point that is marked, such as the best epoch. */
  readonly marked?: number;
}

export interface LineChartProps {
  readonly title: string;
  readonly xLabel: string;
  readonly yLabel: string;
  readonly series: readonly Series[];
  readonly references?: readonly { readonly label: string; readonly y: number }[];
  readonly height?: number;
  readonly digits?: number;
}

const MOST_POINTS = 300;

/** At most some hundred points: every k-th, and always the last, and the one that is marked. */
export function downsample<P extends Point>(points: readonly P[], marked?: number): readonly P[] {
  const step = Math.ceil(points.length / MOST_POINTS);
  return step <= 1 ? points : points.filter(({ x }, i) => i % step === 0 || i === points.length - 1 || x === marked);
}

/** Reference values as level lines over the range of `series`, so that they are named like any line. */
export function levels(references: NonNullable<LineChartProps['references']>, series: readonly Series[]): Series[] {
  const xs = series.flatMap(({ points }) => points.map(({ x }) => x));
  if (xs.length === 0) return [];
  const ends = Array.from(new Set([Math.min(...xs), Math.max(...xs)]));
  return references.map(({ label, y }) => ({
    key: `level ${label}`,
    label,
    colour: 'var(--mantine-color-dimmed)',
    dash: '2 4',
    points: ends.map((x) => ({ x, y })),
  }));
}

/** A row of what Recharts draws: `x`, and of each series its value and, where it has one, its band. */
export type MergedRow = { readonly x: number } & Readonly<Record<string, number | readonly [number, number]>>;

/** The column of a series' band. */
export const bandKey = (key: string): string => `${key} band`;

/** One row an x, with a column a series, and one a band. */
export function merge(series: readonly Series[]): MergedRow[] {
  const rows = new Map<number, MergedRow>();
  for (const { key, points } of series) {
    for (const { x, y, low, high } of points) {
      const band = low === undefined || high === undefined ? {} : { [bandKey(key)]: [low, high] as const };
      rows.set(x, { ...rows.get(x), x, [key]: y, ...band });
    }
  }
  return Array.from(rows.values()).sort((a, b) => a.x - b.x);
}

/** All heights that a chart has to hold, bands included. */
export const heights = (series: readonly Series[]): number[] =>
  series.flatMap(({ points }) => points.flatMap(({ y, low = y, high = y }) => [y, low, high]));

/** A range that holds all values with some air, down to zero if that is near. */
export function niceDomain(values: readonly number[]): [number, number] {
  if (values.length === 0) return [0, 1];
  const low = Math.min(...values);
  const high = Math.max(...values);
  const air = Math.max(0.05 * (high - low), 0.01 * Math.abs(high), 1e-6);
  const [from, to] = scaleLinear()
    .domain([low >= 0 && low < 0.6 * high ? 0 : low - air, high + air])
    .nice(TICKS)
    .domain();
  // Of shares there are no more than 1.
  return [from, high <= 1 ? Math.min(1, to) : to];
}

/** Pixels that one line of a label takes. */
export const LABEL_HEIGHT = 14;
/** Letters that fit beside a chart. */
const LABEL_LETTERS = 19;
/** What the axis and margins take of a chart's height. */
const TOP = 8;
const BOTTOM = 48;

/** A name in lines that fit beside a chart, broken after its commas and between words. */
export function labelLines(label: string): string[] {
  const lines: string[] = [];
  for (const word of label.split(' ')) {
    const line = lines.at(-1);
    if (line === undefined || line.endsWith(',') || line.length + word.length >= LABEL_LETTERS) lines.push(word);
    else lines[lines.length - 1] = `${line} ${word}`;
  }
  return lines;
}

/**
 * Where the first line of each series' name stands beside its last point: `index` of that point among the merged rows, and a height in
 * pixels, pushed apart so that no two names overlap.
 *
 * @param rows the x of each merged row, where other lines are drawn too
 */
export function placeLabels(
  series: readonly Series[],
  low: number,
  high: number,
  height: number,
  rows: readonly number[] = merge(series).map(({ x }) => x),
): Map<string, { index: number; y: number }> {
  const pixels = (y: number) => TOP + ((high - y) / (high - low)) * (height - TOP - BOTTOM);
  const wanted = series
    .map(({ key, label, points }) => ({
      key,
      x: points[points.length - 1].x,
      y: pixels(points[points.length - 1].y),
      tall: LABEL_HEIGHT * labelLines(label).length,
    }))
    .sort((a, b) => a.y - b.y);
  let free = Number.NEGATIVE_INFINITY;
  const placed = wanted.map(({ key, x, y, tall }) => {
    const at = Math.max(y, free);
    free = at + tall;
    return { key, index: rows.indexOf(x), y: at, tall };
  });
  // What was pushed below the axis moves up again, and the names above it with it.
  let lowest = height - BOTTOM + LABEL_HEIGHT;
  const raised = placed.toReversed().map(({ key, index, y, tall }) => {
    const at = Math.min(y, lowest - tall);
    lowest = at;
    return [key, { index, y: at }] as const;
  });
  return new Map(raised);
}
