import { describeMethod, placeOfMethod } from '../../configuration/methods.ts';
import { parameterWords } from '../../configuration/parameters.ts';
import { metricOf, type Protocol } from '../../engine/evaluation/metrics.ts';
import { overSeeds } from '../../engine/evaluation/significance.ts';
import type { RunRow } from '../../storage/database.ts';
import { differingAmong, flatOf } from '../shared/differing.ts';

/** Finished runs that differ in nothing but their seed. */
export interface RunGroup {
  readonly key: string;
  /** The method, and where that is not enough the keys in which it differs from the others. */
  readonly label: string;
  readonly runs: readonly RunRow[];
}

/** Groups finished runs by everything but the seed. */
export function groupBySeed(runs: readonly RunRow[]): RunGroup[] {
  // Of runs with the same seed the newest: they are repetitions, not further seeds.
  const groups = new Map<string, Map<number, RunRow>>();
  for (const run of runs) {
    if (run.result === null) continue;
    const { seed } = run.configuration;
    const key = keyOf(run);
    const own = groups.get(key) ?? new Map<number, RunRow>();
    own.delete(seed);
    groups.set(key, own.set(seed, run));
  }
  const labels = labelsOf(Array.from(groups.values(), (own) => Array.from(own.values())[0]));
  return Array.from(groups, ([key, own]) => ({ key, label: labels.get(key) ?? '', runs: Array.from(own.values()) }));
}

/** Groups in the order of the paper's tables; methods that it does not list come last. */
export function inPaperOrder(groups: readonly RunGroup[]): RunGroup[] {
  const placeOf = ({ runs: [{ configuration }] }: RunGroup) => placeOfMethod(configuration.method);
  return groups.toSorted((a, b) => placeOf(a) - placeOf(b));
}

/** Some of several groups, named by what tells them from each other alone. */
export const relabelled = (groups: readonly Pick<RunGroup, 'runs'>[]): RunGroup[] =>
  groupBySeed(groups.flatMap(({ runs }) => runs));

/** Runs that have the same differ in their seed alone. */
function keyOf({ datasetId, backend, configuration }: RunRow): string {
  const { seed: _seed, ...rest } = flatOf(configuration);
  return JSON.stringify([datasetId, backend?.name, rest]);
}

/** The names of groups, by their keys. @param firsts one run of each */
function labelsOf(firsts: readonly RunRow[]): Map<string, string> {
  const byMethod = new Map<string, RunRow[]>();
  for (const run of firsts) {
    const known = byMethod.get(run.configuration.method);
    if (known === undefined) byMethod.set(run.configuration.method, [run]);
    else known.push(run);
  }
  return new Map(Array.from(byMethod.values()).flatMap(labelsOfMethod));
}

function labelsOfMethod(alike: readonly RunRow[]): [string, string][] {
  const { label } = describeMethod(alike[0].configuration.method);
  if (alike.length === 1) return [[keyOf(alike[0]), label]];
  const differing = differingAmong(alike.map(({ configuration }) => configuration)).filter((key) => key !== 'seed');
  const differs = (of: (run: RunRow) => unknown) => alike.some((run) => of(run) !== of(alike[0]));
  const dataset = differs(({ datasetId }) => datasetId);
  const backend = differs((run) => run.backend?.name);
  return alike.map((run) => {
    const own = flatOf(run.configuration);
    const words = differing.map((key) => parameterWords(key, own[key]));
    if (dataset) words.push(run.datasetName);
    if (backend) words.push(run.backend?.name ?? 'unknown backend');
    return [keyOf(run), `${label} (${words.join(', ')})`];
  });
}

/** Mean ± standard deviation over the seeds of a group; undefined if one of its runs did not measure the metric. */
export function groupMean({ runs }: Pick<RunGroup, 'runs'>, metric: string, protocol: Protocol) {
  const values = runs.flatMap(({ result }) => (result === null ? [] : [metricOf(result.test, metric, protocol)?.value]));
  const known = values.filter((value) => value !== undefined);
  return known.length < values.length || known.length === 0 ? undefined : overSeeds(known);
}
