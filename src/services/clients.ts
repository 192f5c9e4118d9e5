import { proxy, wrap } from 'comlink';
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

/** A worker died or cannot be understood: its calls would never be answered. */
class WorkerLostError extends Error {
  override name = 'WorkerLostError';
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

/** Comlink never settles the calls of a dead worker, and hangs if a proxy is collected meanwhile: both are kept here for good. */
function connect<T>(worker: Worker): Connection<T> {
  const lost = new Promise<never>((_, reject) => {
    worker.addEventListener('error', (event) => {
      reject(
        new WorkerLostError(
          `A worker of the studio stopped (${event.message || 'it could not be loaded'}). Reload the page; what was saved is still there.`,
        ),
      );
    });
    worker.addEventListener('messageerror', () =>
      reject(new WorkerLostError('A message from a worker could not be read. Reload the page.')),
    );
  });
  // Every caller sees the rejection through the race; nobody else has to.
  lost.catch(() => undefined);
  return { remote: wrap<T>(worker) as unknown as T, call: (request) => Promise.race([request, lost]) };
}

/** A worker that is started when it is first needed, and connected to for good. */
function once<T>(start: () => Worker): () => Connection<T> {
  let connection: Connection<T> | null = null;
  return () => {
    connection ??= connect<T>(start());
    return connection;
  };
}

// Vite bundles a worker where it finds its address written out in a constructor.
export const training = once<TrainingService>(
  () => new Worker(new URL('../../workers/training.worker.ts', import.meta.url), { type: 'module', name: 'training' }),
);
export const importing = once<ImportService>(
  () => new Worker(new URL('../../workers/import.worker.ts', import.meta.url), { type: 'module', name: 'import' }),
);
export const planning = once<PlanningService>(
  () => new Worker(new URL('../../workers/planning.worker.ts', import.meta.url), { type: 'module', name: 'planning' }),
);
export const policies = once<PolicyService>(
  () => new Worker(new URL('../../workers/policies.worker.ts', import.meta.url), { type: 'module', name: 'policies' }),
);
export const inspecting = once<InspectionService>(
  () => new Worker(new URL('../../workers/inspection.worker.ts', import.meta.url), { type: 'module', name: 'inspection' }),
);
export const results = once<ResultsService>(
  () => new Worker(new URL('../../workers/results.worker.ts', import.meta.url), { type: 'module', name: 'results' }),
);

export const storing = once<StorageService>(
  () => new Worker(new URL('../../workers/storage.worker.ts', import.meta.url), { type: 'module', name: 'storage' }),
);

/** The value of an answer. @throws ServiceError */
export function unwrap<T>(answer: Answer<T>): T {
  if (answer.ok) return answer.value;
  throw new ServiceError(answer.problem);
}

/** A callback that workers may call. */
export const listener = (listen: (event: TrainingEvent) => void) => proxy(listen);
export const shareListener = (listen: (share: number) => void) => proxy(listen);
export const progressListener = (listen: (progress: ImportProgress) => void) => proxy(listen);
