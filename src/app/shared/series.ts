import type { Series } from '../../charts/lines.ts';
import { describeMethod } from '../../configuration/methods.ts';
import { parameterWords } from '../../configuration/parameters.ts';
import type { Configuration } from '../../configuration/schema.ts';
import type { Protocol } from '../../engine/evaluation/metrics.ts';
import { chanceOf } from '../../results/chance.ts';
import type { EpochRow, RunRow } from '../../storage/database.ts';
import { differingAmong, flatOf } from './differing.ts';
import { metricValue } from './results.ts';
import { taskOf, testedBy } from './task.ts';

/** In a name there is room for so many differences. */
const MOST_DIFFERENCES = 3;

/**
 * A name for each run: its method, and where that alone would not tell runs apart what they differ in, such as the seed or the
 * learning rate; the number of the run where they differ in nothing, or in too much.
 *
 * @param among runs beside which they are read: where a method has several seeds among them on a dataset, each name tells its seed
 */
export function runLabels(runs: readonly RunRow[], among: readonly RunRow[] = runs): Map<number, string> {
  const names = differenceNames(runs, among);
  const bearers = new Map<string, number>();
  for (const name of names.values()) bearers.set(name, (bearers.get(name) ?? 0) + 1);
  return new Map(Array.from(names, ([id, name]) => [id, (bearers.get(name) ?? 0) > 1 ? `${name} #${id}` : name]));
}

/** Runs of one method on one dataset are told apart by what they differ in; names may still be the same. */
function differenceNames(runs: readonly RunRow[], among: readonly RunRow[]): Map<number, string> {
  const alikeOf = ({ datasetId, configuration: { method } }: RunRow) => `${datasetId} ${method}`;
  const alike = new Map<string, Configuration[]>();
  for (const run of runs) {
    const known = alike.get(alikeOf(run));
    if (known === undefined) alike.set(alikeOf(run), [run.configuration]);
    else known.push(run.configuration);
  }
  const seeds = new Map<string, Set<number>>();
  for (const run of [...runs, ...among]) {
    const known = seeds.get(alikeOf(run));
    if (known === undefined) seeds.set(alikeOf(run), new Set([run.configuration.seed]));
    else known.add(run.configuration.seed);
  }
  const differing = new Map(Array.from(alike, ([key, configurations]) => [key, differingAmong(configurations)]));
  return new Map(
    runs.map((run) => {
      const { label } = describeMethod(run.configuration.method);
      const keys = differing.get(alikeOf(run)) ?? [];
      const name = (seeds.get(alikeOf(run))?.size ?? 0) > 1 ? `${label} s${run.configuration.seed}` : label;
      if (keys.length > MOST_DIFFERENCES) return [run.id, `${name} #${run.id}`];
      const own = flatOf(run.configuration);
      const words = keys.filter((key) => key !== 'seed').map((key) => parameterWords(key, own[key]));
      return [run.id, [name, ...words].join(', ')];
    }),
  );
}

/** One line a run over its epochs of fine-tuning. @param labels where lists beside it name more runs than are drawn */
export function epochSeries(
  runs: readonly RunRow[],
  epochs: readonly EpochRow[],
  value: (epoch: EpochRow) => number,
  labels: ReadonlyMap<number, string> = runLabels(runs),
): Series[] {
  return runs.map((run, i) => {
    const { colour, dash } = describeMethod(run.configuration.method);
    const before = runs.slice(0, i).filter(({ configuration }) => configuration.method === run.configuration.method).length;
    const own = epochs.filter(({ runId }) => runId === run.id).toSorted((a, b) => a.epoch - b.epoch);
    return {
      key: `run ${run.id}`,
      label: labels.get(run.id) ?? '',
      colour,
      dash: repeatedDash(dash, before),
      points: own.map((epoch) => ({ x: epoch.epoch, y: value(epoch) })).filter(({ y }) => Number.isFinite(y)),
    };
  });
}

/** The dash of a method's line; another one for each line of the same method before it. */
export function repeatedDash(dash: string, before: number): string {
  if (before === 0) return dash;
  if (dash === '') return `${12 * before} 3`;
  const lengths = dash.split(' ').map((length) => Number(length) * (before + 1));
  return lengths.join(' ');
}

/** What has to stand beside curves of runs whose best epoch is chosen on test: they are of no validation set. */
export const selectionNote = (runs: readonly RunRow[]): string | null =>
  runs.some(({ configuration }) => configuration.fineTuning.selectOn === 'test')
    ? 'Runs with “best epoch by: test” have no validation set: their curves are of the test instances.'
    : null;

/**
 * What beside the curves of some runs tells how good they are: MostPop, where it was evaluated on the same task, and what a
 * random ranking gets. Nothing where the runs themselves are of several tasks.
 *
 * @param candidatesOf how many a target is ranked among, the target included; the classes of a profile task
 */
export function references(
  drawn: readonly RunRow[],
  runs: readonly RunRow[],
  metric: string,
  protocol: Protocol,
  candidatesOf: (run: RunRow) => number | undefined,
) {
  const comparableBy = protocol === 'sampled' ? taskOf : testedBy;
  const candidates = Array.from(new Set(drawn.map(candidatesOf)));
  const tasks = new Set(drawn.map(comparableBy));
  const popular = runs.findLast(
    (run) =>
      run.configuration.method === 'most-popular' && run.result !== null && tasks.size === 1 && tasks.has(comparableBy(run)),
  )?.result;
  const chance = candidates.length === 1 && candidates[0] !== undefined ? chanceOf(metric, candidates[0]) : null;
  return [
    ...(popular ? [{ label: 'MostPop (test)', y: metricValue(popular.test, metric, protocol) }] : []),
    ...(chance === null ? [] : [{ label: 'chance', y: chance }]),
  ];
}

/** “100 candidates”, or fewer where a catalogue is smaller, as the finished runs measured them: “77 or 100”, “20 to 100”. */
export function protocolWords(runs: readonly RunRow[]): string {
  const candidates = Array.from(
    new Set(runs.map(({ result, configuration }) => result?.candidates ?? configuration.evaluation.candidates)),
  );
  const sorted = candidates.toSorted((a, b) => a - b);
  const words = sorted.length > 2 ? `${sorted[0]} to ${sorted[sorted.length - 1]}` : sorted.join(' or ');
  return `${words || '100'} candidates`;
}
