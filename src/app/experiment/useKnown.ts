import { useLiveQuery } from 'dexie-react-hooks';
import { useMemo } from 'react';
import { database } from '../../state/database.ts';
import { useTraining } from '../../state/training.ts';
import type { RunRow } from '../../storage/database.ts';
import type { Known } from './foreseen.ts';

const NONE: readonly never[] = [];

/** What was measured on some datasets, and the pre-trained models that are kept for them. */
export function useKnown(datasetIds: readonly number[]): Known {
  const backend = useTraining((state) => state.backend);
  const key = datasetIds.join(' ');
  const earlier = useLiveQuery(
    () =>
      database.runs
        .where('[datasetId+status]')
        .anyOf(datasetIds.map((id) => [id, 'finished']))
        .toArray(),
    [key],
  );
  const kept = useLiveQuery(
    () =>
      database.pretrainings
        .where('datasetId')
        .anyOf([...datasetIds])
        .primaryKeys(),
    [key],
  );
  return useMemo(() => ({ earlier: byEnd(earlier ?? NONE), kept: kept ?? NONE, backend }), [earlier, kept, backend]);
}

/** Oldest first. */
const byEnd = (runs: readonly RunRow[]): RunRow[] => runs.toSorted((a, b) => (a.finishedAt ?? 0) - (b.finishedAt ?? 0));
