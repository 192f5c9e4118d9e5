import type { Series } from '../../charts/lines.ts';
import { describeMethod } from '../../configuration/methods.ts';
import type { EpochRow, RunRow } from '../../storage/database.ts';

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

/** “100 candidates”, or fewer where a catalogue is smaller, as the finished runs measured them; several are all named. */
export function protocolWords(runs: readonly RunRow[]): string {
  const candidates = Array.from(
    new Set(runs.map(({ result, configuration }) => result?.candidates ?? configuration.evaluation.candidates)),
  );
  const sorted = candidates.toSorted((a, b) => a - b);
  return `${sorted.length === 0 ? '100' : sorted.join(' or ')} candidates`;
}
