import { BadRowsError } from '../data/errors.ts';
import { storageFault } from '../storage/errors.ts';
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
  return { ...namedAnew(error), cause, badRows };
}

/** What engines say where the heap of JavaScript or of WebAssembly is full. */
const NO_MEMORY =
  /out of memory|memory access out of bounds|could not allocate|(array buffer|arraybuffer|memory) allocation failed|invalid (typed )?array (buffer )?length|cannot enlarge memory|maximum memory size exceeded|\boom\b/i;

/** Errors of the browser by a name of the studio, in words that say what to do. */
function namedAnew(error: Error): Pick<Problem, 'name' | 'message'> {
  if (storageFault(error) === 'full') {
    const message =
      'The browser’s storage is full. Delete a dataset on the Data page, or runs on the Compare page, then try again.';
    return { name: 'QuotaExceededError', message };
  }
  // What has a name of ours says it better.
  if (NO_MEMORY.test(error.message) && ['Error', 'RangeError', 'RuntimeError'].includes(error.name)) {
    const message = `There is not enough memory for this run (${error.message}). Choose fewer channels, a smaller batch or a shorter sequence.`;
    return { name: 'OutOfMemoryError', message };
  }
  return { name: error.name, message: error.message };
}
