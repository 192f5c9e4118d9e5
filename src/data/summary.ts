import type { DatasetFigures, PreparationSettings } from './dataset.ts';
import type { EventChunk, EventLog, Reading } from './events.ts';
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
 * What the preparation would make of what was read. Source sequences, the larger part by far, were counted when they were read; targets
 * are prepared as they will be, since the split depends on their order.
 *
 * @throws NoSharedUserError, EmptyDatasetError
 */
export function* summarise(reading: Reading, settings: PreparationSettings): Steps<DatasetSummary> {
  const { filters, ...others } = settings;
  const left = filters === undefined ? reading : yield* filterInSteps(reading, filters);
  const { users: lengths, items: frequencies } = left.source.counts;
  const counted = { ...left, source: oneEventEach(lengths) };
  const steps = prepareInSteps('', counted, others, (length) => new Int32Array(length));
  let step = steps.next();
  for (; !step.done; step = steps.next()) yield;
  const dataset = step.value;
  // Who has no source event has no number in the dataset, and the first are of pre-training.
  const ofUsers = lengths.filter((length) => length > 0);
  let sourceInteractions = 0;
  for (let user = 0; user < dataset.pretrainingUsers; user++) sourceInteractions += ofUsers[user];
  const sourceItems = frequencies.reduce((sum, count) => sum + (count > 0 ? 1 : 0), 0);
  return {
    figures: { ...dataset.figures, sourceItems, sourceInteractions },
    shape: yield* shapeFrom(dataset, ofUsers, frequencies),
    timed: dataset.timed,
  };
}

/** Stands for the source domain where only who has events counts: an event each, some at a time. */
function oneEventEach(lengths: Uint32Array): EventLog {
  const users = lengths.map((events) => Math.min(1, events));
  const length = users.reduce((sum, events) => sum + events, 0);
  function* chunks(): Generator<EventChunk> {
    const some = new Int32Array(Math.min(length, PART));
    const item = new Int32Array(some.length);
    let filled = 0;
    for (let user = 0; user < users.length; user++) {
      if (users[user] === 0) continue;
      some[filled++] = user;
      if (filled < some.length) continue;
      yield { user: some, item, time: null };
      filled = 0;
    }
    if (filled > 0) yield { user: some.subarray(0, filled), item: item.subarray(0, filled), time: null };
  }
  const counts = { users, items: Uint32Array.of(length), isGrouped: true };
  return { itemIds: [''], length, isTimed: false, chunks, counts };
}

/** Events that are given at a time. */
const PART = 1 << 18;
