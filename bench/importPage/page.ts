import { wrap } from 'comlink';
import type { PreparationSettings } from '../../src/data/dataset.ts';
import { NO_EVENT_FILTERS } from '../../src/data/filters.ts';
import { importing, progressListener, unwrap } from '../../src/services/clients.ts';
import type { FormattedUpload, ImportProgress } from '../../src/services/protocol.ts';
import { deleteDataset, StudioDatabase } from '../../src/storage/database.ts';
import type { Training } from './training.worker.ts';

/** What is left of an import that was dropped. */
export interface Cancelled {
  /** Until `drop` answered. */
  readonly milliseconds: number;
  /** How the import itself answered. */
  readonly answer: string;
  readonly rows: number;
  readonly files: number;
}

const training = wrap<Training>(
  new Worker(new URL('./training.worker.ts', import.meta.url), { type: 'module', name: 'training' }),
);

const filesOf = (): File[] => Array.from(document.querySelector('input')?.files ?? []);

async function uploads(): Promise<FormattedUpload[]> {
  const { remote } = importing();
  return Promise.all(
    filesOf().map(async (file) => {
      const dropped = { file, entry: null };
      return { ...dropped, format: unwrap(await remote.recognise(dropped)).format, corrected: null };
    }),
  );
}

/** Stages of an import, and the counting of what filters leave: of none, and of a 5-core. */
export type Moment = ImportProgress['stage'] | 'counting' | 'core';

/** How long filters are counted before that is dropped, in milliseconds. */
const COUNTED = 600;
const NONE: PreparationSettings = { minimumTargetItemCount: 1, maximumTargetsPerUser: 0 };
const CORE: PreparationSettings = { ...NONE, filters: { ...NO_EVENT_FILTERS, core: 5 } };

/** Begins to import the chosen files, and drops them at a share of a stage. */
async function cancelAt(moment: Moment, share: number): Promise<Cancelled> {
  const { remote } = importing();
  const [source, target] = await uploads();
  let reach = () => {};
  const reached = new Promise<void>((resolve) => {
    reach = resolve;
  });
  const listen = progressListener((progress) => {
    if (progress.stage === moment && progress.share >= share) reach();
  });
  const optional = { sourceNames: null, targetNames: null, attributes: null };
  const imported = (async () => {
    const read = await remote.read({ source, target, ...optional, skipBadRows: false }, listen);
    if (!read.ok) return read.problem.name;
    if (moment === 'counting' || moment === 'core') {
      // What no filter leaves is counted before any filter, and would be what is dropped.
      if (moment === 'core') unwrap(await remote.effect(NONE));
      setTimeout(reach, COUNTED);
      const counted = await remote.effect(moment === 'core' ? CORE : NONE);
      return counted.ok ? 'counted' : counted.problem.name;
    }
    const stored = await remote.store('dropped', NONE, listen);
    return stored.ok ? 'stored' : stored.problem.name;
  })();
  await Promise.race([reached, imported]);
  const started = performance.now();
  unwrap(await remote.drop());
  const milliseconds = performance.now() - started;
  return { milliseconds, answer: await imported, ...(await left()) };
}

/** Datasets from files, and files of the origin's file system. */
async function left(): Promise<{ rows: number; files: number }> {
  const rows = await new Promise<number>((resolve, reject) => {
    const opening = indexedDB.open('uaf-studio');
    opening.onerror = () => reject(opening.error);
    opening.onsuccess = () => {
      const reading = opening.result.transaction('datasets').objectStore('datasets').getAll();
      reading.onerror = () => reject(reading.error);
      reading.onsuccess = () => {
        opening.result.close();
        resolve(reading.result.filter((row: { origin: { kind: string } }) => row.origin.kind === 'files').length);
      };
    };
  });
  const root = await navigator.storage.getDirectory();
  let files = 0;
  for await (const [, folder] of root.entries()) {
    if (folder.kind === 'directory') for await (const _ of (folder as FileSystemDirectoryHandle).keys()) files++;
  }
  return { rows, files };
}

/** Deletes a dataset as the Data page does; what is left then. */
async function remove(id: number): Promise<{ rows: number; files: number }> {
  await deleteDataset(new StudioDatabase(), id);
  return left();
}

const harness = {
  cancelAt,
  remove,
  open: (id: number) => training.open(id),
  batches: (count: number) => training.batches(count),
  train: (steps: number) => training.train(steps),
};

declare global {
  interface Window {
    harness: typeof harness;
  }
}

window.harness = harness;
