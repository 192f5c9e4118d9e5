import 'fake-indexeddb/auto';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { deleteDamaged, lookThrough, rawRow } from './damaged.ts';
import { StudioDatabase } from './database.ts';
import { datasetRow, runRow } from './testing.ts';
import type { DamagedRow } from './whole.ts';

let database: StudioDatabase;
let told: DamagedRow[] = [];

/** Two whole runs with a damaged one between them, and a whole and a damaged dataset. */
async function open() {
  told = [];
  database = new StudioDatabase('whole', (row) => told.push(row));
  await database.datasets.bulkPut([datasetRow(), { id: 2, name: 'x', figures: null } as never]);
  await database.runs.bulkPut([runRow(1), { ...runRow(2), result: { bestEpoch: 'x' } } as never, runRow(3)]);
}

afterEach(() => database.delete());

describe('damaged rows', () => {
  it('are hidden from all ways of reading, which find the others, and named with a reason', async () => {
    await open();
    const ids = (rows: readonly ({ id: number } | undefined)[]) => rows.map((row) => row?.id);
    expect(ids(await database.runs.toArray())).toEqual([1, 3]);
    expect(ids(await database.runs.bulkGet([1, 2, 3]))).toEqual([1, undefined, 3]);
    expect(await database.runs.get(2)).toBeUndefined();
    expect(ids(await database.runs.where({ datasetId: 1, status: 'queued' }).toArray())).toEqual([1, 3]);
    expect(ids(await database.runs.where('id').above(0).limit(10).toArray())).toEqual([1, 3]);
    expect(ids(await database.runs.where('status').anyOf('queued', 'held').sortBy('position'))).toEqual([1, 3]);
    expect(ids(await database.runs.filter(({ configuration }) => configuration.seed > 0).toArray())).toEqual([1, 3]);
    expect(ids(await database.datasets.filter(({ hasContents }) => hasContents).toArray())).toEqual([1]);
    const reasons = new Set(told.map(({ table, key, reason }) => `${table} ${key}: ${reason}`));
    expect(reasons).toEqual(
      new Set(['runs 2: in “result”, “bestEpoch” is not what it should be', 'datasets 2: “origin” is missing']),
    );
  });

  it('are found when everything is looked through', async () => {
    await open();
    const rest = vi.fn(async () => {});
    await lookThrough(database, rest);
    expect(told.map(({ table, key }) => [table, key])).toEqual([
      ['datasets', 2],
      ['runs', 2],
    ]);
    expect(rest).toHaveBeenCalledTimes(2);
  });

  it('can be saved as they are, and deleted with what belongs to them', async () => {
    await open();
    await database.epochs.put({ runId: 2, epoch: 1 } as never);
    await lookThrough(database, async () => {});
    const run = told.find(({ table }) => table === 'runs') as DamagedRow;
    expect(JSON.parse(await rawRow(database, run))).toMatchObject({ table: 'runs', key: 2, row: { id: 2, preset: 'quick' } });
    await deleteDamaged(database, run);
    expect(await database.runs.toCollection().primaryKeys()).toEqual([1, 3]);
    expect(await database.epochs.count()).toBe(0);
  });

  it('are written like others: a transaction that stops or interrupts them must not fail', async () => {
    await open();
    await database.runs.where('status').anyOf('queued').modify({ status: 'interrupted' });
    expect(await database.runs.where({ status: 'interrupted' }).count()).toBe(3);
  });
});
