import 'fake-indexeddb/auto';
import Dexie from 'dexie';
import { afterEach, describe, expect, it } from 'vitest';
import { SIMULATOR_DEFAULTS, simulate } from '../data/simulator.ts';
import { addDataset, deleteDataset, type EpochRow, hashOf, type RunRow, StudioDatabase } from './database.ts';
import { gateOf, packPolicies, probabilityOf, repacked } from './policies.ts';

const dataset = simulate({ ...SIMULATOR_DEFAULTS, users: 20 });
let opened: StudioDatabase | null = null;

function open(name: string): StudioDatabase {
  opened = new StudioDatabase(name);
  return opened;
}

afterEach(() => opened?.delete());

describe('database', () => {
  it('gives a dataset back as it was stored', async () => {
    const database = open('a');
    const id = await addDataset(database, dataset);
    expect((await database.contents.get(id))?.dataset).toEqual(dataset);
    expect(await database.datasets.get(id)).toMatchObject({ name: dataset.name, figures: dataset.figures });
  });

  it('stores a dataset whole or not at all', async () => {
    const database = open('b');
    // A function cannot be stored: the second of the two writes fails.
    const broken = { ...dataset, users: Object.assign([...dataset.users], { odd: () => 1 }) };
    await expect(addDataset(database, broken)).rejects.toThrow();
    expect(await database.datasets.count()).toBe(0);
    expect(await database.contents.count()).toBe(0);
  });

  it('deletes a dataset with all that was computed on it', async () => {
    const database = open('c');
    const [kept, gone] = [await addDataset(database, dataset), await addDataset(database, dataset)];
    await database.pretrainings.bulkAdd(
      [kept, gone].map((datasetId) => ({ datasetId, key: 'k', parameters: {}, epochs: [], seconds: 1 })),
    );
    const runId = await database.runs.add({ datasetId: gone } as RunRow);
    const epoch = { runId, epoch: 1 };
    await database.epochs.add(epoch as EpochRow);
    await database.policies.add({ ...epoch, bytes: new Uint8Array(2) });
    await database.outcomes.add({
      runId,
      outcomes: { all: new Int32Array(1), sampled: new Int32Array(1) },
      instances: new Int32Array(1),
      targets: new Int32Array(1),
      policies: null,
    });
    await database.models.add({ runId, parameters: {} });
    await deleteDataset(database, gone);
    for (const table of [database.runs, database.epochs, database.policies, database.outcomes, database.models])
      expect(await table.count()).toBe(0);
    expect(await database.datasets.toCollection().primaryKeys()).toEqual([kept]);
    expect(await database.contents.toCollection().primaryKeys()).toEqual([kept]);
    expect((await database.pretrainings.toArray()).map(({ datasetId }) => datasetId)).toEqual([kept]);
  });
});

/** What earlier versions did not keep of a result. */
const UNKNOWN = { byTrainingTargets: null, cost: null, split: null };

describe('a database of the third version', () => {
  it('gets experiments; what runs cost, and their parts, are not known', async () => {
    const old = new Dexie('third');
    old.version(3).stores({
      datasets: '++id',
      contents: 'id',
      runs: '++id, datasetId, status, [datasetId+status]',
      epochs: '[runId+epoch], runId',
      policies: '[runId+epoch], runId',
      outcomes: 'runId',
      models: 'runId',
      pretrainings: '[datasetId+key], datasetId',
      settings: 'name',
    });
    const result = { bestEpoch: 3, seconds: { pretraining: 1, fineTuning: 2, evaluation: 3 } };
    await old.table('datasets').add({ name: 'd', task: 'ranking', notes: ['note'] });
    await old.table('contents').add({ id: 1, dataset });
    await old.table('runs').bulkAdd([
      { datasetId: 1, status: 'finished', search: null, result },
      { datasetId: 1, status: 'queued', search: 's', result: null },
    ]);
    const kept = { outcomes: { runId: 1, instances: Int32Array.of(4) }, models: { runId: 1, parameters: {} } };
    await old.table('outcomes').add(kept.outcomes);
    await old.table('models').add(kept.models);
    old.close();

    const database = open('third');
    expect(await database.datasets.toArray()).toEqual([
      { id: 1, name: 'd', task: 'ranking', notes: ['note'], hash: null, hasContents: true },
    ]);
    expect(await hashOf(database, 1)).toMatch(/^[0-9a-f]{64}$/);
    const seconds = { ...result.seconds, recommendation: null };
    expect(await database.runs.toArray()).toEqual([
      { id: 1, datasetId: 1, status: 'finished', search: null, experimentId: null, result: { ...result, ...UNKNOWN, seconds } },
      { id: 2, datasetId: 1, status: 'queued', search: 's', experimentId: null, result: null },
    ]);
    expect(await database.outcomes.toArray()).toEqual([kept.outcomes]);
    expect(await database.models.toArray()).toEqual([kept.models]);
    expect(await database.experiments.count()).toBe(0);
    expect(await database.runs.where({ experimentId: 1 }).count()).toBe(0);
  });
});

