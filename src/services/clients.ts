import { proxy, wrap } from 'comlink';
import type { Answer, ImportService, InspectionService, PlanningService, TrainingEvent, TrainingService } from './protocol.ts';

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

interface Connection<T> {
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

let trainingConnection: Connection<TrainingService> | null = null;
let importConnection: Connection<ImportService> | null = null;
let planningConnection: Connection<PlanningService> | null = null;
let inspectionConnection: Connection<InspectionService> | null = null;

/** The one training worker of this page. */
export function training(): Connection<TrainingService> {
  trainingConnection ??= connect(
    new Worker(new URL('../../workers/training.worker.ts', import.meta.url), { type: 'module', name: 'training' }),
  );
  return trainingConnection;
}

/** The one import worker of this page. */
export function importing(): Connection<ImportService> {
  importConnection ??= connect(
    new Worker(new URL('../../workers/import.worker.ts', import.meta.url), { type: 'module', name: 'import' }),
  );
  return importConnection;
}

/** The one planning worker of this page. */
export function planning(): Connection<PlanningService> {
  planningConnection ??= connect(
    new Worker(new URL('../../workers/planning.worker.ts', import.meta.url), { type: 'module', name: 'planning' }),
  );
  return planningConnection;
}

/** The one inspection worker of this page. */
export function inspecting(): Connection<InspectionService> {
  inspectionConnection ??= connect(
    new Worker(new URL('../../workers/inspection.worker.ts', import.meta.url), { type: 'module', name: 'inspection' }),
  );
  return inspectionConnection;
}

/** The value of an answer. @throws ServiceError */
export function unwrap<T>(answer: Answer<T>): T {
  if (answer.ok) return answer.value;
  throw new ServiceError(answer.problem);
}

/** A callback that workers may call. */
export const listener = (listen: (event: TrainingEvent) => void) => proxy(listen);
export const shareListener = (listen: (share: number) => void) => proxy(listen);
