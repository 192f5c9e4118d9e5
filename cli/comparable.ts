import { readdir, readFile } from 'node:fs/promises';
import { basename, join } from 'node:path';
import Papa from 'papaparse';

/**
 * What an output folder says, by file: the tables, and reports and runs, all without measured times. For
 * comparing results of processes that should have come to the same.
 */
export async function comparable(folder: string): Promise<Record<string, unknown>> {
  const contents: Record<string, unknown> = {};
  for (const name of (await readdir(folder, { recursive: true })).sort()) {
    const path = join(folder, name);
    if (name.endsWith('.csv')) contents[name] = withoutTimes(await readFile(path, 'utf8'));
    if (['report.json', 'runs.json'].includes(basename(name))) contents[name] = withoutSeconds(await readFile(path, 'utf8'));
  }
  return contents;
}

/** A table without its columns of measured times. */
function withoutTimes(text: string): string[][] {
  const { data } = Papa.parse<string[]>(text, { skipEmptyLines: true });
  const isTime = data[0].map((heading) => /\b(ms|s)\b|seconds/i.test(heading));
  return data.map((row) => row.filter((_, column) => !isTime[column]));
}

const withoutSeconds = (text: string): unknown =>
  JSON.parse(text, (key, value: unknown) => (key === 'seconds' ? undefined : value));
