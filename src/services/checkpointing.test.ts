import 'fake-indexeddb/auto';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { SIMULATOR_DEFAULTS, simulate } from '../data/simulator.ts';
import { openBackend } from '../engine/backend.ts';
import { OutOfGpuMemoryError } from '../engine/errors.ts';
import { readWasm } from '../engine/node.ts';
import { positionWords } from '../storage/checkpoints.ts';
import { addDataset, deleteRuns, StudioDatabase } from '../storage/database.ts';
import { holdExperiment, releaseExperiment } from '../storage/experiments.ts';
import { type FileStore, FilesUnavailableError } from '../storage/files.ts';
import { requeue } from '../storage/queue.ts';
import { rowFiles } from '../storage/rowFiles.ts';
import { failRun, pauseRun, resumeRun, stopRun } from '../storage/trained.ts';
import type { TrainingEvent, TrainingService } from './protocol.ts';
import { locks, queueRun } from './testing.ts';
import { type TrainingEnvironment, trainingService } from './trainingService.ts';

const NAME = 'checkpointing';
let database: StudioDatabase;
let datasetId: number;
const logs: string[] = [];

beforeEach(async () => {
  database = new StudioDatabase(NAME);
  datasetId = await addDataset(database, simulate({ ...SIMULATOR_DEFAULTS, users: 40 }));
  logs.length = 0;
});
afterEach(() => database.delete());

const queue = (position: number, changes: Record<string, unknown>) =>
  queueRun(database, datasetId, position, { 'pretraining.batchSize': 8, 'fineTuning.batchSize': 8, warmupEpochs: 1, ...changes });

async function service(more: Partial<TrainingEnvironment> = {}, listen: (event: TrainingEvent) => void = () => {}) {
  const made = trainingService({ database, readWasm, startThread: null, locks: locks(false), ...more });
  await made.listen((event) => {
    if (event.type === 'log') logs.push(event.text);
    listen(event);
  });
  return made;
}

/** Works until so many checkpoints were asked for, then the worker dies: nothing of it reaches the database any more. */
async function killed(runId: number, saves: number): Promise<void> {
  const own = new StudioDatabase(NAME);
  const files = rowFiles(own);
  let worker: TrainingService | null = null;
  let begun = 0;
  const finished = { ...files, create: (kind: 'checkpoint') => create(kind) };
  const create: FileStore['create'] = async (kind) => {
    begun++;
    // The last one does not get to its row any more; what is outdated does not wait for its connection to come back.
    if (begun > saves) {
      own.isOutdated = true;
      own.close();
    }
    return files.create(kind);
  };
  worker = await service({ database: own, files: () => Promise.resolve(finished as FileStore) }, (event) => {
    // The evaluation of an epoch is no place of its own: the next step is one.
    if (event.type === 'log' || event.type === 'progress') void worker?.save();
  });
  const asking = setInterval(() => void worker?.save(), 1);
  await Promise.resolve(worker.work('wasm')).catch(() => undefined);
  clearInterval(asking);
  expect((await database.runs.get(runId))?.status).toBe('running');
}

/** All that a run came to, but for its times. */
async function resultsOf(runId: number) {
  const run = await database.runs.get(runId);
  const rows = async (table: 'epochs' | 'policies') =>
    (await database[table].where({ runId }).toArray()).map(({ runId: _, ...row }) => row);
  const { seconds: _, ...result } = run?.result ?? { seconds: null };
  const [outcomes, model] = [await database.outcomes.get(runId), await database.models.get(runId)];
  return {
    status: run?.status,
    pretraining: run?.pretraining,
    result,
    epochs: await rows('epochs'),
    policies: await rows('policies'),
    outcomes: { ...outcomes, runId: 0 },
    model: model?.parameters,
  };
}

