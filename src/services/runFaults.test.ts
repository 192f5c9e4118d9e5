import 'fake-indexeddb/auto';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { SIMULATOR_DEFAULTS, simulate } from '../data/simulator.ts';
import { openBackend } from '../engine/backend.ts';
import { GpuError, OutOfGpuMemoryError } from '../engine/errors.ts';
import { readWasm } from '../engine/node.ts';
import { Tensor } from '../engine/tfjs.ts';
import { readRunFile } from '../results/runFile.ts';
import { addDataset, StudioDatabase } from '../storage/database.ts';
import type { TrainingEvent } from './protocol.ts';
import { locks, queueRun } from './testing.ts';
import { trainingService } from './trainingService.ts';

// What waits to be stored is tried again every three seconds: tests do not wait so long.
vi.mock('./saving.ts', async (original) => {
  const { Saving } = await original<typeof import('./saving.ts')>();
  return {
    Saving: class extends Saving {
      constructor(tell: ConstructorParameters<typeof Saving>[0], mayWait: () => boolean) {
        super(tell, mayWait, 50);
      }
    },
  };
});

let database: StudioDatabase;
let datasetId: number;
const events: TrainingEvent[] = [];

beforeEach(async () => {
  database = new StudioDatabase('faults of runs');
  datasetId = await addDataset(database, simulate({ ...SIMULATOR_DEFAULTS, users: 40 }));
  events.length = 0;
});
afterEach(() => database.delete());

async function service(held = false) {
  const made = trainingService({ database, readWasm, startThread: null, locks: locks(held) });
  await made.listen((event) => events.push(event));
  return made;
}

const queue = (position: number, changes: Record<string, unknown>) => queueRun(database, datasetId, position, changes);

