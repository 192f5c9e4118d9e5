import { presetFor } from '../../configuration/presets.ts';
import { type Configuration, complete, type Value } from '../../configuration/schema.ts';
import { configuredSettings } from '../../data/dataset.ts';
import { combinationsOf, type Experiment, planningRuns } from '../../experiments/experiment.ts';
import { TEMPLATES } from '../../experiments/templates.ts';
import type { DatasetRow } from '../../storage/database.ts';
import type { DatasetRuns } from '../../storage/experiments.ts';
import { traitsOf } from '../../storage/traits.ts';
import { asError } from '../shared/asError.ts';
import { warningsFor } from '../train/plan.ts';

/** Of methods, seeds and settings, before those that come to the same are left out. The command line takes any number. */
const MOST_COMBINATIONS = 600;

/** The runs that an experiment comes to in this studio, or what is wrong with it. */
export interface Planned {
  readonly parts: readonly DatasetRuns[];
  readonly problem: string | null;
  /** What one should know, though it is possible. */
  readonly warnings: readonly string[];
}

/** The preset of an experiment as it applies to a dataset, with the dataset's own filters. */
export const presetOn = (experiment: Pick<Experiment, 'preset'>, dataset: DatasetRow) =>
  complete(presetFor(experiment.preset, traitsOf(dataset)), { dataset: configuredSettings(dataset.settings) });

/**
 * Dataset by dataset, each in the order of `plannedRuns`; whatever its name is. Run by run, so that the page can answer in between:
 * hundreds take longer than anyone who types would wait.
 */
export function* planning(experiment: Omit<Experiment, 'name'>, datasets: readonly DatasetRow[]): Generator<void, Planned> {
  const failed = (problem: string): Planned => ({ parts: [], problem, warnings: [] });
  if (datasets.length === 0) return failed('Choose at least one dataset.');
  if (experiment.methods.length === 0) return failed('Choose at least one method.');
  if (combinationsOf(experiment) * datasets.length > MOST_COMBINATIONS)
    return failed(
      `These are more than ${MOST_COMBINATIONS} combinations of datasets, methods, seeds and settings. Leave some out, or save the experiment as a file for the command line, which takes any number.`,
    );
  try {
    const parts: DatasetRuns[] = [];
    for (const dataset of datasets) {
      const configurations: Configuration[] = [];
      for (const { configuration } of planningRuns(experiment, presetOn(experiment, dataset))) {
        configurations.push(configuration);
        yield;
      }
      const problem = problemOn(dataset, configurations);
      if (problem !== null) return failed(problem);
      parts.push({ dataset, configurations });
    }
    return { parts, problem: null, warnings: warningsOf(experiment, parts) };
  } catch (error) {
    return failed(asError(error).message);
  }
}

/** A plan of an experiment with this name. */
export const withName = (planned: Planned, name: string): Planned =>
  name.trim() === '' ? { parts: [], problem: 'An experiment needs a name.', warnings: [] } : planned;

/** What cannot be done on a dataset, though it is possible on others. */
function problemOn({ name, settings, timed }: DatasetRow, configurations: DatasetRuns['configurations']): string | null {
  for (const { dataset } of configurations) {
    if (dataset.split === 'latest' && !timed) return `The split “latest” needs interactions with a time; “${name}” has none.`;
    for (const [key, value] of Object.entries(configuredSettings(settings))) {
      if (value === (dataset as Record<string, Value>)[key]) continue;
      return `“dataset.${key}” is decided when files are imported: on “${name}” it is ${value}. Take it out of the experiment.`;
    }
  }
  return null;
}

function warningsOf({ question }: Pick<Experiment, 'question'>, parts: readonly DatasetRuns[]): string[] {
  const warnings = parts.flatMap(({ dataset, configurations }) =>
    configurations.flatMap((configuration) => warningsFor(configuration, dataset, [configuration.method])),
  );
  const template = TEMPLATES.find(({ id }) => id === question);
  const strange = parts.filter(({ dataset }) => template !== undefined && !template.tasks.includes(dataset.task));
  for (const { dataset } of strange)
    warnings.unshift(
      `“${template?.title}” is meant for ${dataset.task === 'profile' ? 'items to be ranked' : 'labels of users'}; “${dataset.name}” has ${dataset.task === 'profile' ? 'labels of users' : 'items to be ranked'}.`,
    );
  return Array.from(new Set(warnings));
}
