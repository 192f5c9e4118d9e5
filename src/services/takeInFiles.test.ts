import 'fake-indexeddb/auto';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import { PRESETS } from '../configuration/presets.ts';
import { SIMULATOR_DEFAULTS, simulate } from '../data/simulator.ts';
import { readWasm } from '../engine/node.ts';
import type { Experiment } from '../experiments/experiment.ts';
import { canonical } from '../results/canonical.ts';
import type { ResultRun } from '../results/run.ts';
import { readRunFiles, writeRunFiles } from '../results/runFile.ts';
import { readSafetensors } from '../results/safetensors.ts';
import { resultRun } from '../results/testing.ts';
import { addDataset, adoptResults, deleteRuns, StudioDatabase } from '../storage/database.ts';
import { takeInRuns } from '../storage/takeIn.ts';
import { unwrap } from './clients.ts';
import { importService } from './importService.ts';
import { inspectionService } from './inspectionService.ts';
import { policyService } from './policyService.ts';
import type { ResultsTaken } from './protocol.ts';
import { resultsService } from './resultsService.ts';
import { locks, queueRun } from './testing.ts';
import { trainingService } from './trainingService.ts';

const settings = { ...SIMULATOR_DEFAULTS, users: 40 };
const dataset = simulate(settings);
const experiment: Experiment = {
  version: 1,
  name: 'tiny',
  question: null,
  preset: 'quick',
  changes: { channels: 4, 'pretraining.epochs': 1, 'fineTuning.epochs': 2 },
  methods: ['uaf-hard', 'finetune-all'],
  seeds: [1],
  grid: [],
  variants: [],
};

let here: StudioDatabase;
let there: StudioDatabase;
let runs: File;
let model: File;

beforeAll(async () => {
  here = new StudioDatabase('here');
  const datasetId = await addDataset(here, dataset);
  const experimentId = await here.experiments.add({ createdAt: 0, experiment });
  const changes = { dilations: [1, 1] };
  const first = await queueRun(here, datasetId, 1, { method: 'uaf-hard', ...changes });
  const second = await queueRun(here, datasetId, 2, { method: 'finetune-all', ...changes });
  await here.runs.update(first, { experimentId });
  const failing = await queueRun(here, datasetId, 3, { method: 'mtl', ...changes });
  await here.runs.update(failing, { status: 'failed', error: { name: 'DivergedError', message: 'The loss: NaN' } });
  await trainingService({ database: here, readWasm, startThread: null, locks: locks(false) }).work('auto');
  runs = await exported(here, [first, second, failing, 99]);
  model = new File([unwrap(await service(here).exportModel(first))], 'm.safetensors');
});
afterAll(() => here.delete());
beforeEach(() => {
  there = new StudioDatabase('there');
});
afterEach(() => there.delete());

const service = (database: StudioDatabase) => resultsService(database, 'tests');
const exported = async (database: StudioDatabase, ids: readonly number[]) =>
  new File([unwrap(await service(database).exportRuns(ids))], 'runs.json');
const take = async (...files: File[]): Promise<ResultsTaken> => unwrap(await service(there).importFiles(files));
const text = (written: unknown, name = 'x.json') => new File([JSON.stringify(written)], name);
/** Runs without what they are called where they are. */
const unnamed = async (file: File) =>
  readRunFiles(await file.text()).map((run) => ({ ...run, report: { ...run.report, id: '' } }));

