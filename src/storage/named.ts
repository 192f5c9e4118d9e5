import type { StudioDatabase } from './database.ts';

const FILE_NAME = /^(?:dataset|checkpoint|scratch)-\d+-[0-9a-f]{8}-[0-9a-f-]{27}$/;

/** The files of the file store that a row names, wherever in it their names stand. */
export function filesIn(row: unknown): string[] {
  if (typeof row === 'string') return FILE_NAME.test(row) ? [row] : [];
  if (typeof row !== 'object' || row === null || ArrayBuffer.isView(row)) return [];
  // Users and items are long lists, and no file is named among them.
  if (Array.isArray(row)) return row.length > 0 && typeof row[0] === 'string' ? [] : row.flatMap(filesIn);
  return Object.values(row).flatMap(filesIn);
}

/** All files that rows name: whatever else lies in the file store belongs to nobody. The row of a dataset names its file, too, and is small. */
export async function namedFiles({
  datasets,
  checkpoints,
}: Pick<StudioDatabase, 'datasets' | 'checkpoints'>): Promise<Set<string>> {
  const named = new Set<string>();
  const note = (row: object) => {
    for (const name of filesIn(row)) named.add(name);
  };
  await datasets.each(note);
  await checkpoints.each(note);
  return named;
}
