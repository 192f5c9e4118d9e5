import 'fake-indexeddb/auto';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { type Dataset, paddedSequences } from '../data/dataset.ts';
import type { FileFormat } from '../data/import/format.ts';
import { fineTuningLines, pretrainingLines } from '../data/simulatedFiles.ts';
import { DATASET, resultRun } from '../results/testing.ts';
import { contentsOf, deleteDataset, hashOf, StudioDatabase } from '../storage/database.ts';
import { rowFiles } from '../storage/rowFiles.ts';
import { takeInRuns } from '../storage/takeIn.ts';
import { importService } from './importService.ts';
import type { FormattedUpload, ImportProgress, ImportService, ReadRequest } from './protocol.ts';
import { progressOf } from './staging.ts';

const sizes = { users: 3000, length: 20, sourceItems: 500, targetItems: 50, targetUsers: 600, instances: 1500, seed: 1 };
const settings = { minimumTargetItemCount: 1, maximumTargetsPerUser: 0 };
const optional = { sourceNames: null, targetNames: null, attributes: null };
const blob = (pieces: Iterable<Uint8Array>, name: string) => new File([...pieces] as Uint8Array<ArrayBuffer>[], name);
const upload = (file: File, format: FileFormat): FormattedUpload => ({ file, entry: null, format, corrected: null });
const request: ReadRequest = {
  source: upload(blob(pretrainingLines(sizes), 'pretraining.csv'), { format: 'pretraining-lines' }),
  target: upload(blob(fineTuningLines(sizes), 'finetuning.csv'), { format: 'fine-tuning-lines' }),
  ...optional,
  skipBadRows: false,
};

let database: StudioDatabase;
beforeEach(() => {
  database = new StudioDatabase('import');
});
afterEach(() => database.delete());

/** With everything in files that can be: rows of the database stand for the disk. */
const onDisk = () => importService(database, async () => ({ ...rowFiles(database), isOnDisk: true }), 0);
const imported = async (service: ImportService, onProgress: (progress: ImportProgress) => void = () => {}): Promise<number> => {
  expect(await service.read(request, onProgress)).toEqual({ ok: true, value: undefined });
  const answer = await service.store('d', settings, onProgress);
  if (!answer.ok) throw new Error(answer.problem.message);
  return answer.value;
};
const whole = ({ source, ...rest }: Dataset) => ({
  ...rest,
  offsets: source.offsets,
  values: source.values.subarray(0, source.values.length),
});

