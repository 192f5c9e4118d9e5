import { selectionOf } from '../../engine/evaluation/metrics.ts';
import type { RunRow } from '../../storage/database.ts';

/**
 * The trials whose test results are not to be looked at: all of a search that goes on, and all but the best by validation of
 * one that is decided.
 */
export function hiddenTrials(runs: readonly RunRow[]): Set<number> {
  const searches = new Map<string, RunRow[]>();
  for (const run of runs) {
    if (run.search === null) continue;
    const key = `${run.search} ${run.configuration.method}`;
    const known = searches.get(key);
    if (known === undefined) searches.set(key, [run]);
    else known.push(run);
  }
  const hidden = new Set<number>();
  for (const trials of searches.values()) {
    const undecided = trials.some(({ status }) => ['queued', 'running', 'paused', 'interrupted'].includes(status));
    const scored = trials.flatMap((run) => (run.result?.validation ? [{ run, value: selectionOf(run.result.validation) }] : []));
    // A method that is not trained has nothing to be chosen by, and one trial only.
    if (!undecided && scored.length === 0) continue;
    const best = undecided ? null : scored.reduce((a, b) => (b.value > a.value ? b : a)).run;
    for (const { id } of trials) if (id !== best?.id) hidden.add(id);
  }
  return hidden;
}

/** Finished runs, but for the trials of a search that are not to be looked at. */
export function finishedRuns(runs: readonly RunRow[]): RunRow[] {
  const hidden = hiddenTrials(runs);
  return runs.filter(({ status, id }) => status === 'finished' && !hidden.has(id));
}

/** The runs whose policies can be looked at. */
export const runsToLookAt = (runs: readonly RunRow[]): RunRow[] => finishedRuns(runs).filter(({ result }) => result?.policy);

/** What of a run says which others are deleted with it. */
export interface Deletable extends Pick<RunRow, 'id' | 'search'> {
  /** Null: it has none. */
  readonly result: object | null;
  readonly configuration: Pick<RunRow['configuration'], 'method'>;
}

/**
 * What is deleted with a run: of a search, the other trials of the same method too. The best of what would be left is not the
 * one that was chosen, and its test result would be a second look.
 */
function deletedWith(run: Deletable, runs: readonly Deletable[]): number[] {
  if (run.search === null || run.result === null) return [run.id];
  const { search, configuration } = run;
  return runs
    .filter((other) => other.search === search && other.configuration.method === configuration.method)
    .map(({ id }) => id);
}

/** What is deleted with some runs, each once. */
export function deletedWithAll(chosen: readonly Deletable[], runs: readonly Deletable[]): number[] {
  const ids = new Set<number>();
  for (const run of chosen) {
    // Whoever goes with another goes with the same runs.
    if (!ids.has(run.id)) for (const id of deletedWith(run, runs)) ids.add(id);
  }
  return Array.from(ids);
}
