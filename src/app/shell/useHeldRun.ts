import { useLiveQuery } from 'dexie-react-hooks';
import { database } from '../../state/database.ts';
import { useStorage } from '../../state/storage.ts';
import type { RunRow } from '../../storage/database.ts';
import { heldRun } from '../../storage/queue.ts';

/** The paused run that the queue waits for since its tab was closed; null where there is none. */
export function useHeldRun(): RunRow | null {
  const isOpen = useStorage((state) => state.isOpen);
  const held = useLiveQuery(async () => (isOpen ? heldRun(database) : undefined), [isOpen]);
  return held ?? null;
}
