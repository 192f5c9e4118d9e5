import type { BandPoint, Point } from '../../../charts/lines.ts';
import { overSeeds } from '../../../engine/evaluation/significance.ts';

/**
 * The mean of the curves of some seeds, with a band of one standard deviation on either side; up to the last epoch that all of them
 * reached, since a mean over fewer would jump where a seed ends. With one curve there is no band.
 */
export function meanCurve(curves: readonly (readonly Point[])[]): BandPoint[] {
  const [first, ...others] = curves;
  if (first === undefined) return [];
  const values = others.map((points) => new Map(points.map(({ x, y }) => [x, y])));
  return first.flatMap(({ x, y }) => {
    const known = values.map((at) => at.get(x)).filter((value) => value !== undefined);
    if (known.length < others.length) return [];
    const { value, deviation } = overSeeds([y, ...known]);
    return [others.length === 0 ? { x, y } : { x, y: value, low: value - deviation, high: value + deviation }];
  });
}
