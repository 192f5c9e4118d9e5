import type { Point } from '../../../charts/lines.ts';

/**
 * Exponential smoothing without the pull towards zero that the first points would feel:
 * m_t = β m_{t−1} + (1 − β) x_t with m_0 = 0, divided by 1 − β^t. With β 0 the points are as they were.
 *
 * @param beta from 0 to below 1
 */
export function smoothed(points: readonly Point[], beta: number): Point[] {
  let mean = 0;
  let missing = 1;
  return points.map(({ x, y }) => {
    mean = beta * mean + (1 - beta) * y;
    missing *= beta;
    return { x, y: mean / (1 - missing) };
  });
}
