import * as z from 'zod/mini';
import { contentsHash } from '../../data/contentsHash.ts';
import { shownName } from '../../data/shownName.ts';
import { ExperimentError, readExperiment } from '../../experiments/experiment.ts';
import { canonical } from '../../results/canonical.ts';
import { contradictionOf } from '../../results/runFile.ts';
import { hasEnded } from '../cleaning.ts';
import { type DatasetRow, hashOf, type RunRow, type StudioDatabase } from '../database.ts';
import type { FileStore } from '../files.ts';
import { filesIn, withFiles } from '../named.ts';
import { endOfQueue } from '../queue.ts';
import { resultRun } from '../results.ts';
import { sizeOf } from '../sizeOf.ts';
import { checkRun, fingerprint, isAlike, knownRuns, ResultsRefusedError } from '../takeIn.ts';
import { type Archive, openArchive, RecordRefusedError, recordIn } from './archive.ts';
import { contradictionInDataset, contradictionInParameters, contradictionInRun } from './contradiction.ts';
import { FOLDERS, type Folder, fileEntry, folderOf, LISTING, MANIFEST, SETTINGS } from './names.ts';
import * as schemas from './schemas.ts';
import type { Going } from './write.ts';
import { DamagedEntryError, partsOf } from './zip.ts';

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
  /** Of the known runs those that lacked ranks, policies or a model, which came. */
  completed: number;
  /** Of the runs that came those that waited, or were being trained: they are held, or interrupted, here. */
  waiting: number;
  /** The dataset that was in use there, by its number here. */
  datasetId: number | null;
  /** What could not be taken in, and why, record by record. */
  readonly problems: string[];
}

const datasetRecord = z.object({ row: schemas.datasetRow, dataset: z.nullable(schemas.dataset) });

