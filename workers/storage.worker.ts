import { expose } from 'comlink';
import { storageService } from '../src/services/storageService.ts';
import { StudioDatabase } from '../src/storage/database.ts';
import { openOpfs } from '../src/storage/opfs.ts';
import { rowFiles } from '../src/storage/rowFiles.ts';

const database = new StudioDatabase();

expose(
  storageService({
    database,
    files: async () => (await openOpfs()) ?? rowFiles(database),
    platform: navigator.userAgent,
    usage: async () => (await navigator.storage?.estimate())?.usage ?? null,
  }),
);
