import {
  type Dataset,
  type Origin,
  type PreparationSettings,
  type Ragged,
  ragged,
  type TargetTask,
  type UserAttribute,
  type Values,
  type WritableValues,
} from './dataset.ts';
import { EmptyDatasetError, NoSharedUserError, quoted } from './errors.ts';
import type { Reading } from './events.ts';
import { filterInSteps, type LeftReading } from './filters.ts';
import { byFrequency, gather, type Work } from './gather.ts';
import { giveBack } from './giveBack.ts';
import { drained, telling } from './steps.ts';

/** Shuts out settings that would change a dataset whose filters are off. */
export const NO_FILTERS: PreparationSettings = { minimumTargetItemCount: 1, maximumTargetsPerUser: 0 };

/** Sequences by user before items are renumbered: rows of indices into `itemIds`, which stand by first appearance. */
interface NamedRows {
  readonly itemIds: readonly string[];
  readonly rows: Ragged;
}

/** Sequences by user, whose items have the numbers of the dataset. */
interface NumberedRows {
  readonly itemIds: readonly string[];
  readonly rows: Ragged<Values>;
}

/**
 * A dataset from what was read: filtered (`filterReading`), events in order of time (ties in file order), rare target items dropped,
 * then each user's first targets kept. Labels of a profile task (Tables 6-7) are never filtered; of several the last one counts.
 *
 * @throws NoSharedUserError, EmptyDatasetError
 */
export function prepare(name: string, reading: Reading, settings: PreparationSettings): Dataset {
  return drained(prepareInSteps(name, reading, settings, (length) => new Int32Array(length)));
}

/**
 * The same, a few milliseconds at a time, and in bounded memory but for what `room` gives.
 *
 * @param room for so many values of the source sequences, which may be larger than memory
 * @yields what share is done, 0 to 1
 * @throws NoSharedUserError, EmptyDatasetError
 */
export function* prepareInSteps(
  name: string,
  read: Reading,
  settings: PreparationSettings,
  room: (length: number) => WritableValues,
): Generator<number, Dataset> {
  // What the filters take is not foretold: the bar stands still meanwhile.
  const reading: LeftReading = settings.filters === undefined ? read : yield* telling(filterInSteps(read, settings.filters), 0);
  try {
    return yield* preparedFrom(name, reading, settings, room);
  } finally {
    reading.giveBack?.();
  }
}

/** The same of what the filters left. */
function* preparedFrom(
  name: string,
  reading: Reading,
  settings: PreparationSettings,
  room: (length: number) => WritableValues,
): Generator<number, Dataset> {
  const { files, task, users } = reading;
  const work = new Rows(2 * reading.source.length + 3 * reading.target.length);
  const people = yield* numberUsers(reading, work);
  const sequences = { log: reading.source, ...people, isKept: null, most: 0 };
  const source = yield* gather(sequences, 1, room, work);
  const targets = yield* targetsOf(reading, people, settings, work);
  const names = people.users === users.length ? users : yield* namesOf(users, people);
  giveBack(people.number);
  return finish({
    name,
    origin: { kind: 'files', files },
    task,
    settings: task === 'profile' ? { ...settings, ...NO_FILTERS } : settings,
    timed: isTimed(reading),
    users: names,
    pretrainingUsers: reading.pretrainingUsers ?? people.users,
    source,
    ...targets,
    attributes: [],
    targetOnlyUsers: people.targetOnlyUsers,
  });
}

/** Profile tasks have no order of targets. */
const isTimed = ({ timed, task }: Reading): boolean => timed && task !== 'profile';

/** What a dataset would have but for its source sequences. */
export interface CountedDataset extends Pick<Dataset, 'figures' | 'targets' | 'targetItems' | 'timed'> {}

/**
 * The targets that a preparation would come to, and its figures; source sequences, the larger part by far, were counted when they were
 * read. Of filters nothing is looked at: the reading is what they left.
 *
 * @throws NoSharedUserError, EmptyDatasetError
 */
