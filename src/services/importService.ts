import type { Reading } from '../data/events.ts';
import { entriesOf, isZip } from '../data/import/archive.ts';
import { readFiles } from '../data/import/dataset.ts';
import { valuesOfColumn } from '../data/import/domains.ts';
import { recognise } from '../data/import/recognise.ts';
import { supplement } from '../data/import/supplement.ts';
import { prepare } from '../data/prepare.ts';
import { SIMULATOR_DEFAULTS, simulate } from '../data/simulator.ts';
import { StoppedError } from '../engine/errors.ts';
import { addDataset, adoptResults, type StudioDatabase } from '../storage/database.ts';
import { forgetMapping } from '../storage/mappings.ts';
import { answer } from './answer.ts';
import { browserFile, formatted, sourceFile } from './dropped.ts';
import { NothingReadError } from './errors.ts';
import { assignRemembered, keepCorrections, remembered } from './mappings.ts';
import type { FormattedUpload, ImportProgress, ImportService, ReadRequest } from './protocol.ts';

const optional = (upload: FormattedUpload | null) => (upload === null ? null : formatted(upload));
const FIRST_VISIT = 'demo dataset made';

/** What is being imported, from the first byte until it is stored. */
class Staging {
  reading: Reading | null = null;
  private stopped = false;
  private told = 0;
  private readonly total: number;
  private readonly started = performance.now();

  constructor(
    readonly request: ReadRequest,
    private readonly onProgress: (progress: ImportProgress) => void,
  ) {
    const [source, target] = [sourceFile(request.source), sourceFile(request.target)];
    // One file with both domains is read once.
    this.total = Math.max(1, source.size + (request.target.format.format === 'domains' ? 0 : target.size));
  }

  stop(): void {
    this.stopped = true;
  }

  /** @throws StoppedError once it was dropped */
  check(): void {
    if (this.stopped) throw new StoppedError();
  }

  onBytes = (bytes: number): void => {
    this.check();
    const share = bytes / this.total;
    if (share - this.told < 0.01) return;
    this.told = share;
    const seconds = (performance.now() - this.started) / 1000;
    this.onProgress({ stage: 'reading', share, secondsLeft: (seconds / share) * (1 - share) });
  };
}

export function importService(database: StudioDatabase): ImportService {
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
        staged?.stop();
        const mine = new Staging(request, onProgress);
        staged = mine;
        const { source, target, skipBadRows } = request;
        mine.reading = await readFiles(formatted(source), formatted(target), { skipBadRows, onBytes: mine.onBytes });
        mine.check();
        await keepCorrections(database, request);
      }),
    effect: (settings) => answer(async () => prepare('', stagedReading().reading, settings).figures),
    store: (name, settings, onProgress) =>
      answer(async () => {
        const { stage, reading } = stagedReading();
        const { sourceNames, targetNames, attributes, skipBadRows } = stage.request;
        onProgress({ stage: 'preparing', share: 0, secondsLeft: null });
        const whole = await supplement(
          prepare(name, reading, settings),
          { sourceNames: optional(sourceNames), targetNames: optional(targetNames), attributes: optional(attributes) },
          { skipBadRows },
        );
        stage.check();
        onProgress({ stage: 'storing', share: 0, secondsLeft: null });
        const id = await stored(await addDataset(database, whole.dataset, whole.notes));
        staged = null;
        return id;
      }),
    drop: () =>
      answer(async () => {
        staged?.stop();
        staged = null;
      }),
    simulate: (settings) => answer(async () => stored(await addDataset(database, simulate(settings)))),
    ensureDemo: () =>
      answer(() =>
        database.transaction('rw', database.datasets, database.contents, database.settings, async () => {
          if ((await database.settings.get(FIRST_VISIT)) !== undefined) return;
          await addDataset(database, simulate(SIMULATOR_DEFAULTS));
          await database.settings.put({ name: FIRST_VISIT, value: new Date().toISOString() });
        }),
      ),
  };
}
