import Dexie from 'dexie';
import { type CleaningChoice, failedOrStopped, hasEnded } from './cleaning.ts';
import { removeDataset, removeRuns, type StudioDatabase } from './database.ts';
import { type FileStore, sweep } from './files.ts';
import { whileAllNamed } from './filesLock.ts';
import { namedFiles } from './named.ts';

/** Runs at a time: a transaction that holds thousands keeps the training worker, and pages that follow what is written, waiting. */
const RUNS_AT_A_TIME = 25;

/**
 * Removes what was chosen. Each step is a transaction of its own that looks again at what it removes: a run that was queued, or a
 * dataset that got a run, in the meantime stays.
 *
 * @param inUse the dataset that is in use, which stays
 */
export async function cleanUp(
  database: StudioDatabase,
  files: FileStore,
  locks: LockManager | undefined,
  choices: ReadonlySet<CleaningChoice>,
  inUse: number | null,
): Promise<void> {
  const before = await namedFiles(database);
  if (choices.has('failedRuns')) {
    await ofRuns(database, failedOrStopped, async (ids) => {
      await database.checkpoints.bulkDelete([...ids]);
      await removeRuns(database, ids);
    });
  }
  if (choices.has('checkpoints')) await ofRuns(database, hasEnded, (ids) => database.checkpoints.bulkDelete([...ids]));
  if (choices.has('models')) await ofRuns(database, hasEnded, (ids) => database.models.bulkDelete([...ids]));
  if (choices.has('ranks')) await ofRuns(database, hasEnded, (ids) => database.outcomes.bulkDelete([...ids]));
  if (choices.has('policies')) await ofRuns(database, hasEnded, (ids) => removeOtherPolicies(database, ids));
  if (choices.has('datasets')) await removeUnused(database, inUse);
  if (choices.has('pretrained')) await removePretrained(database);
  if (choices.has('orphans')) await removeOrphanRows(database);
  // Files go last: as long as a row names one, it has to be there.
  const after = await namedFiles(database);
  for (const name of before) if (!after.has(name)) await files.remove(name);
  if (choices.has('orphans')) await whileAllNamed(locks, () => sweep(files, () => namedFiles(database), Date.now()));
}

/** Does something with the runs that are of a kind, part by part. */
async function ofRuns(
  database: StudioDatabase,
  isMeant: typeof hasEnded,
  work: (ids: readonly number[]) => PromiseLike<unknown>,
): Promise<void> {
  const all = await database.runs.toCollection().primaryKeys();
  for (let from = 0; from < all.length; from += RUNS_AT_A_TIME) {
    await database.transaction('rw', database.tables, async () => {
      const part = await database.runs.bulkGet(all.slice(from, from + RUNS_AT_A_TIME));
      await work(part.flatMap((run) => (run !== undefined && isMeant(run) ? [run.id] : [])));
    });
  }
}

/** Of runs without a best epoch all of them stay. */
async function removeOtherPolicies({ runs, policies }: StudioDatabase, ids: readonly number[]): Promise<void> {
  for (const run of await runs.bulkGet([...ids])) {
    if (!run?.result) continue;
    const { bestEpoch } = run.result;
    const of = (epoch: unknown): [number, number] => [run.id, epoch as number];
    // As ranges of keys, which pages that follow the table are told in one piece.
    await policies.where('[runId+epoch]').between(of(Dexie.minKey), of(bestEpoch), true, false).delete();
    await policies.where('[runId+epoch]').between(of(bestEpoch), of(Dexie.maxKey), false, true).delete();
  }
}

async function removeUnused(database: StudioDatabase, inUse: number | null): Promise<void> {
  for (const id of await database.datasets.toCollection().primaryKeys()) {
    if (id === inUse) continue;
    await database.transaction('rw', database.tables, async () => {
      if ((await database.runs.where({ datasetId: id }).count()) === 0) await removeDataset(database, id);
    });
  }
}

async function removePretrained(database: StudioDatabase): Promise<void> {
  const { datasets, runs, pretrainings } = database;
  for (const datasetId of await datasets.toCollection().primaryKeys()) {
    await database.transaction('rw', runs, pretrainings, async () => {
      const waiting = await runs
        .where({ datasetId })
        .and((run) => !hasEnded(run))
        .count();
      if (waiting === 0) await pretrainings.where({ datasetId }).delete();
    });
  }
}

/** Rows whose dataset or run is gone. */
function removeOrphanRows(database: StudioDatabase): Promise<void> {
  const { datasets, contents, pretrainings, runs, epochs, policies, outcomes, models, checkpoints } = database;
  return database.transaction('rw', database.tables, async () => {
    const ofDatasets = new Set(await datasets.toCollection().primaryKeys());
    const ofRuns = new Set(await runs.toCollection().primaryKeys());
    const without = <K>(keys: readonly K[], owners: ReadonlySet<number>, ownerOf: (key: K) => number) =>
      keys.filter((key) => !owners.has(ownerOf(key)));
    const itself = (id: number) => id;
    const first = ([id]: readonly [number, unknown]) => id;
    await contents.bulkDelete(without(await contents.toCollection().primaryKeys(), ofDatasets, itself));
    await pretrainings.bulkDelete(without(await pretrainings.toCollection().primaryKeys(), ofDatasets, first));
    for (const table of [epochs, policies]) {
      await table.bulkDelete(without(await table.toCollection().primaryKeys(), ofRuns, first));
    }
    for (const table of [outcomes, models, checkpoints]) {
      await table.bulkDelete(without(await table.toCollection().primaryKeys(), ofRuns, itself));
    }
  });
}
