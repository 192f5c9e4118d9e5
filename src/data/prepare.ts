import {
  type Dataset,
  type Origin,
  type PreparationSettings,
  type Ragged,
  ragged,
  type TargetTask,
  type UserAttribute,
} from './dataset.ts';
import { EmptyDatasetError, NoSharedUserError, UnknownItemsError } from './errors.ts';

/** One file of interactions in long format, as read: names numbered by first appearance. */
export interface InteractionTable {
  readonly userIds: readonly string[];
  readonly itemIds: readonly string[];
  readonly user: Int32Array;
  readonly item: Int32Array;
  /** In any unit: only the order counts. Null where the file has no time. */
  readonly time: Float64Array | null;
}

/** Sequences by user before items are renumbered: rows of indices into `itemIds`, which stand by first appearance. */
interface NamedRows {
  readonly itemIds: readonly string[];
  readonly rows: Ragged;
}

/** The release's two files, as read. Padding is already gone. */
export interface LinePair {
  readonly pretraining: NamedRows;
  /** The source sequences of the fine-tuning lines, over the same item names as `pretraining`. */
  readonly finetuning: Ragged;
  /** The line of the file (from 1) on which each of them stands. */
  readonly lines: readonly number[];
  readonly targets: NamedRows;
}

/** Shuts out settings that would change a dataset whose filters are off. */
export const NO_FILTERS: PreparationSettings = { minimumTargetItemCount: 1, maximumTargetsPerUser: 0 };

/**
 * A dataset from two files in long format: rows in order of time (ties in file order), rare target items dropped,
 * then each user's first targets kept.
 *
 * @throws NoSharedUserError, EmptyDatasetError
 */
export function prepareLong(
  name: string,
  files: readonly string[],
  source: InteractionTable,
  target: InteractionTable,
  settings: PreparationSettings,
): Dataset {
  const sourceUser = new Map(source.userIds.map((id, u) => [id, u]));
  const shared = target.userIds.map((id) => sourceUser.get(id) ?? -1);
  if (shared.every((u) => u < 0)) throw new NoSharedUserError(files[0], source.userIds, files[1], target.userIds);

  const rowsOfItem = new Int32Array(target.itemIds.length);
  for (const item of target.item) rowsOfItem[item]++;
  const frequent = (row: number) => rowsOfItem[target.item[row]] >= settings.minimumTargetItemCount;
  const kept = byTime(target).filter((row) => frequent(row) && shared[target.user[row]] >= 0);
  const targetRows = group(
    kept,
    (row) => shared[target.user[row]],
    target,
    source.userIds.length,
    settings.maximumTargetsPerUser,
  );
  if (targetRows.rows.values.length === 0) {
    throw new EmptyDatasetError(
      `No target interaction is left in ${files[1]}: no target item occurs ${settings.minimumTargetItemCount} times. Choose a smaller minimum count.`,
    );
  }
  const sourceRows = group(byTime(source), (row) => source.user[row], source, source.userIds.length, 0);
  return assemble({
    name,
    origin: { kind: 'files', files },
    task: 'ranking',
    settings,
    timed: source.time !== null && target.time !== null,
    users: source.userIds,
    pretrainingUsers: source.userIds.length,
    source: sourceRows,
    targets: targetRows,
    attributes: [],
    targetOnlyUsers: shared.filter((u) => u < 0).length,
    droppedTargetItems: rowsOfItem.filter((n) => n < settings.minimumTargetItemCount).length,
  });
}

/**
 * A dataset from the release's two files. Users are the fine-tuning file's lines; the pre-training lines are further
 * sequences without targets.
 *
 * @throws UnknownItemsError if the two files share no source item
 */
export function prepareLines(name: string, files: readonly string[], pair: LinePair, settings: PreparationSettings): Dataset {
  const { users, pretrainingUsers, source } = lineUsers(files, pair);
  const filtered = filterRows(pair.targets, settings);
  if (filtered.rows.values.length === 0) {
    throw new EmptyDatasetError(`No target item is left in ${files[1]}. Choose a smaller minimum count.`);
  }
  return assemble({
    name,
    origin: { kind: 'files', files },
    task: 'ranking',
    settings,
    timed: true,
    users,
    pretrainingUsers,
    source,
    targets: { itemIds: filtered.itemIds, rows: append(emptyRows(pretrainingUsers), filtered.rows) },
    attributes: [],
    targetOnlyUsers: 0,
    droppedTargetItems: filtered.dropped,
  });
}

/** The users of a pair: the pre-training lines, then the fine-tuning lines by their number. @throws UnknownItemsError */
function lineUsers(files: readonly string[], { pretraining, finetuning, lines }: LinePair) {
  const known = new Uint8Array(pretraining.itemIds.length);
  for (const item of pretraining.rows.values) known[item] = 1;
  if (!finetuning.values.some((item) => known[item] === 1)) {
    const named = (items: Int32Array) =>
      Array.from(new Set(items.subarray(0, 50)), (item) => pretraining.itemIds[item]).slice(0, 3);
    throw new UnknownItemsError(files[0], named(pretraining.rows.values), files[1], named(finetuning.values));
  }
  const pretrainingUsers = pretraining.rows.offsets.length - 1;
  return {
    pretrainingUsers,
    users: [
      ...Array.from({ length: pretrainingUsers }, (_, i) => `pretraining-line-${i + 1}`),
      ...lines.map((line) => `line-${line}`),
    ],
    source: { itemIds: pretraining.itemIds, rows: append(pretraining.rows, finetuning) },
  };
}

