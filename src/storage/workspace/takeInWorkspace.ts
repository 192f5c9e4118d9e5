import { contentsHash } from '../../data/contentsHash.ts';
import type { Dataset } from '../../data/dataset.ts';
import { shownName } from '../../data/shownName.ts';
import { DamagedEntryError, partsOf } from '../../data/zip/contents.ts';
import { ExperimentError, readExperiment } from '../../experiments/experiment.ts';
import { canonical } from '../../results/canonical.ts';
import { contradictionOf } from '../../results/runFile.ts';
import { hasEnded } from '../cleaning.ts';
import { type CheckpointRow, type DatasetRow, knownHashOf, type RunRow, type StudioDatabase } from '../database.ts';
import type { FileKind, FileStore } from '../files.ts';
import { whileNaming } from '../filesLock.ts';
import { FileValues } from '../fileValues.ts';
import { areWhole, type PackedDataset, packedBytes, unpackDataset } from '../packedDataset.ts';
import { endOfQueue } from '../queue.ts';
import { resultRun } from '../results.ts';
import { shownExperiment } from '../shownRows.ts';
import { sizeOf } from '../sizeOf.ts';
import { checkRun, fingerprint, isAlike, ResultsRefusedError } from '../takeIn.ts';
import { type Archive, openArchive, RecordRefusedError, recordIn } from './archive.ts';
import { contradictionInDataset, contradictionInParameters, contradictionInRun } from './contradiction.ts';
import { FOLDERS, type Folder, fileEntry, folderOf, LISTING, MANIFEST, SETTINGS } from './names.ts';
import * as schemas from './schemas.ts';
import { standInFor } from './standIn.ts';
import { addMissingParts, addRuns, mayGoOn, type PendingRun } from './storedRuns.ts';
import type { Going } from './write.ts';

/** What came of one kind of records. */
interface Came {
  added: number;
  /** Were here already. */
  known: number;
}

/** What came of a workspace. */
export interface WorkspaceTaken {
  readonly datasets: Came;
  readonly pretrained: Came;
  readonly experiments: Came;
  readonly runs: Came;
  /** Of the known runs those that lacked ranks, policies, a model or a checkpoint, which came. */
  completed: number;
  /** Of the runs that came those that waited, or were being trained: they are held, or interrupted, here. */
  waiting: number;
  /** The dataset that was in use there, by its number here. */
  datasetId: number | null;
  /** What could not be taken in, and why, record by record. */
  readonly problems: string[];
}

/** Bytes, and runs, that are stored together. */
const MOST_PENDING = 16_000_000;
const RUNS_AT_A_TIME = 20;

/** Numbers there to what they are here. */
interface Renumbered {
  readonly datasets: Map<number, { readonly row: DatasetRow; readonly hash: string }>;
  readonly experiments: Map<number, { readonly id: number; readonly name: string }>;
}

/**
 * Takes in the file of a workspace, record by record, each whole or not at all: what is damaged is named, and the rest comes. Numbers
 * are given anew; a dataset with the same contents, an equal experiment and a run that is here already are not stored twice.
 *
 * @throws WorkspaceError for a file that is none, or of a newer version; whatever `going.turn` throws to end it: what came until then stays
 */
export async function takeInWorkspace(
  database: StudioDatabase,
  files: FileStore,
  locks: LockManager | undefined,
  file: Blob,
  going: Going,
): Promise<WorkspaceTaken> {
  const archive = await openArchive(file);
  // Its files are there before the rows that name them.
  return whileNaming(locks, async () => {
    const takingIn = new TakingIn(database, files, archive, going);
    try {
      return await takingIn.all();
    } finally {
      await takingIn.end();
    }
  });
}

class TakingIn {
  private readonly taken: WorkspaceTaken = {
    datasets: { added: 0, known: 0 },
    pretrained: { added: 0, known: 0 },
    experiments: { added: 0, known: 0 },
    runs: { added: 0, known: 0 },
    completed: 0,
    waiting: 0,
    datasetId: null,
    problems: [],
  };
  private readonly here: Renumbered = { datasets: new Map(), experiments: new Map() };
  /** Runs that are here, by what tells them apart: finished and failed ones by their results, the others by when they were asked for. */
  private readonly known = new Map<string, number>();
  private position = 0;
  /** Runs that are checked, and wait to be stored with others: a transaction for each takes longer than all that is written in it. */
  private pending: PendingRun[] = [];
  private pendingBytes = 0;