describe('what goes wrong with a run', () => {
  it('names everything of a run that could not be saved', async () => {
    const full = () => Promise.reject(new DOMException('', 'QuotaExceededError'));
    vi.spyOn(database.outcomes, 'put').mockImplementation(full as never);
    vi.spyOn(database.models, 'put').mockImplementation(full as never);
    const runId = await queue(1, { method: 'uaf-hard' });
    await (await service()).work('auto');
    const run = await database.runs.get(runId);
    expect(run?.status).toBe('finished');
    expect(run?.error?.message).toMatch(/ranks and policies.*not saved.*storage is full.*parameters of the model.*not saved/s);
    vi.restoreAllMocks();
  });

  it('keeps the reason of a failed run, and goes on with the next', async () => {
    const failed = await queue(1, { method: 'finetune-all', 'fineTuning.learningRate': 1e30 });
    const next = await queue(2, { method: 'most-popular' });
    await (await service()).work('auto');
    expect(await database.runs.get(failed)).toMatchObject({ status: 'failed', error: { name: 'DivergedError' }, result: null });
    expect(await database.runs.get(next)).toMatchObject({ status: 'finished' });
  });

  it('ends a run whose device is full with the first thing it said, and opens the device anew for the next', async () => {
    const full = await queue(1, { method: 'uaf-hard', 'fineTuning.epochs': 200 });
    const next = await queue(2, { method: 'finetune-all' });
    let complain: (error: Error) => void = () => {};
    let openings = 0;
    const training = trainingService({
      database,
      readWasm,
      startThread: null,
      locks: locks(false),
      open: (choice, options) => {
        openings++;
        complain = options.onDeviceError ?? complain;
        return openBackend(choice, options);
      },
    });
    await training.listen((event) => events.push(event));
    const done = training.work('auto');
    while (!events.some(({ type }) => type === 'progress')) await new Promise((resolve) => setTimeout(resolve, 5));
    complain(new OutOfGpuMemoryError('64 GB'));
    complain(new GpuError('a buffer is invalid.'));
    await done;
    expect(await database.runs.get(full)).toMatchObject({ status: 'failed', error: { name: 'OutOfGpuMemoryError' } });
    expect(await database.runs.get(next)).toMatchObject({ status: 'finished' });
    expect(openings).toBe(2);
  });

  it('lets a lost device end its run as failed, and goes on with none of the queue before it is asked to', async () => {
    const cut = await queue(1, { method: 'uaf-hard', 'fineTuning.epochs': 200 });
    const next = await queue(2, { method: 'finetune-all' });
    let lose: (message: string) => void = () => {};
    const training = trainingService({
      database,
      readWasm,
      startThread: null,
      locks: locks(false),
      open: (choice, options) => {
        lose = options.onDeviceLost ?? lose;
        return openBackend(choice, options);
      },
    });
    await training.listen((event) => events.push(event));
    const done = training.work('auto');
    while (!events.some(({ type }) => type === 'progress')) await new Promise((resolve) => setTimeout(resolve, 5));
    lose('unplugged');
    expect(await done).toMatchObject({ ok: false, problem: { name: 'DeviceLostError' } });
    expect(await database.runs.get(cut)).toMatchObject({ status: 'failed', error: { name: 'DeviceLostError' }, result: null });
    expect(await database.runs.get(next)).toMatchObject({ status: 'queued' });
    expect(await training.work('auto')).toMatchObject({ ok: false });
    expect((await training.openBackend('auto')).ok).toBe(true);
    expect(await training.work('auto')).toMatchObject({ ok: true });
    expect(await database.runs.get(next)).toMatchObject({ status: 'finished' });
  });

  it('names a memory that is full, whoever says so', async () => {
    for (const [i, error] of [
      new RangeError('Array buffer allocation failed'),
      new Error('memory access out of bounds'),
    ].entries()) {
      const runId = await queue(i, { method: 'finetune-all' });
      vi.spyOn(database.contents, 'get').mockRejectedValueOnce(error);
      await (await service()).work('auto');
      expect(await database.runs.get(runId)).toMatchObject({
        status: 'failed',
        error: { name: 'OutOfMemoryError', message: expect.stringContaining('fewer channels') },
      });
      expect(events).toContainEqual({ type: 'failed', runId, problem: expect.objectContaining({ name: 'OutOfMemoryError' }) });
    }
    vi.restoreAllMocks();
  });

  it('trains on while nothing can be stored, and stores all of it when there is room, before it reads finished', async () => {
    const runId = await queue(1, { method: 'uaf-hard', 'fineTuning.epochs': 4 });
    let full = true;
    const put = database.epochs.put.bind(database.epochs);
    vi.spyOn(database.epochs, 'put').mockImplementation(((row: Parameters<typeof put>[0]) =>
      full ? Promise.reject(new DOMException('', 'QuotaExceededError')) : put(row)) as typeof put);
    const training = await service();
    const done = training.work('auto');
    const waiting = () => events.findLast((event) => event.type === 'unsaved');
    await expect.poll(() => waiting()?.unsaved.what.length, { timeout: 20_000 }).toBe(4);
    await new Promise((resolve) => setTimeout(resolve, 300));
    expect((await database.runs.get(runId))?.status).toBe('running');
    const file = await training.exportUnsaved();
    const saved = file.ok ? readRunFile(await file.value.text()) : null;
    expect(saved?.report.epochs.map(({ epoch }) => epoch)).toEqual([1, 2, 3, 4]);
    expect(saved?.report).toMatchObject({ status: 'finished', test: { n: expect.any(Number) } });
    full = false;
    await done;
    vi.restoreAllMocks();
    expect(events.at(-3)).toEqual({ type: 'saved', runId });
    expect((await database.runs.get(runId))?.status).toBe('finished');
    expect((await database.epochs.where({ runId }).toArray()).map(({ epoch }) => epoch)).toEqual([1, 2, 3, 4]);
    expect(await training.exportUnsaved()).toMatchObject({ ok: false, problem: { name: 'NothingStoredError' } });
  });

  it('saves to a file what it cannot store, and finds no database to look into', async () => {
    await queue(1, { method: 'uaf-hard' });
    const put = database.epochs.put.bind(database.epochs);
    let isGone = true;
    const gone = () => Promise.reject(new DOMException('', 'InvalidStateError'));
    vi.spyOn(database.epochs, 'put').mockImplementation(((row: Parameters<typeof put>[0]) =>
      isGone ? gone() : put(row)) as typeof put);
    const training = await service();
    const done = training.work('auto');
    const waiting = () => events.findLast((event) => event.type === 'unsaved');
    await expect.poll(() => waiting()?.unsaved.why, { timeout: 20_000 }).toBe('connection');
    await expect.poll(() => waiting()?.unsaved.what.length).toBe(2);
    const tables = [database.runs, database.datasets, database.epochs];
    const spies = tables.flatMap((table) => [
      vi.spyOn(table, 'get').mockImplementation(gone as never),
      vi.spyOn(table, 'where').mockImplementation(() => {
        throw new DOMException('', 'InvalidStateError');
      }),
    ]);
    const file = await training.exportUnsaved();
    for (const spy of spies) spy.mockRestore();
    const saved = file.ok ? readRunFile(await file.value.text()) : null;
    expect(saved?.report.epochs.map(({ epoch }) => epoch)).toEqual([1, 2]);
    expect(saved?.report.pretraining?.epochs).toHaveLength(1);
    isGone = false;
    await done;
    vi.restoreAllMocks();
  });

  it('keeps no pre-trained model of a device that said at last that it is full', async () => {
    const runId = await queue(1, { method: 'uaf-hard' });
    let complain: (error: Error) => void = () => {};
    const training = trainingService({
      database,
      readWasm,
      startThread: null,
      locks: locks(false),
      open: (choice, options) => {
        complain = options.onDeviceError ?? complain;
        return openBackend(choice, options);
      },
    });
    // After the last step the model is read, and nothing of pre-training looks at the device any more.
    let isTrained = false;
    await training.listen((event) => {
      isTrained ||= event.type === 'log' && event.text.startsWith('Pre-training, epoch 1');
    });
    const data = Tensor.prototype.data;
    vi.spyOn(Tensor.prototype, 'data').mockImplementation(function (this: Tensor) {
      if (isTrained) complain(new OutOfGpuMemoryError('64 GB'));
      return data.call(this);
    } as typeof data);
    await training.work('auto');
    vi.restoreAllMocks();
    expect(await database.runs.get(runId)).toMatchObject({ status: 'failed', error: { name: 'OutOfGpuMemoryError' } });
    expect(await database.pretrainings.count()).toBe(0);
  });
});
