import { Button } from '@mantine/core';
import { useLiveQuery } from 'dexie-react-hooks';
import { useMemo, useState } from 'react';
import type { Experiment } from '../../experiments/experiment.ts';
import { database } from '../../state/database.ts';
import { queueMissing } from '../../state/experiments.ts';
import type { RunRow } from '../../storage/database.ts';
import { missingRuns } from '../../storage/experiments.ts';
import { asError } from '../shared/asError.ts';
import { Problem } from '../shared/Problem.tsx';
import { usePlanned } from './usePlanned.ts';

interface MissingProps {
  readonly id: number;
  readonly experiment: Experiment;
  /** All of it. */
  readonly runs: readonly RunRow[];
}

/** Queues what the plan has and the experiment has not: runs that were deleted, or taken out of the queue. */
export function Missing({ id, experiment, runs }: MissingProps) {
  const ids = Array.from(new Set(runs.map(({ datasetId }) => datasetId)));
  const key = ids.join(' ');
  const rows = useLiveQuery(() => database.datasets.bulkGet(ids), [key]);
  const datasets = useMemo(() => (rows ?? []).flatMap((row) => (row?.hasContents ? [row] : [])), [rows]);
  const { planned } = usePlanned(experiment, datasets);
  const missing = useMemo(() => missingRuns(planned?.parts ?? [], runs), [planned, runs]);
  const [error, setError] = useState<Error | null>(null);
  const count = missing.reduce((sum, { configurations }) => sum + configurations.length, 0);
  const queue = () => {
    setError(null);
    queueMissing(id, missing).catch((caught: unknown) => setError(asError(caught)));
  };
  if (count === 0) return null;
  return (
    <>
      <Button size="xs" variant="default" onClick={queue}>
        Run the missing {count}
      </Button>
      <Problem error={error} />
    </>
  );
}
