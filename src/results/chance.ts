import { INSTANCE_VALUES } from '../engine/evaluation/metrics.ts';

/**
 * What a random ranking, or a random class, gets on average; null where that depends on how frequent the classes are.
 *
 * @param candidates how many a target is ranked among, the target included; the classes of a profile task
 */
export function chanceOf(metric: string, candidates: number): number | null {
  if (metric === 'accuracy') return 1 / candidates;
  const [kind, cutoff] = metric.split('@');
  const gain = INSTANCE_VALUES[kind];
  if (gain === undefined) return null;
  const ranks = Array.from({ length: Math.min(Number(cutoff), candidates) }, (_, i) => i + 1);
  return ranks.reduce((sum, rank) => sum + gain(rank), 0) / candidates;
}
