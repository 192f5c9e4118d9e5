import { useState } from 'react';
import type { Value } from '../../configuration/schema.ts';
import { database } from '../../state/database.ts';
import { enqueue } from '../../state/training.ts';
import { type RunRow, withoutContents } from '../../storage/database.ts';
import { asError } from '../shared/asError.ts';
import { changed } from '../train/asked.ts';

interface Queueing {
  readonly isBusy: boolean;
  /** The run that was queued. */
  readonly queued: number | null;
  readonly error: Error | null;
}

const IDLE: Queueing = { isBusy: false, queued: null, error: null };

/** Queues a run like another one, with something changed; what came of it is told. */
export function useQueueing(run: RunRow) {
  const [state, setState] = useState(IDLE);
  const queue = async (changes: Readonly<Record<string, Value>>) => {
    setState({ ...IDLE, isBusy: true });
    try {
      const dataset = await database.datasets.get(run.datasetId);
      if (dataset === undefined) throw new Error('The dataset of this run was deleted: it cannot be trained on again.');
      if (!dataset.hasContents) throw new Error(withoutContents(dataset.name));
      const [id] = await enqueue(dataset, [{ configuration: changed(run, changes), preset: run.preset }]);
      setState({ ...IDLE, queued: id });
    } catch (error) {
      setState({ ...IDLE, error: asError(error) });
    }
  };
  return { ...state, queue };
}