  constructor(
    private readonly database: StudioDatabase,
    private readonly files: FileStore,
    private readonly archive: Archive,
    private readonly going: Going,
  ) {}

  async all(): Promise<WorkspaceTaken> {
    const { entries, lost, manifest } = this.archive;
    const numbers: Record<Folder, number[]> = { datasets: [], pretrained: [], experiments: [], runs: [] };
    for (const name of entries.keys()) {
      const place = folderOf(name);
      if (place !== null) numbers[place.folder].push(place.number);
      else if (![MANIFEST, LISTING, SETTINGS].includes(name) && !name.startsWith('files/'))
        this.taken.problems.push(`${shown(name)}: This is no part of a workspace.`);
    }
    for (const name of lost) if (!entries.has(name)) this.taken.problems.push(`${shown(name)}: It is missing.`);
    const total = 1 + FOLDERS.reduce((sum, folder) => sum + numbers[folder].length, 0);
    let done = 0;
    await this.one('Settings', () => this.settings());
    for (const folder of FOLDERS) {
      if (folder === 'runs') await this.lookAtRuns();
      for (const number of numbers[folder].sort((a, b) => a - b)) {
        await this.going.turn();
        await this.one(`${WORDS[folder]} ${number}`, () => this[folder](`${folder}/${number}.record`, number));
        this.going.share(++done / total);
      }
    }
    await this.storeRuns();
    this.going.share(1);
    this.taken.datasetId = this.here.datasets.get(manifest.datasetId ?? -1)?.row.id ?? null;
    return this.taken;
  }

  /** What was stopped before it was stored leaves nothing behind. */
  async end(): Promise<void> {
    await this.forget(this.pending);
    this.pending = [];
  }

  /** A record that is refused is named; the others come. */
  private async one(words: string, work: () => Promise<void>): Promise<void> {
    try {
      await work();
    } catch (error) {
      const isRefused =
        error instanceof RecordRefusedError || error instanceof ResultsRefusedError || error instanceof ExperimentError;
      if (!isRefused) throw error;
      this.taken.problems.push(`${words}: ${error.message}`);
    }
  }

  /** What was set here stays; what was not comes. */
  private async settings(): Promise<void> {
    const read = await recordIn(this.archive, SETTINGS, schemas.settingsRecord);
    if (read === null) return;
    const { settings, mappings } = this.database;
    await this.database.transaction('rw', settings, mappings, async () => {
      for (const row of read.settings) if ((await settings.get(row.name)) === undefined) await settings.add(row);
      for (const row of read.mappings) if ((await mappings.get(row.key)) === undefined) await mappings.add(row);
    });
  }

  private async datasets(name: string, number: number): Promise<void> {
    const read = await recordIn(this.archive, name, schemas.datasetRecord);
    if (read === null) return;
    const { row, dataset, packed } = read;
    if (row.id !== number) throw new RecordRefusedError('It is under the number of another one.');
    if ((dataset === null && packed === null) === row.hasContents) throw new RecordRefusedError('Its contents are missing.');
    if (packed === null) {
      const { file: _file, ...plain } = row;
      const hash = dataset === null ? row.hash : await this.checked(dataset, row);
      await this.addDataset(number, plain, hash, dataset === null ? null : { dataset });
    } else await this.largeDataset(number, row, packed);
  }

  /** A dataset whose values are a file: it is here, and looked at part by part, before a row names it; without a row none stays. */
  private async largeDataset(number: number, row: DatasetRow, packed: PackedDataset): Promise<void> {
    const { source } = packed;
    const file = await this.copyValues(source);
    let isNamed = false;
    try {
      const opened = await this.files.open(file);
      let hash: string;
      try {
        const dataset = unpackDataset(packed, new FileValues(opened, source.length));
        if (!areWhole(packed, dataset)) throw new RecordRefusedError('It contradicts itself: its names are cut short.');
        hash = await this.checked(dataset, row);
      } finally {
        opened.close();
      }
      const here = { ...packed, source: { ...source, file } };
      isNamed = await this.addDataset(number, { ...row, bytes: packedBytes(here), file }, hash, { packed: here });
    } finally {
      if (!isNamed) await this.files.remove(file);
    }
  }

