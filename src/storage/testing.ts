import { PRESETS } from '../configuration/presets.ts';
import { complete, nest } from '../configuration/schema.ts';
import type { DatasetRow, MappingRow, RunResultRow, RunRow, StudioDatabase } from './database.ts';

/** How a file with a header was read. */
export const mappingRow: MappingRow = {
  key: 'user,item',
  format: {
    format: 'long',
    rows: { kind: 'delimited', separator: ',', header: true, width: 2 },
    user: 0,
    item: 1,
    time: null,
    timeUnit: 'seconds',
    isOrdered: false,
  },
  usedAt: 3,
};

/** A dataset from files, as it is stored. */
export const datasetRow = (more: Partial<DatasetRow> = {}): DatasetRow => ({
  id: 1,
  name: 'd',
  createdAt: 0,
  origin: { kind: 'files', files: [] },
  task: 'ranking',
  settings: { minimumTargetItemCount: 3, maximumTargetsPerUser: 5 },
  figures: {
    sourceUsers: 10,
    sourceItems: 10,
    sourceInteractions: 10,
    targetUsers: 10,
    targetItems: 10,
    instances: 10,
    targetOnlyUsers: 0,
    droppedTargetItems: 0,
  },
  timed: false,
  notes: [],
  hash: null,
  hasContents: true,
  bytes: 0,
  ...more,
});

/** A run of its own on dataset 1, queued unless `more` says otherwise. @param changes of the preset `quick`, by flat keys */
export const runRow = (id: number, changes: Record<string, unknown> = {}, more: Partial<RunRow> = {}): RunRow => ({
  id,
  datasetId: 1,
  datasetName: 'd',
  configuration: complete(PRESETS.quick, nest(changes)),
  preset: 'quick',
  scenario: null,
  sourceItems: 10,
  search: null,
  experimentId: null,
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

/** What a finished run came to, by its test metrics. */
export const resultRow = (test: RunResultRow['test'], more: Partial<RunResultRow> = {}): RunResultRow => ({
  bestEpoch: 1,
  test,
  validation: null,
  policy: null,
  candidates: 100,
  classes: null,
  byTrainingTargets: null,
  cost: null,
  split: null,
  seconds: { pretraining: 0, fineTuning: 0, evaluation: 0, recommendation: null },
  ...more,
});

/** Another row in place of a run, also where it has ended: what no write of the studio may do. */
export const replaceRun = (database: StudioDatabase, id: number, changes: Partial<RunRow>): Promise<void> =>
  database.transaction('rw', database.runs, async () => {
    const row = await database.runs.get(id);
    await database.runs.delete(id);
    await database.runs.add({ ...row, ...changes } as RunRow);
  });
