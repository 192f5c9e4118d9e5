import { readdir, readFile } from 'node:fs/promises';
import { basename, join } from 'node:path';

/**
 * What an output folder says, by file: the tables, and reports and runs without what differs from time to time (seconds). For
 * comparing results of processes that should have come to the same.
 */
export async function comparable(folder: string): Promise<Record<string, unknown>> {
  const contents: Record<string, unknown> = {};
  for (const name of (await readdir(folder, { recursive: true })).sort()) {
    const path = join(folder, name);
    if (name.endsWith('.csv')) contents[name] = await readFile(path, 'utf8');
    if (['report.json', 'runs.json'].includes(basename(name))) contents[name] = withoutSeconds(await readFile(path, 'utf8'));
  }
  return contents;
}

const withoutSeconds = (text: string): unknown =>
  JSON.parse(text, (key, value: unknown) => (key === 'seconds' ? undefined : value));
