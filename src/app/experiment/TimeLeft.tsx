import { Text } from '@mantine/core';
import { useLiveQuery } from 'dexie-react-hooks';
import { useMemo } from 'react';
import { database } from '../../state/database.ts';
import { useTraining } from '../../state/training.ts';
import type { RunRow } from '../../storage/database.ts';
import { duration } from '../format.ts';
import { type Foreseen, foresee, isTold, namesOf } from './foreseen.ts';
import { unfinished } from './standing.ts';
import { useKnown } from './useKnown.ts';

/** How long the runs that are not done will take, as finished ones of the same method and sizes did; nothing where all are done. */
export function TimeLeft({ runs }: { runs: readonly RunRow[] }) {
  const left = unfinished(runs);
  const live = useTraining();
  // Of the last stage of the run that goes on, what is left is measured.
  const isLast = live.progress?.stage === 'fine-tuning' && Number.isFinite(live.secondsLeft);
  const measured = isLast && left.some(({ id }) => id === live.runId) ? live.runId : null;
  const ids = Array.from(new Set(left.map(({ datasetId }) => datasetId)));
  const datasets = useLiveQuery(() => database.datasets.bulkGet(ids), [ids.join(' ')]);
  const known = useKnown(ids);
  const foreseen = useMemo(() => {
    const parts = (datasets ?? []).flatMap((dataset) => {
      if (dataset === undefined) return [];
      const own = unfinished(runs).filter(({ id, datasetId }) => datasetId === dataset.id && id !== measured);
      return [{ dataset, configurations: own.map(({ configuration }) => configuration) }];
    });
    return foresee(parts, known);
  }, [runs, datasets, known, measured]);
  if (left.length === 0) return null;
  return (
    <Text size="xs" c="dimmed" className="figures">
      {leftWords(foreseen, measured === null ? 0 : live.secondsLeft)}
    </Text>
  );
}

/** @param live seconds that the stage which goes on still takes, where that is not in what is foreseen */
function leftWords(foreseen: Foreseen, live: number): string {
  const { seconds, unmeasured } = foreseen;
  if (unmeasured.length === 0) return `about ${duration(seconds + live)} left`;
  return isTold(foreseen)
    ? `over ${duration(seconds + live)} left; not measured yet: ${namesOf(unmeasured)}`
    : 'how long it takes is told when most of the methods were measured';
}