  /** The hash of contents in which nothing is wrong. @throws RecordRefusedError */
  private async checked(dataset: Dataset, row: DatasetRow): Promise<string> {
    const wrong = await contradictionInDataset(dataset, row, this.going.turn);
    if (wrong !== null) throw new RecordRefusedError(`It contradicts itself: ${wrong}.`);
    const hash = await contentsHash(dataset);
    await this.going.turn();
    return hash;
  }

  /** @throws RecordRefusedError where there are not as many values as the dataset says, or they are damaged */
  private async copyValues({ file, length }: PackedDataset['source']): Promise<string> {
    const size = this.archive.entries.get(fileEntry(file))?.size;
    if (size !== undefined && size !== 4 * length)
      throw new RecordRefusedError(`Its file has ${size} bytes in place of ${4 * length}.`);
    try {
      return await this.copy(file, 'dataset');
    } catch (error) {
      if (!(error instanceof DamagedEntryError)) throw error;
      throw new RecordRefusedError(`Its file of source sequences: ${error.message}`, { cause: error });
    }
  }

  /**
   * Stores a dataset unless it is here already, or gives its contents to the one of which only results were here; whether they are
   * stored.
   *
   * @throws RecordRefusedError where it is not known what its contents were
   */
  private async addDataset(
    number: number,
    { id: _there, ...row }: DatasetRow,
    hash: string | null,
    content: { readonly dataset: Dataset } | { readonly packed: PackedDataset } | null,
  ): Promise<boolean> {
    if (hash === null) throw new RecordRefusedError('It does not say what its contents were.');
    const { datasets, contents } = this.database;
    for (const other of (await datasets.toArray()).filter((one) => one.hash === null && sameFigures(one, row))) {
      await knownHashOf(this.database, other.id);
    }
    const { id, isStored } = await this.database.transaction('rw', datasets, contents, async () => {
      const same = (await datasets.toArray()).filter((one) => (one.hash ?? standInFor(one)) === hash);
      const before = same.find(({ hasContents }) => hasContents) ?? same[0];
      if (before !== undefined && (before.hasContents || content === null)) {
        this.taken.datasets.known++;
        return { id: before.id, isStored: false };
      }
      this.taken.datasets.added++;
      const { name: _name, createdAt: _createdAt, ...changes } = row;
      // Its results may have been here without it.
      if (before !== undefined) await datasets.update(before.id, { ...changes, hash });
      const id = before?.id ?? (await datasets.add({ ...row, hash }));
      if (content !== null) await contents.put({ id, ...content });
      return { id, isStored: content !== null };
    });
    const stored = await datasets.get(id);
    if (stored !== undefined) this.here.datasets.set(number, { row: stored, hash });
    return isStored;
  }

  private async pretrained(name: string): Promise<void> {
    const read = await recordIn(this.archive, name, schemas.pretraining);
    if (read === null) return;
    const datasetId = this.datasetOf(read.datasetId).row.id;
    const wrong = contradictionInParameters(read.parameters);
    if (wrong !== null) throw new RecordRefusedError(`It contradicts itself: ${wrong}.`);
    const { pretrainings } = this.database;
    await this.database.transaction('rw', pretrainings, async () => {
      const isKnown = (await pretrainings.get([datasetId, read.key])) !== undefined;
      if (!isKnown) await pretrainings.add({ ...read, datasetId });
      this.taken.pretrained[isKnown ? 'known' : 'added']++;
    });
  }

  private async experiments(name: string, number: number): Promise<void> {
    const read = await recordIn(this.archive, name, schemas.experimentRecord);
    if (read === null) return;
    const experiment = shownExperiment(readExperiment(read.experiment));
    const wanted = canonical(experiment);
    const { experiments } = this.database;
    const id = await this.database.transaction('rw', experiments, async () => {
      const same = (await experiments.toArray()).find((row) => canonical(row.experiment) === wanted);
      this.taken.experiments[same === undefined ? 'added' : 'known']++;
      return same?.id ?? (await experiments.add({ createdAt: read.createdAt, experiment }));
    });
    this.here.experiments.set(number, { id, name: experiment.name });
  }

