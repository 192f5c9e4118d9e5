import { freeName } from '../data/freeName.ts';
import { SIMULATOR_DEFAULTS, simulate } from '../data/simulator.ts';
import { addDataset, adoptResults, type StudioDatabase } from '../storage/database.ts';
import { sweepFiles } from '../storage/fileStore.ts';
import { answer } from './answer.ts';
import type { ImportService } from './protocol.ts';

const FIRST_VISIT = 'demo dataset made';

/** What makes datasets without files: all that a first visit needs of imports. @param locks held while files are named: see `filesLock.ts` */
export function demoService(
  database: StudioDatabase,
  locks: LockManager | undefined,
): Pick<ImportService, 'simulate' | 'ensureDemo'> {
  return {
    simulate: (settings) =>
      answer(async () => {
        const dataset = simulate(settings);
        const taken = (await database.datasets.toArray()).map(({ name }) => name);
        const id = await addDataset(database, { ...dataset, name: freeName(dataset.name, taken) });
        await adoptResults(database, id);
        return id;
      }),
    ensureDemo: () =>
      answer(async () => {
        await database.transaction('rw', database.datasets, database.contents, database.settings, async () => {
          if ((await database.settings.get(FIRST_VISIT)) !== undefined) return;
          await addDataset(database, simulate(SIMULATOR_DEFAULTS));
          await database.settings.put({ name: FIRST_VISIT, value: new Date().toISOString() });
        });
        // What a worker that died was writing.
        await sweepFiles(database, locks);
      }),
  };
}
