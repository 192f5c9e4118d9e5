import { existsSync } from 'node:fs';
import { mkdir, open, readdir, rename, rm } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';

const UNFINISHED = '.unfinished';

/**
 * Writes a file whole or not at all: under another name in the same folder, which is then renamed, so that a process that is killed at
 * any moment leaves nothing half. What such a one left behind goes with the next file of that name. Two that write the same file at a
 * time leave the one or the other.
 *
 * @param parts one after the other
 */
export async function writeWhole(path: string, parts: Iterable<string | Uint8Array>): Promise<void> {
  const [folder, name] = [dirname(path), basename(path)];
  await mkdir(folder, { recursive: true });
  const temporary = `${path}.${process.pid}-${Math.random().toString(36).slice(2)}${UNFINISHED}`;
  const file = await open(temporary, 'w');
  try {
    for (const part of parts) await file.writeFile(part);
    await file.sync();
  } finally {
    await file.close();
  }
  try {
    await rename(temporary, path);
  } catch (error) {
    // Somebody else finished the same file meanwhile, and tidied up.
    if (!existsSync(path) || existsSync(temporary)) throw error;
  }
  const left = (await readdir(folder)).filter((other) => other.startsWith(`${name}.`) && other.endsWith(UNFINISHED));
  for (const other of left) await rm(join(folder, other), { force: true });
}
