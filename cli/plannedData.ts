import { describeMethod } from '../src/configuration/methods.ts';
import { type DatasetTraits, presetFor } from '../src/configuration/presets.ts';
import { pretrainingKey } from '../src/configuration/pretrainingKey.ts';
import { ConfigurationError } from '../src/configuration/schema.ts';
import type { Dataset } from '../src/data/dataset.ts';
import { SIMULATOR_DEFAULTS } from '../src/data/simulator.ts';
import { methodOf } from '../src/engine/methods/registry.ts';
import { type Experiment, type PlannedRun, plannedRuns } from '../src/experiments/experiment.ts';
import type { DataChoice } from './data.ts';
import { openDataset } from './files.ts';
import { foldersOf } from './outputs.ts';
import { deal, type Shard } from './shard.ts';

/** One dataset of an experiment, before it is opened. */
export interface PlannedData {
  readonly choice: DataChoice;
  /** Inside the output folder; '' where the experiment has one dataset only. */
  readonly folder: string;
  readonly runs: readonly PlannedRun[];
}

/** The runs of an experiment on a dataset, now that it is known. @throws ConfigurationError */
export function runsOn(experiment: Experiment, traits: DatasetTraits): PlannedRun[] {
  for (const method of experiment.methods) methodOf(method);
  return plannedRuns(experiment, presetFor(experiment.preset, traits));
}

export const traitsOf = ({ origin, figures }: Dataset): DatasetTraits => ({
  scenario: origin.kind === 'simulated' ? origin.scenario : null,
  sourceItems: figures.sourceItems,
});

/**
 * All runs of an experiment, on each of its datasets. Datasets are opened only where the ids of runs depend on them; the
 * configurations are those of a small catalogue.
 *
 * @throws ConfigurationError for whatever is wrong with any run
 */
export async function planned(experiment: Experiment, data: readonly DataChoice[]): Promise<PlannedData[]> {
  const folders = data.length === 1 ? [''] : foldersOf(data.map(({ name }) => name ?? ''));
  const places: PlannedData[] = [];
  for (const [i, choice] of data.entries()) {
    places.push({ choice, folder: folders[i], runs: runsOn(experiment, await traitsBefore(experiment, choice)) });
  }
  return places;
}

async function traitsBefore(experiment: Experiment, choice: DataChoice): Promise<DatasetTraits> {
  // The size of the catalogue decides one setting, which names runs only where they differ in it.
  const keys = [...experiment.grid.map(({ key }) => key), ...experiment.variants.flatMap(({ changes }) => Object.keys(changes))];
  if (choice.files !== null && keys.includes('pretraining.softmax')) {
    const [run] = runsOn(experiment, { scenario: null, sourceItems: 0 });
    return traitsOf((await openDataset(choice, run.configuration.dataset)).dataset);
  }
  const scenario = choice.files === null ? (choice.simulate ?? SIMULATOR_DEFAULTS).scenario : null;
  return { scenario, sourceItems: 0 };
}

/** The ids of the runs of a share, for each dataset. */
export function shareOf(places: readonly PlannedData[], { index, count }: Shard): ReadonlySet<string>[] {
  const models = places.flatMap(({ runs }, place) =>
    runs.map(({ configuration }) =>
      describeMethod(configuration.method).pretrained ? `${place} ${pretrainingKey(configuration)}` : null,
    ),
  );
  const dealt = deal(models, count);
  let first = 0;
  return places.map(({ runs }) => {
    const own = runs.filter((_, i) => dealt[first + i] === index - 1);
    first += runs.length;
    return new Set(own.map(({ id }) => id));
  });
}

/** Filters are applied while files are read; what was asked for and not done must not look as if it had been. */
export function refuseUnappliedFilters({ settings, origin, task }: Dataset, runs: readonly PlannedRun[]): void {
  for (const { configuration } of runs) {
    const asked = configuration.dataset;
    const key = (['minimumTargetItemCount', 'maximumTargetsPerUser'] as const).find((name) => settings[name] !== asked[name]);
    if (key === undefined) continue;
    const what = origin.kind === 'simulated' ? 'the demo dataset' : task === 'profile' ? 'labels' : 'this dataset';
    throw new ConfigurationError(
      `“dataset.${key}” ${asked[key]} has no effect on ${what} (${settings[key]} there): it filters target items while files of interactions are read.`,
    );
  }
}
