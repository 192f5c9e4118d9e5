import { liveQuery, type Subscription } from 'dexie';
import type { Dataset } from '../data/dataset.ts';
import { type BackendChoice, type BackendInfo, type BackendOptions, openBackend, pinVariant } from '../engine/backend.ts';
import { DeviceLostError, StoppedError } from '../engine/errors.ts';
import { headlines, type Metrics, metricOf, selectionOf } from '../engine/evaluation/metrics.ts';
import type { StoredParameters } from '../engine/model/parameters.ts';
import type { Observer } from '../engine/training/observer.ts';
import { type PretrainingStore, run } from '../engine/training/run.ts';
import { contentsOf, type RunRow, type StudioDatabase } from '../storage/database.ts';
import { packPolicies } from '../storage/policies.ts';
import { ANEW } from '../storage/queue.ts';
import { MOST_PLAIN_MODEL } from '../storage/runRoom.ts';
import { failRun, isTrained } from '../storage/trained.ts';
import { answer, problemOf } from './answer.ts';
import { Pacer } from './pacer.ts';
import type { TrainingEvent, TrainingService } from './protocol.ts';
import { Speedometer } from './speedometer.ts';

export interface TrainingEnvironment extends Pick<BackendOptions, 'readWasm' | 'startThread'> {
  /** Opens a backend: a seam for tests of what a device may do. */
  readonly open?: typeof openBackend;
  readonly database: StudioDatabase;
  /** Held while runs are worked off: one tab trains, and browsers do not freeze a page that holds a lock. */
  readonly locks: LockManager;
}

const TRAINING_LOCK = 'uaf-studio training';

/** A run whose tab went away goes on by itself once: the next time it may be the run that takes the tab with it. */
const MOST_INTERRUPTIONS = 2;
const REPEATED = {
  name: 'InterruptedError',
  message:
    'Its tab was closed, reloaded or lost twice while this run was trained. If it crashed, the run needs more memory than there is: choose fewer channels, a smaller batch or a shorter sequence.',
};

const bytesOf = (parameters: StoredParameters): number =>
  Object.values(parameters).reduce((sum, { values }) => sum + values.byteLength, 0);