  /** Once all datasets are known, and before the first run. */
  private async lookAtRuns(): Promise<void> {
    this.position = await endOfQueue(this.database);
    const { runs, epochs } = this.database;
    for (const dataset of this.here.datasets.values()) {
      for (const row of await runs.where({ datasetId: dataset.row.id }).toArray()) {
        this.known.set(askedFor(row, dataset.hash), row.id);
        if (!hasResult(row)) continue;
        const own = await epochs.where({ runId: row.id }).sortBy('epoch');
        // The environment says nothing that is compared.
        const run = resultRun({ run: row, epochs: own, details: null }, dataset, { studio: '', platform: '' }, null);
        this.known.set(fingerprint(run), row.id);
      }
    }
  }

  private async runs(name: string, number: number): Promise<void> {
    const record = await recordIn(this.archive, name, schemas.runRecord);
    if (record === null) return;
    const { row } = record;
    if (row.id !== number) throw new RecordRefusedError('It is under the number of another one.');
    const dataset = this.datasetOf(row.datasetId);
    const wrong = contradictionInRun(record, dataset.row);
    if (wrong !== null) throw new RecordRefusedError(`It contradicts itself: ${wrong}.`);
    const print = this.printOf(record, dataset);
    const before = this.known.get(print);
    if (before !== undefined) {
      this.taken.runs.known++;
      if (await this.addMissing(before, record)) this.taken.completed++;
      return;
    }
    if (this.pending.some((run) => run.print === print)) {
      this.taken.runs.known++;
      return;
    }
    this.pending.push({ record, dataset: dataset.row, print, checkpoint: await this.copyCheckpoint(record) });
    this.pendingBytes += sizeOf(record);
    if (this.pendingBytes > MOST_PENDING || this.pending.length >= RUNS_AT_A_TIME) await this.storeRuns();
  }

  /** Stores what waits, all or nothing. */
  private async storeRuns(): Promise<void> {
    const runs = this.pending;
    this.pending = [];
    this.pendingBytes = 0;
    if (runs.length === 0) return;
    try {
      const ids = await addRuns(this.database, runs, ({ record, dataset }) => this.rowHere(record.row, dataset));
      for (const [i, { print, record }] of runs.entries()) {
        this.known.set(print, ids[i]);
        if (!hasEnded(record.row) || record.row.status === 'interrupted') this.taken.waiting++;
      }
      this.taken.runs.added += runs.length;
    } catch (error) {
      await this.forget(runs);
      throw error;
    }
  }

  /** The files of runs that did not come. */
  private async forget(runs: readonly PendingRun[]): Promise<void> {
    for (const { checkpoint } of runs) if (checkpoint !== null) await this.files.remove(checkpoint.file);
  }

  /** @throws RecordRefusedError where it did not come */
  private datasetOf(number: number) {
    const found = this.here.datasets.get(number);
    if (found !== undefined) return found;
    throw new RecordRefusedError('The dataset that it is of did not come.');
  }

  /** What tells a run apart. @throws RecordRefusedError, ResultsRefusedError where its results contradict themselves */
  private printOf(record: schemas.RunRecord, dataset: { readonly row: DatasetRow; readonly hash: string }): string {
    const { row, epochs, policies, outcome } = record;
    if (!hasResult(row)) return askedFor(row, dataset.hash);
    const details =
      outcome === null
        ? null
        : { ...outcome, users: outcome.users ?? null, epochs: policies.map(({ epoch, bytes }) => ({ epoch, bytes })) };
    const { studio, platform } = this.archive.manifest;
    const result = resultRun({ run: row, epochs, details }, dataset, { studio, platform }, null);
    const wrong = contradictionOf(result);
    if (wrong !== null) throw new RecordRefusedError(`It contradicts itself: ${wrong}.`);
    checkRun(result);
    return fingerprint(result);
  }

