import type { BackendInfo } from '../engine/backend.ts';
import type { FineTuningEpoch, PretrainingEpoch } from '../engine/training/observer.ts';
import { STUDIO_VERSION } from '../engine/training/report.ts';
import { writeRunFile } from '../results/runFile.ts';
import type { EpochRow, OutcomeRow, RunResultRow, RunRow, StudioDatabase } from '../storage/database.ts';
import { NothingStoredError } from '../storage/errors.ts';
import { unsavedRun } from '../storage/results.ts';

const NOT_SAVED = {
  name: 'NotSavedError',
  message: 'Saved as a file while it was trained, because it could not be stored. It has no test result yet.',
};

/** What is known of the run that goes on, whether it could be stored or not: it can be saved as a file. */
export class UnsavedRun {
  private pretraining: readonly PretrainingEpoch[] = [];
  private epochs: readonly FineTuningEpoch[] = [];
  private result: RunResultRow | null = null;
  private outcome: OutcomeRow | null = null;

  constructor(
    private readonly runId: number,
    private readonly backend: BackendInfo,
  ) {}

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
  async file(database: StudioDatabase, platform: string): Promise<Blob> {
    const { runId, result, outcome } = this;
    const row = await database.runs.get(runId);
    if (row === undefined) throw new NothingStoredError('This run was deleted.');
    const run: RunRow = {
      ...row,
      backend: this.backend,
      status: result === null ? 'failed' : 'finished',
      error: result === null ? NOT_SAVED : row.error,
      pretraining: joined(row.pretraining, this.pretraining),
      result,
    };
    const stored = await database.epochs.where({ runId }).toArray();
    const epochs: readonly EpochRow[] = joined(stored, this.epochs).map((epoch) => ({ ...epoch, runId }));
    const details = outcome && { ...outcome, users: outcome.users ?? null, epochs: [] };
    return new Blob([writeRunFile(await unsavedRun(database, run, epochs, { studio: STUDIO_VERSION, platform }, details))], {
      type: 'application/json',
    });
  }
}

/** Epochs in their order; of those that are in both the later ones. */
function joined<E extends { readonly epoch: number }>(before: readonly E[], after: readonly E[]): readonly E[] {
  const newer = new Set(after.map(({ epoch }) => epoch));
  return [...before.filter(({ epoch }) => !newer.has(epoch)), ...after].sort((a, b) => a.epoch - b.epoch);
}