describe('a run whose worker died', () => {
  it.each([
    ['uaf-hard', 1],
    ['uaf-rl', 4],
    ['mtl', 3],
    ['finetune-cls', 2],
  ] as const)('%s goes on after %i checkpoints, and ends as if nothing had happened', async (method, saves) => {
    const runId = await queue(1, { method, 'fineTuning.epochs': 3 });
    await killed(runId, saves);
    const kept = await database.checkpoints.get(runId);
    expect(kept).toBeDefined();
    const later = await service();
    await later.recover();
    expect((await database.runs.get(runId))?.status).toBe('interrupted');
    await requeue(database, [runId], 'checkpoint');
    // Another one, undisturbed; from the beginning, pre-training included.
    await database.pretrainings.clear();
    const undisturbed = await queue(2, { method, 'fineTuning.epochs': 3 });
    await later.work('wasm');
    expect(logs.some((text) => /^Resumes from (pre-training, )?(the (beginning|end) of )?epoch \d+/.test(text))).toBe(true);
    expect(await resultsOf(runId)).toEqual(await resultsOf(undisturbed));
    expect((await database.runs.get(runId))?.status).toBe('finished');
    expect(await database.checkpoints.count()).toBe(0);
    expect(await database.files.count()).toBe(0);
  });

  it('begins anew where its checkpoint is damaged or missing, and says so', async () => {
    for (const damage of [
      async (file: string) => {
        const row = await database.files.get(file);
        if (row === undefined) throw new Error('no file');
        const bytes = row.bytes.slice();
        bytes[bytes.length >> 1] ^= 1;
        await database.files.put({ ...row, bytes });
      },
      (file: string) => database.files.delete(file),
    ]) {
      logs.length = 0;
      const runId = await queue(1, { method: 'uaf-hard' });
      await killed(runId, 2);
      await damage((await database.checkpoints.get(runId))?.file ?? '');
      const later = await service();
      await later.recover();
      await requeue(database, [runId], 'checkpoint');
      await later.work('wasm');
      expect(logs.find((text) => text.includes('begins anew'))).toMatch(/damaged|missing/);
      expect(await resultsOf(runId)).toMatchObject({ status: 'finished', epochs: [{ epoch: 1 }, { epoch: 2 }] });
      expect(await database.files.count()).toBe(0);
      await deleteRuns(database, [runId]);
    }
  });

  it('keeps its checkpoint and its epochs where that cannot be read just now', async () => {
    const runId = await queue(1, { method: 'uaf-hard', 'fineTuning.epochs': 3 });
    // Far enough that an epoch is covered.
    for (const saves of [3, 3, 3]) {
      await killed(runId, saves);
      await (await service()).recover();
      await requeue(database, [runId], 'checkpoint');
    }
    const standing = async () => [
      await database.checkpoints.toArray(),
      await database.epochs.toArray(),
      await database.files.count(),
    ];
    const before = await standing();
    const files: FileStore = {
      ...rowFiles(database),
      open: () => Promise.reject(new DOMException('The disk was away.', 'UnknownError')),
    };
    await (await service({ files: () => Promise.resolve(files) })).work('wasm');
    expect(await database.runs.get(runId)).toMatchObject({ status: 'failed', error: { message: 'The disk was away.' } });
    expect(await standing()).toEqual(before);
    await requeue(database, [runId], 'checkpoint');
    await (await service()).work('wasm');
    expect(logs.some((text) => text.startsWith('Resumes from'))).toBe(true);
    expect(await database.runs.get(runId)).toMatchObject({ status: 'finished' });
  });

  it('waits in the queue, with all others, while the browser does not open its files', async () => {
    const runId = await queue(1, { method: 'uaf-hard' });
    await killed(runId, 3);
    await (await service()).recover();
    await requeue(database, [runId], 'checkpoint');
    const next = await queue(2, { method: 'most-popular' });
    const away = new FilesUnavailableError('it was away');
    const refuse = () => Promise.reject(away);
    // Whether the store comes and refuses all, or does not come.
    for (const files of [async () => ({ ...rowFiles(database), open: refuse, create: refuse, list: refuse }), refuse]) {
      const before = await database.runs.toArray();
      const training = await service({ files });
      expect(await training.recover()).toMatchObject({ ok: true });
      expect(await training.work('wasm')).toMatchObject({ ok: false, problem: { name: 'FilesUnavailableError' } });
      expect(await database.runs.toArray()).toEqual(before);
    }
    await (await service()).work('wasm');
    expect(logs.some((text) => text.startsWith('Resumes from'))).toBe(true);
    expect((await database.runs.bulkGet([runId, next])).map((run) => run?.status)).toEqual(['finished', 'finished']);
  });

  it('lets the queue go on where it is stopped while its checkpoint turns out to be of no use', async () => {
    const runId = await queue(1, { method: 'uaf-hard' });
    await killed(runId, 3);
    await database.runs.update(runId, { status: 'queued', 'configuration.channels': 8 });
    const next = await queue(2, { method: 'most-popular' });
    const get = database.datasets.get.bind(database.datasets);
    const training = await service();
    database.datasets.get = ((key: number) => stopRun(database, runId).then(() => get(key))) as typeof get;
    expect(await training.work('wasm')).toMatchObject({ ok: true });
    database.datasets.get = get;
    expect(await database.runs.get(runId)).toMatchObject({ status: 'stopped' });
    expect(await database.runs.get(next)).toMatchObject({ status: 'finished' });
  });

  it('begins anew where that is asked for', async () => {
    const runId = await queue(1, { method: 'uaf-hard' });
    await killed(runId, 2);
    const later = await service();
    await later.recover();
    await requeue(database, [runId], 'beginning');
    expect(await database.checkpoints.count()).toBe(0);
    await later.work('wasm');
    expect(logs.some((text) => text.startsWith('Goes on'))).toBe(false);
    expect((await database.runs.get(runId))?.status).toBe('finished');
  });

  it('goes on by itself in an experiment, as often as it got further', async () => {
    const runId = await queue(1, { method: 'uaf-hard', 'fineTuning.epochs': 3 });
    await database.runs.update(runId, { experimentId: 7 });
    const later = await service();
    for (const saves of [2, 3, 2]) {
      await killed(runId, saves);
      await later.recover();
      expect(await database.runs.get(runId)).toMatchObject({ status: 'queued', interruptions: 1 });
    }
    // Twice at the same place is once too often.
    await database.runs.update(runId, { status: 'running' });
    await later.recover();
    expect(await database.runs.get(runId)).toMatchObject({ status: 'interrupted' });
    expect(await database.checkpoints.count()).toBe(1);
  });
});

