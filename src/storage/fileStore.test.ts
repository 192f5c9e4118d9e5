import 'fake-indexeddb/auto';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { type CheckpointRow, deleteRuns, StudioDatabase } from './database.ts';
import { filesOf, sweepFiles } from './fileStore.ts';
import { FileMissingError, type FileStore, FilesUnavailableError, newName } from './files.ts';
import { rowFiles } from './rowFiles.ts';
import { runRow } from './testing.ts';

const refuse = () => Promise.reject(new DOMException('for an unknown transient reason', 'UnknownError'));

const checkpoint = (runId: number, file = newName('checkpoint')): CheckpointRow => ({
  ...{ runId, file, bytes: 8, checksum: 0, savedAt: 5 },
  ...{ stage: 'fine-tuning', epoch: 2, step: 3 },
});

let database: StudioDatabase;
let other: StudioDatabase;
/** Its files are rows of another database. */
let disk: FileStore;
beforeEach(() => {
  [database, other] = [new StudioDatabase('one'), new StudioDatabase('disk')];
  disk = { ...rowFiles(other), isOnDisk: true };
});
afterEach(async () => {
  await database.delete();
  await other.delete();
});

const openDisk = () => Promise.resolve(disk);

async function written(files: FileStore): Promise<string> {
  const file = await files.create('checkpoint');
  file.write(new Uint8Array(8), 0);
  await file.finish();
  return file.name;
}

describe('the files beside a database', () => {
  it('are rows where the browser refuses its own from the first', async () => {
    const files = await filesOf(database, refuse);
    expect(files.isOnDisk).toBe(false);
    await expect(files.open(newName('checkpoint'))).rejects.toThrow(FileMissingError);
  });

  it('are not taken for missing where they were on disk and cannot be opened now, and are tried again', async () => {
    await database.checkpoints.add(checkpoint(1));
    const [{ file }] = await database.checkpoints.toArray();
    const closed = await filesOf(database, refuse);
    await expect(closed.open(file)).rejects.toThrow(FilesUnavailableError);
    await expect(closed.list()).rejects.toThrow('unknown transient reason');
    expect((await filesOf(database, openDisk)).isOnDisk).toBe(true);
  });

  it('are missing where one is lost of a browser that has only ever kept rows', async () => {
    const kept = await written(await filesOf(database, refuse));
    await database.checkpoints.bulkAdd([checkpoint(1, kept), checkpoint(2)]);
    const files = await filesOf(database, refuse);
    expect((await files.open(kept)).size).toBe(8);
    const [, { file }] = await database.checkpoints.toArray();
    await expect(files.open(file)).rejects.toThrow(FileMissingError);
  });

  it('are found, listed and removed where they were rows before the disk opened', async () => {
    const early = await written(await filesOf(database, refuse));
    await database.checkpoints.add(checkpoint(1, early));
    const files = await filesOf(database, openDisk);
    const late = await written(files);
    expect([await database.files.count(), await other.files.count()]).toEqual([1, 1]);
    expect((await files.list()).map(({ name }) => name).toSorted()).toEqual([early, late].toSorted());
    for (const name of [early, late]) {
      expect((await files.open(name)).size).toBe(8);
      await files.remove(name);
      await expect(files.open(name)).rejects.toThrow(FileMissingError);
    }
    expect(await files.list()).toEqual([]);
  });

  it('are asked for again where the database could not say which there are', async () => {
    const failing = vi.spyOn(database, 'transaction').mockRejectedValueOnce(new Error('closed'));
    await expect(filesOf(database, refuse)).rejects.toThrow('closed');
    failing.mockRestore();
    expect((await filesOf(database, openDisk)).isOnDisk).toBe(true);
  });

  it('that cannot be had now are tidied up later: nothing fails of it', async () => {
    await database.runs.add(runRow(1));
    await database.checkpoints.bulkAdd([checkpoint(1), checkpoint(2)]);
    // As `filesOf` is called from within: where the browser has a file system, which is away.
    vi.stubGlobal(
      'FileSystemFileHandle',
      class {
        createSyncAccessHandle() {}
      },
    );
    vi.stubGlobal('navigator', { storage: { getDirectory: refuse } });
    await sweepFiles(database, undefined);
    await deleteRuns(database, [1]);
    vi.unstubAllGlobals();
    expect([await database.runs.count(), await database.checkpoints.count()]).toEqual([0, 1]);
  });
});