/** A run that is checked, and the files of its checkpoint by what they were called there. */
interface PendingRun {
  readonly record: schemas.RunRecord;
  readonly dataset: DatasetRow;
  readonly print: string;
  readonly files: ReadonlyMap<string, string> | null;
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
  file: Blob,
  going: Going,
): Promise<WorkspaceTaken> {
  const archive = await openArchive(file);
  const takingIn = new TakingIn(database, files, archive, going);
  try {
    return await takingIn.all();
  } finally {
    await takingIn.end();
  }
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
    const read = await recordIn(this.archive, name, datasetRecord);
    if (read === null) return;
    const { row, dataset } = read;
    if (row.id !== number) throw new RecordRefusedError('It is under the number of another one.');
    if ((dataset === null) === row.hasContents) throw new RecordRefusedError('Its contents are missing.');
    const wrong = dataset === null ? null : contradictionInDataset(dataset, row);
    if (wrong !== null) throw new RecordRefusedError(`It contradicts itself: ${wrong}.`);
    const hash = dataset === null ? row.hash : await contentsHash(dataset);
    if (hash === null) throw new RecordRefusedError('It does not say what its contents were.');
    const { datasets, contents } = this.database;
    for (const other of (await datasets.toArray()).filter((one) => one.hash === null && sameFigures(one, row))) {
      await hashOf(this.database, other.id);
    }
    const id = await this.database.transaction('rw', datasets, contents, async () => {
      const same = (await datasets.toArray()).filter((one) => one.hash === hash);
      const before = same.find(({ hasContents }) => hasContents) ?? same[0];
      if (before !== undefined && (before.hasContents || dataset === null)) {
        this.taken.datasets.known++;
        return before.id;
      }
      this.taken.datasets.added++;
      const { id: _there, ...rest } = row;
      if (before === undefined) {
        const added = await datasets.add({ ...rest, hash });
        if (dataset !== null) await contents.add({ id: added, dataset });
        return added;
      }
      // Its results were here without it.
      const { name: _name, createdAt: _createdAt, ...changes } = rest;
      await datasets.update(before.id, { ...changes, hash });
      await contents.put({ id: before.id, dataset: dataset as NonNullable<typeof dataset> });
      return before.id;
    });
    const stored = await datasets.get(id);
    if (stored !== undefined) this.here.datasets.set(number, { row: stored, hash });
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
    const experiment = readExperiment(read.experiment);
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
    const hashes = new Map(Array.from(this.here.datasets.values(), ({ row, hash }) => [row.id, hash]));
    const ids = Array.from(hashes.keys());
    for (const [print, id] of await knownRuns(this.database, ids)) this.known.set(print, id);
    await this.database.runs
      .where('datasetId')
      .anyOf(ids)
      .each((row) => {
        this.known.set(askedFor(row, hashes.get(row.datasetId) ?? ''), row.id);
      });
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
    this.pending.push({ record, dataset: dataset.row, print, files: await this.checkpointFiles(record) });
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
      const ids = await this.addRuns(runs);
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
    for (const { files } of runs) for (const file of files?.values() ?? []) await this.files.remove(file);
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
    if (row.status !== 'finished' && row.status !== 'failed') return askedFor(row, dataset.hash);
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
  private addMissing(runId: number, { policies, outcome, model }: schemas.RunRecord): Promise<boolean> {
    const tables = this.database;
    return this.database.transaction('rw', [tables.runs, tables.policies, tables.outcomes, tables.models], async () => {
      const run = await tables.runs.get(runId);
      // What is still being trained writes its own.
      if (run === undefined || !hasEnded(run)) return false;
      const withoutOutcome = outcome !== null && (await tables.outcomes.get(runId)) === undefined;
      const withoutModel = model !== null && (await tables.models.get(runId)) === undefined;
      const own = new Set((await tables.policies.where({ runId }).primaryKeys()).map(([, epoch]) => epoch));
      const missing = policies.filter(({ epoch }) => !own.has(epoch));
      if (withoutOutcome) await tables.outcomes.add({ ...outcome, runId });
      if (withoutModel) await tables.models.add({ ...model, runId });
      await tables.policies.bulkAdd(missing.map((part) => ({ ...part, runId })));
      return withoutOutcome || withoutModel || missing.length > 0;
    });
  }

  /** Copies the files of a run's checkpoint; their names here. Null where there is none, or it is damaged: the run then comes without it. */
  private async checkpointFiles({ row, checkpoint }: schemas.RunRecord): Promise<Map<string, string> | null> {
    if (checkpoint === null) return null;
    const names = new Map<string, string>();
    try {
      for (const name of filesIn(checkpoint)) names.set(name, await this.copy(name));
      return names;
    } catch (error) {
      for (const name of names.values()) await this.files.remove(name);
      if (!(error instanceof DamagedEntryError)) throw error;
      this.taken.problems.push(
        `The checkpoint of run ${row.id}: ${error.message} The run came, and starts from the beginning where it is resumed.`,
      );
      return null;
    }
  }

  private async copy(name: string): Promise<string> {
    const entry = this.archive.entries.get(fileEntry(name));
    if (entry === undefined) throw new DamagedEntryError('Its file is missing.');
    const file = await this.files.create('checkpoint');
    try {
      let at = 0;
      for await (const part of partsOf(this.archive.blob, entry)) {
        await this.going.turn();
        file.write(part, at);
        at += part.length;
      }
    } catch (error) {
      await file.abandon();
      throw error;
    }
    await file.finish();
    return file.name;
  }

  private addRuns(added: readonly PendingRun[]): Promise<number[]> {
    const { runs, epochs, policies, outcomes, models, checkpoints } = this.database;
    return this.database.transaction('rw', [runs, epochs, policies, outcomes, models, checkpoints], async () => {
      const ids = await runs.bulkAdd(
        added.map(({ record, dataset }) => this.rowHere(record.row, dataset)),
        { allKeys: true },
      );
      const all = <Part extends { readonly runId: number }>(partsOf: (record: schemas.RunRecord) => readonly (Part | null)[]) =>
        added.flatMap(({ record }, i) => partsOf(record).flatMap((part) => (part === null ? [] : [{ ...part, runId: ids[i] }])));
      await epochs.bulkAdd(all(({ epochs: parts }) => parts));
      await policies.bulkAdd(all(({ policies: parts }) => parts));
      await outcomes.bulkAdd(all(({ outcome }) => [outcome]));
      await models.bulkAdd(all(({ model }) => [model]));
      for (const [i, { record, files }] of added.entries()) {
        if (record.checkpoint === null || files === null) continue;
        await checkpoints.add(withFiles({ ...record.checkpoint, runId: ids[i] }, files));
      }
      return ids;
    });
  }

  /** A run of another workspace as it stands in the queue, or in the list, here. */
  private rowHere({ id: _there, ...row }: schemas.RunRecord['row'], dataset: DatasetRow): Omit<RunRow, 'id'> {
    const experiment = this.here.experiments.get(row.experimentId ?? -1) ?? null;
    const { studio, platform } = this.archive.manifest;
    const moved = {
      ...row,
      datasetId: dataset.id,
      datasetName: dataset.name,
      experimentId: experiment?.id ?? null,
      position: this.position + row.position,
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

const WAITED = {
  name: 'InterruptedError',
  message: 'It was not finished when its workspace was exported. Go on with it here, or remove it.',
};

/** Names are shown, and may be of any length. */
const shown = (name: string): string => `“${shownName(name.length > 80 ? `${name.slice(0, 80)}…` : name)}”`;

/** Tells apart runs that have no result: nobody asks for the same run twice in a millisecond. */
const askedFor = ({ createdAt, configuration, search }: Pick<RunRow, 'createdAt' | 'configuration' | 'search'>, hash: string) =>
  canonical(['asked for', hash, createdAt, configuration, search]);

const sameFigures = (one: DatasetRow, other: DatasetRow): boolean => isAlike(one, { ...other, ...other.figures });
