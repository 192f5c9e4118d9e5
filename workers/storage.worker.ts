import { storageService } from '../src/services/storageService.ts';
import { StudioDatabase } from '../src/storage/database.ts';
import { filesOf } from '../src/storage/fileStore.ts';
import { serve } from './serve.ts';

const database = new StudioDatabase();

serve(
  storageService({
    database,
    files: () => filesOf(database),
    locks: navigator.locks,
    platform: navigator.userAgent,
    usage: async () => (await navigator.storage?.estimate())?.usage ?? null,
  }),
);
