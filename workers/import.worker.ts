import { demoService } from '../src/services/demoService.ts';
import type { ImportService } from '../src/services/protocol.ts';
import { StudioDatabase } from '../src/storage/database.ts';
import { serve } from './serve.ts';

const database = new StudioDatabase();

let imports: Promise<ImportService> | null = null;
/** Readers of all formats are large, and loaded with the first file: the first visit needs the demo alone. */
const importing = (): Promise<ImportService> => {
  imports ??= import('../src/services/importService.ts').then(({ importService }) =>
    importService(database, undefined, undefined, navigator.locks),
  );
  return imports;
};

serve({
  ...demoService(database, navigator.locks),
  unpack: async (...words) => (await importing()).unpack(...words),
  recognise: async (...words) => (await importing()).recognise(...words),
  words: async (...words) => (await importing()).words(...words),
  forget: async (...words) => (await importing()).forget(...words),
  assign: async (...words) => (await importing()).assign(...words),
  read: async (...words) => (await importing()).read(...words),
  effect: async (...words) => (await importing()).effect(...words),
  store: async (...words) => (await importing()).store(...words),
  drop: async () => (await importing()).drop(),
  shape: async (...words) => (await importing()).shape(...words),
} satisfies ImportService);
