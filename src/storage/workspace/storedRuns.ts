import { hasEnded } from '../cleaning.ts';
import type { CheckpointRow, DatasetRow, RunRow, StudioDatabase } from '../database.ts';
import { UNDONE } from '../queue.ts';
import type { RunRecord } from './schemas.ts';

/** A run that is checked, and its checkpoint with the file that was copied. */
export interface PendingRun {
  readonly record: RunRecord;
  readonly dataset: DatasetRow;
  readonly print: string;
  readonly checkpoint: CheckpointRow | null;
}

/** Whether a run may go on from a checkpoint, and is not about to without. */
export const mayGoOn = (run: RunRow | undefined): boolean =>
  run !== undefined && (run.status === 'held' || UNDONE.includes(run.status));

/** What came of a run that is here and lacks it; whether that was its checkpoint, and whether anything else. */
export function addMissingParts(
  tables: StudioDatabase,
  runId: number,
  { epochs, policies, outcome, model }: RunRecord,
  checkpoint: CheckpointRow | null,
): Promise<{ isNamed: boolean; areParts: boolean }> {
  const written = [tables.runs, tables.epochs, tables.policies, tables.outcomes, tables.models, tables.checkpoints];
  return tables.transaction('rw', written, async () => {
    const run = await tables.runs.get(runId);
    const isNamed = checkpoint !== null && mayGoOn(run) && (await tables.checkpoints.get(runId)) === undefined;
    // What is still being trained writes its own.
    if (run === undefined || !(hasEnded(run) || isNamed)) return { isNamed: false, areParts: false };
    if (isNamed) {
      await tables.checkpoints.add({ ...checkpoint, runId });
      // A run that goes on from it does not compute them again.
      const own = new Set((await tables.epochs.where({ runId }).primaryKeys()).map(([, epoch]) => epoch));
      await tables.epochs.bulkAdd(epochs.filter(({ epoch }) => !own.has(epoch)).map((part) => ({ ...part, runId })));
    }
    const withoutOutcome = outcome !== null && (await tables.outcomes.get(runId)) === undefined;
    const withoutModel = model !== null && (await tables.models.get(runId)) === undefined;
    const own = new Set((await tables.policies.where({ runId }).primaryKeys()).map(([, epoch]) => epoch));
    const missing = policies.filter(({ epoch }) => !own.has(epoch));
    if (withoutOutcome) await tables.outcomes.add({ ...outcome, runId });
    if (withoutModel) await tables.models.add({ ...model, runId });
    await tables.policies.bulkAdd(missing.map((part) => ({ ...part, runId })));
    return { isNamed, areParts: withoutOutcome || withoutModel || missing.length > 0 };
  });
}

/** Stores runs with all that is of them, all or nothing; their ids. @param rowOf what stands in the list of runs here */
export function addRuns(
  database: StudioDatabase,
  added: readonly PendingRun[],
  rowOf: (run: PendingRun) => Omit<RunRow, 'id'>,
): Promise<number[]> {
  const { runs, epochs, policies, outcomes, models, checkpoints } = database;
  return database.transaction('rw', [runs, epochs, policies, outcomes, models, checkpoints], async () => {
    const ids = await runs.bulkAdd(added.map(rowOf), { allKeys: true });
    const all = <Part extends { readonly runId: number }>(partsOf: (record: RunRecord) => readonly (Part | null)[]) =>
      added.flatMap(({ record }, i) => partsOf(record).flatMap((part) => (part === null ? [] : [{ ...part, runId: ids[i] }])));
    await epochs.bulkAdd(all(({ epochs: parts }) => parts));
    await policies.bulkAdd(all(({ policies: parts }) => parts));
    await outcomes.bulkAdd(all(({ outcome }) => [outcome]));
    await models.bulkAdd(all(({ model }) => [model]));
    for (const [i, { checkpoint }] of added.entries()) {
      if (checkpoint !== null) await checkpoints.add({ ...checkpoint, runId: ids[i] });
    }
    return ids;
  });
}
