import type { Series } from '../../charts/lines.ts';
import { describeMethod } from '../../configuration/methods.ts';
import { INSTANCE_VALUES as GAINS, type Protocol } from '../../engine/evaluation/metrics.ts';
import type { EpochRow, RunRow } from '../../storage/database.ts';
import { metricValue } from './results.ts';
import { taskOf, testedBy } from './task.ts';

/** A name for each run, with the seed or its number only where the method alone would not tell them apart. */
export function runLabels(runs: readonly RunRow[]): Map<number, string> {
  const method = (run: RunRow) => describeMethod(run.configuration.method).label;
  const seeded = (run: RunRow) => `${method(run)} s${run.configuration.seed}`;
  const occurs = (text: string, by: (run: RunRow) => string) => runs.filter((run) => by(run) === text).length;
  return new Map(
    runs.map((run) => {
      if (occurs(method(run), method) === 1) return [run.id, method(run)];
      return [run.id, occurs(seeded(run), seeded) === 1 ? seeded(run) : `${method(run)} #${run.id}`];
    }),
  );
}

/** One line a run over its epochs of fine-tuning. */
export function epochSeries(runs: readonly RunRow[], epochs: readonly EpochRow[], value: (epoch: EpochRow) => number): Series[] {
  const labels = runLabels(runs);
  return runs.map((run) => {
    const { colour, dash } = describeMethod(run.configuration.method);
    const own = epochs.filter(({ runId }) => runId === run.id).toSorted((a, b) => a.epoch - b.epoch);
    return {
      key: `run ${run.id}`,
      label: labels.get(run.id) ?? '',
      colour,
      dash,
      points: own.map((epoch) => ({ x: epoch.epoch, y: value(epoch) })).filter(({ y }) => Number.isFinite(y)),
    };
  });
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

/** What a random ranking, or a random class, gets on average; null where that depends on how frequent the classes are. */
function chanceOf(metric: string, candidates: number): number | null {
  if (metric === 'accuracy') return 1 / candidates;
  const [kind, cutoff] = metric.split('@');
  const gain = GAINS[kind];
  if (gain === undefined) return null;
  const ranks = Array.from({ length: Math.min(Number(cutoff), candidates) }, (_, i) => i + 1);
  return ranks.reduce((sum, rank) => sum + gain(rank), 0) / candidates;
}

/** “100 candidates”, or fewer where a catalogue is smaller, as the finished runs measured them; several are all named. */
export function protocolWords(runs: readonly RunRow[]): string {
  const candidates = Array.from(
    new Set(runs.map(({ result, configuration }) => result?.candidates ?? configuration.evaluation.candidates)),
  );
  const sorted = candidates.toSorted((a, b) => a - b);
  return `${sorted.length === 0 ? '100' : sorted.join(' or ')} candidates`;
}
