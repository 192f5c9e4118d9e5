import { describeMethod } from '../../configuration/methods.ts';
import type { Look } from './figure.ts';
import type { SeedGroup } from './groups.ts';

/** Relative luminance (WCAG 2) up to which a line has a contrast of 3 : 1 on white. */
const LIGHTEST = 0.3;
const SHARES = [0.2126, 0.7152, 0.0722] as const;

/** A colour as it is printed: of two, the one for a light page; of what only a page knows, black. Too light ones are made darker. */
export function printColour(colour: string): string {
  const [hex] = /#[0-9a-f]{6}/i.exec(colour) ?? ['#000000'];
  const light = [1, 3, 5].map((at) => Number.parseInt(hex.slice(at, at + 2), 16) / 255).map(linear);
  const luminance = light.reduce((sum, channel, i) => sum + SHARES[i] * channel, 0);
  if (luminance <= LIGHTEST) return hex;
  const darker = light.map((channel) => Math.floor(255 * gamma((channel * LIGHTEST) / luminance)));
  return `#${darker.map((channel) => channel.toString(16).padStart(2, '0')).join('')}`;
}

/** sRGB's transfer function and its contrary. */
const linear = (channel: number): number => (channel <= 0.04045 ? channel / 12.92 : ((channel + 0.055) / 1.055) ** 2.4);
const gamma = (channel: number): number => (channel <= 0.0031308 ? 12.92 * channel : 1.055 * channel ** (1 / 2.4) - 0.055);

/** How the runs of a method look in print; of several of them each has another dash. */
export function groupLook({ method, label, before }: SeedGroup): Look {
  const { colour, dash } = describeMethod(method);
  const lengths = dash === '' ? [12, 3] : dash.split(' ').map(Number);
  return {
    label,
    colour: printColour(colour),
    dash: before === 0 ? dash : lengths.map((length) => length * (before + 1)).join(' '),
  };
}

/** Okabe and Ito's colours, for what has none of its own. */
const COLOURS = ['#0072b2', '#d55e00', '#009e73', '#cc79a7', '#e69f00', '#56b4e9', '#000000'] as const;
const DASHES = ['', '6 2', '2 2', '8 2 2 2', '1 3', '4 2', '10 3'] as const;

/** How the i-th of some things looks that are no methods. */
export const plainLook = (i: number, label: string): Look => ({
  label,
  colour: printColour(COLOURS[i % COLOURS.length]),
  // After all colours other pairs.
  dash: DASHES[(i + Math.floor(i / COLOURS.length)) % DASHES.length],
});
