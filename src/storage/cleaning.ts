import type { RunStatus } from './database.ts';
import { type DatasetRoom, ofDataset, ofRun, type Room, type RunRoom } from './measure.ts';

/** What can be cleaned up, from what is missed least to what is missed most. */
export const CLEANING_CHOICES = [
  'orphans',
  'checkpoints',
  'failedRuns',
  'policies',
  'pretrained',
  'models',
  'ranks',
  'datasets',
] as const;
export type CleaningChoice = (typeof CLEANING_CHOICES)[number];

/** Nothing of a run that waits, or is being trained, is ever touched. */
const ENDED: readonly RunStatus[] = ['finished', 'failed', 'stopped', 'interrupted'];
const WITHOUT_RESULT: readonly RunStatus[] = ['failed', 'stopped'];

export const hasEnded = ({ status }: { readonly status: RunStatus }): boolean => ENDED.includes(status);
export const failedOrStopped = ({ status }: { readonly status: RunStatus }): boolean => WITHOUT_RESULT.includes(status);

/** Datasets that no run is on, besides the one in use. */
export function unusedDatasets({ datasets, runs }: Pick<Room, 'datasets' | 'runs'>, inUse: number | null): DatasetRoom[] {
  const used = new Set(runs.map(({ datasetId }) => datasetId));
  return datasets.filter(({ id }) => id !== inUse && !used.has(id));
}

/** Datasets whose pre-trained models no run that waits, or is trained, will start from. */
function restingDatasets({ datasets, runs }: Pick<Room, 'datasets' | 'runs'>): DatasetRoom[] {
  const busy = new Set(runs.filter((run) => !hasEnded(run)).map(({ datasetId }) => datasetId));
  return datasets.filter(({ id }) => !busy.has(id));
}

/** How many bytes some choices free together: what two of them take is counted once. */
export function wouldFree(room: Room, choices: ReadonlySet<CleaningChoice>, inUse: number | null): number {
  const goneDatasets = choices.has('datasets') ? unusedDatasets(room, inUse) : [];
  const gone = new Set(goneDatasets.map(({ id }) => id));
  const resting = choices.has('pretrained') ? restingDatasets(room).filter(({ id }) => !gone.has(id)) : [];
  const sum = (sizes: readonly number[]) => sizes.reduce((a, b) => a + b, 0);
  return (
    (choices.has('orphans') ? room.orphans : 0) +
    sum(goneDatasets.map(ofDataset)) +
    sum(resting.map(({ pretrained }) => pretrained)) +
    sum(room.runs.map((run) => freedOf(run, choices)))
  );
}

function freedOf(run: RunRoom, choices: ReadonlySet<CleaningChoice>): number {
  if (!hasEnded(run)) return 0;
  if (choices.has('failedRuns') && failedOrStopped(run)) return ofRun(run);
  return (
    (choices.has('checkpoints') ? run.checkpoint : 0) +
    (choices.has('policies') ? run.otherPolicies : 0) +
    (choices.has('models') ? run.model : 0) +
    (choices.has('ranks') ? run.ranks : 0)
  );
}