describe('a database of the first version', () => {
  it('is brought up to date: tasks, names, catalogue sizes, policies; ranks without instances go', async () => {
    const old = new Dexie('old');
    old.version(1).stores({
      datasets: '++id',
      contents: 'id',
      runs: '++id, datasetId, status, [datasetId+status]',
      epochs: '[runId+epoch], runId',
      policies: '[runId+epoch], runId',
      outcomes: 'runId',
      pretrainings: '[datasetId+key], datasetId',
      settings: 'name',
    });
    const { task: _task, sourceNames: _sourceNames, targetNames: _targetNames, ...before } = dataset;
    const id: number = await old.table<unknown, number>('datasets').add({ name: 'd', figures: dataset.figures });
    await old.table('contents').add({ id, dataset: before });
    await old.table('runs').add({ datasetId: id, result: { bestEpoch: 3 } });
    await old.table('runs').add({ datasetId: id, result: null });
    await old.table('policies').add({ runId: 1, epoch: 1, bytes: Uint8Array.from([10, 250]) });
    await old.table('outcomes').add({ runId: 1, ranks: {} });
    old.close();

    const database = open('old');
    expect((await database.contents.get(id))?.dataset).toEqual({ ...dataset, sourceNames: null, targetNames: null });
    expect(await database.datasets.get(id)).toMatchObject({ task: 'ranking', notes: [], hash: null, hasContents: true });
    expect(await database.runs.toArray()).toMatchObject([
      {
        sourceItems: dataset.figures.sourceItems,
        search: null,
        result: { bestEpoch: 3, validation: null, classes: null, ...UNKNOWN },
      },
      { sourceItems: dataset.figures.sourceItems, search: null, result: null },
    ]);
    expect(Array.from((await database.policies.get([1, 1]))?.bytes ?? [], gateOf)).toEqual([0, 1]);
    expect(await database.outcomes.count()).toBe(0);
  });
});

describe('packed policies', () => {
  it('keep the gate exactly, whatever its probability, and the probability to seven bits', () => {
    const probability = Float32Array.from([0, 0.25, 0.4999, 0.5, 0.50001, 0.75, 1]);
    const gate = Float32Array.from([0, 1, 0, 1, 1, 0, 1]);
    const packed = packPolicies({ gate, probability });
    expect(Array.from(packed, gateOf)).toEqual(Array.from(gate));
    probability.forEach((p, i) => {
      expect(Math.abs(probabilityOf(packed[i]) - p)).toBeLessThan(1 / 253);
    });
  });

  it('of the first version are read as what they were', () => {
    const before = Uint8Array.from([0, 64, 127, 128, 191, 255]);
    expect(Array.from(repacked(before), gateOf)).toEqual([0, 0, 0, 1, 1, 1]);
    Array.from(repacked(before), probabilityOf).forEach((p, i) => {
      expect(Math.abs(p - before[i] / 255)).toBeLessThan(1 / 253);
    });
  });
});
