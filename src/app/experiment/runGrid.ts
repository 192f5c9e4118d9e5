import { describeMethod } from '../../configuration/methods.ts';
import { differingKeys, flatten } from '../../configuration/schema.ts';
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
  const firsts = Array.from(rows.values(), (row) => Array.from(row.values())[0]);
  return {
    seeds: Array.from(new Set(runs.map(({ configuration: { seed } }) => seed))).toSorted((a, b) => a - b),
    rows: Array.from(rows, ([key, own], i) => ({ key, label: labelOf(firsts[i], firsts), runs: own })),
  };
}

/** What all runs of a method have in common is not said, but for the first of them, which the others are measured by. */
function labelOf({ configuration }: RunRow, firsts: readonly RunRow[]): string {
  const { label } = describeMethod(configuration.method);
  const alike = firsts.filter((other) => other.configuration.method === configuration.method);
  const own = flatten(configuration);
  const keys = differingKeys(alike.map((other) => other.configuration)).filter((key) => key !== 'seed');
  const first = flatten(alike[0].configuration);
  // Where there are many differences, as among those of the released code, only what is another than in the first row is told.
  const told = keys.length <= MOST_KEYS ? keys : keys.filter((key) => JSON.stringify(own[key]) !== JSON.stringify(first[key]));
  const words = told.map((key) => parameterWords(key, own[key]));
  if (words.length > MOST_KEYS) return `${label}, ${words.length} changes`;
  return [label, ...words].join(', ');
}

/** In a row's name there is room for so many. */
const MOST_KEYS = 2;
