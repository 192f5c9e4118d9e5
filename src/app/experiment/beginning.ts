import type { Experiment } from '../../experiments/experiment.ts';
import { emptyExperiment, experimentOf, TEMPLATES } from '../../experiments/templates.ts';
import type { DatasetRow } from '../../storage/database.ts';
import type { ExperimentAddress } from './address.ts';

/** What the builder begins with. */
interface Beginning {
  readonly experiment: Experiment;
  readonly datasetIds: readonly number[];
}

/** The template of an address with the preset `quick`, on the asked datasets, or else on one that suits it: best that in use. */
export function beginning(
  { template: id, on }: Extract<ExperimentAddress, { kind: 'new' }>,
  datasets: readonly DatasetRow[],
  inUse: number | null,
): Beginning {
  const template = TEMPLATES.find((candidate) => candidate.id === id);
  const suits = ({ task }: DatasetRow) => template === undefined || template.tasks.includes(task);
  const used = datasets.filter((dataset) => dataset.id === inUse);
  const dataset = [...used, ...datasets].find(suits) ?? used[0] ?? datasets[0];
  const known = on.filter((wanted) => datasets.some((row) => row.id === wanted));
  const task = dataset?.task ?? template?.tasks[0] ?? 'ranking';
  return {
    experiment: template === undefined ? emptyExperiment('quick') : experimentOf(template, 'quick', task),
    datasetIds: known.length > 0 || dataset === undefined ? known : [dataset.id],
  };
}
