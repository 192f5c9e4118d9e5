import { describeMethod } from '../../configuration/methods.ts';
import { pretrainingKey } from '../../configuration/pretrainingKey.ts';
import type { Configuration } from '../../configuration/schema.ts';
import type { BackendInfo } from '../../engine/backend.ts';
import type { DatasetRow, RunRow } from '../../storage/database.ts';
import type { DatasetRuns } from '../../storage/experiments.ts';
import { bytes, count, duration } from '../format.ts';
import { forecast } from '../train/forecast.ts';

/** What some runs will take. */
export interface Foreseen {
  readonly runs: number;
  /** At most: runs may stop early. */
  readonly steps: number;
  /** Those of which it is known how long they take. */
  readonly measuredSteps: number;
  /** Models that are yet to be pre-trained, and the runs that start from a pre-trained one. */
  readonly pretrainings: number;
  readonly sharing: number;
  /** Parameters with Adam's two moments of the largest run. */
  readonly bytes: number;
  /** Of what was measured; what was not is named. */
  readonly seconds: number;
  readonly unmeasured: readonly string[];
}

/** What is known on this device: runs that finished before, and the pre-trained models that are kept. */
export interface Known {
  /** Finished runs, oldest first. */
  readonly earlier: readonly RunRow[];
  /** Keys of the table of pre-trained models. */
  readonly kept: readonly (readonly [number, string])[];
  /** Null until it is open. */
  readonly backend: Pick<BackendInfo, 'name' | 'variant'> | null;
}

/** Seconds a step, by what a step's duration depends on. */
type Speeds = ReadonlyMap<string, number>;

/** Runs with what they take, where runs of the same method and sizes were measured; a pre-trained model that runs share counts once. */
export function foresee(parts: readonly DatasetRuns[], known: Known): Foreseen {
  const speeds = speedsOf(known, new Map(parts.map(({ dataset }) => [dataset.id, dataset])));
  const kept = new Set(known.kept.map((key) => JSON.stringify(key)));
  const unmeasured = new Set<string>();
  let [runs, steps, measuredSteps, pretrainings, sharing, most, seconds] = [0, 0, 0, 0, 0, 0, 0];
  const take = (wanted: number, speed: number | undefined, name: string) => {
    steps += wanted;
    if (speed === undefined) {
      unmeasured.add(name);
      return;
    }
    measuredSteps += wanted;
    seconds += wanted * speed;
  };
  for (const { dataset, configurations } of parts) {
    for (const configuration of configurations) {
      const { steps: all, pretrainingSteps, bytes: size } = forecast(configuration, dataset.figures, [], null);
      runs++;
      most = Math.max(most, size);
      if (all > pretrainingSteps) {
        take(all - pretrainingSteps, speeds.get(stepKey(dataset.id, configuration)), describeMethod(configuration.method).label);
      }
      if (pretrainingSteps === 0) continue;
      sharing++;
      const { name, variant } = known.backend ?? { name: '', variant: '' };
      const model = JSON.stringify([dataset.id, `${name} ${variant} ${pretrainingKey(configuration)}`]);
      if (kept.has(model)) continue;
      kept.add(model);
      pretrainings++;
      take(pretrainingSteps, speeds.get(pretrainingStepKey(dataset.id, configuration)), 'pre-training');
    }
  }
  return { runs, steps, measuredSteps, pretrainings, sharing, bytes: most, seconds, unmeasured: Array.from(unmeasured) };
}

/** Of the newest run of each kind on the same backend here; a run that may have stopped early did an unknown number of steps. */
function speedsOf({ earlier, backend }: Known, datasets: ReadonlyMap<number, DatasetRow>): Speeds {
  const speeds = new Map<string, number>();
  for (const { datasetId, configuration, result, backend: used, elsewhere } of earlier) {
    // Another machine has another speed.
    if (elsewhere !== undefined) continue;
    const dataset = datasets.get(datasetId);
    if (dataset === undefined || result === null || used?.name !== backend?.name) continue;
    const { steps, pretrainingSteps } = forecast(configuration, dataset.figures, [], null);
    const { pretraining, fineTuning, evaluation } = result.seconds;
    if (pretraining > 0) speeds.set(pretrainingStepKey(datasetId, configuration), pretraining / pretrainingSteps);
    if (configuration.fineTuning.patience > 0 || steps === pretrainingSteps) continue;
    speeds.set(stepKey(datasetId, configuration), (fineTuning + evaluation) / (steps - pretrainingSteps));
  }
  return speeds;
}

const networkOf = ({ channels, dilations, kernelSize, sequenceLength }: Configuration) =>
  [channels, dilations, kernelSize, sequenceLength].join(' ');

const pretrainingStepKey = (datasetId: number, configuration: Configuration): string => {
  const { batchSize, softmax, sampledItems } = configuration.pretraining;
  return ['pretraining', datasetId, networkOf(configuration), batchSize, softmax, softmax === 'sampled' ? sampledItems : 0].join(
    '|',
  );
};

const stepKey = (datasetId: number, configuration: Configuration): string =>
  [datasetId, configuration.method, networkOf(configuration), configuration.readout, configuration.fineTuning.batchSize].join(
    '|',
  );

/** What it takes, in sentences. @param gpu what the planner says of the GPU's memory, or null */
export function foreseenWords(foreseen: Foreseen, gpu: { readonly peakBytes: number } | null): string[] {
  const { runs, steps, pretrainings, sharing } = foreseen;
  const shared = [
    `${count(runs)} run${runs === 1 ? '' : 's'}, ${count(steps)} steps at most.`,
    sharing === 0 ? '' : sharedWords(pretrainings, sharing),
  ];
  const memory = `${bytes(foreseen.bytes)} for parameters and Adam’s moments of the largest run, ${
    gpu === null ? 'activations on top.' : `with activations ${bytes(gpu.peakBytes)} of the GPU’s memory.`
  }`;
  return [...shared.filter((words) => words !== ''), memory, timeWords(foreseen)];
}

const sharedWords = (pretrainings: number, sharing: number): string =>
  pretrainings === 0
    ? 'The pre-trained models are there already.'
    : `${pretrainings === 1 ? 'One model is' : `${count(pretrainings)} models are`} pre-trained, for ${count(sharing)} run${sharing === 1 ? '' : 's'} that start from ${pretrainings === 1 ? 'it' : 'them'}.`;

/** Whether what was measured is most of it: a time that leaves out more than it counts misleads. */
export const isTold = ({ steps, measuredSteps }: Pick<Foreseen, 'steps' | 'measuredSteps'>): boolean => 2 * measuredSteps > steps;

const MOST_NAMES = 4;

/** What was not measured: by name, where that is not much. */
export const namesOf = (unmeasured: readonly string[]): string =>
  unmeasured.length <= MOST_NAMES ? unmeasured.join(', ') : `${unmeasured.length} other methods`;

/** How long it takes, as far as that was measured here. */
function timeWords(foreseen: Foreseen): string {
  const { seconds, unmeasured, steps } = foreseen;
  if (steps === 0) return 'Takes a moment.';
  if (unmeasured.length === 0) return `About ${duration(seconds)}, as earlier runs on this backend took.`;
  if (!isTold(foreseen)) return 'How long it takes is not known yet with these sizes on this backend: the first runs will tell.';
  return `About ${duration(seconds)} as earlier runs on this backend took; not measured yet, and on top: ${namesOf(unmeasured)}.`;
}
