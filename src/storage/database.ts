import Dexie, { type EntityTable, type Table } from 'dexie';
import type { Configuration } from '../configuration/schema.ts';
import { contentsHash } from '../data/contentsHash.ts';
import type { Dataset, DatasetFigures, Origin, PreparationSettings, Scenario, TargetTask } from '../data/dataset.ts';
import type { FileFormat } from '../data/import/format.ts';
import { type DatasetShape, shapeInSteps, shapeOf } from '../data/shape.ts';
import type { Steps } from '../data/steps.ts';
import type { BackendInfo } from '../engine/backend.ts';
import type { Metrics, Outcomes } from '../engine/evaluation/metrics.ts';
import type { PolicySummary } from '../engine/evaluation/policies.ts';
import type { StoredParameters } from '../engine/model/parameters.ts';
import type { Cost, TargetsGroup } from '../engine/training/fineTuning.ts';
import type { FineTuningEpoch, PretrainingEpoch, Progress } from '../engine/training/observer.ts';
import type { Pretrained } from '../engine/training/pretraining.ts';
import type { BackendEnvironment, RunSeconds } from '../engine/training/report.ts';
import type { Experiment } from '../experiments/experiment.ts';
import { NewerSchemaError, NothingStoredError, storageFault } from './errors.ts';
import { filesOf, removeFiles } from './fileStore.ts';
import { FileCutShortError, FileMissingError } from './files.ts';
import { FileValues } from './fileValues.ts';
import { type PackedDataset, packDataset, packedBytes, unpackDataset } from './packedDataset.ts';
import { repacked } from './policies.ts';
import { showNames } from './shownRows.ts';
import { guardStatus } from './trained.ts';
import { CHECKS, type DamagedRow, wholeRows } from './whole.ts';

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
  /** What the import had to say about its files, in sentences: what was left out, and what the optional ones brought. */
  readonly notes: readonly string[];
  /** Of its contents, by which results from elsewhere find it; null until it is asked for: see `hashOf`. */
  readonly hash: string | null;
  /** False: it came with results from elsewhere, and has nothing to train on. */
  readonly hasContents: boolean;
  /** Size of the contents in memory, which is close to their size on disk. */
  readonly bytes: number;
  /** Of a large dataset: the file with the values of its source sequences. */
  readonly file?: string;
  /** What its figures are drawn from; not there in rows of earlier versions until it is asked for: see `knownShapeOf`. */
  readonly shape?: DatasetShape;
}

/** A large dataset is packed, and the values of its source sequences are in a file. */
type ContentsRow =
  | { readonly id: number; readonly dataset: Dataset; readonly packed?: undefined }
  | { readonly id: number; readonly dataset?: undefined; readonly packed: PackedDataset };

/**
 * A run is queued (`held`: but not to be taken yet), running or paused; then one of the last four. `interrupted`: its tab or its
 * worker went away; the others of them are final (`guardStatus`).
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
  /** How often its tab went away while it was trained, since it was queued by hand or got further; 0 where it is left out. */
  readonly interruptions?: number;
  /** Only while its checkpoints cannot be written: what it has computed since then would be lost with its tab. */
  readonly unsaved?: { readonly since: number; readonly message: string } | null;
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
  /** What computed it: name and variant, of several one after the other. */
  readonly backend?: string;
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