export function* countInSteps(reading: Reading, settings: PreparationSettings): Generator<number, CountedDataset> {
  const work = new Rows(reading.source.length + 3 * reading.target.length);
  const people = yield* numberUsers(reading, work);
  const { targets, droppedTargetItems } = yield* targetsOf(reading, people, settings, work);
  const { offsets, values } = targets.rows;
  const sourceUsers = reading.pretrainingUsers ?? people.users;
  const { users, items } = reading.source.counts;
  let sourceInteractions = 0;
  for (let user = 0; user < users.length; user++) {
    const number = people.number[user];
    if (number >= 0 && number < sourceUsers) sourceInteractions += users[user];
  }
  giveBack(people.number);
  const figures = {
    sourceUsers,
    sourceItems: items.reduce((sum, count) => sum + (count > 0 ? 1 : 0), 0),
    sourceInteractions,
    ...targetFigures(targets),
    targetOnlyUsers: people.targetOnlyUsers,
    droppedTargetItems,
  };
  return {
    figures,
    targets: { offsets, values: values.subarray(0, values.length) },
    targetItems: targets.itemIds,
    timed: isTimed(reading),
  };
}

/** Counts rows against all there are to go through. */
class Rows implements Work {
  private done = 0;
  constructor(private readonly total: number) {}
  share(rows: number): number {
    this.done += rows;
    return Math.min(1, this.done / Math.max(1, this.total));
  }
}

/** Who is in the dataset. */
interface People {
  /** By number of the reading; −1 for who has no source event, and cannot be transferred to. */
  readonly number: Int32Array;
  readonly users: number;
  readonly targetOnlyUsers: number;
}

/** @throws NoSharedUserError */
function* numberUsers({ files, users, source, target }: Reading, work: Work): Generator<number, People> {
  const number = new Int32Array(users.length).fill(-1);
  const events = source.counts.users;
  let next = 0;
  for (let user = 0; user < events.length; user++) if (events[user] > 0) number[user] = next++;
  const isTargetOnly = new Uint8Array(users.length);
  const targetOnly: string[] = [];
  let targetOnlyUsers = 0;
  let isAnyShared = false;
  for (const { user } of target.chunks()) {
    for (let i = 0; i < user.length; i++) {
      if (number[user[i]] >= 0) isAnyShared = true;
      else if (isTargetOnly[user[i]] === 0) {
        isTargetOnly[user[i]] = 1;
        targetOnlyUsers++;
        if (targetOnly.length < EXAMPLES) targetOnly.push(users[user[i]]);
      }
    }
    yield work.share(user.length);
  }
  if (!isAnyShared) {
    const kept: string[] = [];
    for (let user = 0; user < users.length && kept.length < EXAMPLES; user++) if (number[user] >= 0) kept.push(users[user]);
    throw new NoSharedUserError(files[0], kept, files.at(-1) ?? '', targetOnly);
  }
  giveBack(isTargetOnly);
  return { number, users: next, targetOnlyUsers };
}

function* namesOf(users: readonly string[], { number }: People): Generator<number, string[]> {
  const names: string[] = [];
  for (let user = 0; user < users.length; user++) {
    if (user % NAMED_AT_ONCE === 0) yield 1;
    if (number[user] >= 0) names.push(users[user]);
  }
  return names;
}

/** Users between two steps. */
const NAMED_AT_ONCE = 1 << 18;
/** Users that an error names. */
const EXAMPLES = 3;

interface PreparedTargets {
  readonly targets: NumberedRows;
  readonly droppedTargetItems: number;
}

/** @throws EmptyDatasetError */
function targetsOf(
  reading: Reading,
  people: People,
  settings: PreparationSettings,
  work: Work,
): Generator<number, PreparedTargets> {
  return reading.task === 'profile' ? labelled(reading, people, work) : filtered(reading, people, settings, work);
}

