import type { BackendInfo } from '../engine/backend.ts';
import type { StateNumbers } from '../engine/checkpoint/state.ts';
import type { FineTuningEpoch, PretrainingEpoch } from '../engine/training/observer.ts';
import { STUDIO_VERSION } from '../engine/training/report.ts';
import { writeRunFile } from '../results/runFile.ts';
import type { OutcomeRow, RunResultRow, RunRow } from '../storage/database.ts';
import { type ReportedDataset, resultRun } from '../storage/results.ts';

const NOT_SAVED = {
  name: 'NotSavedError',
  message: 'Saved as a file while it was trained, because it could not be stored. It has no test result yet.',
};

/** What is known of the run that goes on, whether it could be stored or not: it can be saved as a file, without the database. */
export class UnsavedRun {
  private pretraining: readonly PretrainingEpoch[];
  private epochs: readonly FineTuningEpoch[];
  private result: RunResultRow | null = null;
  private outcome: OutcomeRow | null = null;

  /** @param before what it need not compute again */
  constructor(
    private readonly row: RunRow,
    private readonly backend: BackendInfo,
    private readonly dataset: ReportedDataset,
    before?: Pick<StateNumbers, 'pretraining' | 'epochs'>,
  ) {
    this.pretraining = before?.pretraining?.epochs ?? [];
    this.epochs = before?.epochs ?? [];
  }

  pretrained(epochs: readonly PretrainingEpoch[]): void {
    this.pretraining = joined(this.pretraining, epochs);
  }

  fineTuned(epoch: FineTuningEpoch): void {
    this.epochs = joined(this.epochs, [epoch]);
  }

  ended(result: RunResultRow, outcome: OutcomeRow): void {
    this.result = result;
    this.outcome = outcome;
  }

  /** A run file, which every studio takes in. @param platform the browser, in its own words */
  file(platform: string): Blob {
    const { row, result, outcome } = this;
    const run: RunRow = {
      ...row,
      backend: this.backend,
      status: result === null ? 'failed' : 'finished',
      error: result === null ? NOT_SAVED : null,
      elsewhere: undefined,
      pretraining: this.pretraining,
      result,
    };
    const epochs = this.epochs.map((epoch) => ({ ...epoch, runId: row.id }));
    const details = outcome && { ...outcome, users: outcome.users ?? null, epochs: [] };
    const known = resultRun({ run, epochs, details }, this.dataset, { studio: STUDIO_VERSION, platform }, null);
    return new Blob([writeRunFile(known)], { type: 'application/json' });
  }
}

/** Epochs in their order; of those that are in both the later ones. */
function joined<E extends { readonly epoch: number }>(before: readonly E[], after: readonly E[]): readonly E[] {
  const newer = new Set(after.map(({ epoch }) => epoch));
  return [...before.filter(({ epoch }) => !newer.has(epoch)), ...after].sort((a, b) => a.epoch - b.epoch);
}
