import 'fake-indexeddb/auto';
import { zipSync } from 'fflate';
import { afterEach, beforeAll, describe, expect, it, vi } from 'vitest';
import { SIMULATOR_DEFAULTS, simulate } from '../data/simulator.ts';
import { sweepCheckpoints } from '../storage/checkpoints.ts';
import { CLEANING_CHOICES } from '../storage/cleaning.ts';
import { addDataset, deleteRuns, hashOf, type RunRow } from '../storage/database.ts';
import { filesOf } from '../storage/fileStore.ts';
import type { FileStore } from '../storage/files.ts';
import { datasetRow } from '../storage/testing.ts';
import { withWorkspaceZip } from '../storage/workspace/write.ts';
import { storageService } from './storageService.ts';
import { sharedLocks } from './testing.ts';
import { closeOpened, everythingIn, fullWorkspace, nothing, open, unpacked, value, whenFinished } from './workspaceTesting.ts';

let there: ReturnType<typeof open>;
let blob: Blob;
beforeAll(async () => {
  ({ there, blob } = await fullWorkspace());
}, 60_000);
afterEach(closeOpened);

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

  it('removes datasets without runs with their files, however long a disk takes for it', async () => {
    const slow = (files: FileStore): FileStore => ({
      ...files,
      remove: async (name) => {
        await new Promise((resolve) => setTimeout(resolve, 5));
        await files.remove(name);
      },
    });
    const here = open('slow', sharedLocks(), slow);
    // Whoever asks for the files of the database gets the same.
    await filesOf(here.database, async () => slow(here.files));
    for (const id of [1, 2]) {
      const file = await here.files.create('dataset');
      file.write(new Uint8Array(50), 0);
      await file.finish();
      await here.database.datasets.add(datasetRow({ id, file: file.name }));
    }
    await value(here.service.cleanUp(['datasets'], null));
    expect([await here.database.datasets.count(), await here.files.list()]).toEqual([0, []]);
  });

  it('is measured as soon as the files are there', async () => {
    const here = open('hiccup');
    let opening: () => Promise<FileStore> = () => Promise.reject(new Error('away'));
    const files = () => opening();
    const service = storageService({
      ...{ database: here.database, files, locks: undefined },
      platform: '',
      usage: async () => null,
    });
    expect(await service.measure()).toMatchObject({ ok: false });
    // The browser does not open them, as it says each time it is asked, and then it does.
    opening = async () => ({ ...here.files, list: () => Promise.reject(new Error('away')) });
    expect(await service.measure()).toMatchObject({ ok: false });
    opening = async () => here.files;
    expect(await service.measure()).toMatchObject({ ok: true });
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