describe('an import of a large dataset', () => {
  it('comes to what one in memory comes to, with its sequences in a file that goes with it', async () => {
    const inMemory = await imported(importService(database));
    expect(await database.files.count()).toBe(0);
    const id = await imported(onDisk());
    const row = await database.datasets.get(id);
    expect(await database.files.toCollection().primaryKeys()).toEqual([row?.file]);
    const [small, large] = [await contentsOf(database, inMemory), await contentsOf(database, id)];
    expect(whole(large)).toEqual(whole(small));
    expect(paddedSequences(large, [2999, 7, 3100], 8)).toEqual(paddedSequences(small, [2999, 7, 3100], 8));
    expect(await hashOf(database, id)).toBe(await hashOf(database, inMemory));
    // A file that is opened twice would be held twice, and closed by nobody.
    const elsewhere = new StudioDatabase('import');
    const opening = vi.spyOn(elsewhere.files, 'get');
    const [one, other] = await Promise.all([contentsOf(elsewhere, id), contentsOf(elsewhere, id)]);
    expect(one.source.values).toBe(other.source.values);
    expect(opening).toHaveBeenCalledTimes(1);
    elsewhere.close();
    await deleteDataset(database, id);
    expect(await database.files.count()).toBe(0);
  });

  it('that lost its file before its contents were known keeps no results of others away', async () => {
    const lost = await imported(onDisk());
    const row = await database.datasets.get(lost);
    if (row === undefined) throw new Error('It is not stored.');
    expect(row.hash).toBeNull();
    await database.files.clear();
    const run = resultRun('uaf-hard', 1, [1, 2, 3], {
      dataset: { ...DATASET, ...row.figures, task: row.task, hash: 'of another' },
    });
    const taken = await takeInRuns(database, [run]);
    expect(taken).toMatchObject({ added: [expect.any(Number)], datasets: [expect.any(Number)] });
    // Nobody knows whether it is the same: the results have a dataset of their own, until its files are imported.
    expect((await database.runs.get(taken.added[0]))?.datasetId).toBe(taken.datasets[0]);
    expect(taken.datasets).not.toContain(lost);
    expect(await takeInRuns(database, [run])).toMatchObject({ added: [], known: taken.added, datasets: [] });
    // What may pass is no loss: it is asked for again.
    vi.spyOn(database.contents, 'get').mockRejectedValueOnce(new DOMException('', 'InvalidStateError'));
    await expect(takeInRuns(database, [run])).rejects.toThrow(DOMException);
    vi.restoreAllMocks();
  });

  it('says what storing would come to', async () => {
    const service = onDisk();
    await service.read(request, () => {});
    const effect = await service.effect({ minimumTargetItemCount: 30, maximumTargetsPerUser: 2 });
    const id = await service.store('d', { minimumTargetItemCount: 30, maximumTargetsPerUser: 2 }, () => {});
    const stored = await database.datasets.get(id.ok ? id.value : 0);
    expect(effect).toMatchObject({ ok: true, value: { after: { figures: stored?.figures, shape: stored?.shape } } });
  });

  it('takes the place of an effect that is still being reckoned, as another effect does', async () => {
    const service = onDisk();
    await service.read(request, () => {});
    const effects = [service.effect({ ...settings, maximumTargetsPerUser: 1 }), service.effect(settings)];
    const stored = await service.store('d', settings, () => {});
    expect(stored).toMatchObject({ ok: true });
    for (const effect of effects) expect(await effect).toMatchObject({ ok: false, problem: { name: 'StoppedError' } });
  });

  it('is of what was asked for last, however quickly', async () => {
    const service = onDisk();
    const missing = { ...request, target: upload(blob([], 'missing.csv'), { format: 'fine-tuning-lines' }) };
    const first = service.read(request, () => {});
    const others = [service.read(missing, () => {}), service.read(missing, () => {})];
    const last = service.read(request, () => {});
    for (const read of [first, ...others]) expect(await read).toMatchObject({ ok: false, problem: { name: 'StoppedError' } });
    expect(await last).toMatchObject({ ok: true });
    expect(await service.store('d', settings, () => {})).toMatchObject({ ok: true });
    expect(await database.files.count()).toBe(1);
  });

  it('that is cancelled before it began to read is not read', async () => {
    const service = onDisk();
    const read = service.read(request, () => {});
    await service.drop();
    expect(await read).toMatchObject({ ok: false, problem: { name: 'StoppedError' } });
    expect(await service.store('d', settings, () => {})).toMatchObject({ ok: false, problem: { name: 'NothingReadError' } });
    expect(await database.files.count()).toBe(0);
  });

  it.each(['reading', 'preparing', 'storing'] as const)('that is dropped while %s leaves nothing behind', async (stage) => {
    const service = onDisk();
    let dropped: Promise<unknown> | null = null;
    const onProgress = (progress: ImportProgress) => {
      if (progress.stage === stage) dropped ??= service.drop();
    };
    const read = await service.read(request, onProgress);
    const answer = read.ok ? await service.store('d', settings, onProgress) : read;
    expect(await dropped).toEqual({ ok: true, value: undefined });
    expect(answer).toMatchObject({ ok: false, problem: { name: 'StoppedError' } });
    expect([await database.datasets.count(), await database.contents.count(), await database.files.count()]).toEqual([0, 0, 0]);
    expect(await service.store('d', settings, () => {})).toMatchObject({ ok: false, problem: { name: 'NothingReadError' } });
    // The next one goes as if nothing had been.
    expect((await database.datasets.get(await imported(service)))?.figures.instances).toBe(1500);
  });
});

it('is stored whatever comes of the results that wait for it: a note tells', async () => {
  vi.spyOn(database.datasets, 'filter').mockImplementationOnce(() => {
    throw new Error('The disk is broken.');
  });
  const id = await imported(importService(database));
  expect((await database.datasets.get(id))?.notes).toEqual([
    'Results from elsewhere that wait for this dataset could not be joined to it: The disk is broken.',
  ]);
});

it('tells the time left by what is done', () => {
  const told: ImportProgress[] = [];
  let now = -5000;
  const tell = progressOf(
    'reading',
    (progress) => told.push(progress),
    () => now,
  );
  for (const [time, share] of [
    [-5000, 0],
    [0, 0],
    [100, 0.1],
    [300, 0.2],
    [1000, 0.25],
    [1100, 1],
  ]) {
    now = time;
    tell(share);
  }
  expect(told.map(({ share, secondsLeft }) => [share, secondsLeft])).toEqual([
    [0, null],
    [0, null],
    [0.2, null],
    [0.25, 3],
    [1, 0],
  ]);
});

it('says of a column what stands in it, also that it is empty further on', async () => {
  const file = new File(['user,item\nweb,a\nweb,b\n,c\n'], 'few.csv');
  const rows = { kind: 'delimited', separator: ',', header: true, width: 2 } as const;
  expect(await importService(database).words({ file, entry: null }, rows, 0)).toEqual({ ok: true, value: ['web', ''] });
});
