import { describeMethod } from '../../configuration/methods.ts';
import { type Configuration, differingKeys, flatten } from '../../configuration/schema.ts';
import type { RunRow } from '../../storage/database.ts';
import { parameterWords } from '../train/parameters.ts';

/** Runs that differ in nothing but their seed. */
interface GridRow {
  readonly key: string;
  /** The method, and what it differs in from the method's other rows. */
  readonly label: string;
  readonly runs: ReadonlyMap<number, RunRow>;
}

/** An experiment's runs on one dataset: a row for each configuration, a column for each seed. */
export interface RunGrid {
  readonly seeds: readonly number[];
  readonly rows: readonly GridRow[];
}

/** Rows stand in the order of the queue. */
export function runGrid(runs: readonly RunRow[]): RunGrid {
  const rows = new Map<string, Map<number, RunRow>>();
  for (const run of runs) {
    const { seed, ...rest } = flatten(run.configuration);
    const key = JSON.stringify(rest);
    rows.set(key, (rows.get(key) ?? new Map()).set(Number(seed), run));
  }
  const labels = labelsOf(Array.from(rows.values(), (row) => Array.from(row.values())[0].configuration));
  return {
    seeds: Array.from(new Set(runs.map(({ configuration: { seed } }) => seed))).toSorted((a, b) => a - b),
    rows: Array.from(rows, ([key, own], i) => ({ key, label: labels[i], runs: own })),
  };
}

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
