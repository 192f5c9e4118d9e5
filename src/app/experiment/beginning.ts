import { PRESET_NAMES, type PresetName } from '../../configuration/presets.ts';
import { type Configuration, complete, differences, flatten, nest, type Value } from '../../configuration/schema.ts';
import type { Experiment } from '../../experiments/experiment.ts';
import { emptyExperiment, experimentOf, TEMPLATES } from '../../experiments/templates.ts';
import { reads } from '../../experiments/unread.ts';
import type { DatasetRow, RunRow } from '../../storage/database.ts';
import type { ExperimentAddress } from './address.ts';
import { presetOn } from './planned.ts';

/** What the builder begins with. */
interface Beginning {
  readonly experiment: Experiment;
  readonly datasetIds: readonly number[];
}

/** A run whose settings are taken over, and the finished runs on its dataset. */
export interface Model {
  readonly run: RunRow;
  readonly finished: readonly RunRow[];
}

/**
 * The template of an address, on the asked datasets, or else on one that suits it: best that in use. With a model it is on the
 * model's dataset, with the model's settings and seeds, so that its runs and those that are there can be set against each other;
 * without one, or where there is nothing to train on, it has the preset `quick`.
 */
export function beginning(
  { template: id, on }: Pick<Extract<ExperimentAddress, { kind: 'new' }>, 'template' | 'on'>,
  datasets: readonly DatasetRow[],
  inUse: number | null,
  model: Model | null,
): Beginning {
  const template = TEMPLATES.find((candidate) => candidate.id === id);
  const begin = (preset: PresetName, task: DatasetRow['task']) =>
    template === undefined ? emptyExperiment(preset) : experimentOf(template, preset, task);
  const itsOwn = datasets.find((dataset) => dataset.id === model?.run.datasetId);
  if (model !== null && itsOwn !== undefined) {
    const preset = PRESET_NAMES.find((name) => name === model.run.preset) ?? 'quick';
    return { experiment: withSettings(begin(preset, itsOwn.task), itsOwn, model), datasetIds: [itsOwn.id] };
  }
  const suits = ({ task }: DatasetRow) => template === undefined || template.tasks.includes(task);
  const used = datasets.filter((dataset) => dataset.id === inUse);
  const dataset = [...used, ...datasets].find(suits) ?? used[0] ?? datasets[0];
  const known = on.filter((wanted) => datasets.some((row) => row.id === wanted));
  return {
    experiment: begin('quick', dataset?.task ?? template?.tasks[0] ?? 'ranking'),
    datasetIds: known.length > 0 || dataset === undefined ? known : [dataset.id],
  };
}

/** An experiment with what a run has other than the preset, but for what the experiment varies or changes itself. */
function withSettings(experiment: Experiment, dataset: DatasetRow, { run, finished }: Model): Experiment {
  const { grid, variants, changes } = experiment;
  const own = new Set([
    'method',
    'seed',
    ...grid.map(({ key }) => key),
    ...[changes, ...variants.map((v) => v.changes)].flatMap(Object.keys),
  ]);
  const preset = presetOn(experiment, dataset);
  const taken = Object.fromEntries(Object.entries(differences(run.configuration, preset)).filter(([key]) => !own.has(key)));
  const seeds = finished
    .filter(({ configuration }) => isLike(configuration, run.configuration, own))
    .map((other) => other.configuration.seed);
  return {
    ...experiment,
    changes: { ...withoutFollowing(taken, run.configuration, preset), ...changes },
    seeds: Array.from(new Set([...experiment.seeds, run.configuration.seed, ...seeds])).toSorted((a, b) => a - b),
  };
}

/** The adapters' width follows the channels: said beside them it would not follow other ones. */
function withoutFollowing(
  taken: Readonly<Record<string, Value>>,
  of: Configuration,
  preset: Configuration,
): Record<string, Value> {
  const { adapterWidth: _width, ...others } = taken;
  return complete(preset, nest({ channels: of.channels })).adapterWidth === of.adapterWidth ? others : { ...taken };
}

/** Whether two runs have the same settings, as far as both read them and apart from some keys. */
function isLike(one: Configuration, other: Configuration, but: ReadonlySet<string>): boolean {
  const [first, second] = [flatten(one), flatten(other)];
  return Object.keys(first).every(
    (key) => but.has(key) || !reads(one, key) || !reads(other, key) || JSON.stringify(first[key]) === JSON.stringify(second[key]),
  );
}
