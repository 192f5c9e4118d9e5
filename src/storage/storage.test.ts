import 'fake-indexeddb/auto';
import { afterEach, describe, expect, it } from 'vitest';
import { SIMULATOR_DEFAULTS, simulate } from '../data/simulator.ts';
import { addDataset, deleteDataset, type EpochRow, type RunRow, StudioDatabase } from './database.ts';
import { gateOf, packPolicies, probabilityOf } from './policies.ts';

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
    await database.outcomes.add({ runId, ranks: { all: new Int32Array(1), sampled: new Int32Array(1) }, policies: null });
    await deleteDataset(database, gone);
    for (const table of [database.runs, database.epochs, database.policies, database.outcomes])
      expect(await table.count()).toBe(0);
    expect(await database.datasets.toCollection().primaryKeys()).toEqual([kept]);
    expect(await database.contents.toCollection().primaryKeys()).toEqual([kept]);
    expect((await database.pretrainings.toArray()).map(({ datasetId }) => datasetId)).toEqual([kept]);
  });
});

describe('packed policies', () => {
  it('keep the hard gate exactly and the probability to a byte', () => {
    const probabilities = Float32Array.from([0, 0.25, 0.4999, 0.5, 0.50001, 0.75, 1]);
    const packed = packPolicies(probabilities);
    expect(Array.from(packed, gateOf)).toEqual([0, 0, 0, 0, 1, 1, 1]);
    probabilities.forEach((p, i) => {
      expect(Math.abs(probabilityOf(packed[i]) - p)).toBeLessThan(1 / 255);
    });
  });
});
