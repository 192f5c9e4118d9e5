import { proxy, wrap } from 'comlink';
import { watchLife } from './lifeline.ts';
import type {
  Answer,
  ImportProgress,
  ImportService,
  InspectionService,
  PlanningService,
  PolicyService,
  ResultsService,
  StorageService,
  TrainingEvent,
  TrainingService,
} from './protocol.ts';

/** A worker died, or was ended: its calls would never be answered. */
class WorkerLostError extends Error {
  override name = 'WorkerLostError';
  constructor(worker: WorkerName, message: string) {
    super(`The studio’s ${worker} worker has stopped (${message}). What was saved is still there.`);
  }
}

/** A problem that a worker answered with, thrown again on the page. */
export class ServiceError extends Error {
  constructor(readonly problem: Extract<Answer<unknown>, { ok: false }>['problem']) {
    super(problem.message);
    this.name = problem.name;
  }
}

export interface Connection<T> {
  /** The worker's service: all its methods are asynchronous already, so comlink's proxy has the same type. */
  readonly remote: T;
  /** Races a call against the worker's death. */
  readonly call: <R>(request: Promise<R>) => Promise<R>;
}

export type WorkerName = 'training' | 'import' | 'planning' | 'policies' | 'inspection' | 'results' | 'storage';

/** What became of a worker. `message` is the browser's own. */
export interface WorkerNews {
  readonly worker: WorkerName;
  readonly life: 'silent' | 'answers' | 'died' | 'ended';
  readonly message: string;
}

let tellNews: (news: WorkerNews) => void = () => {};

/** Is told what becomes of all workers. */
export function onWorkerNews(tell: (news: WorkerNews) => void): void {
  tellNews = tell;
}

interface Live<T> extends Connection<T> {
  /** Ends the worker for good, with all calls that wait for it; settles when it is gone. */
  readonly end: () => Promise<void>;
}

/** Comlink never settles the calls of a dead worker, and hangs if a proxy is collected meanwhile: both are kept here for good. */
function connect<T>(name: WorkerName, worker: Worker): Live<T> {
  let lose: (error: Error) => void = () => {};
  const lost = new Promise<never>((_, reject) => {
    lose = reject;
  });
  let isOver = false;
  let goneAway: () => void = () => {};
  const gone = new Promise<void>((resolve) => {
    goneAway = resolve;
  });
  /** One end, whatever comes first: what is broken is not left running. */
  const finish = (life: 'died' | 'ended', message: string) => {
    if (isOver) return;
    isOver = true;
    worker.terminate();
    lose(new WorkerLostError(name, message));
    tellNews({ worker: name, life, message });
  };
  worker.addEventListener('error', ({ message }) => finish('died', message || 'it could not be loaded'));
  worker.addEventListener('messageerror', () => finish('died', 'a message from it could not be read'));
  if (navigator.locks === undefined) goneAway();
  else
    watchLife(worker, navigator.locks, (life) => {
      if (life === 'gone') {
        goneAway();
        finish('died', 'it closed itself, or the browser ended it');
      } else if (!isOver) tellNews({ worker: name, life: life === 'silent' ? 'silent' : 'answers', message: '' });
    });
  // Every caller sees the rejection through the race; nobody else has to.
  lost.catch(() => undefined);
  return {
    remote: wrap<T>(worker) as unknown as T,
    call: (request) => Promise.race([request, lost]),
    end: async () => {
      finish('ended', 'it was started anew');
      await Promise.race([gone, new Promise((resolve) => setTimeout(resolve, MOST_ENDING))]);
    },
  };
}

/** Milliseconds that the end of a worker is waited for: one that never started has no lock to let go. */
const MOST_ENDING = 3_000;

interface Client<T> {
  (): Connection<T>;
  /** Ends the worker; the next call starts another one. Settles when the old one is gone, with its locks. */
  readonly restart: () => Promise<void>;
}

/** A worker that is started when it is first needed, and connected to until it is restarted. */
function once<T>(name: WorkerName, start: () => Worker): Client<T> {
  let connection: Live<T> | null = null;
  return Object.assign(
    () => {
      connection ??= connect<T>(name, start());
      return connection;
    },
    {
      restart: async () => {
        const before = connection;
        await before?.end();
        if (connection === before) connection = null;
      },
    },
  );
}

// Vite bundles a worker where it finds its address written out in a constructor.
export const training = once<TrainingService>(
  'training',
  () => new Worker(new URL('../../workers/training.worker.ts', import.meta.url), { type: 'module', name: 'training' }),
);
export const importing = once<ImportService>(
  'import',
  () => new Worker(new URL('../../workers/import.worker.ts', import.meta.url), { type: 'module', name: 'import' }),
);
export const planning = once<PlanningService>(
  'planning',
  () => new Worker(new URL('../../workers/planning.worker.ts', import.meta.url), { type: 'module', name: 'planning' }),
);
export const policies = once<PolicyService>(
  'policies',
  () => new Worker(new URL('../../workers/policies.worker.ts', import.meta.url), { type: 'module', name: 'policies' }),
);
export const inspecting = once<InspectionService>(
  'inspection',
  () => new Worker(new URL('../../workers/inspection.worker.ts', import.meta.url), { type: 'module', name: 'inspection' }),
);
export const results = once<ResultsService>(
  'results',
  () => new Worker(new URL('../../workers/results.worker.ts', import.meta.url), { type: 'module', name: 'results' }),
);

export const storing = once<StorageService>(
  'storage',
  () => new Worker(new URL('../../workers/storage.worker.ts', import.meta.url), { type: 'module', name: 'storage' }),
);

/** Ends a worker and starts another one when it is next needed. */
export const restart = (worker: WorkerName): Promise<void> => CLIENTS[worker].restart();

const CLIENTS: Readonly<Record<WorkerName, Client<unknown>>> = {
  training,
  import: importing,
  planning,
  policies,
  inspection: inspecting,
  results,
  storage: storing,
};

/** The value of an answer. @throws ServiceError */
export function unwrap<T>(answer: Answer<T>): T {
  if (answer.ok) return answer.value;
  throw new ServiceError(answer.problem);
}

/** A callback that workers may call. */
export const listener = (listen: (event: TrainingEvent) => void) => proxy(listen);
export const shareListener = (listen: (share: number) => void) => proxy(listen);
export const progressListener = (listen: (progress: ImportProgress) => void) => proxy(listen);
