import { create } from 'zustand';
import type { WorkerName, WorkerNews } from '../services/clients.ts';
import type { Problem, Unsaved } from '../services/protocol.ts';
import type { ClosedFor, ConnectionState } from '../storage/connection.ts';
import { storageFault } from '../storage/errors.ts';
import type { DamagedRow } from '../storage/whole.ts';

/** Everything that may go wrong around training and storage. Each has its own words (`shell/faultWords.ts`) and its own way out. */
export type Fault =
  | { readonly kind: 'worker-died'; readonly worker: WorkerName; readonly message: string; readonly runId: number | null }
  | { readonly kind: 'worker-silent'; readonly worker: WorkerName; readonly runId: number | null }
  | { readonly kind: 'device-lost'; readonly message: string; readonly runId: number | null }
  | { readonly kind: 'out-of-memory'; readonly where: 'gpu' | 'cpu'; readonly message: string; readonly runId: number }
  /** `runId` null: something that the page was to store. */
  | { readonly kind: 'not-saved'; readonly unsaved: Unsaved; readonly runId: number | null }
  /** What of a run waited in memory when whoever trained it went away. */
  | { readonly kind: 'waiting-lost'; readonly what: readonly string[]; readonly runId: number }
  | { readonly kind: 'connection-lost' }
  | { readonly kind: 'connection-blocked' }
  | { readonly kind: 'emptied' }
  | { readonly kind: 'closed'; readonly why: ClosedFor; readonly message: string }
  | { readonly kind: 'damaged'; readonly rows: readonly DamagedRow[] }
  | { readonly kind: 'interrupted'; readonly runIds: readonly number[]; readonly discarded: boolean }
  | { readonly kind: 'no-backend'; readonly message: string }
  /** Files that were saved, and that the browser does not open at the moment. */
  | { readonly kind: 'files-unavailable'; readonly message: string }
  /** What has no name of its own. */
  | { readonly kind: 'failed'; readonly message: string };

type FaultKind = Fault['kind'];

/** Faults that are there now, of each kind (and worker) one at most, in the order in which they came. */
interface Faults {
  readonly faults: readonly Fault[];
}

export const useFaults = create<Faults>()(() => ({ faults: [] }));

/** Of each there is one at a time. What the page was to store hides nothing of what waits of a run. */
export function keyOf(fault: Fault): string {
  if ('worker' in fault) return `worker ${fault.worker}`;
  return fault.kind === 'not-saved' && fault.runId === null ? 'not-saved by the page' : fault.kind;
}

/** The newer one takes the place of the one before it. */
function withFault(faults: readonly Fault[], fault: Fault): readonly Fault[] {
  const at = faults.findIndex((other) => keyOf(other) === keyOf(fault));
  return at < 0 ? [...faults, fault] : faults.with(at, fault);
}

export const raise = (fault: Fault): void => useFaults.setState(({ faults }) => ({ faults: withFault(faults, fault) }));

/** What is over, or was taken note of. */
export const clear = (fault: Fault): void =>
  useFaults.setState(({ faults }) => ({ faults: faults.filter((other) => keyOf(other) !== keyOf(fault)) }));

export const clearKinds = (...kinds: readonly FaultKind[]): void =>
  useFaults.setState(({ faults }) => ({ faults: faults.filter(({ kind }) => !kinds.includes(kind)) }));

/**
 * Whoever trained is gone, or the run has ended: what of it still waited in memory then is lost.
 *
 * @param isThrownAway whether the user wanted a run to go: nothing of it is missed then
 */
export async function loseUnsaved(isThrownAway: (runId: number) => Promise<boolean>): Promise<void> {
  const lost = useFaults.getState().faults.find((fault) => fault.kind === 'not-saved' && fault.runId !== null);
  if (lost?.kind !== 'not-saved' || lost.runId === null) return;
  clear(lost);
  // Where the database does not say, it may be missed.
  const isMissed = await isThrownAway(lost.runId).then(
    (is) => !is,
    () => true,
  );
  if (isMissed) raise({ kind: 'waiting-lost', what: lost.unsaved.what, runId: lost.runId });
}

