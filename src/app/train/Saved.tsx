import { Text } from '@mantine/core';
import { useLiveQuery } from 'dexie-react-hooks';
import { useEffect, useState } from 'react';
import { database } from '../../state/database.ts';
import { usePausing } from '../../state/training.ts';
import type { RunRow } from '../../storage/database.ts';
import { savedWords, unsavedWords } from './savedWords.ts';

/** How often the time since a checkpoint is said anew, in milliseconds. */
const TICK = 5000;

/** Of a run that is trained, here or in another tab: up to where it is saved, or since when it cannot be. */
export function Saved({ run }: { run: RunRow }) {
  const checkpoint = useLiveQuery(() => database.checkpoints.get(run.id), [run.id]);
  const isPausing = usePausing(run);
  const [now, setNow] = useState(Date.now);
  useEffect(() => {
    const ticking = setInterval(() => setNow(Date.now()), TICK);
    return () => clearInterval(ticking);
  }, []);
  if (run.unsaved) {
    return (
      <Text size="sm" c="light-dark(var(--mantine-color-red-9), var(--mantine-color-red-4))" role="status">
        {unsavedWords(run.unsaved)}
      </Text>
    );
  }
  if (isPausing) {
    return (
      <Text size="sm" c="dimmed" role="status">
        pausing, saving…
      </Text>
    );
  }
  if (checkpoint === undefined) return null;
  return (
    <Text size="sm" c="dimmed" className="figures">
      {/* The newest checkpoint may be newer than the last tick. */}
      {savedWords(checkpoint, Math.max(now, checkpoint.savedAt))}
    </Text>
  );
}
