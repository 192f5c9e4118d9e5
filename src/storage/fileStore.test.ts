import 'fake-indexeddb/auto';
import { describe, expect, it } from 'vitest';
import { StudioDatabase } from './database.ts';
import { filesOf } from './fileStore.ts';
import { FileMissingError, FilesUnavailableError, newName } from './files.ts';
import { rowFiles } from './rowFiles.ts';

const refuse = () => Promise.reject(new DOMException('for an unknown transient reason', 'UnknownError'));

const checkpoint = { runId: 1, file: newName('checkpoint'), bytes: 8, checksum: 0, savedAt: 5 } as const;
const place = { stage: 'fine-tuning', epoch: 2, step: 3 } as const;

describe('the files beside a database', () => {
  it('are rows where the browser refuses its own from the first', async () => {
    const files = await filesOf(new StudioDatabase('refused'), refuse);
    expect(files.isOnDisk).toBe(false);
    await expect(files.open(newName('checkpoint'))).rejects.toThrow(FileMissingError);
  });

  it('are not taken for missing where they were on disk and cannot be opened now, and are tried again', async () => {
    const database = new StudioDatabase('passing');
    await database.checkpoints.add({ ...checkpoint, ...place });
    const closed = await filesOf(database, refuse);
    await expect(closed.open(checkpoint.file)).rejects.toThrow(FilesUnavailableError);
    await expect(closed.list()).rejects.toThrow('unknown transient reason');
    const disk = rowFiles(database);
    expect(await filesOf(database, () => Promise.resolve(disk))).toBe(disk);
  });
});