describe('a run that is paused', () => {
  const pausing = (stage: 'pretraining' | 'fine-tuning') => {
    let isAsked = false;
    let told: () => void = () => {};
    const isPaused = new Promise<void>((resolve) => {
      told = resolve;
    });
    const hear = (event: TrainingEvent) => {
      if (event.type === 'paused') told();
      if (isAsked || event.type !== 'progress' || event.progress.stage !== stage) return;
      isAsked = true;
      void pauseRun(database, event.runId);
    };
    return { hear, isPaused };
  };

  it.each(['pretraining', 'fine-tuning'] as const)(
    'in %s loses nothing with its tab, and the queue waits for it',
    async (stage) => {
      const runId = await queue(1, { method: 'uaf-hard', 'pretraining.epochs': 20, 'fineTuning.epochs': 20 });
      const next = await queue(2, { method: 'most-popular' });
      const { hear, isPaused } = pausing(stage);
      // Its tab is closed: that it never ends is what a dead worker looks like.
      void (await service({}, hear)).work('wasm');
      await isPaused;
      expect(await database.checkpoints.get(runId)).toMatchObject({ stage });
      const later = await service();
      await later.recover();
      await later.work('wasm');
      const statuses = async () => (await database.runs.bulkGet([runId, next])).map((run) => run?.status);
      expect(await statuses()).toEqual(['held', 'queued']);
      await resumeRun(database, runId);
      await later.work('wasm');
      expect(logs.some((text) => text.startsWith('Resumes from'))).toBe(true);
      expect(await statuses()).toEqual(['finished', 'finished']);
    },
  );

  it('keeps the queue waiting no longer when it is stopped', async () => {
    const runId = await queue(1, { method: 'uaf-hard' });
    const next = await queue(2, { method: 'most-popular' });
    await database.runs.update(runId, { status: 'paused' });
    const later = await service();
    await later.recover();
    await stopRun(database, runId);
    await later.work('wasm');
    expect((await database.runs.bulkGet([runId, next])).map((run) => run?.status)).toEqual(['stopped', 'finished']);
  });
});

