import type { FileFormat } from '../data/import/format.ts';
import type { MappingRow, StudioDatabase } from './database.ts';

/** Corrections of files that did not come again for long make room for newer ones. */
const MOST_MAPPINGS = 200;

/** How files like one were read, if that was corrected by hand. */
export const mappingOf = (database: StudioDatabase, key: string): Promise<MappingRow | undefined> => database.mappings.get(key);

/** Keeps how a file was read, for the next one like it. */
export async function keepMapping(database: StudioDatabase, key: string, format: FileFormat, usedAt: number): Promise<void> {
  await database.transaction('rw', database.mappings, async () => {
    await database.mappings.put({ key, format, usedAt });
    const all = await database.mappings.toArray();
    const oldest = all.sort((a, b) => b.usedAt - a.usedAt).slice(MOST_MAPPINGS);
    await database.mappings.bulkDelete(oldest.map((row) => row.key));
  });
}

export const forgetMapping = (database: StudioDatabase, key: string): Promise<void> => database.mappings.delete(key);
