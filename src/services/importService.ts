import type { PreparationSettings } from '../data/dataset.ts';
import { entriesOf, isZip } from '../data/import/archive.ts';
import { readFiles } from '../data/import/dataset.ts';
import { valuesOfColumn } from '../data/import/domains.ts';
import { recognise } from '../data/import/recognise.ts';
import { supplement } from '../data/import/supplement.ts';
import { prepareInSteps } from '../data/prepare.ts';
import { SIMULATOR_DEFAULTS, simulate } from '../data/simulator.ts';
import { addDataset, adoptResults, deleteDataset, knownShapeOf, type StudioDatabase } from '../storage/database.ts';
import { filesOf, sweepFiles } from '../storage/fileStore.ts';
import type { FileStore } from '../storage/files.ts';
import { NewFileValues } from '../storage/fileValues.ts';
import { forgetMapping } from '../storage/mappings.ts';
import { answer } from './answer.ts';
import { browserFile, bytesToRead, formatted, sourceFile } from './dropped.ts';
import { effectOn } from './effects.ts';
import { NothingReadError } from './errors.ts';
import { assignRemembered, keepCorrections, remembered } from './mappings.ts';
import type { FormattedUpload, ImportProgress, ImportService } from './protocol.ts';
import { inSteps, progressOf, Staging } from './staging.ts';

const optional = (upload: FormattedUpload | null) => (upload === null ? null : formatted(upload));
const LARGE = 32 << 20;
/** Packed files, and Parquet, may hold so many times their size. */
const MOST_PACKED = 100;
const FIRST_VISIT = 'demo dataset made';

/**
 * @param large bytes of files, or of source sequences, from which on they go to the disk
 */
export function importService(
  database: StudioDatabase,
  opening: () => Promise<FileStore> = () => filesOf(database),
  large = LARGE,
): ImportService {
  /** Its id, after results that wait for it have found it. */
  const stored = async (id: number): Promise<number> => {
    await adoptResults(database, id);
    return id;
  };
  let staged: Staging | null = null;
  const stagedReading = () => {
    if (staged === null || staged.reading === null) throw new NothingReadError();
    return { stage: staged, reading: staged.reading };
  };
  /** Ends whatever is going on, and waits until nothing of it is left. */
  const drop = async (): Promise<void> => {
    const dropped = staged;
    staged = null;
    await dropped?.drop();
  };
  const read = async (stage: Staging, onProgress: (progress: ImportProgress) => void): Promise<void> => {
    const { source, target, skipBadRows } = stage.request;
    const size = bytesToRead(stage.request);
    const scratch = size * MOST_PACKED > large ? await stage.scratchIn(await opening()) : null;
    const tell = progressOf('reading', onProgress);
    const onBytes = (bytes: number) => tell(bytes / Math.max(1, size));
    const turn = () => stage.pacer.turn();
    const reading = await readFiles(formatted(source), formatted(target), { skipBadRows, onBytes, turn, scratch });
    await stage.pacer.settle();
    await keepCorrections(database, stage.request);
    await stage.pacer.settle();
    stage.reading = reading;
  };
  const store = async (
    { stage, reading }: ReturnType<typeof stagedReading>,
    name: string,
    settings: PreparationSettings,
    onProgress: (progress: ImportProgress) => void,
  ): Promise<number> => {
    const { sourceNames, targetNames, attributes, skipBadRows } = stage.request;
    const files = await opening();
    const file = files.isOnDisk && 4 * reading.source.length > large ? await files.create('dataset') : null;
    try {
      const room = (length: number) => (file === null ? new Int32Array(length) : new NewFileValues(file, length));
      const preparing = progressOf('preparing', onProgress);
      const prepared = await inSteps(prepareInSteps(name, reading, settings, room), stage.pacer, preparing);
      const supplements = {
        sourceNames: optional(sourceNames),
        targetNames: optional(targetNames),
        attributes: optional(attributes),
      };
      const { dataset, notes } = await supplement(prepared, supplements, { skipBadRows, turn: () => stage.pacer.turn() });
      const storing = progressOf('storing', onProgress);
      storing(0);
      const pace = {
        turn: () => stage.pacer.turn(),
        get reason() {
          return stage.pacer.reason;
        },
      };
      const id = await addDataset(database, dataset, notes, pace, async () => file?.finish());
      // Told to drop it while it was already being committed.
      if (stage.pacer.reason !== null) {
        await deleteDataset(database, id);
        throw stage.pacer.reason;
      }
      storing(1);
      return id;
    } catch (error) {
      if (file !== null) {
        await file.abandon();
        // It may have been finished already.
        await files.remove(file.name);
      }
      throw error;
    }
  };
  return {
    unpack: (file) => answer(async () => ((await isZip(browserFile(file))) ? entriesOf(browserFile(file)) : null)),
    recognise: (dropped, hint) =>
      answer(async () => {
        const file = sourceFile(dropped);
        if (hint !== undefined) return recognise(file, hint === 'anew' ? {} : hint);
        return remembered(database, file, await recognise(file));
      }),
    words: (dropped, rows, column) =>
      answer(async () => {
        const words = [...(await valuesOfColumn(sourceFile(dropped), rows, column))].filter(([word]) => word !== '');
        return words.sort(([, a], [, b]) => b - a).map(([word]) => word);
      }),
    forget: (key) => answer(() => forgetMapping(database, key)),
    assign: (files) => answer(() => assignRemembered(database, files)),
    read: (request, onProgress) =>
      answer(async () => {
        await drop();
        const stage = new Staging(request);
        staged = stage;
        try {
          await stage.work(() => read(stage, onProgress));
        } catch (error) {
          await stage.release();
          throw error;
        }
      }),
    effect: (settings) =>
      answer(() => {
        const { stage, reading } = stagedReading();
        return stage.work(() => inSteps(effectOn(reading, settings), stage.pacer, () => {}));
      }),
    store: (name, settings, onProgress) =>
      answer(async () => {
        const ready = stagedReading();
        const id = await ready.stage.work(() => store(ready, name, settings, onProgress));
        await drop();
        return stored(id);
      }),
    drop: () => answer(drop),
    shape: (datasetId) => answer(() => knownShapeOf(database, datasetId)),
    simulate: (settings) => answer(async () => stored(await addDataset(database, simulate(settings)))),
    ensureDemo: () =>
      answer(async () => {
        await database.transaction('rw', database.datasets, database.contents, database.settings, async () => {
          if ((await database.settings.get(FIRST_VISIT)) !== undefined) return;
          await addDataset(database, simulate(SIMULATOR_DEFAULTS));
          await database.settings.put({ name: FIRST_VISIT, value: new Date().toISOString() });
        });
        // What a worker that died was writing.
        await sweepFiles(database);
      }),
  };
}
