import { type Metrics, metricOf, type Protocol } from '../../engine/evaluation/metrics.ts';
import { withError } from '../format.ts';

/** A metric's name as pages write it. */
export const metricLabel = (name: string): string => (name === 'macroF1' ? 'macro F1' : name);

/** A metric with its standard error, as text. */
export function measuredText(metrics: Metrics, name: string, protocol: Protocol = 'sampled'): string {
  const measured = metricOf(metrics, name, protocol);
  return measured === undefined ? 'not measured' : withError(measured.value, measured.error);
}

/** The value of a metric alone; not a number where it was not measured, which charts leave out. */
export const metricValue = (metrics: Metrics, name: string, protocol: Protocol = 'sampled'): number =>
  metricOf(metrics, name, protocol)?.value ?? Number.NaN;
