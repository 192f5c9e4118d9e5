import 'fake-indexeddb/auto';
import { makeZip } from 'client-zip';
import { zipSync } from 'fflate';
import { afterEach, beforeAll, describe, expect, it, vi } from 'vitest';
import { bytesOf } from '../data/scratch.ts';
import { SIMULATOR_DEFAULTS, simulate } from '../data/simulator.ts';
import { wholeOf } from '../data/zip/contents.ts';
import { crc32 } from '../data/zip/crc32.ts';
import { endOf, entriesAt, type Sliced, slicedBlob } from '../data/zip/directory.ts';
import { readWasm } from '../engine/node.ts';
import { sweepCheckpoints } from '../storage/checkpoints.ts';
import { CLEANING_CHOICES } from '../storage/cleaning.ts';
import { addDataset, contentsOf, deleteRuns, hashOf, type RunRow, StudioDatabase } from '../storage/database.ts';
import { addExperiment } from '../storage/experiments.ts';
import type { FileStore } from '../storage/files.ts';
import { FileValues } from '../storage/fileValues.ts';
import { rowFiles } from '../storage/rowFiles.ts';
import { runRow } from '../storage/testing.ts';
import { decodeRecord, encodeRecord } from '../storage/workspace/record.ts';
import type { DatasetRecord } from '../storage/workspace/schemas.ts';
import { withWorkspaceZip } from '../storage/workspace/write.ts';
import { storageService } from './storageService.ts';
import { locks, queueRun, sharedLocks } from './testing.ts';
import { trainingService } from './trainingService.ts';

const opened: StudioDatabase[] = [];
afterEach(async () => {
  for (const database of opened.splice(0)) await database.delete();
});

function open(name: string, locks = sharedLocks(), wrap = (files: FileStore) => files) {
  const database = new StudioDatabase(name);
  if (name !== 'there') opened.push(database);
  const files = rowFiles(database);
  const used = wrap(files);
  const service = storageService({ database, files: async () => used, locks, platform: 'test', usage: async () => null });
  return { database, files, service };
}

const nothing = () => {};
const there = open('there');
let blob: Blob;

async function value<T>(answer: Promise<{ ok: true; value: T } | { ok: false; problem: { message: string } }>): Promise<T> {
  const found = await answer;
  if (!found.ok) throw new Error(found.problem.message);
  return found.value;
}

/** A workspace with everything in it: finished, failed, waiting and interrupted runs, an experiment, a checkpoint, settings. */
beforeAll(async () => {
  const { database, files, service } = there;
  // Numbers differ from those of any new workspace.
  const gone = await addDataset(database, simulate({ ...SIMULATOR_DEFAULTS, users: 20 }));
  const datasetId = await addDataset(database, simulate({ ...SIMULATOR_DEFAULTS, users: 40 }), ['A note.']);
  await database.datasets.delete(gone);
  await database.contents.delete(gone);
  await queueRun(database, datasetId, 1, { method: 'uaf-hard' });
  await queueRun(database, datasetId, 2, { method: 'finetune-all', 'fineTuning.learningRate': 1e30 });
  const training = trainingService({ database, readWasm, startThread: null, locks: locks(false) });
  await training.work('auto');
  const dataset = await database.datasets.get(datasetId);
  if (dataset === undefined) throw new Error('no dataset');
  const experiment = {
    version: 1 as const,
    name: 'e',
    question: null,
    preset: 'quick' as const,
    changes: {},
    methods: ['finetune-all'],
    seeds: [1],
    grid: [],
    variants: [],
  };
  await addExperiment(database, experiment, [{ dataset, configurations: [runRow(1, { method: 'finetune-all' }).configuration] }]);
  const { id: _id, ...interrupted } = runRow(9, { method: 'uaf-soft' }, { datasetId, status: 'interrupted', createdAt: 99 });
  const runId = await database.runs.add(interrupted);
  const file = await files.create('checkpoint');
  file.write(
    Uint8Array.from({ length: 300_000 }, (_, i) => i),
    0,
  );
  await file.finish();
  await database.checkpoints.add({
    runId,
    file: file.name,
    bytes: file.size,
    checksum: 7,
    savedAt: 5,
    stage: 'fine-tuning',
    epoch: 1,
    step: 3,
  });
  await database.settings.add({ name: 'variant on a GPU', value: 'register 4×8' });
  await database.mappings.add({
    key: 'user,item',
    format: {
      format: 'long',
      rows: { kind: 'delimited', separator: ',', header: true, width: 2 },
      user: 0,
      item: 1,
      time: null,
      timeUnit: 'seconds',
      isOrdered: false,
    },
    usedAt: 3,
  });
  const exported = await value(service.exportWorkspace(null, datasetId, nothing));
  expect(exported.leftOut).toEqual([]);
  blob = exported.blob as Blob;
  expect(exported.bytes).toBe(blob.size);
}, 60_000);

