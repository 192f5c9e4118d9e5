import type { Experiment } from '../experiments/experiment.ts';
import { canonical } from '../results/canonical.ts';
import type { ModelFile } from '../results/modelFile.ts';
import { knownHashOf, type RunRow, type StudioDatabase } from './database.ts';
import { shownExperiment } from './shownRows.ts';
import { ResultsRefusedError } from './takeIn.ts';

/**
 * Keeps a model with the run that it is of.
 *
 * @returns the run's id, and whether its model was here already
 * @throws ResultsRefusedError where no such run is here, or the model cannot be its
 */
export async function takeInModel(database: StudioDatabase, model: ModelFile): Promise<{ runId: number; known: boolean }> {
  // Hashes first, since a transaction cannot wait for them.
  const same = await runsOf(database, model);
  return database.transaction('rw', database.runs, database.models, async () => {
    const run = await choose(database, same, model);
    const total = Object.values(model.tensors).reduce((sum, { values }) => sum + values.length, 0);
    const expected = run.result?.cost?.parameters ?? total;
    if (total !== expected) {
      throw new ResultsRefusedError(`This model has ${total} values, but that of its run ${run.id} has ${expected}.`);
    }
    const known = (await database.models.get(run.id)) !== undefined;
    const parameters = Object.entries(model.tensors).map(([name, { shape, values }]) => [name, { shape: [...shape], values }]);
    if (!known) await database.models.add({ runId: run.id, parameters: Object.fromEntries(parameters) });
    return { runId: run.id, known };
  });
}

/** The ids of the runs that a model may be of. */
async function runsOf(database: StudioDatabase, { dataset, configuration, backend, bestEpoch }: ModelFile): Promise<number[]> {
  const wanted = canonical(configuration);
  const runs = await database.runs
    .where({ status: 'finished' })
    .and((run) => run.result?.bestEpoch === bestEpoch && run.backend?.name === backend && canonical(run.configuration) === wanted)
    .toArray();
  const same: number[] = [];
  for (const { id, datasetId } of runs) if ((await knownHashOf(database, datasetId)) === dataset.hash) same.push(id);
  return same;
}

/** One of some runs, as far as they are still here. */
async function choose(database: StudioDatabase, ids: readonly number[], { dataset, configuration }: ModelFile): Promise<RunRow> {
  const same = (await database.runs.bulkGet([...ids])).filter((run) => run !== undefined);
  const withModel = new Set(await database.models.where('runId').anyOf(ids).primaryKeys());
  // Of equal runs one that has none yet.
  const run = same.find(({ id }) => !withModel.has(id)) ?? same[0];
  if (run !== undefined) return run;
  throw new ResultsRefusedError(
    `This is a model of ${configuration.method}, seed ${configuration.seed}, on “${dataset.name}”: its run is not here. Take in the file of the run first, or together with the model.`,
  );
}

/** Keeps an experiment, unless the same is here. */
export function takeInExperiment(database: StudioDatabase, given: Experiment): Promise<{ id: number; known: boolean }> {
  const experiment = shownExperiment(given);
  const wanted = canonical(experiment);
  return database.transaction('rw', database.experiments, async () => {
    const same = (await database.experiments.toArray()).find((row) => canonical(row.experiment) === wanted);
    if (same !== undefined) return { id: same.id, known: true };
    return { id: await database.experiments.add({ createdAt: Date.now(), experiment }), known: false };
  });
}
