import type { Page, Worker } from '@playwright/test';

/** Moments of a run at which little is on disk, or half of it. Each is held just before the thing itself is done. */
export const MOMENTS = [
  'a checkpoint’s file is written',
  'a checkpoint’s row is written',
  'an older checkpoint is removed',
  'a run’s row is written',
  'a pre-trained model is stored',
  'an epoch is stored',
  'policies are stored',
  'the ranks are stored',
  'the model is stored',
  'the result is stored',
] as const;
export type Moment = (typeof MOMENTS)[number];

/** Longer than it takes to kill whatever is to be killed. */
const HELD_MILLISECONDS = 10_000;
/** A moment that does not come: the queue may end before. */
const AWAITED_MILLISECONDS = 8_000;

const REACHED = 'chaos: reached';

/** The worker that trains in a tab; undefined where it has none, or none yet. One that has just been ended may still be listed. */
export const trainingWorker = (page: Page): Worker | undefined =>
  page.workers().findLast((worker) => worker.url().includes('training'));

/**
 * Holds the training worker of a tab at a moment: it stands there, in the middle of a task, until it is killed. False where the moment
 * does not come.
 *
 * @param nth how often the moment comes before it counts, from 1
 */
export async function holdAt(page: Page, moment: Moment, nth: number): Promise<boolean> {
  const worker = trainingWorker(page);
  if (worker === undefined) return false;
  const reached = page
    .waitForEvent('console', { predicate: (message) => message.text() === REACHED, timeout: AWAITED_MILLISECONDS })
    .then(
      () => true,
      () => false,
    );
  await worker.evaluate(arm, { moment, nth, reached: REACHED, held: HELD_MILLISECONDS });
  // Short runs may have none by themselves: a page that is left asks for one.
  if (moment.includes('checkpoint')) await page.evaluate(() => window.dispatchEvent(new Event('pagehide')));
  return reached;
}

interface Armed {
  readonly moment: Moment;
  readonly nth: number;
  readonly reached: string;
  readonly held: number;
}

/** In the worker: stands between it and its storage. Functions are methods, since tsx marks those that have a name of their own. */
function arm({ moment, nth, reached, held }: Armed): void {
  let left = nth;
  const gate = {
    pass(passing: Moment | null): void {
      if (passing !== moment || --left !== 0) return;
      console.debug(reached);
      const end = performance.now() + held;
      while (performance.now() < end);
    },
    ofRow(table: string, row: { readonly status?: string }): Moment | null {
      if (table === 'checkpoints') return 'a checkpoint’s row is written';
      if (table === 'pretrainings') return 'a pre-trained model is stored';
      if (table === 'epochs') return 'an epoch is stored';
      if (table === 'policies') return 'policies are stored';
      if (table === 'outcomes') return 'the ranks are stored';
      if (table === 'models') return 'the model is stored';
      if (table !== 'runs') return null;
      return row.status === 'finished' ? 'the result is stored' : 'a run’s row is written';
    },
  };
  for (const name of ['put', 'add'] as const) {
    const original = IDBObjectStore.prototype[name];
    IDBObjectStore.prototype[name] = function (row, key) {
      gate.pass(gate.ofRow(this.name, row));
      return key === undefined ? original.call(this, row) : original.call(this, row, key);
    };
  }
  const { write } = FileSystemSyncAccessHandle.prototype;
  FileSystemSyncAccessHandle.prototype.write = function (bytes, options) {
    gate.pass('a checkpoint’s file is written');
    return write.call(this, bytes, options);
  };
  const { removeEntry } = FileSystemDirectoryHandle.prototype;
  FileSystemDirectoryHandle.prototype.removeEntry = function (name, options) {
    gate.pass('an older checkpoint is removed');
    return removeEntry.call(this, name, options);
  };
}