/** All rows of a database as pages read them, without numbers. */
async function everythingIn(database: StudioDatabase) {
  const names = new Map((await database.datasets.toArray()).map(({ id, name, figures }) => [id, `${name} ${figures.instances}`]));
  const experiments = new Map((await database.experiments.toArray()).map(({ id, experiment }) => [id, experiment.name]));
  const files = rowFiles(database);
  const runs = [];
  for (const row of (await database.runs.toArray()).sort((a, b) => a.createdAt - b.createdAt || a.position - b.position)) {
    const { id, datasetId, experimentId, datasetName: _name, position: _position, elsewhere: _elsewhere, ...rest } = row;
    const without = <R extends { runId: number }>({ runId: _runId, ...part }: R) => part;
    const checkpoint = await database.checkpoints.get(id);
    const saved = checkpoint === undefined ? null : await files.open(checkpoint.file);
    const bytes = new Uint8Array(saved?.size ?? 0);
    saved?.read(bytes, 0);
    runs.push({
      ...rest,
      dataset: names.get(datasetId),
      experiment: experiments.get(experimentId ?? -1),
      epochs: (await database.epochs.where({ runId: id }).toArray()).map(without),
      policies: (await database.policies.where({ runId: id }).toArray()).map(without),
      outcome: (await database.outcomes.where({ runId: id }).toArray()).map(without),
      model: (await database.models.where({ runId: id }).toArray()).map(without),
      checkpoint: checkpoint && { ...without(checkpoint), file: null },
      saved: [bytes.length, crc32(bytes)],
    });
  }
  return {
    datasets: (await database.datasets.toArray()).map(({ id: _id, ...row }) => row),
    contents: (await database.contents.toArray()).map(({ dataset }) => dataset),
    pretrainings: (await database.pretrainings.toArray()).map(({ datasetId, ...row }) => ({ ...row, of: names.get(datasetId) })),
    experiments: (await database.experiments.toArray()).map(({ id: _id, ...row }) => row),
    settings: await database.settings.toArray(),
    mappings: await database.mappings.toArray(),
    runs,
  };
}

const listed = async (zip: Sliced) => entriesAt(zip, await endOf(zip));

/** The entries of a zip, to be written anew with changes. */
async function unpacked(file: Blob): Promise<Record<string, Uint8Array<ArrayBuffer>>> {
  const entries: Record<string, Uint8Array<ArrayBuffer>> = {};
  const zip = slicedBlob(file);
  for (const entry of await listed(zip)) entries[entry.path] = await wholeOf(zip, entry, 1e9);
  return entries;
}

const packed = (entries: Record<string, Uint8Array>) =>
  new Response(makeZip(Object.entries(entries).map(([name, input]) => ({ name, input })))).blob();

