import 'fake-indexeddb/auto';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { instancesOf } from '../data/dataset.ts';
import { NO_EVENT_FILTERS } from '../data/filters.ts';
import { SIMULATOR_DEFAULTS, simulate } from '../data/simulator.ts';
import { type Metrics, selectionOf } from '../engine/evaluation/metrics.ts';
import { readWasm } from '../engine/node.ts';
import { addDataset, contentsOf, deleteDataset, deleteRuns, type RunRow, StudioDatabase } from '../storage/database.ts';
import { deleteExperiment, holdExperiment, releaseExperiment, retryExperiment } from '../storage/experiments.ts';
import { replaceRun } from '../storage/testing.ts';
import { pauseRun, resumeRun, stopRun } from '../storage/trained.ts';
import { importService } from './importService.ts';
import type { TrainingEvent } from './protocol.ts';
import { locks, queueRun } from './testing.ts';
import { trainingService } from './trainingService.ts';

let database: StudioDatabase;
let datasetId: number;
const events: TrainingEvent[] = [];

beforeEach(async () => {
  database = new StudioDatabase('services');
  datasetId = await addDataset(database, simulate({ ...SIMULATOR_DEFAULTS, users: 40 }));
  events.length = 0;
});
afterEach(() => database.delete());

async function service(held = false) {
  const made = trainingService({ database, readWasm, startThread: null, locks: locks(held) });
  await made.listen((event) => events.push(event));
  return made;
}

const queue = (position: number, changes: Record<string, unknown>) => queueRun(database, datasetId, position, changes);

