import { liveQuery } from 'dexie';
import { findAdapter, isSoftware, nameOf, softwareWords } from '../engine/adapter.ts';
import type { BackendChoice, BackendInfo } from '../engine/backend.ts';
import { database } from './database.ts';

let ask: () => void = () => {};
const asked = new Promise<void>((resolve) => {
  ask = resolve;
});

/** The training worker is about to be needed: it is large, and the first view does without it. */
export const needTraining = (): void => ask();

/** Settles when training is needed: somebody said so, or a run waits or is trained, in whichever tab. */
export function trainingNeeded(): Promise<void> {
  const following = liveQuery(() => database.runs.where('status').anyOf('queued', 'running', 'paused').count()).subscribe({
    next: (count) => count > 0 && needTraining(),
    // What is wrong with the database is told by whoever needs it next.
    error: needTraining,
  });
  return asked.finally(() => following.unsubscribe());
}

const NOT_OPENED = 'opened with the first run, or the next page';

/** Which backend will be opened, as far as that can be told without opening it. */
export async function foreseeBackend(choice: BackendChoice): Promise<BackendInfo> {
  const wasm = (reason: string): BackendInfo => {
    return { name: 'wasm', adapter: NOT_OPENED, software: false, reason, variant: '', largestTable: null };
  };
  if (choice === 'wasm') return wasm('Chosen by hand.');
  const adapter = await findAdapter();
  if (typeof adapter === 'string') return wasm(adapter);
  const [name, software] = [nameOf(adapter.info), isSoftware(adapter.info)];
  if (choice === 'auto' && software) return wasm(softwareWords(name));
  const { maxStorageBufferBindingSize, maxBufferSize } = adapter.limits;
  return {
    name: 'webgpu',
    adapter: `${name}, ${NOT_OPENED}`,
    software,
    reason: choice === 'auto' ? 'A hardware WebGPU adapter was found.' : 'Chosen by hand.',
    variant: '',
    largestTable: Math.min(maxStorageBufferBindingSize, maxBufferSize),
  };
}
