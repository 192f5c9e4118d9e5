import 'fake-indexeddb/auto';
import { makeZip } from 'client-zip';
import { zipSync } from 'fflate';
import { afterEach, beforeAll, describe, expect, it, vi } from 'vitest';
import { crc32 } from '../data/import/crc32.ts';
import { SIMULATOR_DEFAULTS, simulate } from '../data/simulator.ts';
import { readWasm } from '../engine/node.ts';
import { addDataset, deleteRuns, hashOf, type RunRow, StudioDatabase } from '../storage/database.ts';
import { addExperiment } from '../storage/experiments.ts';
import { rowFiles } from '../storage/rowFiles.ts';
import { runRow } from '../storage/testing.ts';
import { readDirectory, wholeOf } from '../storage/workspace/zip.ts';
import { storageService } from './storageService.ts';
import { locks, queueRun } from './testing.ts';
import { trainingService } from './trainingService.ts';

const opened: StudioDatabase[] = [];
afterEach(async () => {
  for (const database of opened.splice(0)) await database.delete();
});

function open(name: string) {
  const database = new StudioDatabase(name);
  if (name !== 'there') opened.push(database);
  const files = rowFiles(database);
  const service = storageService({ database, files: async () => files, platform: 'test', usage: async () => null });
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
async function contentsOf(database: StudioDatabase) {
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

/** The entries of a zip, to be written anew with changes. */
async function unpacked(file: Blob): Promise<Record<string, Uint8Array<ArrayBuffer>>> {
  const entries: Record<string, Uint8Array<ArrayBuffer>> = {};
  for (const entry of await readDirectory(file)) entries[entry.name] = await wholeOf(file, entry, 1e9);
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
    const [before, after] = [await contentsOf(there.database), await contentsOf(here.database)];
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
    const before = await contentsOf(here.database);
    await value(here.service.cleanUp(['models', 'ranks', 'policies'], null));
    expect(await here.database.models.count()).toBe(0);
    const again = await value(here.service.importWorkspace(blob, nothing));
    expect(again).toMatchObject({
      datasets: { added: 0, known: 1 },
      experiments: { known: 1 },
      runs: { added: 0, known: 4 },
      completed: 1,
    });
    expect(await contentsOf(here.database)).toEqual(before);
    expect(again.problems).toEqual([]);
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
    const directory = await readDirectory(blob);
    const runs = directory.filter(({ name }) => name.startsWith('runs/'));
    // In the middle of its bytes, behind its header.
    bytes[runs[0].at + 100 + (runs[0].packedSize >> 1)] ^= 1;
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
    expect(taken.problems.join('\n')).toMatch(/It is missing\.\nThe checkpoint of run 4: Its file is missing\. The run came/);
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
