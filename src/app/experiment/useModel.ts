import { useLiveQuery } from 'dexie-react-hooks';
import { database } from '../../state/database.ts';
import type { Model } from './beginning.ts';

/** A run that a plan begins like, with those that finished on its dataset; null where there is none, undefined while it is read. */
export const useModel = (runId: number | null): Model | null | undefined =>
  useLiveQuery(async () => {
    const run = runId === null ? undefined : await database.runs.get(runId);
    if (run === undefined) return null;
    return { run, finished: await database.runs.where({ datasetId: run.datasetId, status: 'finished' }).toArray() };
  }, [runId]);