describe('results from elsewhere', () => {
  it('are what they were, once exported again', async () => {
    const taken = await take(runs);
    expect(taken.files).toEqual([{ name: 'runs.json', words: expect.stringContaining('3 runs were taken in.'), refused: false }]);
    expect(taken.files[0].words).toContain('import its files to train');
    const before = await unnamed(runs);
    expect(before.map(({ experiment: name }) => name)).toEqual(['tiny', null, null]);
    expect(before.map(({ report }) => report.status)).toEqual(['finished', 'finished', 'failed']);
    expect(before[0].details?.epochs).toHaveLength(2);
    // Exported by a studio that calls its platform otherwise: a run keeps its own.
    const again = new File([unwrap(await resultsService(there, 'another').exportRuns(taken.runs))], 'again.json');
    expect(await unnamed(again)).toEqual(before);
    expect(await there.datasets.toArray()).toMatchObject([{ name: dataset.name, figures: dataset.figures, hasContents: false }]);
  });

  it('are stored once', async () => {
    const first = await take(runs);
    const second = await take(runs, runs);
    expect(second.files.map(({ words }) => words)).toEqual(['3 runs are here already.', '3 runs are here already.']);
    expect(second.runs).toEqual([...first.runs, ...first.runs]);
    expect(await there.runs.count()).toBe(3);
    // Where they come from they are known as well.
    expect(unwrap(await service(here).importFiles([runs])).files[0].words).toBe('3 runs are here already.');
    expect(await here.runs.count()).toBe(3);
  });

  it('go to the dataset with the same contents', async () => {
    const id = await addDataset(there, { ...dataset, name: 'mine' });
    await addDataset(there, simulate({ ...settings, seed: 9 }));
    await take(runs);
    expect((await there.runs.toArray()).map(({ datasetId, datasetName }) => [datasetId, datasetName])).toEqual(
      Array(3).fill([id, 'mine']),
    );
    expect(await there.datasets.count()).toBe(2);
  });

  it('are stored once also where the same files are taken in at once, or the dataset is there twice', async () => {
    const both = await Promise.all([take(text(experiment), runs), take(runs, text(experiment))]);
    expect(both.map(({ files }) => files.filter(({ refused }) => refused))).toEqual([[], []]);
    expect(await there.runs.count()).toBe(3);
    expect(await there.datasets.count()).toBe(1);
    expect(await there.experiments.count()).toBe(1);
    const first = await addDataset(there, dataset);
    const second = await addDataset(there, dataset);
    await adoptResults(there, second);
    expect((await there.runs.toArray()).map(({ datasetId }) => datasetId)).toEqual([second, second, second]);
    expect(first).toBeLessThan(second);
    expect((await take(runs)).files[0].words).toBe('3 runs are here already.');
  });

  /** Carries something out when all is read and nothing is stored yet. */
  const meanwhile = (act: () => Promise<unknown>) => {
    const { transaction } = there;
    vi.spyOn(there, 'transaction').mockImplementationOnce((async (...words: Parameters<typeof transaction>) => {
      await act();
      return there.transaction(...words);
    }) as never);
  };

  it('find a dataset that comes meanwhile', async () => {
    let id = 0;
    meanwhile(async () => {
      id = unwrap(await importService(there).simulate(settings));
    });
    expect((await take(runs)).files[0].words).toBe('3 runs were taken in.');
    expect(await there.datasets.toCollection().primaryKeys()).toEqual([id]);
    expect((await there.runs.toArray()).map(({ datasetId }) => datasetId)).toEqual([id, id, id]);
  });

  it('are refused in words where there is no room to note which dataset they are of', async () => {
    await addDataset(there, dataset);
    const note = vi.spyOn(there.datasets, 'update');
    // Whoever tries without end would find room at last.
    for (let i = 0; i < 5; i++) note.mockRejectedValueOnce(new DOMException('', 'QuotaExceededError'));
    const taken = await take(runs);
    note.mockRestore();
    expect(taken.files[0]).toMatchObject({ refused: true, words: expect.stringContaining('storage is full') });
    expect(await there.runs.count()).toBe(0);
  });

  it('are not tied to what goes meanwhile', async () => {
    await take(runs);
    const more = readRunFiles(await runs.text()).map((run) => ({ ...run, report: { ...run.report, error: 'other' } }));
    let id = 0;
    meanwhile(async () => {
      id = unwrap(await importService(there).simulate(settings));
    });
    expect((await takeInRuns(there, more)).added).toHaveLength(3);
    expect(new Set((await there.runs.toArray()).map(({ datasetId }) => datasetId))).toEqual(new Set([id]));
    expect(await there.datasets.toCollection().primaryKeys()).toEqual([id]);
    // A model whose run is deleted before it is stored.
    const mine = (await there.runs.toArray()).map((run) => run.id);
    meanwhile(() => deleteRuns(there, mine));
    expect((await take(model)).files[0]).toMatchObject({ refused: true, words: expect.stringContaining('its run is not here') });
    expect(await there.models.count()).toBe(0);
  });

  it('are known by their error also where it was written without a name', async () => {
    const failed = readRunFiles(await runs.text()).slice(2);
    const nameless = failed.map((run) => ({ ...run, report: { ...run.report, error: 'it went wrong' } }));
    expect((await takeInRuns(there, nameless)).added).toHaveLength(1);
    expect(await takeInRuns(there, nameless)).toMatchObject({ added: [], known: [1] });
    const again = readRunFiles(await (await exported(there, [1])).text());
    expect(again[0].report.error).toBe('Error: it went wrong');
    expect(await takeInRuns(there, again)).toMatchObject({ added: [], known: [1] });
  });

  it('wait for their dataset, and then can be looked into', async () => {
    const { runs: ids } = await take(model, runs);
    const policies = policyService(there, (value) => value);
    const inspection = inspectionService({ database: there, readWasm });
    const words = { ok: false, problem: { message: expect.stringMatching(/came from elsewhere.*Import its files/) } };
    expect(await policies.about(ids[0])).toMatchObject(words);
    expect(await inspection.open(ids[0])).toMatchObject(words);
    const [waiting] = await there.datasets.toArray();
    await queueRun(there, waiting.id, 1, { method: 'finetune-all' });
    await trainingService({ database: there, readWasm, startThread: null, locks: locks(false) }).work('auto');
    expect((await there.runs.toArray()).at(-1)).toMatchObject({ status: 'failed', error: words.problem });

    const other = unwrap(await importService(there).simulate({ ...settings, seed: 9 }));
    expect(await there.datasets.toCollection().primaryKeys()).toEqual([waiting.id, other]);
    const id = unwrap(await importService(there).simulate(settings));
    expect(await there.datasets.toCollection().primaryKeys()).toEqual([other, id]);
    expect(new Set((await there.runs.toArray()).map(({ datasetId }) => datasetId))).toEqual(new Set([id]));
    expect(unwrap(await policies.about(ids[0]))).toMatchObject({ users: 40, epochs: [1, 2] });
    expect(unwrap(await inspection.open(ids[0]))).toMatchObject({ blocks: 2 });
  });

  it('bring their model, which is that of the run', async () => {
    const taken = await take(model, runs);
    expect(taken.files.map(({ words, refused }) => [words, refused])).toEqual([
      [expect.stringContaining('3 runs'), false],
      ['The model of run 1 was taken in.', false],
    ]);
    expect((await there.models.get(1))?.parameters).toEqual((await here.models.get(1))?.parameters);
    expect((await take(model)).files[0].words).toBe('The model of run 1 is here already.');
    const { metadata, tensors } = readSafetensors(new Uint8Array(await model.arrayBuffer()));
    expect(metadata).toMatchObject({
      method: 'uaf-hard',
      seed: '1',
      backend: 'wasm',
      best_epoch: expect.stringMatching(/^[12]$/),
    });
    expect(tensors['blocks.0.conv1.kernel'].shape).toEqual([3, 4, 4]);
    expect(tensors['policy.output.weight'].shape).toEqual([4, 4]);
    // Written from here it is the same file.
    const again = new Uint8Array(await unwrap(await service(there).exportModel(1)).arrayBuffer());
    expect(again).toEqual(new Uint8Array(await model.arrayBuffer()));
  });

  it('belong to the experiment that plans them, and keep the name of one that is not here', async () => {
    const taken = await take(text(experiment), runs);
    expect(taken.experiments).toEqual([1]);
    expect((await there.runs.toArray()).map(({ experimentId }) => experimentId)).toEqual([1, null, null]);
    expect(await there.experiments.toArray()).toMatchObject([{ experiment }]);
    expect((await take(text({ ...experiment, data: [] }))).files[0].words).toBe(
      'The same experiment is here already. Its “data” is for the command line alone.',
    );
    // Of the same name, but of other runs.
    await there.delete();
    there = new StudioDatabase('there');
    await take(text({ ...experiment, seeds: [7] }), runs);
    expect((await there.runs.toArray()).map(({ experimentId }) => experimentId)).toEqual([null, null, null]);
    expect((await unnamed(await exported(there, [1])))[0].experiment).toBe('tiny');
  });

  it('may be the report of the command line; the files of the runs add what it lacks', async () => {
    const all = readRunFiles(await runs.text());
    const { dataset: of, environment } = all[0];
    const reports = all.slice(0, 2).map(({ report }) => report);
    const report = text({ version: 1, environment, dataset: of, runs: reports, tests: [] }, 'report.json');
    const table = new File(['user,item,rank_sampled,rank_all\na,b,1,2\n'], 'instances-uaf-hard-1.csv');
    const plan = text({ format: 'uaf-studio plan', version: 1 }, 'plan.json');
    const taken = await take(plan, table, report);
    expect(taken.files.map(({ words }) => words)).toEqual([
      expect.stringMatching(/2 runs were taken in.*A report has no ranks/),
      expect.stringContaining('not needed'),
      expect.stringContaining('not needed'),
    ]);
    expect(await there.outcomes.count()).toBe(0);
    expect((await take(report)).files[0].words).toBe('2 runs are here already.');
    expect((await take(runs)).files[0].words).toBe(
      '1 run was taken in. 2 runs are here already; to 2 of them ranks and policies came.',
    );
    expect(await there.outcomes.toArray()).toEqual(await here.outcomes.toArray());
    expect(await there.policies.count()).toBe(2);
  });
});

