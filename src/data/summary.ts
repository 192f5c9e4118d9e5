import type { DatasetFigures, PreparationSettings } from './dataset.ts';
import type { Reading } from './events.ts';
import { filterInSteps, type LeftReading } from './filters.ts';
import { giveBack } from './giveBack.ts';
import { countInSteps } from './prepare.ts';
import { type DatasetShape, shapeFrom } from './shape.ts';
import { type Steps, telling } from './steps.ts';

/** What a dataset would be like. */
export interface DatasetSummary {
  /** Table 1's figures. */
  readonly figures: DatasetFigures;
  readonly shape: DatasetShape;
  readonly timed: boolean;
}

/**
 * What the preparation would make of what was read: see `countInSteps`. Targets are prepared as they will be, since the split depends on
 * their order.
 *
 * @throws NoSharedUserError, EmptyDatasetError
 */
export function* summarise(reading: Reading, settings: PreparationSettings): Steps<DatasetSummary> {
  const left: LeftReading = settings.filters === undefined ? reading : yield* filterInSteps(reading, settings.filters);
  try {
    const counted = yield* telling(countInSteps(left, settings), undefined);
    const { figures, timed, targets } = counted;
    const { users, items } = left.source.counts;
    try {
      return { figures, shape: yield* shapeFrom(counted, users, items), timed };
    } finally {
      giveBack(targets.offsets, targets.values);
    }
  } finally {
    // Also where it is refused, or ended.
    left.giveBack?.();
  }
}
