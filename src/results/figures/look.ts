import { describeMethod } from '../../configuration/methods.ts';
import type { Look } from './figure.ts';
import type { SeedGroup } from './groups.ts';

/** A colour as it is printed: of two, the one for a light page; of what only a page knows, black. */
export function printColour(colour: string): string {
  const [hex] = /#[0-9a-f]{6}/i.exec(colour) ?? ['#000000'];
  return hex;
}

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
  colour: COLOURS[i % COLOURS.length],
  dash: DASHES[i % DASHES.length],
});
