import { existsSync } from 'node:fs';
import { mkdir, open, readdir, rename, rm } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';

const UNFINISHED = '.unfinished';

/** By folder, what others had left unfinished when this process wrote there first: listing thousands of files each time takes long. */
const leftBehind = new Map<string, Promise<string[]>>();

/**
 * Writes a file whole or not at all: under another name in the same folder, which is then renamed, so that a process that is killed at
 * any moment leaves nothing half. What one that was killed before left of the same file goes with it. Two that write the same file at a
 * time leave the one or the other.
 *
 * @param parts one after the other
 */
export async function writeWhole(path: string, parts: Iterable<string | Uint8Array>): Promise<void> {
  const [folder, name] = [dirname(path), basename(path)];
  await mkdir(folder, { recursive: true });
  const left = leftBehind.get(folder) ?? unfinishedIn(folder);
  leftBehind.set(folder, left);
  const own = (await left).filter((other) => other.startsWith(`${name}.`));
  const temporary = `${path}.${process.pid}-${Math.random().toString(36).slice(2)}${UNFINISHED}`;
  const file = await open(temporary, 'w');
  try {
    for (const part of parts) await file.writeFile(part);
    await file.sync();
  } catch (error) {
    await rm(temporary, { force: true });
    throw error;
  } finally {
    await file.close();
  }
  try {
    await rename(temporary, path);
  } catch (error) {
    // Somebody else finished the same file meanwhile, and tidied up.
    if (!existsSync(path) || existsSync(temporary)) throw error;
  }
  for (const other of own) await rm(join(folder, other), { force: true });
}

const unfinishedIn = async (folder: string): Promise<string[]> =>
  (await readdir(folder)).filter((name) => name.endsWith(UNFINISHED));