describe('training service', () => {
  it('shows the curve of a pre-trained model that is there already whole, or not at all', async () => {
    const changes = { 'pretraining.epochs': 3 };
    const first = await queue(1, { method: 'finetune-cls', ...changes });
    const second = await queue(2, { method: 'finetune-all', ...changes });
    const shown: Record<number, Set<number>> = { [first]: new Set(), [second]: new Set() };
    database.runs.hook('updating', ({ pretraining }: { pretraining?: RunRow['pretraining'] }, id) => {
      if (pretraining !== undefined) shown[id].add(pretraining.length);
    });
    await (await service()).work('auto');
    expect(shown).toEqual({ [first]: new Set([0, 1, 2, 3]), [second]: new Set([0, 3]) });
    const runs = await database.runs.bulkGet([first, second]);
    expect(runs[1]?.pretraining).toEqual(runs[0]?.pretraining);
  });

  it('works off the queue in its order and keeps runs, epochs and policies', async () => {
    const second = await queue(2, { method: 'uaf-hard' });
    const first = await queue(1, { method: 'finetune-all' });
    const answer = await (await service()).work('auto');
    expect(answer).toEqual({ ok: true, value: undefined });
    expect(events.filter(({ type }) => type === 'started')).toEqual([
      { type: 'started', runId: first },
      { type: 'started', runId: second },
    ]);
    const run = (await database.runs.get(second)) as RunRow;
    expect(run).toMatchObject({ status: 'finished', backend: { name: 'wasm' } });
    expect(run.result?.test.n).toBeGreaterThan(0);
    expect(run.pretraining).toHaveLength(1);
    const epochs = await database.epochs.where({ runId: second }).toArray();
    expect(epochs.map(({ epoch }) => epoch)).toEqual([1, 2]);
    expect((await database.policies.get([second, 1]))?.bytes).toHaveLength(40 * 2);
    // Both runs started from one pre-trained model.
    expect(await database.pretrainings.count()).toBe(1);
    const outcome = await database.outcomes.get(second);
    expect(outcome?.instances).toHaveLength(run.result?.test.n ?? -1);
    expect(outcome?.outcomes).toMatchObject({ all: { length: run.result?.test.n } });
    const { user } = instancesOf(await contentsOf(database, run.datasetId));
    expect(outcome?.users).toEqual(outcome?.instances.map((instance) => user[instance]));
    // Models are kept to be asked and exported later.
    expect((await database.models.toCollection().primaryKeys()).sort()).toEqual([1, 2]);
    const model = await database.models.get(second);
    expect(model?.parameters['target.weight'].shape).toEqual([run.result?.candidates, 4]);
  });

  it('keeps the model of a search’s best trial alone', async () => {
    const trials: number[] = [];
    for (const [i, rate] of [1e-6, 0.02, 1e-6].entries()) {
      const trial = await queue(i, { method: 'uaf-hard', 'fineTuning.learningRate': rate, 'fineTuning.epochs': 5 });
      await database.runs.update(trial, { search: 's' });
      trials.push(trial);
    }
    await (await service()).work('auto');
    const values = (await database.runs.bulkGet(trials)).map((trial) => selectionOf(trial?.result?.validation as Metrics));
    expect(values[1]).toBeGreaterThan(values[0]);
    expect(await database.models.toCollection().primaryKeys()).toEqual([trials[1]]);
    // Of equal ones the first, as pages choose.
    await replaceRun(database, trials[1], { search: null, status: 'stopped' });
    await database.models.clear();
    for (const i of [0, 2]) await replaceRun(database, trials[i], { status: 'queued' });
    await (await service()).work('auto');
    expect(await database.models.toCollection().primaryKeys()).toEqual([trials[0]]);
  });

  it('keeps the model of another trial until the result of a better one is stored', async () => {
    const trials: number[] = [];
    for (const [i, rate] of [1e-6, 0.02].entries()) {
      const trial = await queue(i, { method: 'uaf-hard', 'fineTuning.learningRate': rate, 'fineTuning.epochs': 5 });
      await database.runs.update(trial, { search: 's' });
      trials.push(trial);
    }
    const put = database.models.put.bind(database.models);
    // Stopped after its model was stored, and before its result is.
    vi.spyOn(database.models, 'put').mockImplementation((row) =>
      put(row).then((key) => {
        if (row.runId === trials[1]) void stopRun(database, trials[1]);
        return key;
      }),
    );
    await (await service()).work('auto');
    vi.restoreAllMocks();
    expect(await database.runs.get(trials[1])).toMatchObject({ status: 'stopped' });
    expect(await database.models.toCollection().primaryKeys()).toContain(trials[0]);
  });

  it('pauses, resumes and stops', async () => {
    const runId = await queue(1, { method: 'uaf-hard', 'fineTuning.epochs': 200 });
    const training = await service();
    const done = training.work('auto');
    const until = async (type: TrainingEvent['type']) => {
      while (!events.some((event) => event.type === type)) await new Promise((resolve) => setTimeout(resolve, 5));
    };
    await until('progress');
    await pauseRun(database, runId);
    await until('paused');
    expect(await database.runs.get(runId)).toMatchObject({ status: 'paused' });
    await new Promise((resolve) => setTimeout(resolve, 60));
    const quiet = events.length;
    await new Promise((resolve) => setTimeout(resolve, 300));
    expect(events).toHaveLength(quiet);
    await resumeRun(database, runId);
    await until('resumed');
    expect(await database.runs.get(runId)).toMatchObject({ status: 'running' });
    await stopRun(database, runId);
    await done;
    expect(await database.runs.get(runId)).toMatchObject({ status: 'stopped', result: null });
  });

  it('marks what a closed tab left behind, but not what another tab is doing', async () => {
    const runId = await queue(1, { method: 'uaf-hard' });
    await database.runs.update(runId, { status: 'running' });
    await (await service(true)).recover();
    expect((await database.runs.get(runId))?.status).toBe('running');
    await (await service(false)).recover();
    expect((await database.runs.get(runId))?.status).toBe('interrupted');
  });

  it('marks what a tab left behind that went away between the look for it and the work', async () => {
    const runId = await queue(1, { method: 'uaf-hard' });
    const next = await queue(2, { method: 'most-popular' });
    await database.runs.update(runId, { status: 'running' });
    let held = true;
    const training = trainingService({ database, readWasm, startThread: null, locks: locks(() => held) });
    await training.listen((event) => events.push(event));
    await training.recover();
    held = false;
    await training.work('auto');
    expect((await database.runs.bulkGet([runId, next])).map((run) => run?.status)).toEqual(['interrupted', 'finished']);
    expect(events.filter(({ type }) => type === 'interrupted')).toHaveLength(1);
  });

  it('loses nothing of an experiment: a failed run, a stop, a closed tab and what is held', async () => {
    const experimentId = 7;
    const ofExperiment = async (position: number, changes: Record<string, unknown>) => {
      const id = await queue(position, changes);
      await database.runs.update(id, { experimentId });
      return id;
    };
    const failing = await ofExperiment(1, { method: 'finetune-all', 'fineTuning.learningRate': 1e30 });
    const long = await ofExperiment(2, { method: 'uaf-hard', 'fineTuning.epochs': 200 });
    const last = await ofExperiment(3, { method: 'most-popular' });
    const held = await ofExperiment(4, { method: 'most-popular', seed: 2 });
    await database.runs.update(held, { status: 'held' });
    const training = await service();
    const done = training.work('auto');
    while (!events.some((event) => event.type === 'progress' && event.runId === long)) await new Promise((r) => setTimeout(r, 5));
    await stopRun(database, long);
    await done;
    const statuses = async () => (await database.runs.toArray()).map(({ status }) => status);
    expect(await statuses()).toEqual(['failed', 'stopped', 'finished', 'held']);
    // A closed tab leaves one running and one paused; reasons and results stay.
    const runningId = await ofExperiment(5, { method: 'most-popular', seed: 3 });
    const pausedId = await ofExperiment(6, { method: 'most-popular', seed: 4 });
    await database.runs.update(runningId, { status: 'running' });
    await database.runs.update(pausedId, { status: 'paused' });
    const next = await service();
    await next.recover();
    expect(await statuses()).toEqual(['failed', 'stopped', 'finished', 'held', 'queued', 'held']);
    expect((await database.runs.get(failing))?.error?.name).toBe('DivergedError');
    await releaseExperiment(database, experimentId);
    await database.runs.update(failing, { 'configuration.fineTuning.learningRate': 0.003 });
    await database.runs.update(long, { 'configuration.fineTuning.epochs': 2 });
    const before = await database.runs.get(last);
    await retryExperiment(database, experimentId);
    await next.work('auto');
    expect(new Set(await statuses())).toEqual(new Set(['finished']));
    expect(await database.runs.get(last)).toEqual(before);
  });

  /** Carries something out when a run has told so many lines: without any, when it has just started. */
  const onLine = (runId: number, lines: number, act: () => Promise<unknown>) => {
    let told = 0;
    let done: Promise<unknown> | null = null;
    return (event: TrainingEvent) => {
      if (!('runId' in event) || event.runId !== runId || done !== null) return done;
      if (event.type === 'log') told++;
      if (told >= lines) done = act();
      return done;
    };
  };

  it('lets an experiment that is held go, so that the queue goes on, and goes on later where it stood', async () => {
    const experimentId = 7;
    const first = await queue(1, { method: 'uaf-hard', 'fineTuning.epochs': 200 });
    const second = await queue(2, { method: 'uaf-hard', seed: 2 });
    const alone = await queue(3, { method: 'most-popular' });
    for (const id of [first, second]) await database.runs.update(id, { experimentId });
    // As another tab would.
    const elsewhere = new StudioDatabase('services');
    const hold = onLine(first, 2, () => holdExperiment(elsewhere, experimentId));
    const training = await service();
    await training.listen((event) => {
      hold(event);
      events.push(event);
    });
    await training.work('auto');
    const statuses = async () => (await database.runs.bulkGet([first, second, alone])).map((run) => run?.status);
    expect(await statuses()).toEqual(['held', 'held', 'finished']);
    expect(await database.runs.get(first)).toMatchObject({ pretraining: [{ epoch: 1 }], startedAt: null, position: 1 });
    expect(await database.pretrainings.count()).toBe(1);
    await database.runs.update(first, { 'configuration.fineTuning.epochs': 2 });
    await releaseExperiment(elsewhere, experimentId);
    elsewhere.close();
    await training.work('auto');
    expect(await statuses()).toEqual(['finished', 'finished', 'finished']);
    expect(events.filter(({ type }) => type === 'started').map((event) => 'runId' in event && event.runId)).toEqual([
      first,
      alone,
      first,
      second,
    ]);
    expect(events).toContainEqual({ type: 'log', runId: first, text: expect.stringMatching(/^Resumes from .*epoch \d+/) });
  });

  const DELETIONS: readonly [string, (runId: number) => Promise<unknown>][] = [
    ['run', (runId) => deleteRuns(database, [runId])],
    ['experiment', () => deleteExperiment(database, 7)],
    ['dataset', () => deleteDataset(database, datasetId)],
  ];
  it.each(DELETIONS.flatMap(([what, remove]) => [0, 1, 2, 3].map((lines) => [what, lines, remove] as const)))(
    'leaves nothing behind of a %s that is deleted after %i lines, and goes on',
    async (_what, lines, remove) => {
      const other = await addDataset(database, simulate({ ...SIMULATOR_DEFAULTS, users: 40, seed: 2 }));
      const runId = await queue(1, { method: 'uaf-hard' });
      await database.runs.update(runId, { experimentId: 7 });
      const next = await queueRun(database, other, 2, { method: 'most-popular' });
      const watch = onLine(runId, lines, () => remove(runId));
      const training = await service();
      let removed: Promise<unknown> | null = null;
      await training.listen((event) => {
        removed = watch(event);
      });
      await training.work('auto');
      expect(removed).not.toBeNull();
      await removed;
      expect((await database.runs.toArray()).map(({ id, status }) => [id, status])).toEqual([[next, 'finished']]);
      expect(await database.epochs.count()).toBe(0);
      expect(await database.policies.count()).toBe(0);
      expect(await database.outcomes.toCollection().primaryKeys()).toEqual([next]);
      expect(await database.models.toCollection().primaryKeys()).toEqual([next]);
      const orphans = (await database.pretrainings.toArray()).filter(({ datasetId: of }) => of === datasetId);
      if ((await database.datasets.get(datasetId)) === undefined) expect(orphans).toEqual([]);
    },
  );

  it('goes on when a run that is paused is held or deleted', async () => {
    const runId = await queue(1, { method: 'uaf-hard', 'fineTuning.epochs': 200 });
    await database.runs.update(runId, { experimentId: 7 });
    const next = await queue(2, { method: 'most-popular' });
    const training = await service();
    const until = (type: TrainingEvent['type']) => expect.poll(() => events.some((event) => event.type === type)).toBe(true);
    for (const end of [() => holdExperiment(database, 7), () => deleteRuns(database, [runId])]) {
      events.length = 0;
      await database.runs.update(runId, { status: 'queued' });
      await replaceRun(database, next, { status: 'queued', result: null });
      const done = training.work('auto');
      await until('progress');
      await pauseRun(database, runId);
      await until('paused');
      await end();
      await done;
      expect((await database.runs.get(next))?.status).toBe('finished');
    }
  });

  it('keeps nothing of what ends while it is stopped', async () => {
    const runId = await queue(1, { method: 'finetune-all' });
    const put = database.outcomes.put.bind(database.outcomes);
    vi.spyOn(database.outcomes, 'put').mockImplementation((row) =>
      put(row).then((key) => {
        void stopRun(database, runId);
        return key;
      }),
    );
    await (await service()).work('auto');
    vi.restoreAllMocks();
    expect(await database.runs.get(runId)).toMatchObject({ status: 'stopped', result: null });
  });

  it('leaves a trial that the user had paused where it was, until it is resumed', async () => {
    const runId = await queue(1, { method: 'most-popular' });
    await database.runs.update(runId, { search: 's', status: 'paused' });
    for (let visit = 0; visit < 2; visit++) await (await service()).recover();
    expect(await database.runs.get(runId)).toMatchObject({ status: 'held', error: null });
    await database.runs.update(runId, { status: 'running', interruptions: 0 });
    await (await service()).recover();
    expect(await database.runs.get(runId)).toMatchObject({ status: 'queued' });
  });

  it('starts a run of an experiment again when its tab went away, but not for ever', async () => {
    const runId = await queue(1, { method: 'most-popular' });
    await database.runs.update(runId, { experimentId: 7 });
    const lose = async () => {
      await database.runs.update(runId, { status: 'running' });
      await (await service()).recover();
      await (await service()).recover();
      return (await database.runs.get(runId))?.status;
    };
    expect(await lose()).toBe('queued');
    expect(await lose()).toBe('interrupted');
    expect((await database.runs.get(runId))?.error?.message).toMatch(/twice.*needs more memory/);
    await retryExperiment(database, 7);
    expect(await database.runs.get(runId)).toMatchObject({ status: 'queued', error: null });
    expect(await lose()).toBe('queued');
  });

  it('leaves the queue to the tab that trains', async () => {
    const runId = await queue(1, { method: 'most-popular' });
    void (await service(true)).work('auto');
    await expect.poll(() => events.map(({ type }) => type)).toEqual(['elsewhere']);
    expect((await database.runs.get(runId))?.status).toBe('queued');
  });
});

