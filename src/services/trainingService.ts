import type { Dataset } from '../data/dataset.ts';
import { type BackendChoice, type BackendInfo, openBackend } from '../engine/backend.ts';
import { DeviceLostError, StoppedError } from '../engine/errors.ts';
import { taskOf } from '../engine/training/fineTuning.ts';
import type { Observer } from '../engine/training/observer.ts';
import { type PretrainingStore, run } from '../engine/training/run.ts';
import type { RunRow, StudioDatabase } from '../storage/database.ts';
import { packPolicies } from '../storage/policies.ts';
import { answer, problemOf } from './answer.ts';
import { Pacer } from './pacer.ts';
import type { TrainingEvent, TrainingService } from './protocol.ts';
import { Speedometer } from './speedometer.ts';

export interface TrainingEnvironment {
  readonly database: StudioDatabase;
  readonly wasmPaths: Record<string, string>;
  /** Held while runs are worked off: one tab trains, and browsers do not freeze a page that holds a lock. */
  readonly locks: LockManager;
}

const TRAINING_LOCK = 'uaf-studio training';

/** The one owner of the backend and of the queue. */
export function trainingService({ database, wasmPaths, locks }: TrainingEnvironment): TrainingService {
  let tell: (event: TrainingEvent) => void = () => {};
  let opened: { readonly choice: BackendChoice; readonly backend: Promise<BackendInfo> } | null = null;
  let current: { readonly runId: number; readonly pacer: Pacer } | null = null;
  let loaded: { readonly id: number; readonly dataset: Dataset } | null = null;
  let working = false;

  const open = (choice: BackendChoice): Promise<BackendInfo> => {
    if (opened?.choice === choice) return opened.backend;
    const backend = openBackend(choice, {
      wasmPaths,
      onDeviceLost: (message) => {
        opened = null;
        tell({ type: 'device-lost', message });
        current?.pacer.stop(new DeviceLostError(message));
      },
    });
    opened = { choice, backend };
    backend.then(
      (info) => tell({ type: 'backend', backend: info }),
      () => {
        opened = null;
      },
    );
    return backend;
  };

  const contentsOf = async (id: number): Promise<Dataset> => {
    if (loaded?.id === id) return loaded.dataset;
    const row = await database.contents.get(id);
    if (row === undefined) throw new Error('The dataset of this run was deleted.');
    loaded = { id, dataset: row.dataset };
    return row.dataset;
  };

  async function carryOut(row: RunRow, using: BackendInfo): Promise<void> {
    const pacer = new Pacer();
    current = { runId: row.id, pacer };
    await database.runs.update(row.id, { status: 'running', startedAt: Date.now(), backend: using, error: null });
    tell({ type: 'started', runId: row.id });
    try {
      await database.epochs.where({ runId: row.id }).delete();
      const dataset = await contentsOf(row.datasetId);
      const { candidates } = taskOf(dataset, row.configuration);
      const { pretraining, fineTuned } = await run(dataset, row.configuration, storeFor(row, using), observerFor(row.id, pacer));
      // A device lost or a stop asked for in the last moment must not read “finished”.
      await pacer.turn();
      const { bestEpoch, test, policy, policies, ranks, parameters } = fineTuned;
      const seconds = { pretraining: pretraining?.seconds ?? 0, ...fineTuned.seconds };
      await database.transaction('rw', database.runs, database.outcomes, async () => {
        await database.outcomes.put({
          runId: row.id,
          ranks,
          policies: policies && packPolicies(policies.probability),
          parameters,
        });
        await database.runs.update(row.id, {
          status: 'finished',
          finishedAt: Date.now(),
          result: { bestEpoch, test, policy, candidates, seconds },
        });
      });
    } catch (error) {
      const { name, message } = problemOf(error);
      const status = error instanceof StoppedError ? 'stopped' : 'failed';
      await database.runs.update(row.id, {
        status,
        finishedAt: Date.now(),
        error: status === 'failed' ? { name, message } : null,
      });
      tell({ type: 'log', runId: row.id, text: message });
    } finally {
      pacer.dispose();
      current = null;
      tell({ type: 'ended', runId: row.id });
    }
  }

  function storeFor({ datasetId }: RunRow, { name }: BackendInfo): PretrainingStore {
    const keyed = (key: string) => `${name} ${key}`;
    return {
      get: (key) => database.pretrainings.get([datasetId, keyed(key)]),
      put: async (key, pretrained) => {
        await database.pretrainings.put({ datasetId, key: keyed(key), ...pretrained });
      },
    };
  }

  function observerFor(runId: number, pacer: Pacer): Observer {
    const speed = new Speedometer();
    return {
      turn: () => pacer.turn(),
      progress: (progress) => tell({ type: 'progress', runId, progress, ...speed.measure(progress) }),
      pretrainingEpoch: async (epoch) => {
        const { pretraining } = (await database.runs.get(runId)) ?? { pretraining: [] };
        await database.runs.update(runId, { pretraining: [...pretraining.filter((e) => e.epoch < epoch.epoch), epoch] });
        tell({ type: 'log', runId, text: `Pre-training, epoch ${epoch.epoch}: loss ${epoch.loss.toFixed(4)}` });
      },
      fineTuningEpoch: async (epoch, policies) => {
        await database.epochs.put({ runId, ...epoch, policies: policies && packPolicies(policies.probability) });
        const { sampled } = epoch.validation;
        tell({
          type: 'log',
          runId,
          text: `Fine-tuning, epoch ${epoch.epoch}: loss ${epoch.trainLoss.toFixed(4)}, validation HR@5 ${sampled['HR@5'].toFixed(3)}, MRR@5 ${sampled['MRR@5'].toFixed(3)}`,
        });
      },
    };
  }

  async function workOff(choice: BackendChoice): Promise<void> {
    for (;;) {
      const queued = await database.runs.where({ status: 'queued' }).sortBy('position');
      if (queued.length === 0) return;
      await carryOut(queued[0], await (opened?.backend ?? open(choice)));
    }
  }

  const setStatus = (runId: number, status: 'running' | 'paused') => database.runs.update(runId, { status });

  return {
    listen: async (listener) => {
      tell = listener;
    },
    openBackend: (choice) =>
      answer(async () => {
        if (current !== null && opened?.choice !== choice) {
          throw new Error('The backend cannot be changed while a run is going on. Stop the run first.');
        }
        await open(choice);
      }),
    recover: () =>
      answer(async () => {
        // Whoever holds the lock is alive: then the runs that are going on are its own.
        await locks.request(TRAINING_LOCK, { ifAvailable: true }, async (lock) => {
          if (lock === null) return;
          await database.runs
            .where('status')
            .anyOf('running', 'paused')
            .modify({ status: 'interrupted', finishedAt: Date.now() });
        });
      }),
    work: (choice) =>
      answer(async () => {
        if (working) return;
        working = true;
        try {
          await locks.request(TRAINING_LOCK, { ifAvailable: true }, async (lock) => {
            if (lock === null) tell({ type: 'elsewhere' });
            else await workOff(choice);
          });
        } finally {
          working = false;
          tell({ type: 'idle' });
        }
      }),
    pause: async () => {
      if (current === null || current.pacer.isPaused) return;
      current.pacer.pause();
      await setStatus(current.runId, 'paused');
      tell({ type: 'paused', runId: current.runId });
    },
    resume: async () => {
      if (current === null || !current.pacer.isPaused) return;
      await setStatus(current.runId, 'running');
      tell({ type: 'resumed', runId: current.runId });
      current.pacer.resume();
    },
    stop: async () => current?.pacer.stop(),
  };
}
