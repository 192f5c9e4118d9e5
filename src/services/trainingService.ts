import { liveQuery, type Subscription } from 'dexie';
import type { Dataset } from '../data/dataset.ts';
import { type BackendChoice, type BackendInfo, type BackendOptions, openBackend, pinVariant } from '../engine/backend.ts';
import { CheckpointError } from '../engine/checkpoint/errors.ts';
import { DeviceLostError, StoppedError } from '../engine/errors.ts';
import { headlines, metricOf } from '../engine/evaluation/metrics.ts';
import type { StoredParameters } from '../engine/model/parameters.ts';
import type { Observer } from '../engine/training/observer.ts';
import { type PretrainingStore, run } from '../engine/training/run.ts';
import { positionWords, sweepCheckpoints } from '../storage/checkpoints.ts';
import { contentsOf, type RunRow, type StudioDatabase } from '../storage/database.ts';
import { NothingStoredError, OutdatedError, storageFault } from '../storage/errors.ts';
import { filesOf } from '../storage/fileStore.ts';
import { type FileStore, FilesUnavailableError } from '../storage/files.ts';
import { packPolicies } from '../storage/policies.ts';
import { nextRun } from '../storage/queue.ts';
import { reportedDataset } from '../storage/results.ts';
import { MOST_PLAIN_MODEL } from '../storage/runRoom.ts';
import { failRun, isTrained } from '../storage/trained.ts';
import { answer, problemOf } from './answer.ts';
import { type OpenCheckpoint, openCheckpoint, Saver } from './checkpointing.ts';
import { Pacer } from './pacer.ts';
import { TRAINING_LOCK, type TrainingEvent, type TrainingService } from './protocol.ts';
import {
  beginAnew,
  type Covered,
  claim,
  computedBy,
  dropOtherModels,
  isBestTrial,
  markInterrupted,
  whileKept,
  whileTrained,
} from './runWrites.ts';
import { Saving } from './saving.ts';
import { Speedometer } from './speedometer.ts';
import { UnsavedRun } from './unsavedRun.ts';

export interface TrainingEnvironment extends Pick<BackendOptions, 'readWasm' | 'startThread'> {
  /** Opens a backend: a seam for tests of what a device may do. */
  readonly open?: typeof openBackend;
  readonly database: StudioDatabase;
  /** Where checkpoints go, if not beside the database: a seam for tests of what a disk may do. */
  readonly files?: () => Promise<FileStore>;
  /** Held while runs are worked off: one tab trains, and browsers do not freeze a page that holds a lock. */
  readonly locks: LockManager;
  /** The browser, in its own words: for what is saved to a file. */
  readonly platform?: string;
}

/** A backend as checkpoints and pre-trained models name it: another one has other numbers. */
const wordsOf = ({ name, variant }: BackendInfo): string => `${name} ${variant}`;

/** What a run need not compute again. */
const coverOf = ({ state: { numbers } }: OpenCheckpoint): Covered => ({
  epochs: numbers.epochs.length,
  pretraining: numbers.pretraining?.epochs ?? [],
});

/** The end of a run that was stopped, held or deleted meanwhile says its row already. */
const unlessStopped = (ending: Promise<void>): Promise<void> =>
  ending.catch((error: unknown) => {
    if (!(error instanceof StoppedError)) throw error;
  });

/** What may fail a run, for when it is one's own. @throws FilesUnavailableError, which fails none: it would fail all that wait */
const unlessUnavailable = (error: unknown): Error => {
  if (error instanceof FilesUnavailableError) throw error;
  return error instanceof Error ? error : new Error(String(error));
};

const bytesOf = (parameters: StoredParameters): number =>
  Object.values(parameters).reduce((sum, { values }) => sum + values.byteLength, 0);

