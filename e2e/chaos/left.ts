import type { Page } from '@playwright/test';
import type {
  CheckpointRow,
  DatasetRow,
  EpochRow,
  ModelRow,
  OutcomeRow,
  PoliciesRow,
  RunRow,
} from '../../src/storage/database.ts';
import { rows, runs } from '../studio.ts';

/** All that a queue left behind, without when it was and how long it took. */
export interface Left {
  /** By id of the run. */
  readonly runs: Readonly<Record<number, unknown>>;
  readonly pretrainings: readonly unknown[];
  /** Rows of the other tables. */
  readonly counts: Readonly<Record<string, number>>;
  /** What is only there while something is trained. */
  readonly checkpoints: readonly CheckpointRow[];
  readonly files: readonly string[];
}

/** Rows of a run in the tables beside its own; `runId` is the key. */
const OF_RUNS = ['epochs', 'policies', 'outcomes', 'models'] as const;
type OfRun = EpochRow | PoliciesRow | OutcomeRow | ModelRow;

/** Reads all of it as it lies in the profile. */
export async function readLeft(page: Page): Promise<Left> {
  const all = await runs(page);
  const ofRuns = await Promise.all(OF_RUNS.map((table) => rows<OfRun>(page, table)));
  const whatIsOf = (run: RunRow) => ({
    ...comparable(run),
    ...Object.fromEntries(OF_RUNS.map((table, i) => [table, ofRuns[i].filter(({ runId }) => runId === run.id)])),
  });
  const pretrainings = await rows<{ readonly seconds: number }>(page, 'pretrainings');
  return {
    runs: Object.fromEntries(all.map((run) => [run.id, whatIsOf(run)])),
    pretrainings: pretrainings.map(({ seconds: _seconds, ...rest }) => rest),
    counts: {
      runs: all.length,
      ...Object.fromEntries(OF_RUNS.map((table, i) => [table, ofRuns[i].length])),
      datasets: (await rows<DatasetRow>(page, 'datasets')).length,
      experiments: (await rows(page, 'experiments')).length,
      'rows in place of files': (await rows(page, 'files')).length,
    },
    checkpoints: await rows<CheckpointRow>(page, 'checkpoints'),
    files: await filesOf(page),
  };
}

/** What of a run is to be the same whatever happened to it; of the backend what decides its numbers. */
function comparable({ configuration, datasetId, search, experimentId, status, backend, error, unsaved, ...run }: RunRow) {
  const { pretraining, result } = run;
  const computedBy = backend && { name: backend.name, variant: backend.variant, reason: backend.reason };
  const came = result && { ...result, seconds: null };
  const isSaved = unsaved === null || unsaved === undefined;
  return { datasetId, search, experimentId, configuration, status, computedBy, error, isSaved, pretraining, result: came };
}

/** Files in the origin's private file system, whoever made them. */
const filesOf = (page: Page): Promise<string[]> =>
  page.evaluate(async () => {
    const names: string[] = [];
    const folders = [await navigator.storage.getDirectory()];
    for (const folder of folders) {
      for await (const handle of folder.values()) {
        if (handle.kind === 'file') names.push(`${folder.name}/${handle.name}`);
        else folders.push(handle as FileSystemDirectoryHandle);
      }
    }
    return names;
  });
