import Dexie, { type EntityTable, type Table } from 'dexie';
import type { Configuration } from '../configuration/schema.ts';
import { contentsHash } from '../data/contentsHash.ts';
import type { Dataset, DatasetFigures, Origin, PreparationSettings, Scenario, TargetTask } from '../data/dataset.ts';
import type { FileFormat } from '../data/import/format.ts';
import type { BackendInfo } from '../engine/backend.ts';
import type { Metrics, Outcomes } from '../engine/evaluation/metrics.ts';
import type { PolicySummary } from '../engine/evaluation/policies.ts';
import type { StoredParameters } from '../engine/model/parameters.ts';
import type { Cost, TargetsGroup } from '../engine/training/fineTuning.ts';
import type { FineTuningEpoch, PretrainingEpoch, Progress } from '../engine/training/observer.ts';
import type { Pretrained } from '../engine/training/pretraining.ts';
import type { BackendEnvironment, RunSeconds } from '../engine/training/report.ts';
import type { Experiment } from '../experiments/experiment.ts';
import { NothingStoredError } from './errors.ts';
import { repacked } from './policies.ts';

/** What lists show of a dataset; its contents are in `contents` under the same id. */
export interface DatasetRow {
  readonly id: number;
  readonly name: string;
  readonly createdAt: number;
  readonly origin: Origin;
  readonly task: TargetTask;
  readonly settings: PreparationSettings;
  readonly figures: DatasetFigures;
  readonly timed: boolean;
  /** What the import had to say about the optional files, in sentences. */
  readonly notes: readonly string[];
  /** Of its contents, by which results from elsewhere find it; null until it is asked for: see `hashOf`. */
  readonly hash: string | null;
  /** False: it came with results from elsewhere, and has nothing to train on. */
  readonly hasContents: boolean;
  /** Size of the contents in memory, which is close to their size on disk. */
  readonly bytes: number;
}

interface ContentsRow {
  readonly id: number;
  readonly dataset: Dataset;
}

/**
 * A run is queued (`held`: but not to be taken yet), running or paused; then one of the last four for good. `interrupted`: its tab
 * went away.
 */
export type RunStatus = 'held' | 'queued' | 'running' | 'paused' | 'finished' | 'stopped' | 'failed' | 'interrupted';

export interface RunRow {
  readonly id: number;
  readonly datasetId: number;
  readonly datasetName: string;
  readonly configuration: Configuration;
  readonly preset: string;
  /** Of a simulated dataset; presets depend on it, and on the size of the catalogue. */
  readonly scenario: Scenario | null;
  readonly sourceItems: number;
  /** Runs of one search share its name; null for a run of its own. Of a search only the best trial shows its test result. */
  readonly search: string | null;
  /** The experiment that it is a run of; null for a run of its own. */
  readonly experimentId: number | null;
  readonly status: RunStatus;
  /** Position in the queue; smaller comes first. */
  readonly position: number;
  readonly createdAt: number;
  readonly startedAt: number | null;
  readonly finishedAt: number | null;
  readonly backend: BackendInfo | null;
  /** Why the run failed; or, of a finished one, what of it could not be saved. */
  readonly error: { readonly name: string; readonly message: string } | null;
  readonly pretraining: readonly PretrainingEpoch[];
  readonly result: RunResultRow | null;
  /** How often its tab went away while it was trained, since it was queued by hand; 0 where it is left out. */
  readonly interruptions?: number;
  /** Only of a run that came from a file. */
  readonly elsewhere?: Elsewhere;
}

/** Where a run was computed that came from a file. */
interface Elsewhere {
  readonly environment: BackendEnvironment;
  /** The name of its experiment; null for a run of its own. */
  readonly experiment: string | null;
}

/** What a finished run is compared by. */
export interface RunResultRow {
  readonly bestEpoch: number;
  readonly test: Metrics;
  /** Of the best epoch; null for a method that is not trained. */
  readonly validation: Metrics | null;
  readonly policy: PolicySummary | null;
  readonly candidates: number;
  /** The classes of a profile task, by their number. */
  readonly classes: readonly string[] | null;
  /** See `FineTuned`; null of runs that an earlier version finished. */
  readonly byTrainingTargets: readonly TargetsGroup[] | null;
  readonly cost: Cost | null;
  /** Instances of each part; null of runs that an earlier version finished. */
  readonly split: { readonly train: number; readonly validation: number; readonly test: number } | null;
  readonly seconds: RunSeconds;
}

/** An experiment that was built here, or opened from a file or link. Its runs have its id. */
export interface ExperimentRow {
  readonly id: number;
  readonly createdAt: number;
  readonly experiment: Experiment;
}

/** One epoch of fine-tuning. */
export interface EpochRow extends FineTuningEpoch {
  readonly runId: number;
}

/** The policies of all users with targets (in dataset order) at one epoch, packed: see `packPolicies`. */
export interface PoliciesRow {
  readonly runId: number;
  readonly epoch: number;
  readonly bytes: Uint8Array;
}

