import { create } from 'zustand';
import type { BackendInfo } from '../engine/backend.ts';
import type { Progress } from '../engine/training/observer.ts';
import { listener, onWorkerNews, restart, training, unwrap, type WorkerName } from '../services/clients.ts';
import type { TrainingEvent } from '../services/protocol.ts';
import type { DatasetRow, RunRow } from '../storage/database.ts';
import { addRuns, type From, type NewRun, requeue } from '../storage/queue.ts';
import * as stored from '../storage/trained.ts';
import { database } from './database.ts';
import {
  clear,
  clearKinds,
  type Fault,
  faultOfRun,
  loseUnsaved as loseUnless,
  raise,
  tellError,
  useFaults,
  workerFault,
} from './faults.ts';
import { askToKeep } from './keeping.ts';
import { needTraining } from './needed.ts';
import { usePreferences } from './preferences.ts';
import { openTabs, type Tabs } from './tabs.ts';

/** What is live: everything else about runs is in the database. */
interface TrainingState {
  readonly backend: BackendInfo | null;
  readonly runId: number | null;
  readonly paused: boolean;
  readonly progress: Progress | null;
  readonly stepsPerSecond: number;
  readonly secondsLeft: number;
  /** Newest last. */
  readonly log: readonly { readonly runId: number; readonly text: string }[];
  /** Another tab of the studio trains: what is live is what it tells. */
  readonly elsewhere: boolean;
}

const LOG_LINES = 200;
const AT_REST = { runId: null, paused: false, progress: null, stepsPerSecond: 0, secondsLeft: 0 } as const;

export const useTraining = create<TrainingState>()(() => ({ ...AT_REST, backend: null, log: [], elsewhere: false }));

const loseUnsaved = (): void => {
  loseUnless((runId) => stored.isThrownAway(database, runId)).catch(tellError);
};

/** What any tab's training says of what is live. */
function show(event: TrainingEvent): void {
  const { setState } = useTraining;
  switch (event.type) {
    case 'started':
      // Interrupted once more, it is news again.
      knownInterrupted = knownInterrupted.filter((id) => id !== event.runId);
      setState({ ...AT_REST, runId: event.runId });
      clearKinds('files-unavailable');
      break;
    case 'progress':
      // Whoever begins to listen in the middle of a run has not heard it start.
      setState({
        runId: event.runId,
        progress: event.progress,
        stepsPerSecond: event.stepsPerSecond,
        secondsLeft: event.secondsLeft,
      });
      break;
    case 'paused':
    case 'resumed':
      setState({ runId: event.runId, paused: event.type === 'paused' });
      break;
    case 'log':
      setState(({ log }) => ({ log: [...log.slice(1 - LOG_LINES), { runId: event.runId, text: event.text }] }));
      break;
    case 'ended':
    case 'idle':
      loseUnsaved();
      setState(AT_REST);
      break;
    case 'failed': {
      const fault = faultOfRun(event.runId, event.problem);
      if (fault !== null) raise(fault);
      break;
    }
    case 'unsaved':
      raise({ kind: 'not-saved', runId: event.runId, unsaved: event.unsaved });
      break;
    case 'saved':
      clearKinds('not-saved');
      break;
    case 'backend':
    case 'elsewhere':
    case 'interrupted':
    case 'device-lost':
      break;
    default:
      event satisfies never;
  }
}

/** What this tab's own worker tells. */
function follow(event: TrainingEvent): void {
  const { setState, getState } = useTraining;
  switch (event.type) {
    case 'backend':
      setState({ backend: event.backend });
      clearKinds('device-lost', 'no-backend', 'failed');
      break;
    case 'device-lost':
      raise({ kind: 'device-lost', message: event.message, runId: getState().runId });
      setState({ backend: null });
      break;
    case 'elsewhere':
      setState({ elsewhere: true });
      tabs?.ask();
      break;
    case 'interrupted':
      tellInterrupted().catch(tellError);
      break;
    default:
      // This tab has taken over.
      if (getState().elsewhere) loseUnsaved();
      setState({ elsewhere: false });
      show(event);
      tabs?.tell(event);
  }
}

let tabs: Tabs | null = null;

const listenToTabs = (): Tabs =>
  openTabs({
    heard: (event) => {
      const { runId, elsewhere } = useTraining.getState();
      // What this tab trains itself it knows better.
      if (runId !== null && !elsewhere) return;
      show(event);
      if (elsewhere || event.type === 'idle' || event.type === 'ended') return;
      // From now on this tab waits for its turn: when the other one is closed, it goes on.
      useTraining.setState({ elsewhere: true });
      goOn();
    },
    standing: () => {
      const { runId, elsewhere, paused, progress, stepsPerSecond, secondsLeft } = useTraining.getState();
      if (runId === null || elsewhere) return [];
      const standing: TrainingEvent[] = [{ type: 'started', runId }];
      if (progress !== null) standing.push({ type: 'progress', runId, progress, stepsPerSecond, secondsLeft });
      if (paused) standing.push({ type: 'paused', runId });
      for (const fault of useFaults.getState().faults) {
        if (fault.kind === 'not-saved' && fault.runId === runId)
          standing.push({ type: 'unsaved', runId, unsaved: fault.unsaved });
      }
      return standing;
    },
  });

onWorkerNews((news) => {
  const { runId, elsewhere } = useTraining.getState();
  const fault = workerFault(news, elsewhere ? null : runId);
  if (fault !== null) raise(fault);
  else clear({ kind: 'worker-silent', worker: news.worker, runId: null });
  if (news.worker !== 'training' || (news.life !== 'died' && news.life !== 'ended')) return;
  useTraining.setState({ ...AT_REST, backend: null, elsewhere: false });
  loseUnsaved();
  if (runId !== null && !elsewhere) tabs?.tell({ type: 'ended', runId });
});