describe('a workspace that is exported and imported', () => {
  it('is the same, up to numbers and what cannot go on by itself', async () => {
    const here = open('here');
    // Numbers are taken already.
    await addDataset(here.database, simulate({ ...SIMULATOR_DEFAULTS, users: 30 }));
    const own = (await here.database.datasets.toArray()).length;
    const taken = await value(here.service.importWorkspace(blob, nothing));
    expect(taken).toMatchObject({
      datasets: { added: 1, known: 0 },
      pretrained: { added: 1, known: 0 },
      experiments: { added: 1, known: 0 },
      runs: { added: 4, known: 0 },
      waiting: 2,
      problems: [],
    });
    const [before, after] = [await everythingIn(there.database), await everythingIn(here.database)];
    expect({ ...after, datasets: after.datasets.slice(own), contents: after.contents.slice(own) }).toEqual({
      ...before,
      // What waited in an experiment is held.
      runs: before.runs.map((run) => (run.status === 'queued' ? { ...run, status: 'held' } : run)),
    });
    expect(taken.datasetId).toBe((await here.database.runs.toArray())[0].datasetId);
    const finished = (await here.database.runs.where({ status: 'finished' }).first()) as RunRow;
    expect(finished.elsewhere?.environment).toMatchObject({ backend: 'wasm', platform: 'test' });
  });

  it('comes once, however often it is imported, and brings back what was cleaned up meanwhile', async () => {
    const here = open('twice');
    await value(here.service.importWorkspace(blob, nothing));
    const before = await everythingIn(here.database);
    await value(here.service.cleanUp(CLEANING_CHOICES, null));
    expect([await here.database.models.count(), await here.database.checkpoints.count()]).toEqual([0, 0]);
    expect(await here.files.list()).toEqual([]);
    const again = await value(here.service.importWorkspace(blob, nothing));
    expect(again).toMatchObject({
      datasets: { added: 0, known: 1 },
      experiments: { known: 1 },
      // The one that had failed is gone, and comes anew.
      runs: { added: 1, known: 3 },
      completed: 2,
    });
    expect(await everythingIn(here.database)).toEqual(before);
    expect(again.problems).toEqual([]);
    expect(await value(here.service.importWorkspace(blob, nothing))).toMatchObject({
      runs: { added: 0, known: 4 },
      completed: 0,
    });
    expect(await here.files.list()).toHaveLength(1);
  });

  it('brings back pre-trained models, and datasets without runs, that were cleaned up', async () => {
    const here = open('emptied');
    await value(here.service.importWorkspace(blob, nothing));
    const before = await everythingIn(here.database);
    await here.database.runs.clear();
    await value(here.service.cleanUp(CLEANING_CHOICES, null));
    expect([await here.database.datasets.count(), await here.database.pretrainings.count()]).toEqual([0, 0]);
    await value(here.service.importWorkspace(blob, nothing));
    expect(await everythingIn(here.database)).toEqual(before);
  });

  it('gives a run that is held its checkpoint, with the epochs before it, and none to one that is queued or has a newer one', async () => {
    const here = open('held');
    await value(here.service.importWorkspace(blob, nothing));
    const [{ runId, file }] = await here.database.checkpoints.toArray();
    const [first] = await here.database.epochs.toArray();
    const epoch = { ...first, runId, epoch: 1 };
    await here.database.epochs.add(epoch);
    const { blob: held } = await value(here.service.exportWorkspace(null, null, nothing));
    const again = () => value(here.service.importWorkspace(held as Blob, nothing));
    await again();
    expect(await here.database.checkpoints.toArray()).toMatchObject([{ file }]);
    await here.database.checkpoints.clear();
    await here.database.epochs.delete([runId, 1]);
    await here.database.runs.update(runId, { status: 'queued' });
    expect((await again()).completed).toBe(0);
    expect(await here.database.checkpoints.count()).toBe(0);
    expect(await here.files.list()).toMatchObject([{ name: file }]);
    await here.database.runs.update(runId, { status: 'held' });
    expect((await again()).completed).toBe(1);
    const [row] = await here.database.checkpoints.toArray();
    expect((await here.files.open(row.file)).size).toBe(300_000);
    expect(await here.database.epochs.where({ runId }).toArray()).toEqual([epoch]);
  });

  it('says nothing of checkpoints that could not be written there', async () => {
    const [from, here] = [open('unsaved there'), open('unsaved here')];
    await value(from.service.importWorkspace(blob, nothing));
    const [{ runId }] = await from.database.checkpoints.toArray();
    await from.database.runs.update(runId, { status: 'running', unsaved: { since: 1, message: 'full' } });
    const exported = await value(from.service.exportWorkspace(null, null, nothing));
    await value(here.service.importWorkspace(exported.blob as Blob, nothing));
    const came = expect.objectContaining({ createdAt: 99, status: 'interrupted', unsaved: null });
    expect(await here.database.runs.toArray()).toContainEqual(came);
  });

  it('brings a run whose checkpoint is gone, and says so', async () => {
    const [lost, here] = [open('gone there'), open('gone here')];
    await value(lost.service.importWorkspace(blob, nothing));
    await lost.database.files.clear();
    const exported = await value(lost.service.exportWorkspace(null, null, nothing));
    expect(exported.leftOut).toEqual([expect.stringMatching(/^The checkpoint of run \d+\. The run comes along/)]);
    const taken = await value(here.service.importWorkspace(exported.blob as Blob, nothing));
    expect(taken).toMatchObject({ runs: { added: 4 }, problems: [] });
    expect(await here.database.checkpoints.count()).toBe(0);
  });

  it('is not exported where the database goes away meanwhile', async () => {
    const here = open('closed');
    await value(here.service.importWorkspace(blob, nothing));
    const exporting = here.service.exportWorkspace(null, null, () => here.database.close());
    expect(await exporting).toMatchObject({ ok: false, problem: { name: 'DatabaseClosedError' } });
  });

  it('leaves no file open, however its export ends', async () => {
    const opened = new Set<object>();
    let most = 0;
    let then = nothing;
    const counting = (files: FileStore): FileStore => ({
      ...files,
      open: async (name) => {
        const file = await files.open(name);
        const counted = { ...file, close: () => void opened.delete(counted) };
        opened.add(counted);
        most = Math.max(most, opened.size);
        then();
        return counted;
      },
    });
    const here = open('leak', sharedLocks(), counting);
    await value(here.service.importWorkspace(blob, nothing));
    await value(here.service.exportWorkspace(null, null, nothing));
    expect([most, opened.size]).toEqual([1, 0]);
    then = () => void here.service.stop();
    expect(await here.service.exportWorkspace(null, null, nothing)).toMatchObject({ problem: { name: 'StoppedError' } });
    expect(opened.size).toBe(0);
    // Whoever writes fails while a file is copied.
    then = nothing;
    const full = new Error('full');
    const origin = { studio: '1', platform: 'test', datasetId: null };
    const going = { turn: async () => {}, share: nothing };
    const files = counting(here.files);
    const failing = withWorkspaceZip(here.database, files, origin, going, nothing, async (zip) => {
      const into = new WritableStream({
        write: () => {
          if (opened.size > 0) throw full;
        },
      });
      await zip.pipeTo(into);
    });
    await expect(failing).rejects.toBe(full);
    expect(opened.size).toBe(0);
    // A row that no record can hold.
    const [{ runId }] = await here.database.checkpoints.toArray();
    await here.database.runs.update(runId, { startedAt: Number.NaN });
    const { leftOut } = await value(here.service.exportWorkspace(null, null, nothing));
    expect(leftOut).toEqual([expect.stringMatching(/^Run \d+: “row\.startedAt” is NaN/)]);
    expect(opened.size).toBe(0);
  });

  it('gives its contents to a dataset of which only results were here', async () => {
    const here = open('placeholder');
    const [row] = await there.database.datasets.toArray();
    const hash = await hashOf(there.database, row.id);
    const { id: _id, ...rest } = row;
    const id = await here.database.datasets.add({ ...rest, name: 'mine', hash, hasContents: false });
    await value(here.service.importWorkspace(blob, nothing));
    expect(await here.database.datasets.toArray()).toMatchObject([{ id, name: 'mine', hasContents: true }]);
    expect(await here.database.contents.get(id)).toBeDefined();
  });

  it('brings the runs of a dataset whose data is lost, and says so', async () => {
    const [lost, here] = [open('lost'), open('found')];
    await value(lost.service.importWorkspace(blob, nothing));
    await lost.database.contents.clear();
    const exported = await value(lost.service.exportWorkspace(null, null, nothing));
    expect(exported.leftOut).toEqual([expect.stringMatching(/^The data of “Demo: hidden kinds”/)]);
    const taken = await value(here.service.importWorkspace(exported.blob as Blob, nothing));
    expect(taken).toMatchObject({ datasets: { added: 1 }, runs: { added: 4 }, problems: [] });
    expect(await here.database.datasets.toArray()).toMatchObject([{ hasContents: false }]);
  });

  it('can be repacked by other tools', async () => {
    const here = open('repacked');
    const file = new Blob([zipSync(await unpacked(blob)) as Uint8Array<ArrayBuffer>]);
    const taken = await value(here.service.importWorkspace(file, nothing));
    expect(taken.runs.added).toBe(4);
    expect(taken.problems).toEqual([]);
  });

  it('can be stopped', async () => {
    const here = open('stopped');
    const importing = here.service.importWorkspace(blob, () => here.service.stop());
    expect(await importing).toMatchObject({ ok: false, problem: { name: 'StoppedError' } });
    const exporting = there.service.exportWorkspace(null, null, () => there.service.stop());
    expect(await exporting).toMatchObject({ ok: false, problem: { name: 'StoppedError' } });
  });
});