describe('files that are refused', () => {
  const base = resultRun('uaf-hard', 1, [1, 2, 3]);
  const changed = (change: (run: ResultRun) => ResultRun) => new File(Array.from(writeRunFiles([base, change(base)])), 'x.json');
  it.each<[string, () => File, RegExp]>([
    ['something else', () => new File(['user,item\na,b\n'], 'x.csv'), /no file of results/],
    ['a file that was cut off', () => new File(['{"format":"uaf-st'], 'x.json'), /cut off or changed/],
    ['JSON of something else', () => text({ a: 1 }), /neither runs, nor a report, nor an experiment/],
    ['a broken run', () => text({ format: 'uaf-studio run', version: 1 }), /run file is broken: “dataset”/],
    ['a later version', () => text({ format: 'uaf-studio runs', version: 2, runs: [] }), /version 2/],
    [
      'a broken report',
      () => text({ version: 1, environment: {}, dataset: { hash: '' }, runs: [{}] }),
      /Run 1 of this file is broken/,
    ],
    ['an old report', () => text({ version: 1, environment: {}, dataset: {}, runs: [{}] }), /does not say on which data it is/],
    [
      'a report that is no list',
      () => text({ version: 1, environment: {}, dataset: { hash: '' }, runs: 7 }),
      /“runs” is no list/,
    ],
    ['a broken experiment', () => text({ ...experiment, seeds: ['one'] }), /“seeds.0”/],
    [
      'an instance that the dataset has not',
      () => changed((run) => ({ ...run, dataset: { ...run.dataset, instances: 6 } })),
      /tested an instance that its dataset has not/,
    ],
    [
      'policies of other users',
      () => changed((run) => ({ ...run, details: run.details && { ...run.details, policies: new Uint8Array(4) } })),
      /not of all users with targets/,
    ],
    [
      'a result without an epoch',
      () => changed((run) => ({ ...run, report: { ...run.report, bestEpoch: null } })),
      /finished and has no best epoch/,
    ],
    [
      'other figures under the same hash',
      () =>
        changed((run) => ({ ...run, report: { ...run.report, error: 'other' }, dataset: { ...run.dataset, sourceUsers: 5 } })),
      /has the hash of “d”, but other figures/,
    ],
    ['a model without its run', () => model, /its run is not here/],
    ['a model that was damaged', () => new File([model.slice(0, model.size - 4)], 'm.safetensors'), /ends at byte/],
    ['a model of something else', () => new File(['\u0002\0\0\0\0\0\0\0{}'], 'm.safetensors'), /no model of the studio/],
  ])('%s, and nothing of them is stored', async (_what, file, words) => {
    const { files, runs: ids } = await take(file());
    expect(files).toEqual([{ name: file().name, words: expect.stringMatching(words), refused: true }]);
    expect(ids).toEqual([]);
    for (const table of [there.runs, there.datasets, there.epochs, there.outcomes, there.models, there.experiments]) {
      expect(await table.count()).toBe(0);
    }
  });

  it('a model of other shapes, where it is loaded', async () => {
    await take(runs, model);
    await importService(there).simulate(settings);
    const row = await there.models.get(1);
    if (row === undefined) throw new Error('it was taken in');
    const weight = row.parameters['target.weight'];
    const turned = { ...weight, shape: [...weight.shape].reverse() };
    await there.models.put({ runId: 1, parameters: { ...row.parameters, 'target.weight': turned } });
    const opened = await inspectionService({ database: there, readWasm }).open(1);
    expect(opened).toMatchObject({ ok: false, problem: { name: 'WrongModelError', message: /target.weight/ } });
  });
});

it('nothing is saved of runs that have not ended', async () => {
  await queueRun(there, 1, 1, {});
  expect(await service(there).exportRuns([1])).toMatchObject({ ok: false, problem: { name: 'NothingStoredError' } });
  expect(await service(there).exportModel(1)).toMatchObject({ ok: false, problem: { message: /no finished run 1/ } });
});

it('canonical texts do not depend on the order of keys', () => {
  expect(canonical({ b: [1, { d: 1, c: 2 }], a: PRESETS.quick.seed })).toBe(canonical({ a: 1, b: [1, { c: 2, d: 1 }] }));
  expect(canonical([1, 2])).not.toBe(canonical([2, 1]));
});