describe('import service', () => {
  it('makes the demo dataset on the first visit only', async () => {
    const service = importService(database);
    await database.datasets.clear();
    await service.ensureDemo();
    expect(await database.datasets.count()).toBe(1);
    await database.datasets.clear();
    await service.ensureDemo();
    expect(await database.datasets.count()).toBe(0);
  });

  it('answers a bad file with a problem, and stores nothing', async () => {
    const service = importService(database);
    const file = (text: string, name: string) => new File([text], name);
    const source = file('u1,i1,1357430400\nu2,i2,1357430400\nu3,i2\n', 'source.csv');
    const target = file('u1,x,1357430400\nu2,y,1357430400\n', 'target.csv');
    const formats = await Promise.all([source, target].map((each) => service.recognise({ file: each, entry: null })));
    const [sourceFormat, targetFormat] = formats.map((answer) => {
      if (!answer.ok) throw new Error(answer.problem.message);
      return answer.value.format;
    });
    const request = {
      source: { file: source, entry: null, format: sourceFormat, corrected: null },
      target: { file: target, entry: null, format: targetFormat, corrected: null },
      sourceNames: null,
      targetNames: null,
      attributes: null,
      skipBadRows: false,
    };
    const settings = { minimumTargetItemCount: 1, maximumTargetsPerUser: 0 };
    const refused = await service.read(request, () => {});
    expect(refused).toMatchObject({
      ok: false,
      problem: { name: 'BadRowsError', badRows: { count: 1, good: 2, named: [{ line: 3 }] } },
    });
    expect(await database.datasets.count()).toBe(1);
    expect(await service.store('d', settings, () => {})).toMatchObject({ ok: false, problem: { name: 'NothingReadError' } });
    expect(await service.read({ ...request, skipBadRows: true }, () => {})).toMatchObject({ ok: true });
    expect(await service.effect(settings)).toMatchObject({
      ok: true,
      value: { before: { figures: { sourceUsers: 2, instances: 2 } }, after: { figures: { instances: 2 } }, reason: null },
    });
    const leftOut = ['One row of source.csv could not be used and was left out: line 3 has 2 of 3 fields: one is missing.'];
    expect(await service.effect(settings)).toMatchObject({ value: { leftOut } });
    const cored = { ...settings, filters: { ...NO_EVENT_FILTERS, core: 2 } };
    expect(await service.effect(cored)).toMatchObject({
      ok: true,
      value: { after: null, reason: expect.stringContaining('The 2-core leaves no') },
    });
    expect(await database.datasets.count()).toBe(1);
    expect(await service.store('d', settings, () => {})).toMatchObject({ ok: true });
    expect((await database.datasets.toArray()).map(({ notes }) => notes)).toEqual([[], leftOut]);
  });
});