const joined = async (parts: readonly Uint8Array<ArrayBuffer>[]) => new Uint8Array(await new Blob([...parts]).arrayBuffer());

/** A copy of a file store in which something happens when a file that is being written is finished. */
const whenFinished = (files: FileStore, then: () => Promise<void>): FileStore => ({
  ...files,
  create: async (kind) => {
    const file = await files.create(kind);
    const finish = async () => {
      await file.finish();
      await then();
    };
    return Object.assign(Object.create(file), { finish });
  },
});

it('keeps its checkpoints while another worker removes those that no run has', async () => {
  const shared = sharedLocks();
  let sweeps = 0;
  const here = open('race', shared, (files) =>
    whenFinished(files, async () => {
      sweeps++;
      await sweepCheckpoints(files, here.database, shared);
    }),
  );
  await value(here.service.importWorkspace(blob, nothing));
  expect(sweeps).toBe(1);
  const [{ file }] = await here.database.checkpoints.toArray();
  expect((await here.files.open(file)).size).toBe(300_000);
  // Once all are named it removes those that are not.
  await here.database.checkpoints.clear();
  await sweepCheckpoints(here.files, here.database, shared);
  expect(await here.files.list()).toEqual([]);
});

describe('a large dataset', () => {
  const data = simulate({ ...SIMULATOR_DEFAULTS, users: 40 });
  const length = data.source.values.length;
  let exported: Blob;

  /** Stores the dataset with its values in a file, and a run of it. */
  async function storeLarge({ database, files }: ReturnType<typeof open>): Promise<number> {
    const file = await files.create('dataset');
    file.write(bytesOf(data.source.values.subarray(0, length)), 0);
    await file.finish();
    const values = new FileValues(await files.open(file.name), length);
    const id = await addDataset(database, { ...data, source: { ...data.source, values } });
    const { id: _id, ...run } = runRow(1, {}, { datasetId: id, status: 'interrupted' });
    await database.runs.add(run);
    return id;
  }

  beforeAll(async () => {
    const from = open('large');
    await storeLarge(from);
    exported = (await value(from.service.exportWorkspace(null, null, nothing))).blob as Blob;
  });

  /** The entries of its zip, with the record of the dataset changed. */
  async function changed(change: (record: DatasetRecord) => void) {
    const entries = await unpacked(exported);
    const record = decodeRecord(entries['datasets/1.record']) as DatasetRecord;
    change(record);
    return { ...entries, 'datasets/1.record': await joined(encodeRecord(record)) };
  }
  const fileIn = (entries: object) => Object.keys(entries).find((name) => name.startsWith('files/dataset-')) ?? '';

  it('comes with its data, in a file of its own, once', async () => {
    const here = open('large here');
    const taken = await value(here.service.importWorkspace(exported, nothing));
    expect(taken).toMatchObject({ datasets: { added: 1 }, runs: { added: 1 }, problems: [] });
    const [row] = await here.database.datasets.toArray();
    const read = await contentsOf(here.database, row.id);
    expect({ ...read, source: { ...read.source, values: read.source.values.subarray(0, length) } }).toEqual(data);
    const files = await here.files.list();
    expect(files).toMatchObject([{ name: row.file, kind: 'dataset', bytes: 4 * length }]);
    expect(fileIn(await unpacked(exported))).not.toContain(row.file);
    expect(row.bytes).toBeGreaterThan(4 * length);
    const again = await value(here.service.importWorkspace(exported, nothing));
    expect(again).toMatchObject({ datasets: { added: 0, known: 1 }, runs: { known: 1 }, problems: [] });
    expect(await here.files.list()).toEqual(files);
  });

  it('leaves no file where it is not what it says', async () => {
    const here = open('large lies');
    const refusal = async (entries: Record<string, Uint8Array>) => {
      const taken = await value(here.service.importWorkspace(await packed(entries), nothing));
      expect([taken.datasets.added, await here.database.datasets.count()]).toEqual([0, 0]);
      expect(await here.files.list()).toEqual([]);
      return taken.problems.find((problem) => problem.startsWith('Dataset 1: '));
    };
    const entries = await unpacked(exported);
    const name = fileIn(entries);
    const bytes = entries[name];
    expect(await refusal({ ...entries, [name]: bytes.slice(4) })).toMatch(/bytes in place of/);
    expect(await refusal({ ...entries, [name]: await joined([bytes, new Uint8Array(4)]) })).toMatch(/bytes in place of/);
    expect(await refusal({ ...entries, [name]: new Uint8Array() })).toMatch(/0 bytes in place of/);
    for (const item of [0, -1, data.sourceItems.length]) {
      const other = bytes.slice();
      new DataView(other.buffer).setInt32(4 * (length - 1), item, true);
      expect(await refusal({ ...entries, [name]: other }), String(item)).toMatch(
        /source sequences are not of its users and items/,
      );
    }
    const { [name]: _gone, ...without } = entries;
    expect(await refusal(without)).toMatch(/Its file is missing/);
    const longer = (record: DatasetRecord) => Object.assign(record.packed?.source ?? {}, { length: length + 1 });
    expect(await refusal(await changed(longer))).toMatch(/bytes in place of/);
    const cut = (record: DatasetRecord) => {
      const users = record.packed?.users;
      if (users) users.text = users.text.slice(9);
    };
    expect(await refusal(await changed(cut))).toMatch(/names are cut short/);
    const same = { ...entries, [name]: bytes.slice().reverse() };
    expect(await refusal(same)).toMatch(/^Dataset 1: /);
  });

  it('leaves no file where its import is stopped', async () => {
    const here = open('large stopped', sharedLocks(), (files) => whenFinished(files, () => here.service.stop()));
    expect(await here.service.importWorkspace(exported, nothing)).toMatchObject({ ok: false, problem: { name: 'StoppedError' } });
    expect(await here.files.list()).toEqual([]);
    expect(await here.database.datasets.count()).toBe(0);
  });

  it('has no file that belongs to another one', async () => {
    const here = open('large other');
    const id = await storeLarge(here);
    const own = (await here.database.datasets.get(id))?.file ?? '';
    const small = await unpacked(blob);
    const name = Object.keys(small).find((one) => one.startsWith('datasets/')) ?? '';
    const record = decodeRecord(small[name]) as DatasetRecord;
    const named = { ...small, [name]: await joined(encodeRecord({ ...record, row: { ...record.row, file: own } })) };
    await value(here.service.importWorkspace(await packed(named), nothing));
    const rows = await here.database.datasets.toArray();
    expect(rows.filter(({ file }) => file === own).map((row) => row.id)).toEqual([id]);
  });

  it.each([
    ['missing', null],
    ['cut short', 8],
  ])('brings its runs where its file is %s and its hash was never reckoned', async (what, rest) => {
    const [lost, here] = [open(`${what} there`), open(`${what} here`)];
    const id = await storeLarge(lost);
    const [{ name, bytes }] = await lost.database.files.toArray();
    if (rest === null) await lost.database.files.delete(name);
    else await lost.database.files.put({ name, bytes: bytes.slice(0, rest) });
    const without = await value(lost.service.exportWorkspace(null, id, nothing));
    expect(without.leftOut).toEqual([expect.stringMatching(/^The data of .* will not join/)]);
    const again = await value(lost.service.exportWorkspace(null, id, nothing));
    for (const { blob: file } of [without, again]) await value(here.service.importWorkspace(file as Blob, nothing));
    const [row] = await here.database.datasets.toArray();
    expect(row).toMatchObject({ hasContents: false, hash: expect.not.stringMatching(/^[0-9a-f]{64}$/) });
    expect(row).not.toHaveProperty('file');
    expect(await here.database.runs.toArray()).toMatchObject([{ datasetId: row.id, status: 'interrupted' }]);
    // Where it came from nothing is new, and nothing stands in for the hash.
    const back = await value(lost.service.importWorkspace(without.blob as Blob, nothing));
    expect(back).toMatchObject({ datasets: { added: 0, known: 1 }, runs: { added: 0, known: 1 }, problems: [] });
    expect(await lost.database.datasets.toArray()).toMatchObject([{ hash: null }]);
    // The same with its data is another one.
    const whole = await value(lost.service.importWorkspace(exported, nothing));
    expect(whole).toMatchObject({ datasets: { added: 1 }, problems: [] });
  });

  it('comes without its data where that is lost, and gets it later', async () => {
    const [lost, here] = [open('large lost'), open('large found')];
    await value(lost.service.importWorkspace(exported, nothing));
    for (const { name } of await lost.files.list()) await lost.files.remove(name);
    const without = await value(lost.service.exportWorkspace(null, null, nothing));
    expect(without.leftOut).toEqual([expect.stringMatching(/^The data of/)]);
    await value(here.service.importWorkspace(without.blob as Blob, nothing));
    expect(await here.database.datasets.toArray()).toMatchObject([{ hasContents: false }]);
    const taken = await value(here.service.importWorkspace(exported, nothing));
    expect(taken).toMatchObject({ datasets: { added: 1 }, runs: { known: 1 }, problems: [] });
    const [{ id, file }] = await here.database.datasets.toArray();
    expect((await contentsOf(here.database, id)).source.values.subarray(0, 5)).toEqual(data.source.values.subarray(0, 5));
    expect(await here.files.list()).toMatchObject([{ name: file }]);
  });
});

