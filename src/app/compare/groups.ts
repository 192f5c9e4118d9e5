import { describeMethod } from '../../configuration/methods.ts';
import { differingKeys, flatten } from '../../configuration/schema.ts';
import { instanceValues, metricOf, type Protocol } from '../../engine/evaluation/metrics.ts';
import {
  averageOverSeeds,
  overSeeds,
  type PairedTest,
  type SeedResult,
  testOverInstances,
  testOverSeeds,
} from '../../engine/evaluation/significance.ts';
import type { OutcomeRow, RunRow } from '../../storage/database.ts';
import { testedBy } from '../shared/task.ts';
import { parameterWords } from '../train/parameters.ts';

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
  const differing = differingKeys(alike.map(({ configuration }) => configuration)).filter((key) => key !== 'seed');
  const words = differing.map((key) => parameterWords(key, own[key]));
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

/** Why two groups cannot be compared. */
export interface Unpaired {
  readonly reason: string;
}

/** A paired test of each group against each other, or why there is none; null on the diagonal. */
export function testsBetween(
  groups: readonly RunGroup[],
  outcomes: ReadonlyMap<number, OutcomeRow>,
  metric: string,
  protocol: Protocol,
  over: 'instances' | 'seeds',
): (PairedTest | Unpaired | null)[][] {
  const sides = groups.map(({ runs }) => {
    const compared = runs.flatMap(({ id }) => {
      const row = outcomes.get(id);
      const values = row && instanceValues(row.outcomes, row.targets, metric, protocol);
      return row && values ? [{ instances: row.instances, values }] : [];
    });
    const seeds = runs.flatMap(({ configuration: { seed }, result }) => {
      const measured = result === null ? undefined : metricOf(result.test, metric, protocol);
      return measured === undefined ? [] : [{ seed, value: measured.value }];
    });
    return { run: runs[0], instances: averageOverSeeds(compared), seeds };
  });
  const table: (PairedTest | Unpaired | null)[][] = groups.map(() => groups.map(() => null));
  sides.forEach((a, i) => {
    sides.slice(0, i).forEach((b, j) => {
      const test = unlike(a.run, b.run, protocol, over) ?? paired(a, b, over);
      table[i][j] = test;
      table[j][i] = 'effect' in test ? { ...test, effect: -test.effect } : test;
    });
  });
  return table;
}

/** What a group brings to its tests. */
interface Side {
  readonly instances: ReadonlyMap<number, number>;
  readonly seeds: readonly SeedResult[];
}

function paired(a: Side, b: Side, over: 'instances' | 'seeds'): PairedTest | Unpaired {
  const test = over === 'instances' ? testOverInstances(a.instances, b.instances) : testOverSeeds(a.seeds, b.seeds);
  if (test.n > 0) return test;
  return { reason: over === 'instances' ? 'no test instance in common' : 'no seed in common' };
}

/** What two runs differ in so that their numbers are not of the same task; null if nothing. */
function unlike(a: RunRow, b: RunRow, protocol: Protocol, over: 'instances' | 'seeds'): Unpaired | null {
  if (a.datasetId !== b.datasetId) return { reason: 'another dataset' };
  const { dataset, evaluation } = a.configuration;
  const other = b.configuration;
  // Negatives are drawn by the split's seed, one by one for each instance.
  if (protocol === 'sampled' && dataset.splitSeed !== other.dataset.splitSeed) return { reason: 'other candidates' };
  if (protocol === 'sampled' && evaluation.candidates !== other.evaluation.candidates) return { reason: 'other candidates' };
  if (over === 'instances') return null;
  return testedBy(a) === testedBy(b) ? null : { reason: 'other test instances' };
}
