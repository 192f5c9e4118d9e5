import { useLiveQuery } from 'dexie-react-hooks';
import { useMemo } from 'react';
import { type Dataset, targetUsersOf } from '../../data/dataset.ts';
import { database } from '../../state/database.ts';
import { usePreferences } from '../../state/preferences.ts';
import type { DatasetRow } from '../../storage/database.ts';

/** The dataset in use; undefined while it is looked up or if there is none. */
export function useDatasetRow(): DatasetRow | undefined {
  const id = usePreferences((state) => state.datasetId);
  return useLiveQuery(() => database.datasets.get(id ?? -1), [id]);
}

/** The users of a dataset whose policies are kept, with what is known about them. */
export interface TargetUsers {
  readonly dataset: Dataset;
  /** Indices into the dataset's users, in the order in which policies are stored. */
  readonly users: Int32Array;
}

export function useTargetUsers(datasetId: number | null): TargetUsers | undefined {
  const contents = useLiveQuery(() => database.contents.get(datasetId ?? -1), [datasetId]);
  return useMemo(() => contents && { dataset: contents.dataset, users: targetUsersOf(contents.dataset) }, [contents]);
}
