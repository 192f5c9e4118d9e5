import type { DatasetFigures, PreparationSettings } from './dataset.ts';
import type { EventLog, Reading } from './events.ts';
import { filterInSteps } from './filters.ts';
import { prepareInSteps } from './prepare.ts';
import { type DatasetShape, shapeFrom } from './shape.ts';
import type { Steps } from './steps.ts';

/** What a dataset would be like. */
export interface DatasetSummary {
  /** Table 1's figures. */
  readonly figures: DatasetFigures;
  readonly shape: DatasetShape;
  readonly timed: boolean;
}

/**
 * What the preparation would make of what was read. Source sequences, the larger part by far, are only counted; targets are prepared
 * as they will be, since the split depends on their order.
 *
 * @throws NoSharedUserError, EmptyDatasetError
 */
export function* summarise(reading: Reading, settings: PreparationSettings): Steps<DatasetSummary> {
  const { filters, ...others } = settings;
  const left = filters === undefined ? reading : yield* filterInSteps(reading, filters);
  const lengths = new Uint32Array(left.users.length);
  const frequencies = new Uint32Array(left.source.itemIds.length);
  for (const { user, item } of left.source.chunks()) {
    for (let i = 0; i < user.length; i++) {
      lengths[user[i]]++;
      frequencies[item[i]]++;
    }
    yield;
  }
  const counted = { ...left, source: oneEventEach(lengths) };
  const steps = prepareInSteps('', counted, others, (length) => new Int32Array(length));
  let step = steps.next();
  for (; !step.done; step = steps.next()) yield;
  const dataset = step.value;
  // Who has no source event has no number in the dataset, and the first are of pre-training.
  const ofUsers = lengths.filter((length) => length > 0);
  const sourceInteractions = ofUsers.subarray(0, dataset.pretrainingUsers).reduce((sum, length) => sum + length, 0);
  const sourceItems = frequencies.reduce((sum, count) => sum + (count > 0 ? 1 : 0), 0);
  return {
    figures: { ...dataset.figures, sourceItems, sourceInteractions },
    shape: shapeFrom(dataset, ofUsers, frequencies),
    timed: dataset.timed,
  };
}

/** Stands for the source domain where only who has events counts. */
function oneEventEach(lengths: Uint32Array): EventLog {
  const user = Int32Array.from(lengths.keys()).filter((one) => lengths[one] > 0);
  const chunk = { user, item: new Int32Array(user.length), time: null };
  return { itemIds: [''], length: user.length, timeUnit: null, chunks: () => [chunk] };
}
