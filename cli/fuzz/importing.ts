import { type ImportFile, MOST_FILES, type SeenFile, uploadOf } from '../../src/app/data/files.ts';
import type { FileFormat } from '../../src/data/import/format.ts';
import { importService } from '../../src/services/importService.ts';
import type { Answer, ImportService, Problem } from '../../src/services/protocol.ts';
import type { StudioDatabase } from '../../src/storage/database.ts';
import type { FileStore } from '../../src/storage/files.ts';

class Refused extends Error {
  constructor(readonly problem: Problem) {
    super(problem.message);
  }
}

const ignore = () => {};

/** How an import is tried out. */
interface Trial {
  readonly files: FileStore;
  /** Bytes of files from which on they go to the disk. */
  readonly large: number;
  /** How files like the first one were corrected; null: not at all. */
  readonly corrected: FileFormat | null;
}

/**
 * The way of dropped files through the import service, as the page goes it: bad rows are skipped once they were named.
 *
 * @returns why they were refused; null where they were taken, or where the page asks for another file
 */
export async function importFiles(
  database: StudioDatabase,
  files: readonly File[],
  { files: store, large, corrected }: Trial,
): Promise<Problem | null> {
  const service = importService(database, async () => store, large);
  try {
    const seen: SeenFile[] = [];
    for (const file of files) seen.push(...(await seenIn(service, file)));
    if (corrected !== null) {
      await database.mappings.put({ key: seen[0].recognition.key, format: corrected, usedAt: 1 });
      const { file, entry } = seen[0];
      seen[0] = { ...seen[0], recognition: await asked(service.recognise({ file, entry })) };
    }
    const assigned = await asked(service.assign(seen.slice(-MOST_FILES)));
    const given = seen.slice(-MOST_FILES).map((one, i): ImportFile => ({ ...one, ...assigned[i] }));
    const [source, target] = [uploadOf(given, 'source'), uploadOf(given, 'target')];
    if (source === null || target === null) return null;
    const supplements = {
      sourceNames: uploadOf(given, 'sourceNames'),
      targetNames: uploadOf(given, 'targetNames'),
      attributes: uploadOf(given, 'attributes'),
    };
    const settings = { minimumTargetItemCount: 1, maximumTargetsPerUser: 0 };
    const whole = async (skipBadRows: boolean) => {
      await asked(service.read({ source, target, ...supplements, skipBadRows }, ignore));
      await asked(service.effect(settings));
      await asked(service.store('fuzz', settings, ignore));
    };
    try {
      await whole(false);
    } catch (error) {
      if (!(error instanceof Refused) || error.problem.badRows === null || error.problem.badRows.good === 0) throw error;
      await whole(true);
    }
    return null;
  } catch (error) {
    if (error instanceof Refused) return error.problem;
    throw error;
  } finally {
    await service.drop();
  }
}

async function asked<T>(answer: Promise<Answer<T>>): Promise<T> {
  const settled = await answer;
  if (settled.ok) return settled.value;
  throw new Refused(settled.problem);
}

/** A file as it is recognised; of an archive those of its files that hold something. */
async function seenIn(service: ImportService, file: File): Promise<readonly SeenFile[]> {
  const recognised = async (entry: SeenFile['entry']): Promise<SeenFile> => ({
    file,
    entry,
    recognition: await asked(service.recognise({ file, entry })),
    chosen: null,
    isCorrected: false,
  });
  const entries = await asked(service.unpack(file));
  if (entries === null) return [await recognised(null)];
  const seen: SeenFile[] = [];
  let first: unknown = null;
  for (const entry of entries.slice(0, MOST_FILES)) {
    try {
      seen.push(await recognised(entry));
    } catch (error) {
      first ??= error;
    }
  }
  if (seen.length === 0) throw first;
  return seen;
}