/** The one owner of the backend and of the queue. */
export function trainingService({
  database,
  readWasm,
  startThread,
  locks,
  open: openWith = openBackend,
}: TrainingEnvironment): TrainingService {
  let tell: (event: TrainingEvent) => void = () => {};
  let opened: { readonly choice: BackendChoice; readonly backend: BackendInfo } | null = null;
  let opening: Promise<unknown> = Promise.resolve();
  /** Why the GPU went away; set until the user chooses a backend again, so that one loss does not fail a whole queue. */
  let lost: string | null = null;
  let current: Pacer | null = null;
  let loaded: { readonly id: number; readonly dataset: Dataset } | null = null;
  let working = false;
  /** Something was queued since the queue was last looked at. */
  let again = false;
  const { runs, epochs, policies, outcomes, models, pretrainings } = database;
  const tablesOfRun = [runs, epochs, policies, outcomes, models, pretrainings];

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

  /** Takes a queued run, unless the user removed it meanwhile. */
  const claim = (id: number, backend: BackendInfo): Promise<boolean> =>
    database.transaction('rw', tablesOfRun, async () => {
      if ((await database.runs.get(id))?.status !== 'queued') return false;
      await database.epochs.where({ runId: id }).delete();
      await database.policies.where({ runId: id }).delete();
      await database.outcomes.delete(id);
      await database.models.delete(id);
      // Whatever came from elsewhere, it is computed here now.
      const fresh = { startedAt: Date.now(), error: null, elsewhere: undefined };
      await database.runs.update(id, { status: 'running', backend, ...fresh });
      return true;
    });

  /**
   * Writes something of a run as long as it is trained: of one that was deleted, held or stopped meanwhile nothing comes after.
   *
   * @throws StoppedError where it is trained no more
   */
  const whileTrained = (runId: number, write: (run: RunRow) => PromiseLike<unknown>): Promise<void> =>
    database.transaction('rw', tablesOfRun, async () => {
      const run = await database.runs.get(runId);
      if (!isTrained(run)) throw new StoppedError();
      await write(run);
    });

  /** Does what a run's row says: any tab may have written it. */
  const follow = (runId: number, pacer: Pacer): Subscription =>
    liveQuery(() => database.runs.get(runId)).subscribe({
      next: (run) => {
        const before = pacer.isPaused;
        if (!isTrained(run)) pacer.stop();
        else if (run.status === 'paused') pacer.pause();
        else pacer.resume();
        if (pacer.isPaused !== before) tell({ type: before ? 'resumed' : 'paused', runId });
      },
      error: (error: unknown) => pacer.stop(error instanceof Error ? error : new Error(String(error))),
    });

  async function carryOut(row: RunRow, inUse: BackendInfo): Promise<void> {
    const backend = pinVariant(inUse, row.backend);
    if (!(await claim(row.id, backend))) return;
    const pacer = new Pacer();
    current = pacer;
    tell({ type: 'started', runId: row.id });
    const following = follow(row.id, pacer);
    try {
      const dataset = await datasetOf(row.datasetId);
      const { pretraining, fineTuned, task } = await run(
        dataset,
        row.configuration,
        storeFor(row, backend),
        observerFor(row, pacer),
      );
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
      await keep(row.id, 'The ranks and policies of the best epoch', () =>
        database.outcomes.put({
          runId: row.id,
          outcomes,
          instances: task.test.instances,
          targets: task.test.item,
          users: task.test.user,
          policies: policies && packPolicies(policies),
        }),
      );
      if ((policies !== null || bytesOf(fineTuned.parameters) <= MOST_PLAIN_MODEL) && (await isBestTrial(row, validation))) {
        await keep(row.id, 'The parameters of the model', () => keepModel(row, fineTuned.parameters));
      }
      // Whoever sees it finished finds all of it.
      await whileTrained(row.id, () => database.runs.update(row.id, { status: 'finished', finishedAt: Date.now(), result }));
    } catch (error) {
      // What a broken device computes fails in other ways, too: the first reason is the one to tell.
      const cause = pacer.reason ?? error;
      const { name, message } = problemOf(cause);
      // Of a run that was stopped its row says it already.
      if (!(cause instanceof StoppedError)) await failRun(database, row.id, { name, message });
      tell({ type: 'log', runId: row.id, text: message });
    } finally {
      following.unsubscribe();
      pacer.dispose();
      current = null;
      tell({ type: 'ended', runId: row.id });
    }
  }

  /** The other finished trials of the same search and method; none of a run of its own. */
  const otherTrials = ({ id, datasetId, search, configuration: { method } }: RunRow): Promise<RunRow[]> =>
    search === null
      ? Promise.resolve([])
      : database.runs
          .where({ datasetId, status: 'finished' })
          .and((other) => other.id !== id && other.search === search && other.configuration.method === method)
          .toArray();

  /** Whether a trial is the best of its search so far by validation, of equal ones the first: pages look at no other. */
  async function isBestTrial(row: RunRow, validation: Metrics | null): Promise<boolean> {
    const value = validation === null ? 0 : selectionOf(validation);
    return (await otherTrials(row)).every(({ id, result }) => {
      const other = result?.validation ? selectionOf(result.validation) : 0;
      return other < value || (other === value && id > row.id);
    });
  }

  /** Keeps what policies can be looked into by; of a search, of its best trial alone. */
  async function keepModel(row: RunRow, parameters: StoredParameters): Promise<void> {
    const others = await otherTrials(row);
    await database.models.bulkDelete(others.map(({ id }) => id));
    await database.models.put({ runId: row.id, parameters });
  }

  /** Stores what a run can do without; what could not be saved is said to be not saved. */
  async function keep(runId: number, what: string, store: () => PromiseLike<unknown>): Promise<void> {
    try {
      await whileTrained(runId, store);
    } catch (error) {
      if (error instanceof StoppedError) throw error;
      const { name, message } = problemOf(error);
      const text = `${what} are not saved. ${message}`;
      await whileTrained(runId, ({ error: before }) =>
        database.runs.update(runId, { error: { name, message: before ? `${before.message} ${text}` : text } }),
      );
      tell({ type: 'log', runId, text });
    }
  }

  function storeFor({ id, datasetId }: RunRow, { name, variant }: BackendInfo): PretrainingStore {
    const keyed = (key: string) => `${name} ${variant} ${key}`;
    return {
      get: (key) => database.pretrainings.get([datasetId, keyed(key)]),
      put: (key, pretrained) =>
        keep(id, 'The pre-trained parameters', () => database.pretrainings.put({ datasetId, key: keyed(key), ...pretrained })),
    };
  }

  function observerFor({ id: runId, configuration }: RunRow, pacer: Pacer): Observer {
    const { selectOn } = configuration.fineTuning;
    const now = () => pacer.now();
    const speed = new Speedometer(now);
    return {
      now,
      turn: () => pacer.turn(),
      progress: (progress) => tell({ type: 'progress', runId, progress, ...speed.measure(progress) }),
      pretrainingEpoch: async (epoch) => {
        await whileTrained(runId, ({ pretraining }) =>
          database.runs.update(runId, { pretraining: [...pretraining.filter((e) => e.epoch < epoch.epoch), epoch] }),
        );
        tell({ type: 'log', runId, text: `Pre-training, epoch ${epoch.epoch}: loss ${epoch.loss.toFixed(4)}` });
      },
      // At once: its curve must not look as if it were drawn anew.
      pretrainingReused: async (pretraining) => {
        await whileTrained(runId, () => database.runs.update(runId, { pretraining }));
        tell({ type: 'log', runId, text: 'Starts from the model that an earlier run pre-trained.' });
      },
      fineTuningEpoch: async (epoch, policies) => {
        await whileTrained(runId, async () => {
          await database.epochs.put({ runId, ...epoch });
          if (policies !== null) await database.policies.put({ runId, epoch: epoch.epoch, bytes: packPolicies(policies) });
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

  /** Works until nothing is queued; whoever queues later has to call again. */
  async function workOff(choice: BackendChoice): Promise<void> {
    for (;;) {
      again = false;
      const queued = await database.runs.where({ status: 'queued' }).sortBy('position');
      if (queued.length > 0) {
        if (lost !== null) throw new DeviceLostError(lost);
        await carryOut(queued[0], opened?.backend ?? (await open(choice)));
      } else if (!again) {
        working = false;
        return;
      }
    }
  }

  /** Whoever holds the lock is alive; with the lock in hand, a run that is “running” has lost its tab. */
  const markInterrupted = () =>
    database.runs
      .where('status')
      .anyOf('running', 'paused', 'interrupted')
      .modify((run: { -readonly [K in keyof RunRow]: RunRow[K] }) => {
        const isAlone = run.search === null && run.experimentId === null;
        const interruptions = (run.interruptions ?? 0) + (run.status === 'running' ? 1 : 0);
        // What the user held stays held.
        if (run.experimentId !== null && run.status === 'paused') Object.assign(run, ANEW, { status: 'held' });
        // A search is decided by all of its trials, and an experiment by all of its runs: they go on by themselves.
        else if (!isAlone && interruptions < MOST_INTERRUPTIONS) Object.assign(run, ANEW, { status: 'queued', interruptions });
        else if (run.status !== 'interrupted') {
          const error = interruptions < MOST_INTERRUPTIONS ? run.error : REPEATED;
          Object.assign(run, { status: 'interrupted', finishedAt: Date.now(), interruptions, error });
        }
      });

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
    recover: () =>
      answer(async () => {
        await locks.request(TRAINING_LOCK, { ifAvailable: true }, async (lock) => {
          if (lock !== null) await markInterrupted();
        });
      }),
    work: (choice) =>
      answer(async () => {
        again = true;
        if (working) return;
        working = true;
        try {
          const mine = await locks.request(TRAINING_LOCK, { ifAvailable: true }, async (lock) => {
            if (lock !== null) await workOff(choice);
            return lock !== null;
          });
          if (mine) return;
          tell({ type: 'elsewhere' });
          // The other tab takes what is queued; when it is closed, this one goes on.
          await locks.request(TRAINING_LOCK, async () => {
            await markInterrupted();
            await workOff(choice);
          });
        } finally {
          working = false;
          tell({ type: 'idle' });
        }
      }),
  };
}
