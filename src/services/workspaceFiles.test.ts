import 'fake-indexeddb/auto';
import { zipSync } from 'fflate';
import { afterEach, beforeAll, describe, expect, it } from 'vitest';
import { bytesOf } from '../data/scratch.ts';
import { SIMULATOR_DEFAULTS, simulate } from '../data/simulator.ts';
import { slicedBlob } from '../data/zip/directory.ts';
import { addDataset, contentsOf } from '../storage/database.ts';
import { FileValues } from '../storage/fileValues.ts';
import { runRow } from '../storage/testing.ts';
import { decodeRecord, encodeRecord } from '../storage/workspace/record.ts';
import type { DatasetRecord } from '../storage/workspace/schemas.ts';
import { sharedLocks } from './testing.ts';
import { closeOpened, fullWorkspace, listed, nothing, open, packed, unpacked, value, whenFinished } from './workspaceTesting.ts';

let blob: Blob;
beforeAll(async () => {
  ({ blob } = await fullWorkspace());
}, 60_000);
afterEach(closeOpened);

const joined = async (parts: readonly Uint8Array<ArrayBuffer>[]) => new Uint8Array(await new Blob([...parts]).arrayBuffer());

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

  it('leaves no file, and none open, where the disk is full at the last', async () => {
    const handles = new Set<string>();
    const here = open('large and full', sharedLocks(), (files) => ({
      ...files,
      create: async (kind) => {
        const file = await files.create(kind);
        handles.add(file.name);
        const finish = async () => {
          await file.flush();
          throw new DOMException('', 'QuotaExceededError');
        };
        const abandon = async () => {
          handles.delete(file.name);
          await file.abandon();
        };
        return { ...file, finish, abandon };
      },
    }));
    expect(await here.service.importWorkspace(exported, nothing)).toMatchObject({ ok: false });
    expect(await here.files.list()).toEqual([]);
    expect([...handles]).toEqual([]);
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
