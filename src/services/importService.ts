import type { PreparationSettings } from '../data/dataset.ts';
import { type FormattedFile, readFiles } from '../data/import/dataset.ts';
import { recognise } from '../data/import/recognise.ts';
import { assignRoles } from '../data/import/roles.ts';
import { supplement } from '../data/import/supplement.ts';
import type { SourceFile } from '../data/import/text.ts';
import { prepareInSteps } from '../data/prepare.ts';
import { SIMULATOR_DEFAULTS, simulate } from '../data/simulator.ts';
import { addDataset, adoptResults, deleteDataset, knownShapeOf, type StudioDatabase } from '../storage/database.ts';
import { filesOf, sweepFiles } from '../storage/fileStore.ts';
import type { FileStore } from '../storage/files.ts';
import { whileNaming } from '../storage/filesLock.ts';
import { NewFileValues } from '../storage/fileValues.ts';
import { answer } from './answer.ts';
import { effectOn } from './effects.ts';
import { NothingReadError } from './errors.ts';
import type { FormattedUpload, ImportProgress, ImportService } from './protocol.ts';
import { inSteps, progressOf, Staging } from './staging.ts';

const sourceFile = (file: File): SourceFile => ({ name: file.name, size: file.size, stream: () => file.stream() });
const formatted = ({ file, format }: FormattedUpload): FormattedFile => ({ file: sourceFile(file), format });
const optional = (upload: FormattedUpload | null) => (upload === null ? null : formatted(upload));
const LARGE = 32 << 20;
const FIRST_VISIT = 'demo dataset made';

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
    const size = source.file.size + target.file.size;
    const scratch = size > large ? await stage.scratchIn(await opening()) : null;
    const tell = progressOf('reading', onProgress);
    const onBytes = (bytes: number) => tell(bytes / Math.max(1, size));
    const turn = () => stage.pacer.turn();
    stage.reading = await readFiles(formatted(source), formatted(target), { skipBadRows, onBytes, turn, scratch });
    await stage.pacer.settle();
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
    recognise: (file, hint) => answer(() => recognise(sourceFile(file), hint)),
    assign: (files) => answer(() => assignRoles(files.map(({ file, ...entry }) => ({ ...entry, file: sourceFile(file) })))),
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
        const id = await ready.stage.work(() => whileNaming(locks, () => store(ready, name, settings, onProgress)));
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
        await sweepFiles(database, locks);
      }),
  };
}