  /** What the run that is here lacks of what came; whether that was something. */
  private async addMissing(runId: number, record: schemas.RunRecord): Promise<boolean> {
    const isWanted = mayGoOn(await this.database.runs.get(runId)) && (await this.database.checkpoints.get(runId)) === undefined;
    const checkpoint = isWanted ? await this.copyCheckpoint(record) : null;
    let isNamed = false;
    try {
      const added = await addMissingParts(this.database, runId, record, checkpoint);
      isNamed = added.isNamed;
      return added.isNamed || added.areParts;
    } finally {
      if (checkpoint !== null && !isNamed) await this.files.remove(checkpoint.file);
    }
  }

  /** Copies the file of a run's checkpoint; its row here. Null where there is none, or it is damaged: the run is then without it. */
  private async copyCheckpoint({ row, checkpoint }: schemas.RunRecord): Promise<CheckpointRow | null> {
    if (checkpoint === null) return null;
    try {
      return { ...checkpoint, file: await this.copy(checkpoint.file, 'checkpoint') };
    } catch (error) {
      if (!(error instanceof DamagedEntryError)) throw error;
      this.taken.problems.push(
        `The checkpoint of run ${row.id}: ${error.message} The run is here without it; where it is resumed, it starts from the beginning.`,
      );
      return null;
    }
  }

  /** Copies a file of the archive; its name here. @throws DamagedEntryError */
  private async copy(name: string, kind: FileKind): Promise<string> {
    const entry = this.archive.entries.get(fileEntry(name));
    if (entry === undefined) throw new DamagedEntryError('Its file is missing.');
    const file = await this.files.create(kind);
    try {
      let at = 0;
      for await (const part of partsOf(this.archive.zip, entry)) {
        await this.going.turn();
        file.write(part, at);
        at += part.length;
      }
      await file.finish();
    } catch (error) {
      await file.abandon();
      throw error;
    }
    return file.name;
  }

  /** A run of another workspace as it stands in the queue, or in the list, here. */
  private rowHere({ id: _there, unsaved, ...row }: schemas.RunRecord['row'], dataset: DatasetRow): Omit<RunRow, 'id'> {
    const experiment = this.here.experiments.get(row.experimentId ?? -1) ?? null;
    const { studio, platform } = this.archive.manifest;
    const moved = {
      ...row,
      datasetId: dataset.id,
      datasetName: dataset.name,
      experimentId: experiment?.id ?? null,
      position: this.position + row.position,
      // All that came of it is stored.
      ...(unsaved !== undefined && { unsaved: null }),
    };
    // Nothing begins to train by itself because a file was opened.
    if (experiment !== null && (!hasEnded(row) || row.status === 'interrupted')) return { ...moved, status: 'held' };
    if (hasEnded(row)) {
      if (row.backend === null || row.elsewhere !== undefined || row.result === null) return moved;
      const { name, adapter, software, variant } = row.backend;
      const environment = { backend: name, adapter, softwareAdapter: software, variant, studio, platform };
      return { ...moved, elsewhere: { environment, experiment: experiment?.name ?? null } };
    }
    return { ...moved, status: 'interrupted', finishedAt: Date.now(), error: row.error ?? WAITED };
  }
}

const WORDS: Record<Folder, string> = {
  datasets: 'Dataset',
  pretrained: 'Pre-trained model',
  experiments: 'Experiment',
  runs: 'Run',
};

const hasResult = ({ status }: Pick<RunRow, 'status'>): boolean => status === 'finished' || status === 'failed';

const WAITED = {
  name: 'InterruptedError',
  message: 'It was not finished when its workspace was exported. Resume it here, or remove it.',
};

/** Names are shown, and may be of any length. */
const shown = (name: string): string => `“${shownName(name.length > 80 ? `${name.slice(0, 80)}…` : name)}”`;

/** Tells apart runs that have no result: nobody asks for the same run twice in a millisecond. */
const askedFor = ({ createdAt, configuration, search }: Pick<RunRow, 'createdAt' | 'configuration' | 'search'>, hash: string) =>
  canonical(['asked for', hash, createdAt, configuration, search]);

const sameFigures = (one: DatasetRow, other: Omit<DatasetRow, 'id'>): boolean => isAlike(one, { ...other, ...other.figures });
