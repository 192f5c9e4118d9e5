import { describeMethod } from '../../configuration/methods.ts';
import { flatten } from '../../configuration/schema.ts';
import { instanceValues, metricOf, type Protocol, selectionOf } from '../../engine/evaluation/metrics.ts';
import {
  type ComparedRun,
  overSeeds,
  type PairedTest,
  testOverInstances,
  testOverSeeds,
} from '../../engine/evaluation/significance.ts';
import type { OutcomeRow, RunRow } from '../../storage/database.ts';
import { writeValue } from '../train/parameters.ts';

/** Finished runs that differ in nothing but their seed. */
export interface RunGroup {
  readonly key: string;
  /** The method, and where that is not enough the keys in which it differs from the others. */
  readonly label: string;
  readonly runs: readonly RunRow[];
}

/** Groups finished runs by everything but the seed. */
export function groupBySeed(runs: readonly RunRow[]): RunGroup[] {
  const groups = new Map<string, RunRow[]>();
  for (const run of runs) {
    if (run.result === null) continue;
    const { seed: _seed, ...rest } = flatten(run.configuration);
    const key = JSON.stringify([run.datasetId, run.backend?.name, rest]);
    // Of runs with the same seed the newest: they are repetitions, not further seeds.
    const others = (groups.get(key) ?? []).filter((other) => other.configuration.seed !== run.configuration.seed);
    groups.set(key, [...others, run]);
  }
  const all = Array.from(groups.values());
  return Array.from(groups, ([key, own]) => ({ key, label: labelOf(own[0], all), runs: own }));
}

function labelOf(run: RunRow, groups: readonly (readonly RunRow[])[]): string {
  const { label } = describeMethod(run.configuration.method);
  const alike = groups.map(([first]) => first).filter((other) => other.configuration.method === run.configuration.method);
  if (alike.length === 1) return label;
  const own = flatten(run.configuration);
  const differing = Object.keys(own).filter(
    (key) =>
      key !== 'seed' && alike.some((other) => JSON.stringify(flatten(other.configuration)[key]) !== JSON.stringify(own[key])),
  );
  const words = differing.map((key) => `${key} ${writeValue(own[key])}`);
  if (alike.some((other) => other.datasetId !== run.datasetId)) words.push(run.datasetName);
  if (alike.some((other) => other.backend?.name !== run.backend?.name)) words.push(run.backend?.name ?? 'unknown backend');
  return `${label} (${words.join(', ')})`;
}

/** Mean ± standard deviation over the seeds of a group; undefined if one of its runs did not measure the metric. */
export function groupMean({ runs }: RunGroup, metric: string, protocol: Protocol) {
  const values = runs.flatMap(({ result }) => (result === null ? [] : [metricOf(result.test, metric, protocol)?.value]));
  const known = values.filter((value) => value !== undefined);
  return known.length < values.length ? undefined : overSeeds(known);
}

/** A paired test of each group against each other; null where they cannot be paired. */
export function testsBetween(
  groups: readonly RunGroup[],
  outcomes: ReadonlyMap<number, OutcomeRow>,
  metric: string,
  protocol: Protocol,
  over: 'instances' | 'seeds',
): (PairedTest | null)[][] {
  const compared = groups.map(({ runs }) =>
    runs.flatMap(({ id, configuration }): ComparedRun[] => {
      const row = outcomes.get(id);
      const values = row && instanceValues(row.outcomes, row.targets, metric, protocol);
      return row && values ? [{ seed: configuration.seed, instances: row.instances, values }] : [];
    }),
  );
  const test = over === 'instances' ? testOverInstances : testOverSeeds;
  return groups.map((first, a) =>
    groups.map((second, b) => {
      if (a === b || first.runs[0].datasetId !== second.runs[0].datasetId) return null;
      const result = test(compared[a], compared[b]);
      return result.n === 0 ? null : result;
    }),
  );
}

/**
 * The trials whose test results are not to be looked at: all of a search that goes on, and all but the best by validation of
 * one that is decided.
 */
export function hiddenTrials(runs: readonly RunRow[]): Set<number> {
  const searches = new Map<string, RunRow[]>();
  for (const run of runs) {
    if (run.search === null) continue;
    const key = `${run.search} ${run.configuration.method}`;
    searches.set(key, [...(searches.get(key) ?? []), run]);
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
