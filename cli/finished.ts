import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { type Configuration, differences, flatten } from '../src/configuration/schema.ts';
import type { BackendEnvironment } from '../src/engine/training/report.ts';
import { isFinished, type ResultRun } from '../src/results/run.ts';
import { RunFileError, readRunFile } from '../src/results/runFile.ts';
import { UsageError } from './errors.ts';

/** What the numbers of a run depend on. */
export interface Circumstances {
  readonly configuration: Configuration;
  /** Of the dataset's contents. */
  readonly hash: string;
  readonly environment: BackendEnvironment;
}

/**
 * Whether a run's file is there, finished, and of these circumstances. One that failed or cannot be read is run again.
 *
 * @param replaces another configuration is no contradiction: a search has found a better one
 * @throws UsageError if it is of other circumstances
 */
export async function isThere(file: string, now: Circumstances, replaces: boolean): Promise<boolean> {
  const run = await readIfWhole(file);
  if (run === null || !isFinished(run)) return false;
  const different = differenceOf(run, now);
  if (different === null) return true;
  if (replaces && different.isConfiguration) return false;
  throw new UsageError(`${file} is of another ${different.words}. Choose another --out folder, or delete it.`);
}

async function readIfWhole(file: string): Promise<ResultRun | null> {
  if (!existsSync(file)) return null;
  try {
    return readRunFile(await readFile(file, 'utf8'));
  } catch (error) {
    if (!(error instanceof RunFileError)) throw error;
    console.log(`${file} is not used, and written anew. ${error.message}`);
    return null;
  }
}

function differenceOf({ dataset, environment, report }: ResultRun, now: Circumstances) {
  const short = (hash: string) => `${hash.slice(0, 12)}…`;
  if (dataset.hash !== now.hash)
    return { isConfiguration: false, words: `dataset (contents ${short(dataset.hash)}, not ${short(now.hash)})` };
  for (const [key, what] of ENVIRONMENT) {
    const [was, is] = [environment[key], now.environment[key]];
    if (was !== is) return { isConfiguration: false, words: `${what} (${was}, not ${is})` };
  }
  const [key] = Object.keys(differences(report.configuration, now.configuration));
  if (key === undefined) return null;
  const [was, is] = [report.configuration, now.configuration].map((one) => JSON.stringify(flatten(one)[key]));
  return { isConfiguration: true, words: `“${key}” (${was}, not ${is})` };
}

/** What of an environment changes numbers; threads and machines do not. */
export const ENVIRONMENT = [
  ['backend', 'backend'],
  ['variant', 'variant of the backend'],
  ['studio', 'version of the studio'],
] as const satisfies readonly (readonly [keyof BackendEnvironment, string])[];