describe('the file of a workspace from a stranger', () => {
  it('is refused in words where it is none, cut off, or newer', async () => {
    const { service } = open('refused');
    const refusal = async (file: Blob) => {
      const answer = await service.importWorkspace(file, nothing);
      return answer.ok ? null : answer.problem.message;
    };
    expect(await refusal(new Blob(['no zip']))).toMatch(/cut off, or is no zip/);
    expect(await refusal(blob.slice(0, blob.size >> 1))).toMatch(/cut off/);
    expect(await refusal(await packed({ 'a.txt': new Uint8Array(3) }))).toMatch(/no workspace/);
    const entries = await unpacked(blob);
    const manifest = JSON.parse(new TextDecoder().decode(entries['uaf-studio-workspace.json']));
    const newer = new TextEncoder().encode(JSON.stringify({ ...manifest, version: 2 }));
    expect(await refusal(await packed({ ...entries, 'uaf-studio-workspace.json': newer }))).toMatch(/newer version.*Reload/);
  });

  it('loses what is damaged, by name, and nothing else', async () => {
    const here = open('damaged');
    const bytes = new Uint8Array(await blob.arrayBuffer());
    const directory = await listed(slicedBlob(blob));
    const runs = directory.filter(({ path }) => path.startsWith('runs/'));
    // In the middle of its bytes, behind its header.
    bytes[runs[0].offset + 100 + (runs[0].packed >> 1)] ^= 1;
    const taken = await value(here.service.importWorkspace(new Blob([bytes]), nothing));
    expect(taken.runs.added).toBe(runs.length - 1);
    expect(taken.problems).toEqual([expect.stringMatching(/^Run 1: .*checksum/)]);
    expect(await here.database.runs.count()).toBe(runs.length - 1);
  });

  it('brings a run without its checkpoint where that is damaged or missing', async () => {
    const here = open('checkpoint');
    const entries = await unpacked(blob);
    const name = Object.keys(entries).find((one) => one.startsWith('files/')) ?? '';
    delete entries[name];
    const taken = await value(here.service.importWorkspace(await packed(entries), nothing));
    expect(taken.runs.added).toBe(4);
    expect(taken.problems.join('\n')).toMatch(
      /It is missing\.\nThe checkpoint of run 4: Its file is missing\. The run is here without it/,
    );
    expect(await here.database.checkpoints.count()).toBe(0);
    expect(await here.files.list()).toEqual([]);
  });

  it('names entries that are no part of it, and writes nowhere else', async () => {
    const here = open('names');
    const entries = await unpacked(blob);
    const strange = { '../../evil': new Uint8Array(4), '/etc/passwd': new Uint8Array(4), 'runs/../1.record': new Uint8Array(4) };
    const taken = await value(here.service.importWorkspace(await packed({ ...entries, ...strange }), nothing));
    expect(taken.problems).toHaveLength(3);
    expect(taken.problems[0]).toMatch(/“\.\.\/\.\.\/evil”: This is no part/);
    expect(taken.runs.added).toBe(4);
  });

  it('is not believed: sizes, references and values that contradict each other', async () => {
    const here = open('lies');
    const entries = await unpacked(blob);
    const [dataset] = Object.keys(entries).filter((one) => one.startsWith('datasets/'));
    const text = new TextDecoder('latin1').decode(entries[dataset]);
    const changed = (from: string, to: string) => {
      expect(from).toHaveLength(to.length);
      expect(text).toContain(from);
      return Uint8Array.from(text.replace(from, to), (letter) => letter.charCodeAt(0));
    };
    const refusal = async (bytes: Uint8Array) => {
      const taken = await value(here.service.importWorkspace(await packed({ ...entries, [dataset]: bytes }), nothing));
      expect(taken.datasets.added + taken.runs.added).toBe(0);
      return taken.problems.find((problem) => problem.startsWith('Dataset'));
    };
    expect(await refusal(changed('"targetUsers":40', '"targetUsers":39'))).toMatch(/targetUsers.*not what its contents have/);
    expect(await refusal(changed('"type":"Uint32Array"', '"type":"Uint33Array"'))).toMatch(/list of arrays/);
    expect(await refusal(changed('"path":["dataset"', '"path":["databas"'))).toMatch(/no place/);
    expect(await refusal(entries[dataset].slice(0, 200))).toMatch(/head is longer/);
    expect(await here.database.datasets.count()).toBe(0);
  });

  it('cannot be a bomb', async () => {
    const here = open('bomb');
    const entries = await unpacked(blob);
    const bytes = zipSync({ ...entries, 'runs/77.record': new Uint8Array(20_000_000) }, { level: 9 });
    // The directory says that it is small.
    const view = new DataView(bytes.buffer, bytes.byteOffset);
    for (let at = bytes.length - 46; at >= 0; at--) {
      if (view.getUint32(at, true) !== 0x02014b50) continue;
      const name = new TextDecoder().decode(bytes.subarray(at + 46, at + 46 + view.getUint16(at + 28, true)));
      if (name !== 'runs/77.record') continue;
      view.setUint32(at + 24, 1000, true);
      break;
    }
    const taken = await value(here.service.importWorkspace(new Blob([bytes as Uint8Array<ArrayBuffer>]), nothing));
    expect(taken.problems).toEqual(['Run 77: It is larger than it says.']);
  });
});

