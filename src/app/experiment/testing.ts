import type { DatasetRow, RunRow } from '../../storage/database.ts';
import { datasetRow, runRow as storedRun } from '../../storage/testing.ts';

export const DATASET: DatasetRow = datasetRow({
  figures: {
    sourceUsers: 1280,
    sourceItems: 50,
    sourceInteractions: 5000,
    targetUsers: 800,
    targetItems: 200,
    instances: 800,
    targetOnlyUsers: 0,
    droppedTargetItems: 0,
  },
});

/** A run of experiment 1 on it. */
export const runRow = (id: number, changes: Record<string, unknown>, more: Partial<RunRow> = {}): RunRow =>
  storedRun(id, changes, { sourceItems: DATASET.figures.sourceItems, experimentId: 1, ...more });