/** The target events of users with a number, after the two filters. */
function* filtered(
  { files, target }: Reading,
  people: People,
  { minimumTargetItemCount, maximumTargetsPerUser }: PreparationSettings,
  work: Work,
): Generator<number, PreparedTargets> {
  const rowsOfItem = target.counts.items;
  const isKept = Uint8Array.from(rowsOfItem, (rows) => Number(rows >= minimumTargetItemCount));
  const room = (length: number) => {
    if (length > 0) return new Int32Array(length);
    throw new EmptyDatasetError(
      `No target interaction is left in ${files.at(-1) ?? ''}: no target item occurs ${minimumTargetItemCount} times. Choose a smaller minimum count.`,
    );
  };
  return {
    targets: yield* gather({ log: target, ...people, isKept, most: maximumTargetsPerUser }, 0, room, work),
    droppedTargetItems: rowsOfItem.filter((rows) => rows < minimumTargetItemCount).length,
  };
}

/** The label of each user as their one target. */
function* labelled({ files, target }: Reading, { number, users }: People, work: Work): Generator<number, PreparedTargets> {
  const file = files.at(-1) ?? '';
  const { itemIds } = target;
  const labelOf = new Int32Array(users).fill(-1);
  for (const { user, item } of target.chunks()) {
    for (let i = 0; i < user.length; i++) if (number[user[i]] >= 0) labelOf[number[user[i]]] = item[i];
    yield work.share(user.length);
  }
  const classes = new Set(labelOf.filter((label) => label >= 0));
  if (classes.size < 2) {
    throw new EmptyDatasetError(
      `All users of ${file} who have a source sequence have the same label (${quoted(itemIds[[...classes][0]])}): there is nothing to predict.`,
    );
  }
  if (classes.size > MOST_CLASSES) {
    throw new EmptyDatasetError(
      `${file} has ${classes.size} different labels. A profile task has at most ${MOST_CLASSES} classes; is this a file of interactions?`,
    );
  }
  const rows = ragged(Array.from(labelOf, (label) => (label < 0 ? [] : [label])));
  return { targets: renumber({ itemIds, rows }, 0), droppedTargetItems: 0 };
}

const MOST_CLASSES = 256;

/** Everything a dataset is made of but its figures. */
interface Parts<Rows> {
  readonly name: string;
  readonly origin: Origin;
  readonly task: TargetTask;
  readonly settings: PreparationSettings;
  readonly timed: boolean;
  readonly users: readonly string[];
  readonly pretrainingUsers: number;
  readonly source: Rows;
  readonly targets: Rows;
  readonly attributes: readonly UserAttribute[];
  readonly targetOnlyUsers: number;
  readonly droppedTargetItems: number;
}

/** Renumbers items by falling frequency (ties by first appearance) and counts Table 1's figures. */
export function assemble(parts: Parts<NamedRows>): Dataset {
  return finish({ ...parts, source: renumber(parts.source, 1), targets: renumber(parts.targets, 0) });
}

function finish(parts: Parts<NumberedRows>): Dataset {
  const { source, targets, pretrainingUsers, targetOnlyUsers, droppedTargetItems, ...rest } = parts;
  const { offsets, values } = targets.rows;
  return {
    ...rest,
    pretrainingUsers,
    source: source.rows,
    sourceItems: ['', ...source.itemIds],
    targets: { offsets, values: values.subarray(0, values.length) },
    targetItems: targets.itemIds,
    sourceNames: null,
    targetNames: null,
    figures: {
      sourceUsers: pretrainingUsers,
      sourceItems: source.itemIds.length,
      sourceInteractions: source.rows.offsets[pretrainingUsers],
      ...targetFigures(targets),
      targetOnlyUsers,
      droppedTargetItems,
    },
  };
}

function targetFigures({ itemIds, rows: { offsets, values } }: NumberedRows) {
  let targetUsers = 0;
  for (let u = 0; u + 1 < offsets.length; u++) if (offsets[u + 1] > offsets[u]) targetUsers++;
  return { targetUsers, targetItems: itemIds.length, instances: values.length };
}

function renumber({ itemIds, rows }: NamedRows, first: number): NumberedRows {
  const frequency = new Uint32Array(itemIds.length);
  for (const item of rows.values) frequency[item]++;
  const { order, number } = byFrequency(frequency, (a, b) => a - b, first);
  return {
    itemIds: order.map((item) => itemIds[item]),
    rows: { offsets: rows.offsets, values: rows.values.map((item) => number[item]) },
  };
}
