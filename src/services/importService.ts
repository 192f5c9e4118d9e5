import { readDataset } from '../data/import/dataset.ts';
import { recognise } from '../data/import/recognise.ts';
import type { SourceFile } from '../data/import/text.ts';
import { SIMULATOR_DEFAULTS, simulate } from '../data/simulator.ts';
import { addDataset, type StudioDatabase } from '../storage/database.ts';
import { answer } from './answer.ts';
import type { ImportService } from './protocol.ts';

const sourceFile = (file: File): SourceFile => ({ name: file.name, size: file.size, stream: () => file.stream() });
const FIRST_VISIT = 'demo dataset made';

export function importService(database: StudioDatabase): ImportService {
  return {
    recognise: (file, hint) => answer(() => recognise(sourceFile(file), hint)),
    importFiles: (request, onShare) =>
      answer(async () => {
        const { source, target } = request;
        const total = Math.max(1, source.file.size + target.file.size);
        let told = 0;
        const onBytes = (bytes: number) => {
          if (bytes / total - told < 0.01) return;
          told = bytes / total;
          onShare(told);
        };
        const dataset = await readDataset(
          request.name,
          { file: sourceFile(source.file), format: source.format },
          { file: sourceFile(target.file), format: target.format },
          request.settings,
          { skipBadRows: request.skipBadRows, onBytes },
        );
        return addDataset(database, dataset);
      }),
    simulate: (settings) => answer(() => addDataset(database, simulate(settings))),
    ensureDemo: () =>
      answer(() =>
        database.transaction('rw', database.datasets, database.contents, database.settings, async () => {
          if ((await database.settings.get(FIRST_VISIT)) !== undefined) return;
          await addDataset(database, simulate(SIMULATOR_DEFAULTS));
          await database.settings.put({ name: FIRST_VISIT, value: new Date().toISOString() });
        }),
      ),
  };
}
