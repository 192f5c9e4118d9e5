import { PRESETS } from '../../configuration/presets.ts';
import { complete, nest } from '../../configuration/schema.ts';
import type { DatasetRow, RunRow } from '../../storage/database.ts';

export const DATASET: DatasetRow = {
  id: 1,
  name: 'd',
  createdAt: 0,
  origin: { kind: 'files', files: [] },
  task: 'ranking',
  settings: { minimumTargetItemCount: 3, maximumTargetsPerUser: 5 },
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
  timed: false,
  notes: [],
  hash: null,
  hasContents: true,
  bytes: 0,
};

/** A run on it, by what matters to the page. */
export const runRow = (id: number, changes: Record<string, unknown>, more: Partial<RunRow> = {}): RunRow => ({
  id,
  datasetId: DATASET.id,
  datasetName: DATASET.name,
  configuration: complete(PRESETS.quick, nest(changes)),
  preset: 'quick',
  scenario: null,
  sourceItems: DATASET.figures.sourceItems,
  search: null,
  experimentId: 1,
  status: 'queued',
  position: id,
  createdAt: 0,
  startedAt: null,
  finishedAt: null,
  backend: null,
  error: null,
  pretraining: [],
  result: null,
  ...more,
});
