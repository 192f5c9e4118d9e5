import { useLiveQuery } from 'dexie-react-hooks';
import { useDeferredValue, useMemo } from 'react';
import { database } from '../../state/database.ts';

/**
 * The runs of an experiment, oldest first; undefined until they are read. The same rows until one begins, ends or moves: epochs
 * of pre-training would draw hundreds of cells anew. They are drawn piece by piece, so that nothing waits for it.
 */
export function useRunsOf(experimentId: number) {
  const runs = useLiveQuery(() => database.runs.where({ experimentId }).sortBy('id'), [experimentId]);
  const key = runs?.map(({ id, status, position }) => `${id} ${status} ${position}`).join();
  // biome-ignore lint/correctness/useExhaustiveDependencies: the key says when there is something else to be shown
  const settled = useMemo(() => runs, [key]);
  return useDeferredValue(settled);
}
