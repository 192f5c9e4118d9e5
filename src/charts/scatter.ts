import { scaleLinear, scaleLog } from 'd3-scale';
import { niceDomain } from './lines.ts';

interface ScatterPoint {
  readonly key: string;
  readonly x: number;
  readonly y: number;
  /** Half the length of the bar through it; null for none. */
  readonly error: number | null;
  /** What it is of. */
  readonly label: string;
}

/** Points that look alike. */
export interface ScatterSeries {
  readonly key: string;
  readonly label: string;
  readonly colour: string;
  /** Which of the markers: see `markerOf`. */
  readonly marker: number;
  readonly points: readonly ScatterPoint[];
}

/** From this many times the smallest value on, an axis of positive values is logarithmic. */
const LOGARITHMIC_FROM = 20;

export const isLogarithmic = (values: readonly number[]): boolean => {
  const low = Math.min(...values);
  return values.length > 0 && low > 0 && Math.max(...values) >= LOGARITHMIC_FROM * low;
};

/** From values to pixels, with the values that are named on the axis. */
export interface ScatterAxis {
  readonly logarithmic: boolean;
  readonly at: (value: number) => number;
  readonly ticks: readonly number[];
}

/** @param from pixels of the smallest values, `to` of the largest */
export function scatterAxis(values: readonly number[], from: number, to: number, ticks: number): ScatterAxis {
  if (isLogarithmic(values)) {
    const scale = scaleLog()
      .domain([Math.min(...values) / 1.3, Math.max(...values) * 1.3])
      .range([from, to]);
    const all = scale.ticks(ticks);
    // Powers of ten where there are enough of them: the ticks between crowd each other.
    const powers = all.filter((tick) => Number.isInteger(Math.log10(tick)));
    const kept = powers.length >= 2 ? powers : all.filter((_, i) => i % Math.ceil(all.length / ticks) === 0);
    return { logarithmic: true, at: scale, ticks: kept };
  }
  const scale = scaleLinear().domain(niceDomain(values)).range([from, to]);
  return { logarithmic: false, at: scale, ticks: scale.ticks(ticks) };
}

/** Marker shapes around (0, 0), as SVG paths about 8 pixels wide, each filled or hollow. */
const SHAPES = [
  'M-4,0a4,4 0 1,0 8,0a4,4 0 1,0 -8,0',
  'M-4,-4h8v8h-8z',
  'M0,-5L5,4H-5z',
  'M0,-5.5L5.5,0L0,5.5L-5.5,0z',
  'M0,5L5,-4H-5z',
  'M-1.5,-5h3v3.5h3.5v3h-3.5v3.5h-3v-3.5h-3.5v-3h3.5z',
];

export interface Marker {
  readonly path: string;
  readonly filled: boolean;
}

/** The i-th marker: another shape each, then the same ones hollow. */
export const markerOf = (i: number): Marker => ({
  path: SHAPES[i % SHAPES.length],
  filled: Math.floor(i / SHAPES.length) % 2 === 0,
});