/** The large parts of a finished run. */
export interface OutcomeRow {
  readonly runId: number;
  readonly outcomes: Outcomes;
  /** The test instances, as places in the dataset's list: what runs are paired by. */
  readonly instances: Int32Array;
  /** The target of each of them. */
  readonly targets: Int32Array;
  /** The user of each of them; not there in rows of earlier versions, which are too large to be written anew for it. */
  readonly users?: Int32Array | null;
  readonly policies: Uint8Array | null;
}

/** The parameters of a finished run, of its best epoch: what is needed to ask it something else later. */
export interface ModelRow {
  readonly runId: number;
  readonly parameters: StoredParameters;
}

interface PretrainingRow extends Pretrained {
  readonly datasetId: number;
  /** Configuration, seed and backend. */
  readonly key: string;
}

/** The manifest of a run's newest checkpoint: it counts once this row is written, and the file that it names was before. */
export interface CheckpointRow {
  readonly runId: number;
  /** In the file store. */
  readonly file: string;
  readonly bytes: number;
  /** Of the file's bytes. */
  readonly checksum: number;
  readonly savedAt: number;
  readonly stage: Progress['stage'];
  readonly epoch: number;
  /** Steps of the epoch that are done. */
  readonly step: number;
}

/** How a file was read, under what files like it have in common: see `import/mappings.ts`. */
export interface MappingRow {
  readonly key: string;
  readonly format: FileFormat;
  readonly usedAt: number;
}

/** A file where the browser has no file system: see `rowFiles`. */
interface FileRow {
  readonly name: string;
  readonly bytes: Uint8Array;
}

interface SettingRow {
  readonly name: string;
  readonly value: string;
}

/** Everything the studio keeps. Opened `strict`, so that what is shown as saved is on disk. */
export class StudioDatabase extends Dexie {
  declare datasets: EntityTable<DatasetRow, 'id'>;
  declare contents: EntityTable<ContentsRow, 'id'>;
  declare runs: EntityTable<RunRow, 'id'>;
  declare epochs: Table<EpochRow, [number, number]>;
  declare policies: Table<PoliciesRow, [number, number]>;
  declare outcomes: EntityTable<OutcomeRow, 'runId'>;
  declare models: EntityTable<ModelRow, 'runId'>;
  declare pretrainings: Table<PretrainingRow, [number, string]>;
  declare experiments: EntityTable<ExperimentRow, 'id'>;
  declare settings: EntityTable<SettingRow, 'name'>;
  declare checkpoints: EntityTable<CheckpointRow, 'runId'>;
  declare mappings: EntityTable<MappingRow, 'key'>;
  declare files: EntityTable<FileRow, 'name'>;

  constructor(name = 'uaf-studio') {
    super(name, { chromeTransactionDurability: 'strict' });
    this.version(1).stores({
      datasets: '++id',
      contents: 'id',
      runs: '++id, datasetId, status, [datasetId+status]',
      epochs: '[runId+epoch], runId',
      policies: '[runId+epoch], runId',
      outcomes: 'runId',
      pretrainings: '[datasetId+key], datasetId',
      settings: 'name',
    });
    // Every method: datasets say their task, outcomes which instances they are of, and policies keep drawn gates apart.
    this.version(2)
      .stores({})
      .upgrade(async (transaction) => {
        const tables = (name: string) => transaction.table(name).toCollection();
        await tables('datasets').modify({ task: 'ranking' });
        await tables('contents').modify((row: { dataset: object }) => {
          row.dataset = { ...row.dataset, task: 'ranking' };
        });
        await tables('policies').modify((row: { bytes: Uint8Array }) => {
          row.bytes = repacked(row.bytes);
        });
        // Their instances are not known: the runs are kept, but cannot take part in paired tests.
        await tables('outcomes').delete();
        const items = new Map<number, number>();
        await tables('datasets').each((row: DatasetRow) => items.set(row.id, row.figures.sourceItems));
        await tables('runs').modify((row: { -readonly [K in keyof RunRow]: RunRow[K] }) => {
          row.sourceItems = items.get(row.datasetId) ?? 0;
          row.search = null;
          if (row.result !== null) row.result = { ...row.result, validation: null, classes: null };
        });
      });
    // Models of finished runs, and items that have names.
    this.version(3)
      .stores({ models: 'runId' })
      .upgrade(async (transaction) => {
        await transaction.table('datasets').toCollection().modify({ notes: [] });
        await transaction
          .table('contents')
          .toCollection()
          .modify((row: { dataset: object }) => {
            row.dataset = { ...row.dataset, sourceNames: null, targetNames: null };
          });
      });
    // Experiments, and what runs cost. Every run keeps its model from here on.
    this.version(4)
      .stores({ experiments: '++id', runs: '++id, datasetId, status, experimentId, [datasetId+status]' })
      .upgrade(async (transaction) => {
        await transaction.table('datasets').toCollection().modify({ hash: null, hasContents: true });
        await transaction
          .table('runs')
          .toCollection()
          .modify((row: { -readonly [K in keyof RunRow]: RunRow[K] }) => {
            row.experimentId = null;
            if (row.result !== null) {
              const seconds = { ...row.result.seconds, recommendation: null };
              row.result = { ...row.result, byTrainingTargets: null, cost: null, split: null, seconds };
            }
          });
      });
    // Checkpoints, large datasets in files, and mappings that were corrected once.
    this.version(5).stores({ checkpoints: 'runId', mappings: 'key', files: 'name' });
  }
}

