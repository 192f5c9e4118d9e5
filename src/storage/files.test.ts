import 'fake-indexeddb/auto';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { StudioDatabase } from './database.ts';
import { type FileStore, sweep } from './files.ts';
import { namedFiles } from './named.ts';
import { rowFiles } from './rowFiles.ts';

let database: StudioDatabase;
let files: FileStore;
beforeEach(() => {
  database = new StudioDatabase('files');
  files = rowFiles(database);
});
afterEach(() => database.delete());

const LATER = Date.now() + 3_600_000;
const finished = async () => {
  const file = await files.create('dataset');
  await file.finish();
  return file.name;
};
const name = (file: string) => database.datasets.add({ name: 'd', file } as Parameters<typeof database.datasets.add>[0]);

describe('files beside the rows', () => {
  it('are swept where no row names them', async () => {
    const [kept, orphan] = [await finished(), await finished()];
    await name(kept);
    await sweep(files, () => namedFiles(database), LATER);
    expect((await files.list()).map((entry) => entry.name)).toEqual([kept]);
    await expect(files.open(orphan)).rejects.toThrow('missing');
  });

  it('stay where they are named while the others are looked for', async () => {
    const file = await finished();
    const naming = {
      ...files,
      list: async () => {
        const entries = await files.list();
        await name(file);
        return entries;
      },
    };
    await sweep(naming, () => namedFiles(database), LATER);
    expect((await files.list()).map((entry) => entry.name)).toEqual([file]);
  });

  it('are read and written while they are flushed, and not when they are finished or abandoned', async () => {
    const file = await files.create('dataset');
    file.write(Uint8Array.of(1, 2), 0);
    await file.flush();
    file.write(Uint8Array.of(3), 2);
    const into = new Uint8Array(3);
    file.read(into, 0);
    expect(Array.from(into)).toEqual([1, 2, 3]);
    await file.finish();
    const abandoned = await files.create('scratch');
    await abandoned.abandon();
    for (const closed of [file, abandoned]) {
      expect(() => closed.read(new Uint8Array(0), 0)).toThrow('closed');
      expect(() => closed.write(into, 0)).toThrow('closed');
    }
    expect((await files.list()).map((entry) => entry.name)).toEqual([file.name]);
  });
});
