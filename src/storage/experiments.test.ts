import 'fake-indexeddb/auto';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { PRESETS } from '../configuration/presets.ts';
import { SIMULATOR_DEFAULTS, simulate } from '../data/simulator.ts';
import { plannedRuns } from '../experiments/experiment.ts';
import { emptyExperiment } from '../experiments/templates.ts';
import { addDataset, type DatasetRow, StudioDatabase } from './database.ts';
import {
  addExperiment,
  addMissing,
  deleteExperiment,
  holdExperiment,
  missingRuns,
  moved,
  moveExperiment,
  placeInQueue,
  releaseExperiment,
  removeWaiting,
  renameExperiment,
  retryExperiment,
} from './experiments.ts';
import { addRuns, requeue, waitingRuns } from './queue.ts';
import { replaceRun } from './testing.ts';

let database: StudioDatabase;
let dataset: DatasetRow;

beforeEach(async () => {
  database = new StudioDatabase('experiments');
  const id = await addDataset(database, simulate({ ...SIMULATOR_DEFAULTS, users: 40 }));
  dataset = (await database.datasets.get(id)) as DatasetRow;
});
afterEach(() => database.delete());

const experiment = { ...emptyExperiment('quick'), methods: ['finetune-all', 'uaf-hard'], seeds: [1] };
const configurations = plannedRuns(experiment, PRESETS.quick).map(({ configuration }) => configuration);
const add = () => addExperiment(database, experiment, [{ dataset, configurations }]);
const statuses = async () => (await database.runs.toArray()).map(({ status }) => status);

