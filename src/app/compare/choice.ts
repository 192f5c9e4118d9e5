import type { RunRow } from '../../storage/database.ts';

/** Chosen unasked: enough to see something, few enough to be drawn at once. */
const MOST_UNASKED = 50;

/**
 * The runs that are chosen until somebody chooses: all of the experiment that a link names, or the newest of the newest dataset.
 *
 * @param comparable finished runs whose test results may be looked at, oldest first
 */
export function usualChoice(comparable: readonly RunRow[], experiment: number | null): number[] {
  const newest = comparable.at(-1)?.datasetId;
  const own =
    experiment === null
      ? comparable.filter(({ datasetId }) => datasetId === newest).slice(-MOST_UNASKED)
      : comparable.filter(({ experimentId }) => experimentId === experiment);
  return own.map(({ id }) => id);
}
