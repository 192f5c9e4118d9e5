import type { LineChartProps } from '../../charts/lines.ts';
import type { LineFigure } from '../../results/figures/figure.ts';
import { printColour } from '../../results/figures/look.ts';

/** A line chart of the page as a figure that is printed. */
export const curveFigure = ({ title, xLabel, yLabel, series, references = [] }: LineChartProps): LineFigure => ({
  kind: 'lines',
  id: title,
  title,
  x: { title: xLabel },
  y: { title: yLabel },
  lines: series
    .filter(({ points, faint }) => points.length > 0 && !faint)
    .map(({ colour, ...line }) => ({ ...line, colour: printColour(colour) })),
  levels: references,
  notes: [],
});