describe('checkpoints', () => {
  const untilStep = (act: (runId: number) => Promise<unknown>) => {
    let isDone = false;
    return (event: TrainingEvent) => {
      if (isDone || event.type !== 'progress' || event.progress.stage !== 'fine-tuning') return;
      isDone = true;
      void act(event.runId);
    };
  };

  it('are written when an experiment is held, and gone on from when it is released', async () => {
    const runId = await queue(1, { method: 'uaf-hard', 'fineTuning.epochs': 25 });
    await database.runs.update(runId, { experimentId: 7 });
    const first = await service(
      {},
      untilStep(() => holdExperiment(database, 7)),
    );
    await first.work('wasm');
    const row = await database.checkpoints.get(runId);
    expect(row?.stage).toBe('fine-tuning');
    expect(await database.runs.get(runId)).toMatchObject({ status: 'held' });
    await releaseExperiment(database, 7);
    await (await service()).work('wasm');
    expect(
      logs.some((text) => text.startsWith('Resumes from') && text.includes(row === undefined ? '?' : positionWords(row))),
    ).toBe(true);
    expect((await database.epochs.where({ runId }).toArray()).map(({ epoch }) => epoch)).toEqual(
      Array.from({ length: 25 }, (_, i) => i + 1),
    );
  });

  it('are kept where an experiment is released while they are written', async () => {
    const runId = await queue(1, { method: 'uaf-hard', 'fineTuning.epochs': 25 });
    await database.runs.update(runId, { experimentId: 7 });
    const real = rowFiles(database);
    const files: FileStore = {
      ...real,
      create: async (kind) => {
        const file = await real.create(kind);
        if ((await database.runs.get(runId))?.status === 'held') await releaseExperiment(database, 7);
        return file;
      },
    };
    const training = await service(
      { files: () => Promise.resolve(files) },
      untilStep(() => holdExperiment(database, 7)),
    );
    await training.work('wasm');
    expect(logs.filter((text) => text.startsWith('Resumes from'))).toHaveLength(1);
    expect(await database.runs.get(runId)).toMatchObject({ status: 'finished' });
  });

  it('count where an older file cannot be removed', async () => {
    const runId = await queue(1, { method: 'uaf-hard' });
    const files: FileStore = { ...rowFiles(database), remove: () => Promise.reject(new TypeError('in use')) };
    const training = await service({ files: () => Promise.resolve(files) }, () => void training.save());
    await training.work('wasm');
    expect(logs.filter((text) => text.includes('not saved'))).toEqual([]);
    expect(await database.files.count()).toBeGreaterThan(1);
    expect(await database.runs.get(runId)).toMatchObject({ status: 'finished' });
  });

  it('are written before a pause takes effect, and are gone when the run is stopped', async () => {
    const runId = await queue(1, { method: 'uaf-hard', 'fineTuning.epochs': 200 });
    let paused: () => void = () => {};
    const isPaused = new Promise<void>((resolve) => {
      paused = resolve;
    });
    const training = await service({}, (event) => {
      pause(event);
      if (event.type === 'paused') paused();
    });
    const pause = untilStep((id) => pauseRun(database, id));
    const done = training.work('wasm');
    await isPaused;
    // A reload loses nothing from the moment on that the pause is told.
    expect(await database.checkpoints.count()).toBe(1);
    expect(await database.files.count()).toBe(1);
    await stopRun(database, runId);
    await done;
    expect(await database.checkpoints.count()).toBe(0);
    expect(await database.files.count()).toBe(0);
  });

  it('that cannot be written hold nothing up: it is said since when the run is not saved', async () => {
    const runId = await queue(1, { method: 'uaf-hard', 'fineTuning.epochs': 3 });
    const full: FileStore = {
      ...rowFiles(database),
      create: () => Promise.reject(new DOMException('full', 'QuotaExceededError')),
    };
    const seen: unknown[] = [];
    database.runs.hook('updating', (changes: { unsaved?: unknown }) => {
      if (changes.unsaved) seen.push(changes.unsaved);
    });
    const began = Date.now();
    const training = await service({ files: () => Promise.resolve(full) }, () => void training.save());
    await training.work('wasm');
    expect(seen[0]).toMatchObject({ message: expect.stringMatching(/storage is full/) });
    expect((seen[0] as { since: number }).since).toBeGreaterThanOrEqual(began - 1);
    expect(logs.some((text) => /not saved.*storage is full.*Training goes on/.test(text))).toBe(true);
    expect(await database.runs.get(runId)).toMatchObject({ status: 'finished', unsaved: null, error: null });
  });

  it('that cannot be written hold nothing up where there is no room to say so, either', async () => {
    const runId = await queue(1, { method: 'uaf-hard' });
    const quota = () => new DOMException('full', 'QuotaExceededError');
    const files: FileStore = { ...rowFiles(database), create: () => Promise.reject(quota()) };
    database.runs.hook('updating', (changes: { unsaved?: unknown }) => {
      if (changes.unsaved) throw quota();
    });
    const training = await service({ files: () => Promise.resolve(files) }, () => void training.save());
    await training.work('wasm');
    expect(logs.some((text) => /cannot say .* not saved\..*storage is full/.test(text))).toBe(true);
    expect(await database.runs.get(runId)).toMatchObject({ status: 'finished', error: null });
  });

  it('stay where a device was lost or full, and are gone where the run itself failed', async () => {
    let complain: (error: Error) => void = () => {};
    const open: typeof openBackend = (choice, options) => {
      complain = options.onDeviceError ?? complain;
      return openBackend(choice, options);
    };
    const runId = await queue(1, { method: 'uaf-hard', 'fineTuning.epochs': 25 });
    let training: TrainingService | null = null;
    const act = untilStep(async () => {
      await training?.save();
      await expect.poll(() => database.checkpoints.count()).toBe(1);
      complain(new OutOfGpuMemoryError('64 GB'));
    });
    training = await service({ open }, act);
    await training.work('wasm');
    expect(await database.runs.get(runId)).toMatchObject({ status: 'failed', error: { name: 'OutOfGpuMemoryError' } });
    expect(await database.checkpoints.count()).toBe(1);
    await requeue(database, [runId], 'checkpoint');
    await (await service()).work('wasm');
    expect(logs.some((text) => text.startsWith('Resumes from'))).toBe(true);
    expect(await database.runs.get(runId)).toMatchObject({ status: 'finished', error: null });

    const diverged = await queue(2, { method: 'most-popular' });
    await database.runs.update(diverged, { status: 'running' });
    const file = 'checkpoint-1-a';
    await database.files.put({ name: file, bytes: new Uint8Array(3) });
    const place = { stage: 'fine-tuning' as const, epoch: 1, step: 2 };
    await database.checkpoints.put({ runId: diverged, file, bytes: 3, checksum: 1, savedAt: 1, ...place });
    await failRun(database, diverged, { name: 'DivergedError', message: 'not a number' });
    expect(await database.checkpoints.count()).toBe(0);
    // Of what no row names the file goes when the studio is opened next.
    await (await service()).recover();
    expect(await database.files.count()).toBe(0);
  });

  it('of another model lead to a new beginning', async () => {
    const runId = await queue(1, { method: 'uaf-hard' });
    await killed(runId, 3);
    await database.runs.update(runId, { status: 'queued', 'configuration.channels': 8 });
    await (await service()).work('wasm');
    expect(logs.some((text) => /another model/.test(text))).toBe(true);
    expect(await database.runs.get(runId)).toMatchObject({ status: 'finished' });
  });
});
