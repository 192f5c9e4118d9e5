import type { PreparationSettings } from '../data/dataset.ts';
import { ImportError } from '../data/errors.ts';
import type { Reading } from '../data/events.ts';
import { NO_FILTERS } from '../data/prepare.ts';
import type { Steps } from '../data/steps.ts';
import { type DatasetSummary, summarise } from '../data/summary.ts';
import { clockOf } from '../data/times.ts';
import type { FilterEffect } from './protocol.ts';

/** What follows from what was read. */
type Effect = Omit<FilterEffect, 'leftOut'>;

/** What is known of a reading before any filter: asked for with each of them, and always the same. */
const known = new WeakMap<Reading, Pick<Effect, 'before' | 'span'>>();

/**
 * What filters would leave of what was read.
 *
 * @throws NoSharedUserError, EmptyDatasetError if it is of no use even without filters
 */
export function* effectOn(reading: Reading, settings: PreparationSettings): Steps<Effect> {
  let before = known.get(reading);
  if (before === undefined) {
    before = { before: yield* summarise(reading, NO_FILTERS), span: (yield* clockOf(reading)).span };
    known.set(reading, before);
  }
  return filtersAnything(settings)
    ? { ...before, ...(yield* leftBy(reading, settings)) }
    : { ...before, after: before.before, reason: null };
}

const filtersAnything = ({ filters, minimumTargetItemCount, maximumTargetsPerUser }: PreparationSettings): boolean =>
  filters !== undefined || minimumTargetItemCount > 1 || maximumTargetsPerUser > 0;

function* leftBy(
  reading: Reading,
  settings: PreparationSettings,
): Steps<{ after: DatasetSummary | null; reason: string | null }> {
  try {
    return { after: yield* summarise(reading, settings), reason: null };
  } catch (error) {
    // That nothing is left is an answer.
    if (error instanceof ImportError) return { after: null, reason: error.message };
    throw error;
  }
}
