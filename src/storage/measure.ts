import type { RunRow, StudioDatabase } from './database.ts';
import { type FileStore, isLeftBehind } from './files.ts';
import { filesIn } from './named.ts';
import { sizeOf } from './sizeOf.ts';

/** What a dataset takes, without its runs. All in bytes. */
export interface DatasetRoom {
  readonly id: number;
  readonly name: string;
  /** What lists show of it, and its contents as far as they are rows. */
  readonly contents: number;
  /** Its values, where they lie in a file. */
  readonly file: number;
  readonly pretrained: number;
  /** Pre-trained models. */
  readonly models: number;
}

/** What a run takes, in bytes. */
export interface RunRoom {
  readonly id: number;
  readonly datasetId: number;
  readonly status: RunRow['status'];
  readonly method: string;
  readonly seed: number;
  readonly search: string | null;
  /** Its settings, results and epochs. */
  readonly record: number;
  /** Of all epochs but the best; of a run without a best one nothing. */
  readonly otherPolicies: number;
  /** Of the best epoch, or of all where there is none. */
  readonly policies: number;
  readonly ranks: number;
  readonly model: number;
  readonly checkpoint: number;
}

/** Where the studio's room goes. */
export interface Room {
  readonly datasets: readonly DatasetRoom[];
  readonly runs: readonly RunRoom[];
  readonly experiments: number;
  /** Settings, and how files were read. */
  readonly settings: number;
  /** What no dataset and no run has: left behind by a tab that was closed while it wrote. */
  readonly orphans: number;
  /** Files that are being written, or may be: nothing has them yet. */
  readonly beingWritten: number;
}

/**
 * Measures what is stored. What was measured once is not read again as long as it cannot have changed, so that measuring anew after
 * each run stays cheap; one row is in memory at a time.
 */
export class Scales {
  private readonly known = new Map<string, number>();
  /** Of the last time, so that what is gone is forgotten. */
  private used = new Map<string, number>();
  /** The files that contents name. */
  private readonly filesOfContents = new Map<number, readonly string[]>();

  constructor(
    private readonly database: StudioDatabase,
    private readonly files: () => Promise<FileStore>,
  ) {}

  async measure(): Promise<Room> {
    const { datasets, runs, experiments, settings, mappings } = this.database;
    this.used = new Map();
    const now = Date.now();
    const stored = await (await this.files()).list();
    const sizes = new Map(stored.map(({ name, bytes }) => [name, bytes]));
    const named = new Set<string>();
    const fileBytes = (names: readonly string[]): number => {
      for (const name of names) named.add(name);
      return names.reduce((sum, name) => sum + (sizes.get(name) ?? 0), 0);
    };
    const datasetRooms: DatasetRoom[] = [];
    for (const row of await datasets.toArray()) {
      const contents = row.hasContents ? await this.contents(row.id) : { bytes: 0, files: [] };
      datasetRooms.push({
        id: row.id,
        name: row.name,
        contents: sizeOf(row) + contents.bytes,
        file: fileBytes(contents.files),
        ...(await this.pretrained(row.id)),
      });
    }
    const parts = await this.partsOfRuns();
    const rooms: ReturnType<typeof emptyRoom>[] = [];
    await runs.each((row) => rooms.push(emptyRoom(row)));
    const measured: RunRoom[] = [];
    for (const room of rooms) measured.push(await this.run(room, parts, fileBytes));
    const orphans = await this.orphans(new Set(datasetRooms.map(({ id }) => id)), new Set(rooms.map(({ id }) => id)), parts);
    const unnamed = stored.filter(({ name }) => !named.has(name));
    const left = sum(unnamed.filter((entry) => isLeftBehind(entry, now)).map(({ bytes }) => bytes));
    const room: Room = {
      datasets: datasetRooms,
      runs: measured,
      experiments: sizeOfAll(await experiments.toArray()),
      settings: sizeOfAll(await settings.toArray()) + sizeOfAll(await mappings.toArray()),
      orphans: orphans + left,
      beingWritten: sum(unnamed.map(({ bytes }) => bytes)) - left,
    };
    this.known.clear();
    for (const [key, bytes] of this.used) this.known.set(key, bytes);
    return room;
  }

  /** The size of something that does not change as long as its key stays. */
  private async once(key: string, measure: () => Promise<number>): Promise<number> {
    const bytes = this.known.get(key) ?? (await measure());
    this.used.set(key, bytes);
    return bytes;
  }

  private async contents(id: number): Promise<{ readonly bytes: number; readonly files: readonly string[] }> {
    const bytes = await this.once(`contents ${id}`, async () => {
      const row = await this.database.contents.get(id);
      this.filesOfContents.set(id, filesIn(row));
      return row === undefined ? 0 : sizeOf(row);
    });
    return { bytes, files: this.filesOfContents.get(id) ?? [] };
  }

  private async pretrained(datasetId: number): Promise<{ readonly pretrained: number; readonly models: number }> {
    const keys = await this.database.pretrainings.where({ datasetId }).primaryKeys();
    let pretrained = 0;
    for (const key of keys) {
      pretrained += await this.once(`pretrained ${key.join(' ')}`, async () => sizeOf(await this.database.pretrainings.get(key)));
    }
    return { pretrained, models: keys.length };
  }

