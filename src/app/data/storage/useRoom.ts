import { useDebouncedValue } from '@mantine/hooks';
import { useLiveQuery } from 'dexie-react-hooks';
import { useRef } from 'react';
import { database } from '../../../state/database.ts';
import { useStoring } from '../../shared/useAnswer.ts';

/** Milliseconds of rest before it is measured again: a run that trains writes every now and then. */
const REST = 1000;

/** What takes how much, measured by a worker, and again after something was written. */
export function useRoom() {
  const changes = useRef(0);
  const version = useLiveQuery(async () => {
    const { datasets, runs, policies, outcomes, models, pretrainings, checkpoints, experiments } = database;
    const tables = [datasets, runs, policies, outcomes, models, pretrainings, checkpoints, experiments];
    await Promise.all(tables.map((table) => table.count()));
    changes.current++;
    return changes.current;
  }, []);
  const [rested] = useDebouncedValue(version, REST);
  // The first time at once.
  const key = rested ?? version;
  return useStoring(key === undefined ? null : `room ${key}`, (service) => service.measure());
}
