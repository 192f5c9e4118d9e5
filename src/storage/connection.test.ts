import 'fake-indexeddb/auto';
import Dexie from 'dexie';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { SIMULATOR_DEFAULTS, simulate } from '../data/simulator.ts';
import { type ConnectionState, keepOpen } from './connection.ts';
import { StudioDatabase, VERSION } from './database.ts';
import { datasetRow, runRow } from './testing.ts';

const dataset = simulate({ ...SIMULATOR_DEFAULTS, users: 20 });
let states: ConnectionState[] = [];

/** Opens as the page does. */
async function open(name: string): Promise<StudioDatabase> {
  states = [];
  const database = new StudioDatabase(name);
  await keepOpen(
    database,
    (state) => states.push(state),
    async () => {},
  );
  return database;
}

afterEach(() => vi.restoreAllMocks());

const STORES = {
  datasets: '++id',
  contents: 'id',
  runs: '++id, datasetId, status, [datasetId+status]',
  epochs: '[runId+epoch], runId',
  policies: '[runId+epoch], runId',
  outcomes: 'runId',
  pretrainings: '[datasetId+key], datasetId',
  settings: 'name',
};

/** What an earlier version left: one dataset, a finished and a queued run, policies of an epoch. */
async function stored(name: string, version: number): Promise<void> {
  const old = new Dexie(name);
  const added = { ...(version >= 3 && { models: 'runId' }), ...(version >= 4 && { experiments: '++id' }) };
  old.version(version).stores({ ...STORES, ...added });
  const { task: _task, notes: _notes, hash: _hash, hasContents: _has, ...first } = datasetRow({ figures: dataset.figures });
  const row = { ...first, ...(version >= 2 && { task: 'ranking' }), ...(version >= 3 && { notes: [] }) };
  await old.table('datasets').put({ ...row, ...(version >= 4 && { hash: null, hasContents: true }) });
  await old.table('contents').put({ id: 1, dataset });
  const result = { bestEpoch: 3, test: { n: 5 }, seconds: { pretraining: 1, fineTuning: 2, evaluation: 3 } };
  const { search, experimentId, sourceItems, ...earliest } = runRow(1);
  const run = { ...earliest, ...(version >= 2 && { search, sourceItems }), ...(version >= 4 && { experimentId }) };
  await old.table('runs').bulkPut([
    { ...run, status: 'finished', result },
    { ...run, id: 2 },
  ]);
  await old.table('policies').put({ runId: 1, epoch: 1, bytes: Uint8Array.of(10, 250) });
  old.close();
}

const nativeVersion = async (name: string) => (await indexedDB.databases()).find((each) => each.name === name)?.version;

describe('the database', () => {
  it.each([1, 2, 3, 4])('of version %i is brought to the present form, with every run in it', async (version) => {
    const name = `version ${version}`;
    await stored(name, version);
    const upgraded = await open(name);
    expect(states).toEqual([{ type: 'open' }]);
    expect(await nativeVersion(name)).toBe(10 * VERSION);
    expect(await upgraded.runs.toArray()).toMatchObject([
      { id: 1, status: 'finished', search: null, experimentId: null, result: { bestEpoch: 3, test: { n: 5 } } },
      { id: 2, status: 'queued', result: null },
    ]);
    expect(await upgraded.datasets.toArray()).toMatchObject([{ task: 'ranking', notes: [], hasContents: true }]);
    expect((await upgraded.contents.get(1))?.dataset).toMatchObject({ task: 'ranking', users: dataset.users });
    expect((await upgraded.policies.get([1, 1]))?.bytes).toHaveLength(2);
  });

  it('is as it was after an upgrade that fails, and says so', async () => {
    await stored('bad', 1);
    const put = vi.spyOn(IDBObjectStore.prototype, 'put').mockImplementation(() => {
      throw new DOMException('the disk is broken', 'DataError');
    });
    await open('bad');
    expect(states).toMatchObject([{ type: 'closed', why: 'not-upgraded' }]);
    put.mockRestore();
    expect(await nativeVersion('bad')).toBe(10);
    const again = await open('bad');
    expect(states).toEqual([{ type: 'open' }]);
    expect(await again.runs.count()).toBe(2);
  });

  it('opens the rest where a row of an earlier version is damaged', async () => {
    await stored('odd', 1);
    const old = new Dexie('odd');
    old.version(1).stores(STORES);
    await old.table('datasets').put({ id: 2, name: 'no figures' });
    await old.table('policies').put({ runId: 1, epoch: 2 });
    old.close();
    expect(await (await open('odd')).runs.count()).toBe(2);
    expect(states).toEqual([{ type: 'open' }]);
  });

  it('of a newer version is not touched', async () => {
    const newer = new Dexie('newer');
    newer.version(VERSION + 1).stores({ runs: '++id', later: 'id' });
    await newer.table('later').put({ id: 1 });
    newer.close();
    await open('newer');
    expect(states).toMatchObject([{ type: 'closed', why: 'newer' }]);
    expect(await nativeVersion('newer')).toBe(10 * (VERSION + 1));
    // Where the browser does not tell versions, opening finds out.
    vi.spyOn(indexedDB, 'databases').mockRejectedValue(new Error('not known here'));
    await expect(new StudioDatabase('newer').open()).rejects.toMatchObject({ name: 'NewerSchemaError' });
  });

  it('is let go for a newer version, and written no more', async () => {
    const old = await open('shared');
    const newer = new Dexie('shared');
    newer.version(VERSION + 1).stores({ runs: '++id, datasetId, status, experimentId, [datasetId+status]', later: 'id' });
    await newer.open();
    expect(states).toMatchObject([{ type: 'open' }, { type: 'closed', why: 'outdated' }]);
    await expect(old.runs.put(runRow(1))).rejects.toMatchObject({ name: 'DatabaseClosedError' });
    newer.close();
  });

  it('is opened again when the browser closes it, a few times at most', async () => {
    const lost = await open('lost');
    await lost.runs.put(runRow(1));
    // As Dexie does where the browser says so.
    const closed = () => lost.close({ disableAutoOpen: false });
    closed();
    await expect.poll(() => states.map(({ type }) => type)).toEqual(['open', 'lost', 'open']);
    expect(await lost.runs.count()).toBe(1);
    const attempts = vi.spyOn(lost, 'open').mockRejectedValue(new DOMException('no more', 'UnknownError'));
    closed();
    await expect.poll(() => states.at(-1)).toEqual({ type: 'closed', why: 'unreadable', message: 'no more' });
    expect(attempts).toHaveBeenCalledTimes(4);
  });

  it('says that all is gone when it comes back empty', async () => {
    const cleared = await open('cleared');
    await cleared.runs.put(runRow(1));
    await Dexie.delete('cleared');
    await expect.poll(() => states.at(-1)?.type).toBe('emptied');
    expect(await cleared.runs.count()).toBe(0);
  });

  it('is told to be absent where the browser has none', async () => {
    const database = new StudioDatabase('none');
    states = [];
    vi.spyOn(database, 'open').mockRejectedValue(new Dexie.MissingAPIError());
    await keepOpen(database, (state) => states.push(state));
    expect(states).toMatchObject([{ type: 'closed', why: 'absent' }]);
  });
});