/** Stores a dataset, whole or not at all; its id. */
export function addDataset(database: StudioDatabase, dataset: Dataset, notes: readonly string[] = []): Promise<number> {
  const { name, origin, task, settings, figures, timed } = dataset;
  return database.transaction('rw', database.datasets, database.contents, async () => {
    const id = await database.datasets.add({
      name,
      createdAt: Date.now(),
      origin,
      task,
      settings,
      figures,
      timed,
      notes,
      hash: null,
      hasContents: true,
      bytes: sizeOf(dataset),
    });
    await database.contents.add({ id, dataset });
    return id;
  });
}

/** What training and the look into models need of a dataset. @throws NothingStoredError where it is not here, in words */
export async function contentsOf(database: StudioDatabase, datasetId: number): Promise<Dataset> {
  const contents = await database.contents.get(datasetId);
  if (contents !== undefined) return contents.dataset;
  const row = await database.datasets.get(datasetId);
  if (row === undefined) throw new NothingStoredError('The dataset of this run was deleted.');
  throw new NothingStoredError(withoutContents(row.name));
}

/** Why nothing can be trained, or looked into, on a dataset that is only known by its results. */
export const withoutContents = (name: string): string =>
  `The results on “${name}” came from elsewhere, without its data. Import its files on the Data page to train on it, or to look into policies.`;

/**
 * Where a dataset came with results from elsewhere and its files are imported now, the results are its own from here on.
 *
 * @param id of the dataset that was just stored
 */
export async function adoptResults(database: StudioDatabase, id: number): Promise<void> {
  const { datasets, runs } = database;
  const waiting = () => datasets.filter(({ hasContents }) => !hasContents).toArray();
  // The hash of a large dataset takes a while. Results that come after this look find the dataset themselves: see `takeInRuns`.
  if ((await waiting()).length === 0) return;
  const hash = await hashOf(database, id);
  await database.transaction('rw', datasets, runs, async () => {
    const adopted = await datasets.get(id);
    if (adopted === undefined) return;
    for (const other of (await waiting()).filter((row) => row.hash === hash)) {
      await runs.where({ datasetId: other.id }).modify({ datasetId: id, datasetName: adopted.name });
      await datasets.delete(other.id);
    }
  });
}

/** The hash of a dataset's contents, reckoned when it is first asked for. @throws NothingStoredError where its contents are not here */
export async function hashOf(database: StudioDatabase, datasetId: number): Promise<string> {
  const row = await database.datasets.get(datasetId);
  if (row?.hash) return row.hash;
  const hash = await contentsHash(await contentsOf(database, datasetId));
  await database.datasets.update(datasetId, { hash });
  return hash;
}

/** Two bytes a character is what engines use for text that is not Latin; ids are, so this is an upper bound. */
function sizeOf(dataset: Dataset): number {
  const { users, sourceItems, targetItems, sourceNames, targetNames, source, targets, attributes } = dataset;
  const text = [users, sourceItems, targetItems, sourceNames ?? [], targetNames ?? []].reduce(
    (sum, names) => sum + names.reduce((n, name) => n + name.length, 0),
    0,
  );
  const arrays = [source.offsets, source.values, targets.offsets, targets.values, ...attributes.map(({ codes }) => codes)];
  return text + arrays.reduce((sum, array) => sum + array.byteLength, 0);
}

/** Removes a dataset with everything that was computed on it. */
export function deleteDataset(database: StudioDatabase, id: number): Promise<void> {
  const { datasets, contents, pretrainings } = database;
  return database.transaction('rw', [datasets, contents, pretrainings, ...tablesOfRuns(database)], async () => {
    const ids = await database.runs.where({ datasetId: id }).primaryKeys();
    await removeRuns(database, ids);
    await pretrainings.where({ datasetId: id }).delete();
    await contents.delete(id);
    await datasets.delete(id);
  });
}

/** Whatever belongs to single runs. */
const tablesOfRuns = ({ runs, epochs, policies, outcomes, models }: StudioDatabase) => [runs, epochs, policies, outcomes, models];

export function deleteRuns(database: StudioDatabase, ids: readonly number[]): Promise<void> {
  return database.transaction('rw', tablesOfRuns(database), () => removeRuns(database, ids));
}

async function removeRuns({ runs, epochs, policies, outcomes, models }: StudioDatabase, ids: readonly number[]): Promise<void> {
  await epochs.where('runId').anyOf(ids).delete();
  await policies.where('runId').anyOf(ids).delete();
  await outcomes.bulkDelete([...ids]);
  await models.bulkDelete([...ids]);
  await runs.bulkDelete([...ids]);
}