  /** Which runs have rows in the large tables: keys alone are read. */
  private async partsOfRuns() {
    const { epochs, policies, outcomes, models, checkpoints } = this.database;
    return {
      epochs: byRun(await epochs.toCollection().primaryKeys()),
      policies: byRun(await policies.toCollection().primaryKeys()),
      outcomes: new Set(await outcomes.toCollection().primaryKeys()),
      models: new Set(await models.toCollection().primaryKeys()),
      checkpoints: new Map((await checkpoints.toArray()).map((row) => [row.runId, row])),
    };
  }

  private async run(
    room: ReturnType<typeof emptyRoom>,
    parts: Awaited<ReturnType<Scales['partsOfRuns']>>,
    fileBytes: (names: readonly string[]) => number,
  ): Promise<RunRoom> {
    const { epochs, policies, outcomes, models } = this.database;
    const { began, bestEpoch, ...run } = room;
    const { id } = run;
    // A run that starts again writes its rows anew.
    const key = (part: string) => `${part} ${id} ${began}`;
    const ofEpochs = parts.epochs.get(id) ?? [];
    const withPolicies = parts.policies.get(id) ?? [];
    const epochBytes =
      ofEpochs.length === 0
        ? 0
        : await this.once(`${key('epochs')} ${ofEpochs.length}`, async () => sizeOf(await epochs.where({ runId: id }).toArray()));
    // Those of each epoch have the same length: users × blocks.
    const each =
      withPolicies.length === 0
        ? 0
        : await this.once(key('policies'), async () => sizeOf((await policies.get([id, withPolicies[0]]))?.bytes ?? null));
    const others = bestEpoch === null ? 0 : withPolicies.filter((epoch) => epoch !== bestEpoch).length;
    const checkpoint = parts.checkpoints.get(id);
    return {
      ...run,
      record: run.record + epochBytes,
      policies: each * (withPolicies.length - others),
      otherPolicies: each * others,
      ranks: parts.outcomes.has(id) ? await this.once(key('ranks'), async () => sizeOf(await outcomes.get(id))) : 0,
      model: parts.models.has(id) ? await this.once(key('model'), async () => sizeOf(await models.get(id))) : 0,
      checkpoint: checkpoint === undefined ? 0 : sizeOf(checkpoint) + fileBytes(filesIn(checkpoint)),
    };
  }

  /** Rows whose dataset or run is gone. */
  private async orphans(
    datasets: ReadonlySet<number>,
    runs: ReadonlySet<number>,
    parts: Awaited<ReturnType<Scales['partsOfRuns']>>,
  ): Promise<number> {
    const { contents, pretrainings, epochs, policies, outcomes, models } = this.database;
    let bytes = 0;
    for (const id of await contents.toCollection().primaryKeys()) {
      if (!datasets.has(id)) bytes += (await this.contents(id)).bytes;
    }
    for (const key of await pretrainings.toCollection().primaryKeys()) {
      if (!datasets.has(key[0])) bytes += sizeOf(await pretrainings.get(key));
    }
    const gone = (ids: Iterable<number>) => Array.from(ids).filter((id) => !runs.has(id));
    for (const id of gone(parts.epochs.keys())) bytes += sizeOf(await epochs.where({ runId: id }).toArray());
    for (const id of gone(parts.policies.keys())) bytes += sizeOf(await policies.where({ runId: id }).toArray());
    for (const id of gone(parts.outcomes)) bytes += sizeOf(await outcomes.get(id));
    for (const id of gone(parts.models)) bytes += sizeOf(await models.get(id));
    for (const id of gone(parts.checkpoints.keys())) bytes += sizeOf(parts.checkpoints.get(id));
    return bytes;
  }
}

const sizeOfAll = (rows: readonly object[]): number => rows.reduce((sum, row) => sum + sizeOf(row), 0);

const emptyRoom = (row: RunRow) => ({
  id: row.id,
  datasetId: row.datasetId,
  status: row.status,
  method: row.configuration.method,
  seed: row.configuration.seed,
  search: row.search,
  began: row.startedAt ?? 0,
  bestEpoch: row.result?.bestEpoch ?? null,
  record: sizeOf(row),
  policies: 0,
  otherPolicies: 0,
  ranks: 0,
  model: 0,
  checkpoint: 0,
});

/** The epochs of rows by the run that they belong to. */
function byRun(keys: readonly (readonly [number, number])[]): ReadonlyMap<number, readonly number[]> {
  const found = new Map<number, number[]>();
  for (const [runId, epoch] of keys) {
    const own = found.get(runId);
    if (own === undefined) found.set(runId, [epoch]);
    else own.push(epoch);
  }
  return found;
}

const sum = (sizes: readonly number[]) => sizes.reduce((a, b) => a + b, 0);

export const ofDataset = ({ contents, file, pretrained }: DatasetRoom): number => contents + file + pretrained;
export const ofRun = (run: RunRoom): number =>
  run.record + run.policies + run.otherPolicies + run.ranks + run.model + run.checkpoint;

/** All that was measured. */
export function totalOf({ datasets, runs, experiments, settings, orphans, beingWritten }: Room): number {
  return sum(datasets.map(ofDataset)) + sum(runs.map(ofRun)) + experiments + settings + orphans + beingWritten;
}
