import type { Measured } from '../../../engine/evaluation/metrics.ts';
import { digitsFor } from '../../format.ts';

/** One epoch of a curve: a validation metric beside the training loss. */
export interface CourseEpoch {
  readonly epoch: number;
  readonly validation: Measured;
  readonly loss: number;
}

/**
 * Over-fitting in words (Fig. 4): where the validation metric was highest, what it lost until the end, and what the training loss did
 * meanwhile. Null where there are fewer than two epochs.
 */
export function peakWords(epochs: readonly CourseEpoch[]): string | null {
  if (epochs.length < 2) return null;
  const peak = epochs.reduce((best, one) => (one.validation.value > best.validation.value ? one : best));
  const last = epochs[epochs.length - 1];
  const digits = digitsFor(peak.validation.error);
  const height = `${peak.validation.value.toFixed(digits)} ± ${peak.validation.error.toFixed(digits)}`;
  if (peak.epoch === last.epoch) return `highest at its last epoch, ${last.epoch} (${height}): it may not have been done.`;
  const fall = peak.validation.value - last.validation.value;
  const isSmall = fall < peak.validation.error;
  const fell = `fell by ${fall.toFixed(digits)} until the end (epoch ${last.epoch})${isSmall ? ', less than one standard error' : ''}`;
  return `peaked at epoch ${peak.epoch} (${height}), ${fell}, while the training loss went from ${peak.loss.toFixed(3)} to ${last.loss.toFixed(3)}.`;
}
