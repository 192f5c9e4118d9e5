import type { RunRow } from '../../storage/database.ts';

/**
 * Tells whether what a worker says about some runs may have changed: they were run again, moved to a dataset that was imported
 * now, or ranks came to them from a file.
 *
 * @param ranked the runs whose ranks are stored
 */
export const versionOf = (runs: readonly RunRow[], ranked: ReadonlySet<number>): string =>
  runs.map(({ id, datasetId, finishedAt }) => `${id} ${datasetId} ${finishedAt} ${ranked.has(id) ? 'ranked' : ''}`).join();
