import type { EventFilters } from './filters.ts';

/** Numbers that are read a part at a time, as from an Int32Array; those of large datasets lie in a file. */
export interface Values {
  readonly length: number;
  /**
   * Not a view where they lie in a file: writing to it changes nothing.
   *
   * @param into room to read them into, where they lie in a file, of whoever reads many parts
   */
  readonly subarray: (start: number, end: number, into?: Int32Array) => Int32Array;
}

export interface WritableValues extends Values {
  readonly set: (values: Int32Array, at: number) => void;
}

/** All values, a million at a time; a part is only good until the next one is asked for. */
export function* inParts(values: Values): Generator<Int32Array> {
  // What is in memory gives views, and needs none.
  const room = values instanceof Int32Array ? undefined : new Int32Array(Math.min(values.length, PART));
  for (let at = 0; at < values.length; at += PART) yield values.subarray(at, Math.min(values.length, at + PART), room);
}

const PART = 1 << 20;

/** Rows of different lengths, back to back: row r is `values[offsets[r]] … values[offsets[r + 1] − 1]`. */
export interface Ragged<V extends Values = Int32Array> {
  readonly offsets: Uint32Array;
  readonly values: V;
}

/** A column of words about users, such as the simulator's planted kind. */
export interface UserAttribute {
  readonly name: string;
  readonly values: readonly string[];
  /** For each user an index into `values`. */
  readonly codes: Uint8Array;
}

/** Where a dataset comes from. */
export type Origin =
  | { readonly kind: 'simulated'; readonly scenario: Scenario; readonly seed: number }
  | { readonly kind: 'files'; readonly files: readonly string[] };

export type Scenario = 'hidden' | 'open';

/**
 * What is predicted for a user: an item of the target domain, by a ranking of all of them; or the class of a profile task
 * (Tables 6-7), of which each user has one.
 */
export type TargetTask = 'ranking' | 'profile';

/** Filters of the preparation; part of the dataset, since they decide its vocabulary. */
export interface PreparationSettings {
  /** Target items with fewer rows in the whole target file are dropped, in one pass. 1 keeps all. */
  readonly minimumTargetItemCount: number;
  /** Each user keeps the first so many target rows. 0 keeps all. */
  readonly maximumTargetsPerUser: number;
  /** What was left out before; not there where nothing was. */
  readonly filters?: EventFilters;
}

/** What of them a configuration says, too: the keys `dataset.*`. */
export const configuredSettings = ({ minimumTargetItemCount, maximumTargetsPerUser }: PreparationSettings) => ({
  minimumTargetItemCount,
  maximumTargetsPerUser,
});

/** Table 1's figures, and what the preparation left out. */
export interface DatasetFigures {
  readonly sourceUsers: number;
  readonly sourceItems: number;
  readonly sourceInteractions: number;
  readonly targetUsers: number;
  readonly targetItems: number;
  readonly instances: number;
  /** Users with targets but no source sequence: they cannot be transferred to, and are left out. */
  readonly targetOnlyUsers: number;
  readonly droppedTargetItems: number;
}

/** A prepared dataset: what every run on it shares. */
export interface Dataset {
  readonly name: string;
  readonly origin: Origin;
  readonly task: TargetTask;
  readonly settings: PreparationSettings;
  readonly figures: DatasetFigures;
  /** Whether rows came with a time: only then does the split `latest` mean anything. */
  readonly timed: boolean;
  readonly users: readonly string[];
  /** Pre-training uses the first so many users; the others (the release's fine-tuning lines) only bring their sequence. */
  readonly pretrainingUsers: number;
  /** Source items by number; 0 is padding and has the empty name. */
  readonly sourceItems: readonly string[];
  /** Target items by number, from 0; of a profile task, its classes. */
  readonly targetItems: readonly string[];
  /** What items are called, by their numbers; '' for an item without a name. Null where only ids are known. */
  readonly sourceNames: readonly string[] | null;
  readonly targetNames: readonly string[] | null;
  /** Each user's source items, oldest first, numbered from 1. */
  readonly source: Ragged<Values>;
  /** Each user's target items in order (of a profile task, the one class), numbered from 0; many users have none. */
  readonly targets: Ragged;
  readonly attributes: readonly UserAttribute[];
}

export const rowLength = (ragged: Ragged<Values>, row: number): number => ragged.offsets[row + 1] - ragged.offsets[row];
export const rowOf = (ragged: Ragged<Values>, row: number): Int32Array =>
  ragged.values.subarray(ragged.offsets[row], ragged.offsets[row + 1]);

/** Builds a Ragged from rows that come one after the other. */
export function ragged(rows: Iterable<ArrayLike<number>>): Ragged {
  const offsets = [0];
  const values: number[] = [];
  for (const row of rows) {
    for (let i = 0; i < row.length; i++) values.push(row[i]);
    offsets.push(values.length);
  }
  return { offsets: Uint32Array.from(offsets), values: Int32Array.from(values) };
}

/** The instances of a dataset, user by user: one (user, target item) each. */
export interface Instances {
  readonly user: Int32Array;
  readonly item: Int32Array;
}

export function instancesOf({ targets }: Dataset): Instances {
  const user = new Int32Array(targets.values.length);
  for (let u = 0; u + 1 < targets.offsets.length; u++) user.fill(u, targets.offsets[u], targets.offsets[u + 1]);
  return { user, item: targets.values };
}

/** The users who have at least one target, in dataset order. */
export function targetUsersOf({ targets }: Dataset): Int32Array {
  const users: number[] = [];
  for (let u = 0; u + 1 < targets.offsets.length; u++) if (rowLength(targets, u) > 0) users.push(u);
  return Int32Array.from(users);
}

/** The most recent `length` source items of each of `users`, padded at the beginning with 0: [users × length], row by row. */
export function paddedSequences(dataset: Dataset, users: ArrayLike<number>, length: number): Int32Array {
  const items = new Int32Array(users.length * length);
  for (let i = 0; i < users.length; i++) {
    const sequence = rowOf(dataset.source, users[i]);
    const recent = sequence.subarray(Math.max(0, sequence.length - length));
    items.set(recent, (i + 1) * length - recent.length);
  }
  return items;
}
