import type { Outcomes } from '../engine/evaluation/metrics.ts';
import type { BackendEnvironment, DatasetReport, RunReport } from '../engine/training/report.ts';
import { groupedBy } from './lists.ts';

/** A run that ended, wherever it was computed: what tables, figures, claims and files are made of. */
export interface ResultRun {
  readonly dataset: DatasetReport;
  readonly environment: BackendEnvironment;
  readonly preset: string;
  /** The name of the experiment that it is a run of; null for a run of its own. */
  readonly experiment: string | null;
  readonly report: RunReport;
  /** What only paired tests and the look into policies need; null where it was not asked for, or not kept. */
  readonly details: RunDetails | null;
}

/** The large parts of a finished run. */
export interface RunDetails {
  /** The test instances, as places in the dataset's list, ascending: what runs are paired by. */
  readonly instances: Int32Array;
  /** The target item, or class, of each of them. */
  readonly targets: Int32Array;
  /** The user of each of them, by number in the dataset; null of runs of a version that did not keep them. */
  readonly users: Int32Array | null;
  readonly outcomes: Outcomes;
  /** Of all users with targets at the best epoch, packed (`storage/policies.ts`): [users × blocks], row by row. */
  readonly policies: Uint8Array | null;
  /** The same of each epoch, as far as they are kept. */
  readonly epochs: readonly { readonly epoch: number; readonly bytes: Uint8Array }[];
}

/** A finished run, of which there are results. */
export type FinishedRun = ResultRun & { readonly report: { readonly test: NonNullable<RunReport['test']> } };

export const isFinished = (run: ResultRun): run is FinishedRun => run.report.status === 'finished' && run.report.test !== null;

/** Runs by the dataset that they are on, in the order in which they come. */
export const byDataset = <R extends ResultRun>(runs: readonly R[]): Map<string, R[]> =>
  groupedBy(runs, ({ dataset }) => dataset.hash);