/** Whether nothing can be read or written: no page is drawn then. */
export const isClosed = ({ faults }: Faults): boolean =>
  faults.some(({ kind }) => kind === 'closed' || kind === 'connection-blocked');

/** What became of a worker. @param runId the run that goes on in this tab */
export function workerFault({ worker, life, message }: WorkerNews, runId: number | null): Fault | null {
  const of = worker === 'training' ? runId : null;
  if (life === 'died') return { kind: 'worker-died', worker, message, runId: of };
  return life === 'silent' ? { kind: 'worker-silent', worker, runId: of } : null;
}

/** Why a run failed, where that is a fault with a name; null for what its own row says well enough. */
export function faultOfRun(runId: number, { name, message }: Pick<Problem, 'name' | 'message'>): Fault | null {
  if (name === 'OutOfGpuMemoryError') return { kind: 'out-of-memory', where: 'gpu', runId, message };
  return name === 'OutOfMemoryError' ? { kind: 'out-of-memory', where: 'cpu', runId, message } : null;
}

export function connectionFault(state: ConnectionState): Fault | null {
  if (state.type === 'open') return null;
  if (state.type === 'closed') return { kind: 'closed', why: state.why, message: state.message };
  return { kind: state.type === 'lost' ? 'connection-lost' : state.type === 'blocked' ? 'connection-blocked' : 'emptied' };
}

/** Names of errors whose fault is on screen already, from whoever noticed it. */
const TOLD = ['WorkerLostError', 'DeviceLostError', 'OutdatedError', 'NewerSchemaError'];

/** Errors whose own words tell the most of it. */
const KINDS: Readonly<Record<string, 'no-backend' | 'files-unavailable' | undefined>> = {
  BackendUnavailableError: 'no-backend',
  FilesUnavailableError: 'files-unavailable',
};

/** Faults that everything else that goes wrong with the database comes of. */
const OF_CONNECTION: readonly FaultKind[] = ['connection-lost', 'connection-blocked', 'closed', 'emptied'];

/** What an error that was thrown on the page is, beside what is known already; null where that says it. */
export function faultOfError(error: unknown, known: readonly Fault[], now: number): Fault | null {
  const name = error instanceof Error ? error.name : '';
  const message = error instanceof Error ? error.message : String(error);
  const why = storageFault(error);
  if (why === 'full') return { kind: 'not-saved', runId: null, unsaved: { what: [], since: now, why } };
  if (why === 'connection' && known.some(({ kind }) => OF_CONNECTION.includes(kind))) return null;
  if (TOLD.includes(name)) return null;
  return { kind: KINDS[name] ?? 'failed', message };
}

/** Tells of whatever was thrown on the page, by its kind. */
export function tellError(error: unknown): void {
  const fault = faultOfError(error, useFaults.getState().faults, Date.now());
  if (fault !== null) raise(fault);
}

/** Adds a damaged row to those that are known, once. */
export function noteDamaged(row: DamagedRow): void {
  const { faults } = useFaults.getState();
  const known = faults.find((fault) => fault.kind === 'damaged')?.rows ?? [];
  if (known.some(({ table, key }) => table === row.table && String(key) === String(row.key))) return;
  raise({ kind: 'damaged', rows: [...known, row] });
}

/** Takes a damaged row from the list: it was deleted. */
export function forgetDamaged(row: DamagedRow): void {
  const { faults } = useFaults.getState();
  const known = faults.find((fault) => fault.kind === 'damaged')?.rows ?? [];
  const left = known.filter((other) => other !== row);
  if (left.length === 0) clearKinds('damaged');
  else raise({ kind: 'damaged', rows: left });
}
