import { gateColour } from '../../configuration/gateColour.ts';
import { element, type Markup } from '../markup.ts';
import { textAt, textWidth } from './text.ts';

const LEGEND = { width: 80, height: 6, steps: 24 } as const;
/** Points that it is high. */
export const SCALE_HEIGHT = LEGEND.height;

/** The scale with both of its ends named. */
export function scaleLegend([none, all]: readonly [string, string], left: number, top: number, width: number): Markup[] {
  const step = LEGEND.width / LEGEND.steps;
  const words = [`0 ${none}`, `1 ${all}`] as const;
  const before = textWidth(words[0]) + 4;
  const total = before + LEGEND.width + 4 + textWidth(words[1]);
  const start = Math.max(0, Math.min(left, width - total));
  const middle = top + LEGEND.height / 2;
  return [
    textAt(start, middle, words[0]),
    ...Array.from({ length: LEGEND.steps }, (_, i) =>
      element('rect', {
        x: start + before + i * step,
        y: top,
        width: step,
        height: LEGEND.height,
        fill: gateColour((i + 0.5) / LEGEND.steps),
        // Without seams.
        'shape-rendering': 'crispEdges',
      }),
    ),
    textAt(start + before + LEGEND.width + 4, middle, words[1]),
  ];
}
