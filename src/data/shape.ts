import { type Dataset, inParts, rowLength, type Values } from './dataset.ts';
import { giveBack } from './giveBack.ts';
import { randomOrder } from './split.ts';
import { drained, type Steps } from './steps.ts';

/** How events are spread over items. */
interface Popularity {
  /** The share of the events that the most popular i % of the items have, i = 0 … 100 (a Lorenz curve from the top). */
  readonly shares: Float32Array;
  /** Of the most popular item alone. */
  readonly first: number;
  /** Items with fewer than `RARE` events. */
  readonly rare: number;
}

/** Which targets of the test instances training never sees. */
interface Unseen {
  /** Of the random split that this is of. */
  readonly splitSeed: number;
  /** Test instances, and those of them whose target item no training instance has. */
  readonly test: number;
  readonly unseenTest: number;
  /** Target items without a training instance. */
  readonly unseenItems: number;
}

/** How a dataset is spread: a few kilobytes, kept in its row, so that figures are drawn without reading the contents. */
export interface DatasetShape {
  readonly users: { readonly both: number; readonly sourceOnly: number; readonly targetOnly: number };
  /** Users by the length of their source sequence, from 0 on; the last entry counts all that are as long or longer. */
  readonly sourceLengths: Uint32Array;
  /** Users with targets by how many they have; the last entry counts all with as many or more. */
  readonly targetsPerUser: Uint32Array;
  readonly sourcePopularity: Popularity;
  readonly targetPopularity: Popularity;
  readonly unseen: Unseen;
}

/** Items with fewer events are rare. */
export const RARE = 5;

/** Entries of the counts of lengths; longer ones are counted together. */
const LONGEST = 200;
/** The split seed of all presets. */
const SPLIT_SEED = 1;

/** What of a dataset is looked at where its source domain was counted. */
type Targets = Pick<Dataset, 'figures' | 'targets' | 'targetItems'>;

/** The shape of a prepared dataset, in one pass over its values. */
export function* shapeInSteps(dataset: Dataset): Steps<DatasetShape> {
  const frequencies = yield* frequenciesOf(dataset.source.values, dataset.sourceItems.length);
  return yield* shapeFrom(dataset, lengthsOf(dataset), frequencies.subarray(1));
}

/** The same at once. */
export const shapeOf = (dataset: Dataset): DatasetShape => drained(shapeInSteps(dataset));

/**
 * The same where the source domain was only counted.
 *
 * @param lengths source events of each user, of users of any numbering
 * @param frequencies events of each source item, in any order; items without any are left out
 */
export function* shapeFrom(dataset: Targets, lengths: Uint32Array, frequencies: Uint32Array): Steps<DatasetShape> {
  const { figures, targets, targetItems } = dataset;
  const sourceLengths = new Uint32Array(LONGEST + 1);
  let users = 0;
  for (const length of lengths) {
    if (length === 0) continue;
    users++;
    sourceLengths[Math.min(LONGEST, length)]++;
  }
  const targetsPerUser = new Uint32Array(LONGEST + 1);
  for (let u = 0; u + 1 < targets.offsets.length; u++) {
    const count = rowLength(targets, u);
    if (count > 0) targetsPerUser[Math.min(LONGEST, count)]++;
  }
  yield;
  return {
    users: { both: figures.targetUsers, sourceOnly: users - figures.targetUsers, targetOnly: figures.targetOnlyUsers },
    sourceLengths,
    targetsPerUser,
    sourcePopularity: popularityOf(frequencies),
    targetPopularity: popularityOf(yield* frequenciesOf(targets.values, targetItems.length)),
    unseen: yield* unseenOf(dataset),
  };
}

function lengthsOf({ source, users }: Dataset): Uint32Array {
  const lengths = new Uint32Array(users.length);
  for (let user = 0; user < lengths.length; user++) lengths[user] = rowLength(source, user);
  return lengths;
}

function* frequenciesOf(values: Values, items: number): Steps<Uint32Array> {
  const counts = new Uint32Array(items);
  for (const part of inParts(values)) {
    for (let i = 0; i < part.length; i++) counts[part[i]]++;
    yield;
  }
  return counts;
}

function popularityOf(frequencies: Uint32Array): Popularity {
  const counts = frequencies
    .filter((count) => count > 0)
    .sort()
    .reverse();
  const events = counts.reduce((sum, count) => sum + count, 0);
  const shares = new Float32Array(101);
  let item = 0;
  let sum = 0;
  for (let percent = 1; percent <= 100; percent++) {
    // Of a catalogue of less than a hundred the curve is straight between two items.
    const until = (percent * counts.length) / 100;
    while (item + 1 <= until) sum += counts[item++];
    shares[percent] = events === 0 ? 0 : (sum + (until - item) * (counts[item] ?? 0)) / events;
  }
  return {
    shares,
    first: events === 0 ? 0 : counts[0] / events,
    rare: counts.reduce((rare, count) => rare + (count < RARE ? 1 : 0), 0),
  };
}

function* unseenOf({ targets: { values }, targetItems }: Targets): Steps<Unseen> {
  const { order, test, validation } = yield* randomOrder(values.length, SPLIT_SEED);
  const seen = new Uint8Array(targetItems.length);
  for (let i = test + validation; i < order.length; i++) seen[values[order[i]]] = 1;
  yield;
  let unseenTest = 0;
  for (let i = 0; i < test; i++) if (seen[values[order[i]]] === 0) unseenTest++;
  giveBack(order);
  const seenItems = seen.reduce((sum, one) => sum + one, 0);
  return { splitSeed: SPLIT_SEED, test, unseenTest, unseenItems: seen.length - seenItems };
}

/** The length that half of those counted do not exceed; the last entry stands for all that are as long or longer. */
export function medianOf(counts: Uint32Array): number {
  const half = counts.reduce((sum, count) => sum + count, 0) / 2;
  let sum = 0;
  for (let length = 0; length < counts.length; length++) {
    sum += counts[length];
    if (sum >= half) return length;
  }
  return 0;
}

/** How many of those counted are shorter than a length within the counts. */
export const shorterThan = (counts: Uint32Array, length: number): number =>
  counts.subarray(0, length).reduce((sum, count) => sum + count, 0);
