import {
  type Dataset,
  type Origin,
  type PreparationSettings,
  type Ragged,
  ragged,
  type TargetTask,
  type UserAttribute,
} from './dataset.ts';
import { EmptyDatasetError, NoSharedUserError } from './errors.ts';
import { type EventChunk, type Reading, wholeLog } from './events.ts';
import { filterReading } from './filters.ts';

/** Sequences by user before items are renumbered: rows of indices into `itemIds`, which stand by first appearance. */
interface NamedRows {
  readonly itemIds: readonly string[];
  readonly rows: Ragged;
}

/** Shuts out settings that would change a dataset whose filters are off. */
export const NO_FILTERS: PreparationSettings = { minimumTargetItemCount: 1, maximumTargetsPerUser: 0 };

/**
 * A dataset from what was read: filtered (`filterReading`), events in order of time (ties in file order), rare target items dropped, then each user's first
 * targets kept. Labels of a profile task (Tables 6-7) are never filtered; of several the last one counts.
 *
 * @throws NoSharedUserError, EmptyDatasetError
 */
export function prepare(name: string, read: Reading, settings: PreparationSettings): Dataset {
  const reading = settings.filters === undefined ? read : filterReading(read, settings.filters);
  const { files, task, users, timed } = reading;
  const source = wholeLog(reading.source);
  const target = wholeLog(reading.target);
  // Who has no source event cannot be transferred to.
  const number = new Int32Array(users.length).fill(-1);
  for (const user of source.user) number[user] = 0;
  const kept = users.filter((_, user) => number[user] === 0);
  let next = 0;
  for (let user = 0; user < users.length; user++) if (number[user] === 0) number[user] = next++;
  const targetOnly = new Set(target.user.filter((user) => number[user] < 0));
  if (target.user.every((user) => targetOnly.has(user))) {
    throw new NoSharedUserError(
      files[0],
      kept,
      files.at(-1) ?? '',
      Array.from(targetOnly, (user) => users[user]),
    );
  }
  const targets =
    task === 'profile' ? labelled(reading, target, number, next) : filtered(reading, target, number, next, settings);
  return assemble({
    name,
    origin: { kind: 'files', files },
    task,
    settings: task === 'profile' ? { ...settings, ...NO_FILTERS } : settings,
    timed: timed && task !== 'profile',
    users: kept,
    pretrainingUsers: reading.pretrainingUsers ?? kept.length,
    source: group(byTime(source), (row) => number[source.user[row]], source, reading.source.itemIds, next, 0),
    ...targets,
    attributes: [],
    targetOnlyUsers: targetOnly.size,
  });
}

interface PreparedTargets {
  readonly targets: NamedRows;
  readonly droppedTargetItems: number;
}

/** The target events of users with a number, after the two filters. */
function filtered(
  { files, target: { itemIds } }: Reading,
  target: EventChunk,
  number: Int32Array,
  users: number,
  { minimumTargetItemCount, maximumTargetsPerUser }: PreparationSettings,
): PreparedTargets {
  const rowsOfItem = new Int32Array(itemIds.length);
  for (const item of target.item) rowsOfItem[item]++;
  const frequent = (row: number) => rowsOfItem[target.item[row]] >= minimumTargetItemCount;
  const kept = byTime(target).filter((row) => frequent(row) && number[target.user[row]] >= 0);
  if (kept.length === 0) {
    throw new EmptyDatasetError(
      `No target interaction is left in ${files.at(-1) ?? ''}: no target item occurs ${minimumTargetItemCount} times. Choose a smaller minimum count.`,
    );
  }
  return {
    targets: group(kept, (row) => number[target.user[row]], target, itemIds, users, maximumTargetsPerUser),
    droppedTargetItems: rowsOfItem.filter((n) => n < minimumTargetItemCount).length,
  };
}

/** The label of each user as their one target. */
function labelled(
  { files, target: { itemIds } }: Reading,
  labels: EventChunk,
  number: Int32Array,
  users: number,
): PreparedTargets {
  const file = files.at(-1) ?? '';
  const labelOf = new Int32Array(users).fill(-1);
  labels.user.forEach((user, row) => {
    if (number[user] >= 0) labelOf[number[user]] = labels.item[row];
  });
  const classes = new Set(labelOf.filter((label) => label >= 0));
  if (classes.size < 2) {
    throw new EmptyDatasetError(
      `All users of ${file} who have a source sequence have the same label (“${itemIds[[...classes][0]]}”): there is nothing to predict.`,
    );
  }
  if (classes.size > MOST_CLASSES) {
    throw new EmptyDatasetError(
      `${file} has ${classes.size} different labels. A profile task has at most ${MOST_CLASSES} classes; is this a file of interactions?`,
    );
  }
  const rows = ragged(Array.from(labelOf, (label) => (label < 0 ? [] : [label])));
  return { targets: { itemIds, rows }, droppedTargetItems: 0 };
}

