import { count } from '../../format.ts';

/** How much less or more there is. What changed never reads as if it had not, nor what is left as if it were gone. */
export function change(before: number, after: number): string {
  if (before === after) return '';
  if (before === 0) return `+${count(after)}`;
  const size = (100 * Math.abs(after - before)) / before;
  const isNearlyAll = after > 0 && after < before && size > 99.5;
  const written = isNearlyAll ? Math.min(99.9, size).toFixed(1) : size < 10 ? Math.max(0.1, size).toFixed(1) : size.toFixed(0);
  return `${after < before ? '−' : '+'}${written} %`;
}