/** The one owner of the backend and of the queue. */
export function trainingService({
  database,
  readWasm,
  startThread,
  locks,
  files = () => filesOf(database),
  platform = 'unknown',
  open: openWith = openBackend,
}: TrainingEnvironment): TrainingService {
  let tell: (event: TrainingEvent) => void = () => {};
  let opened: { readonly choice: BackendChoice; readonly backend: BackendInfo } | null = null;
  let opening: Promise<unknown> = Promise.resolve();
  /** Why the GPU went away; set until the user chooses a backend again, so that one loss does not fail a whole queue. */
  let lost: string | null = null;
  let current: Pacer | null = null;
  let saver: Saver | null = null;
  /** What is known of the current run, stored or not. */
  let live: UnsavedRun | null = null;
  let saving: Saving | null = null;
  let loaded: { readonly id: number; readonly dataset: Dataset } | null = null;
  let working = false;
  /** Something was queued since the queue was last looked at. */
  let again = false;

  const onDeviceLost = (message: string) => {
    opened = null;
    lost = message;
    tell({ type: 'device-lost', message });
    current?.stop(new DeviceLostError(message));
  };

  /** Of what was computed since, nothing can be trusted: the run ends, and the next one opens the device anew. */
  const onDeviceError = (error: Error) => {
    opened = null;
    current?.stop(error);
  };

  // What a newer version took over is written no more: the run is that version's to go on with.
  database.on('close', () => {
    if (database.isOutdated) current?.stop(new OutdatedError());
  });

  // A database that does not answer costs one more measurement, and nothing else.
  const variants = {
    recall: (adapter: string) =>
      database.settings.get(`variant on ${adapter}`).then(
        (setting) => setting?.value,
        () => undefined,
      ),
    remember: (adapter: string, value: string) =>
      database.settings.put({ name: `variant on ${adapter}`, value }).then(
        () => undefined,
        () => undefined,
      ),
  };

  /** One after the other: two backends opening at once could end with another one current than the one noted. */
  const open = (choice: BackendChoice): Promise<BackendInfo> => {
    const next = opening.then(async () => {
      if (opened?.choice === choice) return opened.backend;
      opened = null;
      const backend = await openWith(choice, { readWasm, startThread, variants, onDeviceLost, onDeviceError });
      opened = { choice, backend };
      lost = null;
      tell({ type: 'backend', backend });
      return backend;
    });
    opening = next.catch(() => undefined);
    return next;
  };

  const datasetOf = async (id: number): Promise<Dataset> => {
    if (loaded?.id === id) return loaded.dataset;
    loaded = { id, dataset: await contentsOf(database, id) };
    return loaded.dataset;
  };

  /** Does what a run's row says: any tab may have written it. */
  const follow = (runId: number, pacer: Pacer): Subscription =>
    liveQuery(() => database.runs.get(runId)).subscribe({
      next: (run) => {
        const before = pacer.isPaused;
        // What is held goes on where it stands now, also where it is let go again at once.
        if (run?.status === 'held' || run?.status === 'queued' || (run?.status === 'paused' && !before)) saver?.ask();
        if (!isTrained(run)) pacer.stop();
        else if (run.status === 'paused') pacer.pause();
        else pacer.resume();
        if (before && !pacer.isPaused) tell({ type: 'resumed', runId });
      },
      error: (error: unknown) => {
        // A connection is opened again, and the row is looked at then.
        if (storageFault(error) !== 'connection') pacer.stop(error instanceof Error ? error : new Error(String(error)));
      },
    });

  async function carryOut(row: RunRow, inUse: BackendInfo): Promise<void> {
    const pinned = pinVariant(inUse, row.backend);
    const beside = await files();
    const dataset = await datasetOf(row.datasetId).catch(unlessUnavailable);
    const found = await openCheckpoint(beside, database, row.id).catch(unlessUnavailable);
    const isOpen = found !== null && typeof found !== 'string' && !(found instanceof Error);
    const from = isOpen ? found : null;
    const by = computedBy(from?.row.backend, wordsOf(pinned));
    const backend = by.first === null ? pinned : { ...pinned, reason: `${pinned.reason} The run began on ${by.first}.` };
    // Of a checkpoint that cannot be read now nobody knows what it covers: nothing of its run goes.
    const covered = isOpen ? coverOf(found) : found instanceof Error ? 'all' : null;
    let isOurs = false;
    try {
      isOurs = await claim(database, row.id, backend, covered);
    } finally {
      if (!isOurs) from?.close();
    }
    if (!isOurs) return;
    // Told when it stands, and what it has come to is saved or said to be not: a reload before loses it.
    const pacer = new Pacer(() => tell({ type: 'paused', runId: row.id }));
    current = pacer;
    const writing = new Saving(
      (waits) => tell(waits === null ? { type: 'saved', runId: row.id } : { type: 'unsaved', runId: row.id, unsaved: waits }),
      () => !database.isOutdated,
    );
    saving = writing;
    const log = (text: string) => tell({ type: 'log', runId: row.id, text });
    // What waits to be stored a checkpoint must not cover: a resumed run would not compute it again.
    saver = new Saver(beside, database, row.id, by.all, from, pacer, () => !writing.isWaiting, log);
    tell({ type: 'started', runId: row.id });
    if (from !== null) log(`Resumes from ${positionWords(from.row)}.`);
    if (typeof found === 'string') log(`${found} The run begins anew.`);
    const following = follow(row.id, pacer);
    try {
      if (found instanceof Error) throw found;
      if (dataset instanceof Error) throw dataset;
      const unsaved = new UnsavedRun(row, backend, await reportedDataset(database, row.datasetId), from?.state.numbers);
      live = unsaved;
      const pretrainings = storeFor(row, backend, by.all, pacer);
      const observer = observerFor(row, pacer, saver, writing, unsaved);
      const { pretraining, fineTuned, task } = await run(dataset, row.configuration, pretrainings, observer, from?.state);
      // A device lost, a full memory or a stop asked for in the last moment must not read “finished”.
      await pacer.settle();
      const { bestEpoch, test, policy, policies, outcomes, epochs } = fineTuned;
      const seconds = { pretraining: pretraining?.seconds ?? 0, ...fineTuned.seconds };
      const validation = epochs.find(({ epoch }) => epoch === bestEpoch)?.validation ?? null;
      const classes = dataset.task === 'profile' ? dataset.targetItems : null;
      const { byTrainingTargets, cost } = fineTuned;
      const { candidates } = task;
      const { train, validation: validated, test: tested } = task.split;
      const split = { train: train.length, validation: validated.length, test: tested.length };
      const result = { bestEpoch, test, validation, policy, candidates, classes, byTrainingTargets, cost, split, seconds };
      const outcome = {
        runId: row.id,
        outcomes,
        instances: task.test.instances,
        targets: task.test.item,
        users: task.test.user,
        policies: policies && packPolicies(policies),
      };
      unsaved.ended(result, outcome);
      // Without its epochs a run is not finished: it waits for them.
      await writing.settled(() => pacer.turn());
      await keep(row.id, 'The ranks and policies of the best epoch', () => database.outcomes.put(outcome));
      if (
        (policies !== null || bytesOf(fineTuned.parameters) <= MOST_PLAIN_MODEL) &&
        (await isBestTrial(database, row, validation))
      ) {
        await keep(row.id, 'The parameters of the model', () =>
          database.models.put({ runId: row.id, parameters: fineTuned.parameters }),
        );
      }
      // Whoever sees it finished finds all of it.
      await writing.write('the result', () =>
        whileTrained(database, row.id, async () => {
          await database.runs.update(row.id, { status: 'finished', finishedAt: Date.now(), result, unsaved: null });
          await database.checkpoints.delete(row.id);
          await dropOtherModels(database, row);
        }),
      );
      await writing.settled(() => pacer.turn());
    } catch (error) {
      // What a broken device computes fails in other ways, too: the first reason is the one to tell.
      const cause = pacer.reason ?? error;
      const problem = problemOf(cause);
      const { name, message } = problem;
      // It cannot be written down: whoever may write finds the run interrupted.
      if (cause instanceof OutdatedError) throw cause;
      // Of a run that was stopped its row says it already.
      if (cause instanceof CheckpointError) await unlessStopped(beginAnew(database, row.id));
      else if (!(cause instanceof StoppedError)) {
        tell({ type: 'failed', runId: row.id, problem });
        const fail = async () => {
          await failRun(database, row.id, { name, message });
        };
        await unlessStopped(writing.write('why it failed', fail).then(() => writing.settled(async () => {})));
      }
      log(message);
    } finally {
      following.unsubscribe();
      pacer.dispose();
      writing.dispose();
      from?.close();
      current = null;
      saver = null;
      saving = null;
      live = null;
      await tidy();
      tell({ type: 'ended', runId: row.id });
    }
  }

  /** Files that no row names any more: what cannot be removed now costs some room until the next run has ended, and nothing else. */
  const tidy = (): Promise<void> =>
    files()
      .then((beside) => sweepCheckpoints(beside, database, locks))
      .catch(() => undefined);

  /** Stores what a run can do without; what could not be saved is said to be not saved. */
  async function keep(runId: number, what: string, store: () => PromiseLike<unknown>): Promise<void> {
    try {
      await whileTrained(database, runId, store);
    } catch (error) {
      if (error instanceof StoppedError || saving === null) throw error;
      // What is only cut off can be stored later; what finds no room is done without.
      if (storageFault(error) === 'connection') return saving.write(what, () => whileTrained(database, runId, store));
      const { name, message } = problemOf(error);
      const text = `${what} are not saved. ${message}`;
      await saving.write('what of it is not saved', () =>
        whileTrained(database, runId, ({ error: before }) =>
          database.runs.update(runId, { error: { name, message: before ? `${before.message} ${text}` : text } }),
        ),
      );
      tell({ type: 'log', runId, text });
    }
  }

  /** @param by what the run is computed by, of several backends one after the other */
  function storeFor({ id, datasetId }: RunRow, backend: BackendInfo, by: string, pacer: Pacer): PretrainingStore {
    const { pretrainings } = database;
    const keyed = (key: string) => `${wordsOf(backend)} ${key}`;
    return {
      get: (key) => pretrainings.get([datasetId, keyed(key)]),
      put: async (key, pretrained) => {
        // A model of two backends is this run's own: others are to have the same numbers whenever they run.
        if (by !== wordsOf(backend)) return;
        // A device that was lost or full tells of it by a message: what was read from it must not be what later runs start from.
        await pacer.settle();
        await keep(id, 'The pre-trained parameters', async () => {
          // What others started from stays as it is.
          if (
            (await pretrainings
              .where(':id')
              .equals([datasetId, keyed(key)])
              .count()) > 0
          )
            return;
          await pretrainings.put({ datasetId, key: keyed(key), ...pretrained });
        });
      },
    };
  }

  function observerFor(
    { id: runId, configuration }: RunRow,
    pacer: Pacer,
    checkpoints: Saver,
    writing: Saving,
    unsaved: UnsavedRun,
  ): Observer {
    const store = (what: string, write: (run: RunRow) => PromiseLike<unknown>) =>
      writing.write(what, () => whileKept(database, runId, write));
    const { selectOn } = configuration.fineTuning;
    const now = () => pacer.now();
    const speed = new Speedometer(now);
    return {
      now,
      turn: (stand) => pacer.turn(() => checkpoints.consider(stand)),
      progress: (progress) => tell({ type: 'progress', runId, progress, ...speed.measure(progress) }),
      pretrainingEpoch: async (epoch) => {
        unsaved.pretrained([epoch]);
        await store(`pre-training epoch ${epoch.epoch}`, ({ pretraining }) =>
          database.runs.update(runId, { pretraining: [...pretraining.filter((e) => e.epoch < epoch.epoch), epoch] }),
        );
        tell({ type: 'log', runId, text: `Pre-training, epoch ${epoch.epoch}: loss ${epoch.loss.toFixed(4)}` });
      },
      // At once: its curve must not look as if it were drawn anew.
      pretrainingReused: async (pretraining) => {
        unsaved.pretrained(pretraining);
        await store('the course of pre-training', () => database.runs.update(runId, { pretraining }));
        tell({ type: 'log', runId, text: 'Starts from the model that an earlier run pre-trained.' });
      },
      fineTuningEpoch: async (epoch, policies) => {
        unsaved.fineTuned(epoch);
        // Packed now: what waits must not change.
        const bytes = policies && packPolicies(policies);
        await store(`fine-tuning epoch ${epoch.epoch}`, async () => {
          await database.epochs.put({ runId, ...epoch });
          if (bytes !== null) await database.policies.put({ runId, epoch: epoch.epoch, bytes });
        });
        const words = headlines(epoch.validation).map((name) => {
          return `${name} ${metricOf(epoch.validation, name, 'sampled')?.value.toFixed(3)}`;
        });
        tell({
          type: 'log',
          runId,
          text: `Fine-tuning, epoch ${epoch.epoch}: loss ${epoch.trainLoss.toFixed(4)}, ${selectOn} ${words.join(', ')}`,
        });
      },
    };
  }

  /** Works until nothing is to be trained; whoever queues or lets go on later sets `again`. */
  async function workOff(choice: BackendChoice): Promise<void> {
    for (;;) {
      again = false;
      const next = await nextRun(database);
      if (next === undefined) return;
      if (lost !== null) throw new DeviceLostError(lost);
      await carryOut(next, opened?.backend ?? (await open(choice)));
    }
  }

  /** For whoever holds the lock: all runs that are “running” then have lost their tab. */
  const recover = async () => {
    if (await markInterrupted(database)) tell({ type: 'interrupted' });
    await tidy();
  };

  /** Works the queue off as soon as this worker may: one tab trains. */
  async function inTurn(choice: BackendChoice): Promise<void> {
    // Also where nobody holds it now: the tab that did may have gone since this one looked for what others had left behind.
    const takeOver = async () => {
      await recover();
      await workOff(choice);
    };
    const mine = await locks.request(TRAINING_LOCK, { ifAvailable: true }, async (lock) => {
      if (lock !== null) await takeOver();
      return lock !== null;
    });
    if (mine) return;
    tell({ type: 'elsewhere' });
    // The other tab takes what is queued; when it is closed, this one goes on.
    await locks.request(TRAINING_LOCK, takeOver);
  }

  return {
    listen: async (listener) => {
      tell = listener;
    },
    openBackend: (choice) =>
      answer(async () => {
        if (working && opened !== null && opened.choice !== choice) {
          throw new Error('The backend cannot be changed while a run is going on. Stop the run first.');
        }
        await open(choice);
      }),
    save: async () => saver?.ask(),
    exportUnsaved: () =>
      answer(async () => {
        if (live === null)
          throw new NothingStoredError('No run is going on: whatever ended is stored, or says what of it is not.');
        return live.file(platform);
      }),
    recover: () =>
      answer(async () => {
        await locks.request(TRAINING_LOCK, { ifAvailable: true }, async (lock) => {
          if (lock !== null) await recover();
        });
      }),
    work: (choice) =>
      answer(async () => {
        again = true;
        if (working) return;
        working = true;
        try {
          while (again) await inTurn(choice);
        } finally {
          working = false;
          tell({ type: 'idle' });
        }
      }),
  };
}
