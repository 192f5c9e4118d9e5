import { type FormattedFile, readDataset } from '../data/import/dataset.ts';
import { recognise } from '../data/import/recognise.ts';
import { assignRoles } from '../data/import/roles.ts';
import { supplement } from '../data/import/supplement.ts';
import type { SourceFile } from '../data/import/text.ts';
import { SIMULATOR_DEFAULTS, simulate } from '../data/simulator.ts';
import { addDataset, adoptResults, type StudioDatabase } from '../storage/database.ts';
import { answer } from './answer.ts';
import type { FormattedUpload, ImportService } from './protocol.ts';

const sourceFile = (file: File): SourceFile => ({ name: file.name, size: file.size, stream: () => file.stream() });
const formatted = ({ file, format }: FormattedUpload): FormattedFile => ({ file: sourceFile(file), format });
const optional = (upload: FormattedUpload | null) => (upload === null ? null : formatted(upload));
const FIRST_VISIT = 'demo dataset made';

export function importService(database: StudioDatabase): ImportService {
  /** Its id, after results that wait for it have found it. */
  const stored = async (id: number): Promise<number> => {
    await adoptResults(database, id);
    return id;
  };
  return {
    recognise: (file, hint) => answer(() => recognise(sourceFile(file), hint)),
    assign: (files) => answer(() => assignRoles(files.map(({ file, ...entry }) => ({ ...entry, file: sourceFile(file) })))),
    importFiles: (request, onShare) =>
      answer(async () => {
        const { source, target, sourceNames, targetNames, attributes, skipBadRows } = request;
        const interactions = source.file.size + target.file.size;
        const more = [sourceNames, targetNames, attributes].reduce((sum, upload) => sum + (upload?.file.size ?? 0), 0);
        const total = Math.max(1, interactions + more);
        let told = 0;
        const onBytes = (bytes: number) => {
          if (bytes / total - told < 0.01) return;
          told = bytes / total;
          onShare(told);
        };
        const dataset = await readDataset(request.name, formatted(source), formatted(target), request.settings, {
          skipBadRows,
          onBytes,
        });
        const supplements = {
          sourceNames: optional(sourceNames),
          targetNames: optional(targetNames),
          attributes: optional(attributes),
        };
        const whole = await supplement(dataset, supplements, {
          skipBadRows,
          onBytes: (bytes) => onBytes(interactions + bytes),
        });
        return stored(await addDataset(database, whole.dataset, whole.notes));
      }),
    simulate: (settings) => answer(async () => stored(await addDataset(database, simulate(settings)))),
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