/** What each user of a profile task is: a label a row. */
export interface LabelTable {
  readonly userIds: readonly string[];
  readonly labels: readonly string[];
  /** For each row. */
  readonly user: Int32Array;
  readonly label: Int32Array;
}

/**
 * A profile task (Tables 6-7): the source sequences of the users in a file, and a label for some of them, which takes the
 * place of target items. A user with several rows keeps the last one.
 *
 * @throws NoSharedUserError, EmptyDatasetError
 */
export function prepareProfile(name: string, files: readonly string[], source: InteractionTable, labels: LabelTable): Dataset {
  const sourceRows = group(byTime(source), (row) => source.user[row], source, source.userIds.length, 0);
  return assemble({
    name,
    origin: { kind: 'files', files },
    task: 'profile',
    settings: NO_FILTERS,
    timed: false,
    users: source.userIds,
    pretrainingUsers: source.userIds.length,
    source: sourceRows,
    attributes: [],
    ...labelled(files, source.userIds, labels),
  });
}

/** The same on the release's pair of files, whose users are `line-1`, `line-2`, …; its target items are not used. */
export function prepareLineProfile(name: string, files: readonly string[], pair: LinePair, labels: LabelTable): Dataset {
  const { users, pretrainingUsers, source } = lineUsers(files, pair);
  return assemble({
    name,
    origin: { kind: 'files', files },
    task: 'profile',
    settings: NO_FILTERS,
    timed: false,
    users,
    pretrainingUsers,
    source,
    attributes: [],
    ...labelled([files[1], files[2]], users, labels),
  });
}

/** The label of each user as their one target. */
function labelled(files: readonly string[], users: readonly string[], labels: LabelTable) {
  const known = new Map(users.map((id, u) => [id, u]));
  const shared = labels.userIds.map((id) => known.get(id) ?? -1);
  if (shared.every((u) => u < 0)) throw new NoSharedUserError(files[0], users, files[1], labels.userIds);
  const labelOf = new Int32Array(users.length).fill(-1);
  labels.user.forEach((user, row) => {
    if (shared[user] >= 0) labelOf[shared[user]] = labels.label[row];
  });
  const classes = new Set(labelOf.filter((label) => label >= 0));
  if (classes.size < 2) {
    throw new EmptyDatasetError(
      `All users of ${files[1]} who have a source sequence have the same label (“${labels.labels[[...classes][0]]}”): there is nothing to predict.`,
    );
  }
  if (classes.size > MOST_CLASSES) {
    throw new EmptyDatasetError(
      `${files[1]} has ${classes.size} different labels. A profile task has at most ${MOST_CLASSES} classes; is this a file of interactions?`,
    );
  }
  return {
    targets: { itemIds: labels.labels, rows: ragged(Array.from(labelOf, (label) => (label < 0 ? [] : [label]))) },
    targetOnlyUsers: shared.filter((u) => u < 0).length,
    droppedTargetItems: 0,
  };
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
function byTime({ user, time }: InteractionTable): Int32Array {
  const rows = Int32Array.from({ length: user.length }, (_, i) => i);
  return time === null ? rows : rows.sort((a, b) => time[a] - time[b] || a - b);
}

/** The items of `rows`, in their order, by user; items stand by first appearance in `rows`. 0 as `most` keeps all. */
function group(
  rows: Int32Array,
  userOf: (row: number) => number,
  table: InteractionTable,
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
  const number = new Int32Array(table.itemIds.length).fill(-1);
  for (const row of kept) {
    const item = table.item[row];
    if (number[item] < 0) number[item] = itemIds.push(table.itemIds[item]) - 1;
    values[next[userOf(row)]++] = number[item];
  }
  return { itemIds, rows: { offsets, values } };
}

const emptyRows = (count: number): Ragged => ({ offsets: new Uint32Array(count + 1), values: new Int32Array() });

function append(first: Ragged, second: Ragged): Ragged {
  const offsets = new Uint32Array(first.offsets.length + second.offsets.length - 1);
  offsets.set(first.offsets);
  second.offsets.forEach((offset, i) => {
    offsets[first.offsets.length - 1 + i] = first.values.length + offset;
  });
  const values = new Int32Array(first.values.length + second.values.length);
  values.set(first.values);
  values.set(second.values, first.values.length);
  return { offsets, values };
}

/** The preparation's two filters on rows that stand by user already. */
function filterRows({ itemIds, rows }: NamedRows, settings: PreparationSettings): NamedRows & { dropped: number } {
  const frequency = new Int32Array(itemIds.length);
  for (const item of rows.values) frequency[item]++;
  const limit = settings.maximumTargetsPerUser === 0 ? Number.POSITIVE_INFINITY : settings.maximumTargetsPerUser;
  const offsets = new Uint32Array(rows.offsets.length);
  const values: number[] = [];
  for (let u = 0; u + 1 < rows.offsets.length; u++) {
    const row = rows.values.subarray(rows.offsets[u], rows.offsets[u + 1]);
    const kept = Array.from(row).filter((item) => frequency[item] >= settings.minimumTargetItemCount);
    values.push(...kept.slice(0, limit));
    offsets[u + 1] = values.length;
  }
  const dropped = frequency.filter((n) => n < settings.minimumTargetItemCount).length;
  return { itemIds, rows: { offsets, values: Int32Array.from(values) }, dropped };
}
