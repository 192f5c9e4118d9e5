import type { RunRow } from '../../../storage/database.ts';
import { groupBySeed } from '../groups.ts';
import type { KnownRun } from '../knownRuns.ts';

/** A row of the table: one run, or those that differ in nothing but their seed. */
export interface Entry {
  readonly key: string;
  readonly label: string;
  /** One at least. */
  readonly runs: readonly KnownRun[];
}

/** Each run a row. @param labels of runs, by their ids @param hidden trials whose test results are not shown */
export const entriesOfRuns = (
  runs: readonly KnownRun[],
  labels: ReadonlyMap<number, string>,
  hidden: ReadonlySet<number>,
): Entry[] =>
  runs.map((known) => {
    const { id, search } = known.run;
    const part = search === null ? '' : hidden.has(id) ? ` (trial, ${search})` : ` (best of ${search})`;
    return { key: `run ${id}`, label: `${labels.get(id) ?? ''}${part}`, runs: [known] };
  });

/** Finished runs that differ in nothing but their seed a row; others are left out, and so are hidden trials. */
export function entriesOfGroups(runs: readonly KnownRun[], hidden: ReadonlySet<number>): Entry[] {
  const known = new Map(runs.map((one) => [one.run.id, one]));
  const comparable = runs.map(({ run }) => run).filter(({ id }) => !hidden.has(id));
  return groupBySeed(comparable).map(({ key, label, runs: own }) => ({
    key,
    label,
    runs: own.flatMap(({ id }) => known.get(id) ?? []),
  }));
}

/** Whether a run goes on: it cannot be deleted. */
export const isBusy = ({ status }: Pick<RunRow, 'status'>): boolean => status === 'running' || status === 'paused';

/** The seeds of a row's runs, ascending. */
export const seedsOf = ({ runs }: Entry): number[] =>
  runs.map(({ run: { configuration } }) => configuration.seed).sort((a, b) => a - b);
