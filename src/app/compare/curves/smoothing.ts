import type { BandPoint } from '../../../charts/lines.ts';

/**
 * Exponential smoothing without the pull towards zero that the first values would feel:
 * m_t = β m_{t−1} + (1 − β) x_t with m_0 = 0, divided by 1 − β^t. With β 0 the values are as they were.
 *
 * @param beta from 0 to below 1
 */
export function smoothed(values: readonly number[], beta: number): number[] {
  let mean = 0;
  let missing = 1;
  return values.map((value) => {
    mean = beta * mean + (1 - beta) * value;
    missing *= beta;
    return mean / (1 - missing);
  });
}

/** The same of a curve; a band is smoothed with it. */
export function smoothedCurve(points: readonly BandPoint[], beta: number): BandPoint[] {
  const [ys, lows, highs] = [
    points.map(({ y }) => y),
    points.map(({ y, low = y }) => low),
    points.map(({ y, high = y }) => high),
  ].map((values) => smoothed(values, beta));
  return points.map(({ x, low }, i) => (low === undefined ? { x, y: ys[i] } : { x, y: ys[i], low: lows[i], high: highs[i] }));
}
