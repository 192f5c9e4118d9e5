import { Text, Tooltip } from '@mantine/core';
import { useLiveQuery } from 'dexie-react-hooks';
import { database } from '../../state/database.ts';
import { bytes } from '../format.ts';

/** What the studio takes of the browser's storage, measured by the browser. */
export function StorageMeter() {
  const estimate = useLiveQuery(async () => {
    // Asked again whenever datasets or runs come or go.
    await Promise.all([database.datasets.count(), database.runs.count()]);
    return navigator.storage?.estimate();
  }, []);
  if (estimate?.usage === undefined || estimate.quota === undefined) return null;
  return (
    <Tooltip label="As the browser reports it. Browsers may clear it when the disk is nearly full.">
      <Text size="sm" c="dimmed" className="figures">
        {bytes(estimate.usage)} of {bytes(estimate.quota)} in use
      </Text>
    </Tooltip>
  );
}