/** The form in which all is stored; what brings earlier ones to it is below. */
export const VERSION = 5;

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
  /** A newer version of the studio has asked for the database: this one writes nothing more. */
  isOutdated = false;

  /** @param onDamaged told of a damaged row each time one is come across: it is hidden then. Left out: nothing is looked at */
  constructor(name = 'uaf-studio', onDamaged?: (row: DamagedRow) => void) {
    super(name, { chromeTransactionDurability: 'strict' });
    if (onDamaged !== undefined) this.use(wholeRows(CHECKS, onDamaged));
    // In place of Dexie's own, which would open again what a newer version is about to change. A deletion is let through.
    this.on('versionchange', ({ newVersion }) => {
      this.isOutdated ||= newVersion !== null;
      this.close({ disableAutoOpen: newVersion !== null });
      return false;
    });
    const refuseNewer = () => {
      if (Math.floor((this.backendDB()?.version ?? 0) / 10) > VERSION) throw new NewerSchemaError();
    };
    this.on('ready', refuseNewer, true);
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
        // One damaged row must not keep all others from being opened.
        await tables('policies').modify((row: { bytes?: unknown }) => {
          if (row.bytes instanceof Uint8Array) row.bytes = repacked(row.bytes);
        });
        // Their instances are not known: the runs are kept, but cannot take part in paired tests.
        await tables('outcomes').delete();
        const items = new Map<number, number>();
        await tables('datasets').each(({ id, figures }: Partial<DatasetRow>) => items.set(id ?? -1, figures?.sourceItems ?? 0));
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
    this.version(VERSION).stores({ checkpoints: 'runId', mappings: 'key', files: 'name' });
    this.runs.hook('updating', guardStatus);
    showNames(this);
  }
}

async function paced<T>(steps: Steps<T>, turn: Pace['turn']): Promise<T> {
  for (;;) {
    const step = steps.next();
    if (step.done) return step.value;
    await turn();
  }
}

/** Lets a long piece of work be ended: `turn` is awaited now and then, and throws the reason once there is one. */
interface Pace {
  readonly turn: () => Promise<void>;
  readonly reason: Error | null;
}

/**
 * Stores a dataset, whole or not at all; its id.
 *
 * @param pace of whoever may end the storing; then nothing is left of it
 */
export async function addDataset(
  database: StudioDatabase,
  dataset: Dataset,
  notes: readonly string[] = [],
  pace: Pace = { turn: async () => {}, reason: null },
): Promise<number> {
  const { name, origin, task, settings, figures, timed } = dataset;
  const { values } = dataset.source;
  const packed = values instanceof FileValues ? await packDataset(dataset, values.name, pace.turn) : null;
  const shape = await paced(shapeInSteps(dataset), pace.turn);
  const figured = { figures, timed, notes, shape };
  const row = { name, createdAt: Date.now(), origin, task, settings, ...figured, hash: null, hasContents: true };
  return database.transaction('rw', database.datasets, database.contents, async () => {
    const stored =
      packed === null ? { ...row, bytes: sizeOf(dataset) } : { ...row, bytes: packedBytes(packed), file: packed.source.file };
    const id = await database.datasets.add(stored);
    await database.contents.add(packed === null ? { id, dataset } : { id, packed });
    if (pace.reason !== null) throw pace.reason;
    return id;
  });
}

/**
 * What training and the look into models need of a dataset. Source sequences of a large one are read when they are asked for.
 *
 * @throws NothingStoredError where it is not here, in words; FileMissingError, FileCutShortError
 */
export async function contentsOf(database: StudioDatabase, datasetId: number): Promise<Dataset> {
  const contents = await database.contents.get(datasetId);
  if (contents?.packed !== undefined) return unpackDataset(contents.packed, await openValues(database, contents.packed.source));
  if (contents !== undefined) return contents.dataset;
  const row = await database.datasets.get(datasetId);
  if (row === undefined) throw new NothingStoredError('The dataset of this run was deleted.');
  throw new NothingStoredError(withoutContents(row.name));
}

const openedValues = new WeakMap<StudioDatabase, Map<string, Promise<FileValues>>>();

/** Opened once, and kept open: whoever has the dataset may ask at any time. */
function openValues(database: StudioDatabase, { file, length }: PackedDataset['source']): Promise<FileValues> {
  const opened = openedValues.get(database) ?? new Map<string, Promise<FileValues>>();
  openedValues.set(database, opened);
  const known = opened.get(file);
  if (known !== undefined) return known;
  const opening = openedFile(database, file, length);
  // Those who ask at the same time get the same; what could not be opened is opened anew.
  opened.set(file, opening);
  opening.catch(() => opened.delete(file));
  return opening;
}