/** Opens the chosen backend, takes note of runs that a closed tab left behind, and goes on with the queue. */
export async function startTraining(): Promise<void> {
  if (tabs === null) {
    tabs = listenToTabs();
    saveOnHide();
  }
  const { remote, call } = training();
  try {
    await call(remote.listen(listener(follow)));
    knownInterrupted = await interruptedRuns();
    unwrap(await call(remote.recover()));
    await changeBackend();
    await work();
  } catch (error) {
    tellError(error);
  }
}

const interruptedRuns = (): Promise<number[]> => database.runs.where({ status: 'interrupted' }).primaryKeys();

/** Runs that were interrupted before, and are offered in their rows alone. */
let knownInterrupted: readonly number[] = [];

/** Offers to go on with runs that a tab or a worker has just left behind. */
async function tellInterrupted(): Promise<void> {
  const interrupted = await interruptedRuns();
  const found = interrupted.filter((id) => !knownInterrupted.includes(id));
  knownInterrupted = interrupted;
  const discarded = 'wasDiscarded' in document && document.wasDiscarded === true;
  if (found.length > 0) raise({ kind: 'interrupted', runIds: found, discarded });
}

/** Ends a worker that died or does not answer, and starts another one. What it trained is interrupted, and offered again. */
export async function restartWorker(worker: WorkerName): Promise<void> {
  await restart(worker);
  clear({ kind: 'worker-silent', worker, runId: null });
  if (worker === 'training') await startTraining();
}

/** Opens the backend of the preferences. */
export async function changeBackend(): Promise<void> {
  needTraining();
  const { remote, call } = training();
  try {
    unwrap(await call(remote.openBackend(usePreferences.getState().backend)));
  } catch (error) {
    tellError(error);
  }
}

/** Goes on after the device was lost, with the run that it took with it, on the chosen backend or on WASM. */
export async function goOnAfterLoss({ runId }: Extract<Fault, { kind: 'device-lost' }>, choice: 'same' | 'wasm'): Promise<void> {
  if (choice === 'wasm') usePreferences.getState().chooseBackend('wasm');
  await changeBackend();
  // Where there is no device again, that was told.
  if (useTraining.getState().backend === null) return;
  if (runId === null) goOn();
  else {
    // Whoever is quick is asked to wait until the run has ended.
    await stored.untilEnded(database, runId);
    await runAgain(runId, 'checkpoint');
  }
}

/** Chooses WASM, which works everywhere, and goes on with the queue. */
export async function changeToWasm(): Promise<void> {
  usePreferences.getState().chooseBackend('wasm');
  await changeBackend();
  goOn();
}

/** A run file of what the current run could not store. */
export async function exportUnsaved(): Promise<Blob> {
  const { remote, call } = training();
  return unwrap(await call(remote.exportUnsaved()));
}

async function work(): Promise<void> {
  const { remote, call } = training();
  unwrap(await call(remote.work(usePreferences.getState().backend)));
}

/** Sees to it that what was queued is worked off. */
export function goOn(): void {
  needTraining();
  work().catch(tellError);
}

/** The queue may have stopped while the database did not answer. */
export function goOnAfterReopening(): void {
  if (tabs !== null) goOn();
}

/** Puts runs at the end of the queue and sees to it that it is worked off. Their ids. */
export async function enqueue(dataset: DatasetRow, runs: readonly NewRun[]): Promise<number[]> {
  askToKeep();
  const ids = await database.transaction('rw', database.runs, () => addRuns(database, dataset, runs));
  goOn();
  return ids;
}

/** A hidden page may be discarded without a word, and one that is left never comes back: what is being trained is saved before. */
function saveOnHide(): void {
  const save = () => {
    const { runId, elsewhere } = useTraining.getState();
    if (runId === null || elsewhere) return;
    const { remote, call } = training();
    call(remote.save()).catch(tellError);
  };
  document.addEventListener('visibilitychange', () => {
    if (document.visibilityState === 'hidden') save();
  });
  window.addEventListener('pagehide', save);
}

/** Puts a run that did not finish back into the queue: from its checkpoint, or from the beginning with a finished pre-training kept. */
export async function runAgain(runId: number, from: From): Promise<void> {
  try {
    await requeue(database, [runId], from);
    goOn();
  } catch (error) {
    tellError(error);
  }
}

/** Exchanges the places of two queued runs. */
export async function swapInQueue(first: number, second: number): Promise<void> {
  await database.transaction('rw', database.runs, async () => {
    const [a, b] = await database.runs.bulkGet([first, second]);
    if (a === undefined || b === undefined) return;
    await database.runs.update(first, { position: b.position });
    await database.runs.update(second, { position: a.position });
  });
}

/** Written into the run's row, which the worker that trains it follows. */
const command = (write: typeof stored.pauseRun) => (runId: number) => {
  write(database, runId).catch(tellError);
};
export const pauseRun = command(stored.pauseRun);
export const resumeRun = command(stored.resumeRun);
export const stopRun = command(stored.stopRun);

/** Lets a run whose tab was closed while it was paused go on, or ends it: the queue has waited for that. */
export const letGo = (runId: number, how: 'resume' | 'stop'): void => {
  const write = how === 'resume' ? stored.resumeRun : stored.stopRun;
  write(database, runId).then(goOn, tellError);
};

/** Whether a run was told to pause and is not saved where it stands yet. */
export const usePausing = ({ id, status }: Pick<RunRow, 'id' | 'status'>): boolean =>
  useTraining(({ runId, paused }) => status === 'paused' && runId === id && !paused);