const MOST_CLASSES = 256;

/** Everything a dataset is made of, with items still under their first numbers. */
interface Assembly {
  readonly name: string;
  readonly origin: Origin;
  readonly task: TargetTask;
  readonly settings: PreparationSettings;
  readonly timed: boolean;
  readonly users: readonly string[];
  readonly pretrainingUsers: number;
  readonly source: NamedRows;
  readonly targets: NamedRows;
  readonly attributes: readonly UserAttribute[];
  readonly targetOnlyUsers: number;
  readonly droppedTargetItems: number;
}

/** Renumbers items by falling frequency (ties by first appearance) and counts Table 1's figures. */
export function assemble(assembly: Assembly): Dataset {
  const { source, targets, pretrainingUsers, targetOnlyUsers, droppedTargetItems, ...rest } = assembly;
  const renumberedSource = renumber(source, 1);
  const renumberedTargets = renumber(targets, 0);
  let targetUsers = 0;
  const { offsets } = targets.rows;
  for (let u = 0; u + 1 < offsets.length; u++) if (offsets[u + 1] > offsets[u]) targetUsers++;
  return {
    ...rest,
    pretrainingUsers,
    source: renumberedSource.rows,
    sourceItems: ['', ...renumberedSource.itemIds],
    targets: renumberedTargets.rows,
    targetItems: renumberedTargets.itemIds,
    sourceNames: null,
    targetNames: null,
    figures: {
      sourceUsers: pretrainingUsers,
      sourceItems: renumberedSource.itemIds.length,
      sourceInteractions: source.rows.offsets[pretrainingUsers],
      targetUsers,
      targetItems: renumberedTargets.itemIds.length,
      instances: targets.rows.values.length,
      targetOnlyUsers,
      droppedTargetItems,
    },
  };
}

function renumber({ itemIds, rows }: NamedRows, first: number): NamedRows {
  const frequency = new Int32Array(itemIds.length);
  for (const item of rows.values) frequency[item]++;
  const order = Array.from(itemIds.keys()).filter((item) => frequency[item] > 0);
  order.sort((a, b) => frequency[b] - frequency[a] || a - b);
  const number = new Int32Array(itemIds.length);
  order.forEach((item, i) => {
    number[item] = i + first;
  });
  return {
    itemIds: order.map((item) => itemIds[item]),
    rows: { offsets: rows.offsets, values: rows.values.map((item) => number[item]) },
  };
}

/** Row numbers in order of time; file order where times are equal or absent. */
function byTime({ user, time }: EventChunk): Int32Array {
  const rows = Int32Array.from({ length: user.length }, (_, i) => i);
  return time === null ? rows : rows.sort((a, b) => time[a] - time[b] || a - b);
}

/** The items of `rows`, in their order, by user; items stand by first appearance in `rows`. 0 as `most` keeps all. */
function group(
  rows: Int32Array,
  userOf: (row: number) => number,
  events: EventChunk,
  ids: readonly string[],
  users: number,
  most: number,
): NamedRows {
  const limit = most === 0 ? Number.POSITIVE_INFINITY : most;
  const taken = new Uint32Array(users);
  const kept = rows.filter((row) => taken[userOf(row)]++ < limit);
  const offsets = new Uint32Array(users + 1);
  for (const row of kept) offsets[userOf(row) + 1]++;
  for (let u = 0; u < users; u++) offsets[u + 1] += offsets[u];
  const next = offsets.slice(0, users);
  const values = new Int32Array(kept.length);
  const itemIds: string[] = [];
  const number = new Int32Array(ids.length).fill(-1);
  for (const row of kept) {
    const item = events.item[row];
    if (number[item] < 0) number[item] = itemIds.push(ids[item]) - 1;
    values[next[userOf(row)]++] = number[item];
  }
  return { itemIds, rows: { offsets, values } };
}
