import type { PreparationSettings } from '../data/dataset.ts';
import { entriesOf, isZip } from '../data/import/archive.ts';
import { readFiles } from '../data/import/dataset.ts';
import { valuesOfColumn } from '../data/import/domains.ts';
import { recognise } from '../data/import/recognise.ts';
import { supplement } from '../data/import/supplement.ts';
import { prepareInSteps } from '../data/prepare.ts';
import { StoppedError } from '../engine/errors.ts';
import { addDataset, adoptResults, deleteDataset, knownShapeOf, type StudioDatabase } from '../storage/database.ts';
import { filesOf } from '../storage/fileStore.ts';
import type { FileStore } from '../storage/files.ts';
import { whileNaming } from '../storage/filesLock.ts';
import { NewFileValues } from '../storage/fileValues.ts';
import { forgetMapping } from '../storage/mappings.ts';
import { answer, problemOf } from './answer.ts';
import { demoService } from './demoService.ts';
import { browserFile, bytesToRead, formatted, sourceFile } from './dropped.ts';
import { effectOn } from './effects.ts';
import { NothingReadError } from './errors.ts';
import { assignRemembered, keepCorrections, remembered } from './mappings.ts';
import type { FormattedUpload, ImportProgress, ImportService, ReadRequest } from './protocol.ts';
import { inSteps, progressOf, Staging } from './staging.ts';

const optional = (upload: FormattedUpload | null, request: ReadRequest) => (upload === null ? null : formatted(upload, request));
const LARGE = 32 << 20;
/** Packed files, and Parquet, may hold so many times their size. */
const MOST_PACKED = 100;

/**
 * @param large bytes of files, or of source sequences, from which on they go to the disk
 * @param locks held while a file waits for the row that names it
 */
export function importService(
  database: StudioDatabase,
  opening: () => Promise<FileStore> = () => filesOf(database),
  large = LARGE,
  locks?: LockManager,
): ImportService {
  /** Its id, after results that wait for it have found it. It is stored, whatever comes of that: then a note tells. */
  const stored = async (id: number): Promise<number> => {
    try {
      await adoptResults(database, id);
    } catch (error) {
      const note = `Results from elsewhere that wait for this dataset could not be joined to it: ${problemOf(error).message}`;
      const row = await database.datasets.get(id);
      await database.datasets.update(id, { notes: [...(row?.notes ?? []), note] });
    }
    return id;
  };
  let staged: Staging | null = null;
  const stagedReading = () => {
    if (staged === null || staged.reading === null) throw new NothingReadError();
    return { stage: staged, reading: staged.reading };
  };
  let dropping: Promise<unknown> = Promise.resolve();
  /** Ends whatever is going on, and waits until nothing of it, and of what was dropped before, is left. */
  const drop = async (): Promise<void> => {
    const [before, dropped] = [dropping, staged];
    staged = null;
    const ended = Promise.allSettled([before]).then(() => dropped?.drop());
    dropping = ended;
    await ended;
  };
  const read = async (stage: Staging, onProgress: (progress: ImportProgress) => void): Promise<void> => {
    const { source, target, skipBadRows } = stage.request;
    const size = bytesToRead(stage.request);
    const scratch = size * MOST_PACKED > large ? await stage.scratchIn(await opening()) : null;
    const tell = progressOf('reading', onProgress);
    const onBytes = (bytes: number) => tell(bytes / Math.max(1, size));
    const turn = () => stage.pacer.turn();
    const onSkipped = (sentence: string) => stage.leftOut.push(sentence);
    const options = { skipBadRows, onSkipped, onNote: onSkipped, onBytes, turn, scratch };
    const reading = await readFiles(formatted(source, stage.request), formatted(target, stage.request), options);
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
        sourceNames: optional(sourceNames, stage.request),
        targetNames: optional(targetNames, stage.request),
        attributes: optional(attributes, stage.request),
      };
      const leftOut = [...stage.leftOut];
      const onSkipped = (sentence: string) => leftOut.push(sentence);
      const turn = () => stage.pacer.turn();
      const { dataset, notes } = await supplement(prepared, supplements, { skipBadRows, onSkipped, onNote: onSkipped, turn });
      const storing = progressOf('storing', onProgress);
      storing(0);
      await file?.flush();
      const pace = {
        turn: () => stage.pacer.turn(),
        get reason() {
          return stage.pacer.reason;
        },
      };
      const id = await addDataset(database, dataset, [...leftOut, ...notes], pace);
      // Told to drop it while it was already being committed.
      if (stage.pacer.reason !== null) {
        await deleteDataset(database, id);
        throw stage.pacer.reason;
      }
      // Not before: nobody removes a file that is open, and until now no row named it.
      file?.close();
      storing(1);
      return id;
    } catch (error) {
      await file?.abandon();
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
        const words = [...(await valuesOfColumn(sourceFile(dropped), rows, column))];
        return words.sort(([, a], [, b]) => b - a).map(([word]) => word);
      }),
    forget: (key) => answer(() => forgetMapping(database, key)),
    assign: (files) => answer(() => assignRemembered(database, files)),
    read: (request, onProgress) =>
      answer(async () => {
        const dropped = drop();
        const last = dropping;
        await dropped;
        // Another request came, or this one was cancelled, while it waited.
        if (dropping !== last) throw new StoppedError();
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
        return stage.look(async (pacer) => ({
          ...(await inSteps(effectOn(reading, settings), pacer, () => {})),
          leftOut: stage.leftOut,
        }));
      }),
    store: (name, settings, onProgress) =>
      answer(async () => {
        const ready = stagedReading();
        ready.stage.endLook();
        const id = await ready.stage.work(() => whileNaming(locks, () => store(ready, name, settings, onProgress)));
        await drop();
        return stored(id);
      }),
    drop: () => answer(drop),
    shape: (datasetId) => answer(() => knownShapeOf(database, datasetId)),
    ...demoService(database, locks),
  };
}