describe('stored experiments', () => {
  it('are there with all of their runs, in order, or not at all', async () => {
    const id = await add();
    expect(await database.experiments.get(id)).toMatchObject({ experiment });
    const runs = await waitingRuns(database);
    expect(runs.map(({ experimentId, configuration: { method } }) => [experimentId, method])).toEqual([
      [id, 'finetune-all'],
      [id, 'uaf-hard'],
    ]);
    vi.spyOn(database.runs, 'bulkAdd').mockRejectedValue(new Error('The storage is full.'));
    await expect(add()).rejects.toThrow('The storage is full.');
    vi.restoreAllMocks();
    expect(await database.experiments.count()).toBe(1);
  });

  it('are held and released, and nothing else is', async () => {
    await addRuns(database, dataset, [{ configuration: PRESETS.quick, preset: 'quick' }]);
    const id = await add();
    await database.runs.update(2, { status: 'finished' });
    await holdExperiment(database, id);
    expect(await statuses()).toEqual(['queued', 'finished', 'held']);
    await releaseExperiment(database, id);
    expect(await statuses()).toEqual(['queued', 'finished', 'queued']);
  });

  it('take what is being trained back when they are held, to its place', async () => {
    const id = await add();
    await database.runs.update(1, { status: 'running', startedAt: 1, pretraining: [{ epoch: 1, loss: 1 }] });
    await holdExperiment(database, id);
    expect(await database.runs.get(1)).toMatchObject({
      status: 'held',
      position: 1,
      startedAt: null,
      pretraining: [{ epoch: 1 }],
    });
    await releaseExperiment(database, id);
    expect(await statuses()).toEqual(['queued', 'queued']);
    // One that is paused by itself goes on where it stands.
    await database.runs.update(1, { status: 'paused', startedAt: 1 });
    await releaseExperiment(database, id);
    expect(await database.runs.get(1)).toMatchObject({ status: 'running', startedAt: 1 });
  });

  it('say why a run failed until it is tried again', async () => {
    const id = await add();
    await database.runs.update(1, { status: 'failed', error: { name: 'E', message: 'why' }, finishedAt: 1 });
    await database.runs.update(2, { status: 'stopped' });
    await retryExperiment(database, id);
    const runs = await waitingRuns(database);
    expect(runs.map(({ id: runId, status, error, finishedAt }) => [runId, status, error, finishedAt])).toEqual([
      [1, 'queued', null, null],
      [2, 'queued', null, null],
    ]);
  });

  it('move in the queue as a whole', async () => {
    const [alone] = await addRuns(database, dataset, [{ configuration: PRESETS.quick, preset: 'quick' }]);
    const first = await add();
    const second = await add();
    const order = async () => (await waitingRuns(database)).map(({ id, experimentId }) => experimentId ?? `run ${id}`);
    await moveExperiment(database, second, -1);
    expect(await order()).toEqual([`run ${alone}`, second, second, first, first]);
    await moveExperiment(database, first, -1);
    await moveExperiment(database, first, -1);
    await moveExperiment(database, first, -1);
    expect(await order()).toEqual([first, first, `run ${alone}`, second, second]);
    await moveExperiment(database, second, 1);
    expect(await order()).toEqual([first, first, `run ${alone}`, second, second]);
  });

  it('come together when they move', () => {
    const run = (id: number, experimentId: number | null) => ({ id, experimentId, position: id });
    const queue = [run(1, 7), run(2, null), run(3, 7)];
    expect(moved(queue, 7, 1).map(({ id }) => id)).toEqual([2, 1, 3]);
  });

  it('have a place among all that waits', () => {
    const queue = [2, null, 2, null, 7].map((experimentId, i) => ({ id: i + 1, experimentId, position: i + 1 }));
    expect([2, 7, 8].map((id) => placeInQueue(queue, id))).toEqual([{ place: 1, of: 4 }, { place: 4, of: 4 }, null]);
  });

  it('get back what is missing of their plan, once', async () => {
    const id = await add();
    const parts = [{ dataset, configurations }];
    await database.runs.update(2, { status: 'finished' });
    await database.runs.delete(1);
    const missing = missingRuns(parts, await database.runs.toArray());
    expect(missing.map((part) => part.configurations)).toEqual([[configurations[0]]]);
    await addMissing(database, id, missing);
    await addMissing(database, id, missing);
    const runs = await database.runs.toArray();
    expect(runs.map((run) => [run.configuration.method, run.status, run.experimentId])).toEqual([
      ['uaf-hard', 'finished', id],
      ['finetune-all', 'queued', id],
    ]);
    expect(missingRuns(parts, runs)).toEqual([]);
    await deleteExperiment(database, id);
    await addMissing(database, id, parts);
    expect(await database.runs.count()).toBe(0);
  });

  it('lose what waits, their names, or everything', async () => {
    const id = await add();
    await database.runs.update(1, { status: 'finished' });
    await database.epochs.put({ runId: 1, epoch: 1 } as never);
    await removeWaiting(database, id);
    expect(await statuses()).toEqual(['finished']);
    await renameExperiment(database, id, 'another');
    expect((await database.experiments.get(id))?.experiment).toEqual({ ...experiment, name: 'another' });
    await deleteExperiment(database, id);
    expect([await database.runs.count(), await database.epochs.count(), await database.experiments.count()]).toEqual([0, 0, 0]);
  });
});

describe('the queue', () => {
  it('takes back only what ended without a result, and can be trained', async () => {
    await add();
    const ended = { error: { name: 'E', message: 'why' }, startedAt: 1, finishedAt: 2 };
    for (const status of ['running', 'paused', 'finished', 'held'] as const) {
      await replaceRun(database, 1, { status, ...ended });
      await requeue(database, [1, 99], 'beginning');
      expect(await database.runs.get(1)).toMatchObject({ status, ...ended });
    }
    await database.datasets.update(dataset.id, { hasContents: false });
    await replaceRun(database, 1, { status: 'failed' });
    await expect(requeue(database, [1], 'beginning')).rejects.toThrow(/came from elsewhere/);
    expect(await database.runs.get(1)).toMatchObject({ status: 'failed', ...ended });
  });

  it('has a place of its own for each run, also for one that is put back', async () => {
    const id = await add();
    await database.runs.update(1, { status: 'finished' });
    await database.runs.update(2, { status: 'running' });
    await addRuns(database, dataset, [{ configuration: PRESETS.quick, preset: 'quick' }]);
    await holdExperiment(database, id);
    const places = (await waitingRuns(database)).map(({ id: runId, position }) => [runId, position]);
    expect(places).toEqual([
      [2, 2],
      [3, 3],
    ]);
  });
});
