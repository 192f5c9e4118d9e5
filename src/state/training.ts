import { create } from 'zustand';
import type { BackendInfo } from '../engine/backend.ts';
import type { Progress } from '../engine/training/observer.ts';
import { listener, training, unwrap } from '../services/clients.ts';
import type { TrainingEvent } from '../services/protocol.ts';
import type { DatasetRow } from '../storage/database.ts';
import { addRuns, type NewRun, requeue } from '../storage/queue.ts';
import * as stored from '../storage/trained.ts';
import { database } from './database.ts';
import { askToKeep } from './keeping.ts';
import { usePreferences } from './preferences.ts';

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
  /** Another tab of the studio trains. */
  readonly elsewhere: boolean;
  /** Something that stops all training, in words. */
  readonly problem: string | null;
}

const LOG_LINES = 200;
const AT_REST = { runId: null, paused: false, progress: null, stepsPerSecond: 0, secondsLeft: 0 } as const;

export const useTraining = create<TrainingState>()(() => ({
  ...AT_REST,
  backend: null,
  log: [],
  elsewhere: false,
  problem: null,
}));

function follow(event: TrainingEvent): void {
  const { setState } = useTraining;
  switch (event.type) {
    case 'backend':
      setState({ backend: event.backend, problem: null });
      break;
    case 'started':
      setState({ ...AT_REST, runId: event.runId, elsewhere: false });
      break;
    case 'progress':
      setState({ progress: event.progress, stepsPerSecond: event.stepsPerSecond, secondsLeft: event.secondsLeft });
      break;
    case 'paused':
    case 'resumed':
      setState({ paused: event.type === 'paused' });
      break;
    case 'log':
      setState(({ log }) => ({ log: [...log.slice(1 - LOG_LINES), { runId: event.runId, text: event.text }] }));
      break;
    case 'ended':
    case 'idle':
      setState(AT_REST);
      break;
    case 'elsewhere':
      setState({ elsewhere: true });
      break;
    case 'device-lost':
      setState({ backend: null, problem: `The GPU device was lost (${event.message}). Choose WASM above, or reload the page.` });
      break;
    default:
      event satisfies never;
  }
}

const tellProblem = (error: unknown): void => {
  useTraining.setState({ problem: error instanceof Error ? error.message : String(error) });
};

/** Opens the chosen backend, takes note of runs that a closed tab left behind, and goes on with the queue. */
export async function startTraining(): Promise<void> {
  const { remote, call } = training();
  try {
    await call(remote.listen(listener(follow)));
    unwrap(await call(remote.recover()));
    await changeBackend();
    await work();
  } catch (error) {
    tellProblem(error);
  }
}

/** Opens the backend of the preferences. */
export async function changeBackend(): Promise<void> {
  const { remote, call } = training();
  try {
    unwrap(await call(remote.openBackend(usePreferences.getState().backend)));
  } catch (error) {
    tellProblem(error);
  }
}

async function work(): Promise<void> {
  const { remote, call } = training();
  unwrap(await call(remote.work(usePreferences.getState().backend)));
}

/** Sees to it that what was queued is worked off. */
export function goOn(): void {
  work().catch(tellProblem);
}

/** Puts runs at the end of the queue and sees to it that it is worked off. Their ids. */
export async function enqueue(dataset: DatasetRow, runs: readonly NewRun[]): Promise<number[]> {
  askToKeep();
  const ids = await database.transaction('rw', database.runs, () => addRuns(database, dataset, runs));
  goOn();
  return ids;
}

/** Puts a run that did not finish back into the queue; it starts from the beginning, with its pre-training kept. */
export async function runAgain(runId: number): Promise<void> {
  try {
    await requeue(database, [runId]);
    goOn();
  } catch (error) {
    tellProblem(error);
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
  write(database, runId).catch(tellProblem);
};
export const pauseRun = command(stored.pauseRun);
export const resumeRun = command(stored.resumeRun);
export const stopRun = command(stored.stopRun);