describe('what is measured and cleaned up', () => {
  it('counts all that is stored once, and what is freed is what was foretold', async () => {
    const here = open('cleaned');
    await value(here.service.importWorkspace(blob, nothing));
    await here.database.policies.add({ runId: 999, epoch: 1, bytes: new Uint8Array(1000) });
    const room = await value(here.service.measure());
    const finished = room.runs.find(({ status }) => status === 'finished');
    const outcome = await here.database.outcomes.get(finished?.id ?? -1);
    expect(finished?.policies).toBe(finished?.otherPolicies);
    expect(finished?.policies).toBe(40 * 2);
    expect(finished?.ranks).toBeGreaterThan(16 * (outcome?.instances.length ?? 0));
    expect(room.runs.find(({ status }) => status === 'interrupted')?.checkpoint).toBeGreaterThanOrEqual(300_000);
    expect(room.orphans).toBeGreaterThanOrEqual(1000);
    const { measured } = await value(here.service.cleanUp(['checkpoints', 'orphans', 'models', 'policies'], null));
    expect(measured.before - measured.after).toBeGreaterThan(301_000);
    expect(await here.files.list()).toEqual([]);
    expect(await here.database.policies.count()).toBe(1);
    expect((await value(here.service.measure())).orphans).toBe(0);
  });

  it('offers no file that somebody may be writing: it would stay', async () => {
    const here = open('young');
    const measured = () => value(here.service.measure());
    await (await here.files.create('checkpoint')).finish();
    const file = await here.files.create('checkpoint');
    file.write(new Uint8Array(5000), 0);
    await file.finish();
    expect(await measured()).toMatchObject({ orphans: 0, beingWritten: 5000 });
    vi.spyOn(Date, 'now').mockReturnValue(Date.now() + 11 * 60_000);
    expect(await measured()).toMatchObject({ orphans: 5000, beingWritten: 0 });
    const { freed } = await value(here.service.cleanUp(['orphans'], null)).then((done) => ({
      freed: done.measured.before - done.measured.after,
    }));
    vi.restoreAllMocks();
    expect(freed).toBe(5000);
  });

  it('goes at once with a run: its checkpoint is not left for later', async () => {
    const here = open('deleted');
    await value(here.service.importWorkspace(blob, nothing));
    expect(await here.files.list()).toHaveLength(1);
    const [{ runId }] = await here.database.checkpoints.toArray();
    await deleteRuns(here.database, [runId]);
    expect(await here.files.list()).toEqual([]);
  });
});
