import { createReadStream, existsSync, statSync } from 'node:fs';
import { open as openHandle } from 'node:fs/promises';
import { basename } from 'node:path';
import { Readable } from 'node:stream';
import { entriesOf, entryFile, isZip } from '../src/data/import/archive.ts';
import type { SourceFile } from '../src/data/import/text.ts';
import { UsageError } from './errors.ts';

/** A path, and within a zip archive the file that is meant: `data.zip/music.csv`. */
function partsOf(path: string): { readonly file: string; readonly entry: string | null } {
  const [, file, entry] = /^(.*?\.zip)\/(.+)$/i.exec(path) ?? [];
  return file !== undefined && !existsSync(path) ? { file, entry } : { file: path, entry: null };
}

/** @throws UsageError naming a file that is not there */
export function checkPath(path: string): void {
  sizeOf(partsOf(path).file);
}

function sizeOf(path: string): number {
  try {
    return statSync(path).size;
  } catch (error) {
    throw new UsageError(`${path} cannot be opened: ${error instanceof Error ? error.message : String(error)}`);
  }
}

/**
 * Opens a file; of a zip archive the file in it that the path goes on with, or its only one.
 *
 * @throws UsageError, ImportError
 */
export async function openFile(path: string): Promise<SourceFile> {
  const { file, entry } = partsOf(path);
  const opened = plainFile(file, sizeOf(file));
  if (!(await isZip(opened))) {
    if (entry !== null) throw new UsageError(`${file} is no zip archive: there is no ${entry} in it.`);
    return opened;
  }
  const entries = await entriesOf(opened);
  const found = entry === null && entries.length === 1 ? entries[0] : entries.find((one) => one.path === entry);
  if (found !== undefined) return entryFile(opened, found);
  const some = entries.slice(0, 10).map((one) => `${file}/${one.path}`);
  throw new UsageError(
    `${entry === null ? `${file} has several files` : `${entry} is not in ${file}`}: name one of ${some.join(', ')}${entries.length > some.length ? ', …' : ''}.`,
  );
}

const plainFile = (path: string, size: number): SourceFile => ({
  name: basename(path),
  size,
  stream: () => Readable.toWeb(createReadStream(path)) as ReadableStream<Uint8Array>,
  slice: async (start, end) => {
    const handle = await openHandle(path);
    try {
      const bytes = new Uint8Array(Math.max(0, Math.min(end, size) - start));
      const { bytesRead } = await handle.read(bytes, 0, bytes.length, start);
      return bytes.slice(0, bytesRead);
    } finally {
      await handle.close();
    }
  },
});
