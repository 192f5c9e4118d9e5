import type { StudioDatabase } from './database.ts';
import { deleteDataset, deleteRuns } from './database.ts';
import { deleteExperiment } from './experiments.ts';
import { CHECKS, type DamagedRow } from './whole.ts';

/** Rows that are looked at together: reading them must not hold the page up. */
const PORTION = 20;

/** Reads all that is listed once, in portions: whatever is damaged is noticed as it is read. @param rest between portions */
export async function lookThrough(database: StudioDatabase, rest: () => Promise<unknown>): Promise<void> {
  for (const name of Object.keys(CHECKS)) {
    const table = database.table(name);
    const keys = await table.toCollection().primaryKeys();
    for (let from = 0; from < keys.length; from += PORTION) {
      await table.bulkGet(keys.slice(from, from + PORTION));
      await rest();
    }
  }
}

/** A damaged row as it is stored, for whoever can read it; typed arrays are written as lists. */
export function rawRow(database: StudioDatabase, { table, key }: DamagedRow): Promise<string> {
  // What writes sees rows as they are.
  return database.transaction('rw', table, async () => {
    const row: unknown = await database.table(table).get(key);
    return JSON.stringify(
      { table, key, row },
      (_, value: unknown) => (ArrayBuffer.isView(value) ? Array.from(viewed(value)) : value),
      1,
    );
  });
}

const viewed = (view: ArrayBufferView): Iterable<number> =>
  Symbol.iterator in view
    ? (view as Iterable<number> & ArrayBufferView)
    : new Uint8Array(view.buffer, view.byteOffset, view.byteLength);

/** Deletes a damaged row, with all that belongs to it. */
export async function deleteDamaged(database: StudioDatabase, { table, key }: DamagedRow): Promise<void> {
  if (typeof key === 'number' && table === 'runs') await deleteRuns(database, [key]);
  else if (typeof key === 'number' && table === 'datasets') await deleteDataset(database, key);
  else if (typeof key === 'number' && table === 'experiments') await deleteExperiment(database, key);
  else await database.table(table).delete(key);
}
