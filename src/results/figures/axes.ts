import { type ScaleLinear, type ScaleLogarithmic, scaleLinear, scaleLog } from 'd3-scale';
import { element, type Markup } from '../markup.ts';
import type { Axis } from './figure.ts';
import { FONT, linesHeight, paragraph, textAt, textWidth, wrapped } from './text.ts';

export type Scale = ScaleLinear<number, number> | ScaleLogarithmic<number, number>;

/** Where the data stand, in points. */
export interface Plane {
  readonly left: number;
  readonly right: number;
  readonly top: number;
  readonly bottom: number;
}

interface Range {
  readonly from: number;
  readonly to: number;
}

/** About so many ticks an axis. */
const TICKS = 5;
const TICK = 2.5;
const GRID = '#dddddd';

/** A logarithm has no zero: then the axis is even, whatever was asked for. */
const isLogarithmic = ({ logarithmic }: Axis, values: readonly number[]): boolean =>
  logarithmic === true && values.every((value) => value > 0);

/** An axis that holds all values with some air, down to zero where that is near. */
export function airyScale(axis: Axis, values: readonly number[], { from, to }: Range): Scale {
  const known = values.filter(Number.isFinite);
  const [low, high] = known.length === 0 ? [0, 1] : [Math.min(...known), Math.max(...known)];
  if (isLogarithmic(axis, known))
    return scaleLog()
      .domain([low / 1.4, high * 1.4])
      .range([from, to]);
  const air = Math.max(0.06 * (high - low), 0.01 * Math.abs(high), 1e-6);
  const start = low >= 0 && low < 0.5 * high ? 0 : low - air;
  const scale = scaleLinear()
    .domain([start, high + air])
    .nice(TICKS)
    .range([from, to]);
  const [first, last] = scale.domain();
  // What is no more than 1 may be a share: nothing is there beyond it.
  return high <= 1 && last > 1 ? scale.domain([first, 1]) : scale;
}

/** An axis from the first value to the last, such as epochs. */
export function tightScale(axis: Axis, values: readonly number[], { from, to }: Range): Scale {
  const [low, high] = values.length === 0 ? [0, 1] : [Math.min(...values), Math.max(...values)];
  if (low === high) return airyScale(axis, values, { from, to });
  if (isLogarithmic(axis, values)) return scaleLog().domain([low, high]).range([from, to]);
  return scaleLinear().domain([low, high]).range([from, to]);
}

export interface Tick {
  readonly at: number;
  readonly label: string;
}

/** Round values and how they are written. @param whole numbers alone, such as epochs */
export function ticksOf(scale: Scale, whole = false): Tick[] {
  const largest = Math.max(...scale.domain().map(Math.abs));
  if ('base' in scale) {
    const [low, high] = scale.domain();
    const decades = Math.log10(high / low);
    const steps = decades > 2.5 ? [1] : decades > 1.2 ? [1, 3] : [1, 2, 5];
    const isRound = (value: number) => steps.includes(Math.round(value / 10 ** Math.floor(Math.log10(value) + 1e-9)));
    const all = scale.ticks();
    const round = all.filter(isRound);
    const write = scale.tickFormat(Number.POSITIVE_INFINITY, largest >= 1e4 ? '~s' : '~g');
    return (round.length < 2 ? all : round).map((value) => ({ at: scale(value), label: write(value) }));
  }
  const values = scale.ticks(TICKS).filter((value) => !whole || Number.isInteger(value));
  if (whole && largest < 1e4) return values.map((value) => ({ at: scale(value), label: String(value) }));
  const write = largest >= 1e4 ? scale.tickFormat(TICKS, '~s') : scale.tickFormat(TICKS);
  return values.map((value) => ({ at: scale(value), label: largest >= 1e4 ? write(value) : write(value).replaceAll(',', '') }));
}

/** What an upright axis takes at the left of the data. */
export const leftOf = (ticks: readonly Tick[], hasTitle: boolean): number =>
  Math.max(...ticks.map(({ label }) => textWidth(label)), 0) + TICK + 2 + (hasTitle ? FONT + 5 : 0);

/** The axis at the left, with a pale line for each tick and its title turned. */
export function leftAxis(axis: Axis, ticks: readonly Tick[], { left, right, top, bottom }: Plane): Markup[] {
  const title = wrapped(axis.title, bottom - top + 10, FONT, 1);
  return [
    ...ticks.map(({ at }) =>
      element('path', { d: `M${left} ${at.toFixed(2)}H${right.toFixed(2)}`, stroke: GRID, 'stroke-width': 0.4 }),
    ),
    element('path', { d: `M${left} ${top}V${bottom}`, stroke: '#000000', 'stroke-width': 0.6 }),
    ...ticks.map(({ at }) =>
      element('path', { d: `M${left - TICK} ${at.toFixed(2)}H${left}`, stroke: '#000000', 'stroke-width': 0.6 }),
    ),
    ...ticks.map(({ at, label }) => textAt(left - TICK - 2, at, label, { anchor: 'end' })),
    ...title.map((line) => textAt(FONT / 2, (top + bottom) / 2, line, { anchor: 'middle', turned: -90 })),
  ];
}

/** What the lower axis takes below the data. */
export const belowOf = (axis: Axis, width: number): number =>
  TICK + 1 + FONT * 1.2 + linesHeight(wrapped(axis.title, width, FONT, 2)) + 2;

/** The axis below, its title in the middle. @param grid an upright pale line for each tick */
export function lowerAxis(axis: Axis, ticks: readonly Tick[], { left, right, top, bottom }: Plane, grid = false): Markup[] {
  const below = bottom + TICK + 1;
  const title = wrapped(axis.title, right - left, FONT, 2);
  return [
    ...(grid ? ticks : []).map(({ at }) =>
      element('path', { d: `M${at.toFixed(2)} ${top}V${bottom}`, stroke: GRID, 'stroke-width': 0.4 }),
    ),
    element('path', { d: `M${left} ${bottom}H${right}`, stroke: '#000000', 'stroke-width': 0.6 }),
    ...ticks.map(({ at }) =>
      element('path', { d: `M${at.toFixed(2)} ${bottom}V${bottom + TICK}`, stroke: '#000000', 'stroke-width': 0.6 }),
    ),
    ...thinned(ticks).map(({ at, label }) => textAt(at, below + FONT * 0.6, label, { anchor: 'middle' })),
    ...paragraph((left + right) / 2, below + FONT * 1.2, title, { anchor: 'middle' }),
  ];
}

/** Ticks whose words do not run into each other. */
function thinned(ticks: readonly Tick[]): Tick[] {
  const kept: Tick[] = [];
  for (const tick of ticks) {
    const last = kept.at(-1);
    if (last === undefined || tick.at - last.at > (textWidth(tick.label) + textWidth(last.label)) / 2 + 3) kept.push(tick);
  }
  return kept;
}
