import { useLiveQuery } from 'dexie-react-hooks';
import { database } from '../../state/database.ts';
import { usePreferences } from '../../state/preferences.ts';
import type { DatasetRow } from '../../storage/database.ts';

/** The dataset in use; undefined while it is looked up or if there is none. */
export function useDatasetRow(): DatasetRow | undefined {
  const id = usePreferences((state) => state.datasetId);
  return useLiveQuery(() => database.datasets.get(id ?? -1), [id]);
}
