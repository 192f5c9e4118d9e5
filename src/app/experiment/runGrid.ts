import { describeMethod } from '../../configuration/methods.ts';
import { parameterWords } from '../../configuration/parameters.ts';
import { type Configuration, differingKeys, flatten } from '../../configuration/schema.ts';
import type { RunRow } from '../../storage/database.ts';
import { undone, unfinished } from './standing.ts';

/** Runs that differ in nothing but their seed. */
interface GridRow {
  readonly key: string;
  /** The method, and what it differs in from the method's other rows. */
  readonly label: string;
  /** By seed. Of several with the same seed that which stands for them: see `stands`. */
  readonly runs: ReadonlyMap<number, RunRow>;
}

/** An experiment's runs on one dataset: a row for each configuration, a column for each seed. */
export interface RunGrid {
  readonly seeds: readonly number[];
  readonly rows: readonly GridRow[];
  /** “UAF-Hard, seed 2”, by the ids of all runs. */
  readonly labels: ReadonlyMap<number, string>;
  /** Ended without a result, and no other run of the same configuration and seed has one, or is on its way to it. */
  readonly unanswered: readonly RunRow[];
}

/** Rows stand in the order of the queue. */
export function runGrid(runs: readonly RunRow[]): RunGrid {
  const rows = new Map<string, Map<number, RunRow[]>>();
  for (const run of runs) {
    const { seed, ...rest } = flatten(run.configuration);
    const key = JSON.stringify(rest);
    const row = rows.get(key) ?? new Map<number, RunRow[]>();
    rows.set(key, row.set(Number(seed), [...(row.get(Number(seed)) ?? []), run]));
  }
  const names = labelsOf(Array.from(rows.values(), (row) => Array.from(row.values())[0][0].configuration));
  const cells = Array.from(rows.values(), (row) => Array.from(row));
  const standing = cells.map((row) => new Map(row.map(([seed, own]) => [seed, stands(own)])));
  return {
    seeds: Array.from(new Set(runs.map(({ configuration: { seed } }) => seed))).toSorted((a, b) => a - b),
    rows: Array.from(rows.keys(), (key, i) => ({ key, label: names[i], runs: standing[i] })),
    labels: new Map(
      cells.flatMap((row, i) => row.flatMap(([seed, own]) => own.map(({ id }) => [id, `${names[i]}, seed ${seed}`] as const))),
    ),
    unanswered: undone(standing.flatMap((row) => Array.from(row.values()))),
  };
}

/** Of runs that are the same: the newest with a result, else the newest that may come to one, else the newest. */
const stands = (same: readonly RunRow[]): RunRow =>
  same.findLast(({ result }) => result !== null) ?? unfinished(same).at(-1) ?? same[same.length - 1];

/** In a row's name there is room for so many. */
const MOST_KEYS = 4;

/**
 * The method of each configuration, and what the method's others have not; where they differ in much, as those of the released
 * code do, what is another than in the first of them.
 */
function labelsOf(configurations: readonly Configuration[]): string[] {
  const alike = new Map<string, Configuration[]>();
  for (const one of configurations) alike.set(one.method, [...(alike.get(one.method) ?? []), one]);
  const methods = new Map(
    Array.from(alike, ([method, all]) => {
      const keys = differingKeys(all).filter((key) => key !== 'seed');
      return [method, { keys, first: flatten(all[0]) }];
    }),
  );
  return configurations.map((configuration) => {
    const { label } = describeMethod(configuration.method);
    const { keys, first } = methods.get(configuration.method) ?? { keys: [], first: {} };
    const own = flatten(configuration);
    const told = keys.length <= MOST_KEYS ? keys : keys.filter((key) => JSON.stringify(own[key]) !== JSON.stringify(first[key]));
    if (told.length > MOST_KEYS) return `${label}, ${told.length} changes`;
    return [label, ...told.map((key) => parameterWords(key, own[key]))].join(', ');
  });
}
