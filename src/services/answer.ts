import { BadRowsError } from '../data/errors.ts';
import type { Answer, Problem } from './protocol.ts';

/** Carries out a request, and turns what it throws into an answer that keeps name, message and cause. */
export async function answer<T>(work: () => Promise<T>): Promise<Answer<T>> {
  try {
    return { ok: true, value: await work() };
  } catch (error) {
    return { ok: false, problem: problemOf(error) };
  }
}

export function problemOf(error: unknown): Problem {
  if (!(error instanceof Error)) return { name: 'Error', message: String(error), cause: null, badRows: null };
  const badRows =
    error instanceof BadRowsError
      ? { file: error.file, count: error.count, good: error.good, named: error.rows, unit: error.unit }
      : null;
  const cause = error.cause === undefined ? null : String(error.cause);
  return { name: error.name, message: wordsFor(error), cause, badRows };
}

/** Errors of the browser in words that say what to do. */
function wordsFor(error: Error): string {
  if (error.name === 'QuotaExceededError' || /quota/i.test(error.message)) {
    return 'The browser’s storage is full. Delete a dataset on the Data page, or runs on the Compare page, then try again.';
  }
  if (/out of memory|could not allocate|memory access out of bounds/i.test(error.message)) {
    return `There is not enough memory for this run (${error.message}). Choose fewer channels, a smaller batch or a shorter sequence.`;
  }
  return error.message;
}