async function openedFile(database: StudioDatabase, file: string, length: number): Promise<FileValues> {
  const stored = await (await filesOf(database)).open(file);
  if (stored.size === 4 * length) return new FileValues(stored, length);
  stored.close();
  throw new FileCutShortError(file);
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
  try {
    await database.datasets.update(datasetId, { hash });
  } catch (error) {
    // Without room it is reckoned again the next time.
    if (storageFault(error) === null) throw error;
  }
  return hash;
}

/** The same; null where its contents are lost, and nobody can know it any more. */
export async function knownHashOf(database: StudioDatabase, datasetId: number): Promise<string | null> {
  try {
    return await hashOf(database, datasetId);
  } catch (error) {
    const isLost = error instanceof FileMissingError || error instanceof FileCutShortError || error instanceof NothingStoredError;
    if (!isLost) throw error;
    return null;
  }
}

/** The shape of a dataset, reckoned when it is first asked for. @throws NothingStoredError where its contents are not here */
export async function knownShapeOf(database: StudioDatabase, datasetId: number): Promise<DatasetShape> {
  const row = await database.datasets.get(datasetId);
  if (row?.shape !== undefined) return row.shape;
  const shape = shapeOf(await contentsOf(database, datasetId));
  await database.datasets.update(datasetId, { shape });
  return shape;
}

/** Two bytes a character is what engines use for text that is not Latin; ids are, so this is an upper bound. */
function sizeOf(dataset: Dataset): number {
  const { users, sourceItems, targetItems, sourceNames, targetNames, source, targets, attributes } = dataset;
  const text = [users, sourceItems, targetItems, sourceNames ?? [], targetNames ?? []].reduce(
    (sum, names) => sum + names.reduce((n, name) => n + name.length, 0),
    0,
  );
  const arrays = [source.offsets, targets.offsets, targets.values, ...attributes.map(({ codes }) => codes)];
  return text + 4 * source.values.length + arrays.reduce((sum, array) => sum + array.byteLength, 0);
}

/** Removes a dataset with everything that was computed on it. */
export async function deleteDataset(database: StudioDatabase, id: number): Promise<void> {
  const tables = [database.datasets, database.contents, database.pretrainings, ...tablesOfRuns(database)];
  await removeFiles(database, await database.transaction('rw', tables, () => removeDataset(database, id)));
}

/** Its rows, within a transaction; the files that are to be removed after it. */
export async function removeDataset(database: StudioDatabase, id: number): Promise<readonly string[]> {
  const file = (await database.datasets.get(id))?.file;
  const ofRuns = await removeRuns(database, await database.runs.where({ datasetId: id }).primaryKeys());
  await database.pretrainings.where({ datasetId: id }).delete();
  await database.contents.delete(id);
  await database.datasets.delete(id);
  return file === undefined ? ofRuns : [file, ...ofRuns];
}

/** Whatever belongs to single runs. */
const tablesOfRuns = ({ runs, epochs, policies, outcomes, models, checkpoints }: StudioDatabase) => [
  runs,
  epochs,
  policies,
  outcomes,
  models,
  checkpoints,
];

export async function deleteRuns(database: StudioDatabase, ids: readonly number[]): Promise<void> {
  await removeFiles(database, await database.transaction('rw', tablesOfRuns(database), () => removeRuns(database, ids)));
}

/** The rows of runs, within a transaction; the files that are to be removed after it. */
export async function removeRuns(database: StudioDatabase, ids: readonly number[]): Promise<readonly string[]> {
  const { runs, epochs, policies, outcomes, models, checkpoints } = database;
  const named = await checkpoints.bulkGet([...ids]);
  await epochs.where('runId').anyOf(ids).delete();
  await policies.where('runId').anyOf(ids).delete();
  await outcomes.bulkDelete([...ids]);
  await models.bulkDelete([...ids]);
  await checkpoints.bulkDelete([...ids]);
  await runs.bulkDelete([...ids]);
  return named.flatMap((row) => row?.file ?? []);
}
