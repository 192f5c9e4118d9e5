import type { StudioDatabase } from '../storage/database.ts';
import { runRow } from '../storage/testing.ts';

/** The Web Locks of a browser with one tab, or with another that holds the lock, whenever it is asked for. */
export const locks = (held: boolean | (() => boolean)) =>
  ({
    // Without options the request waits for the lock: for ever, if another tab holds it.
    request: (_name: string, ...words: [LockOptions, (lock: Lock | null) => Promise<unknown>] | [() => Promise<unknown>]) =>
      words.length === 1
        ? new Promise(() => {})
        : words[1]((typeof held === 'boolean' ? held : held()) ? null : { name: 'lock', mode: 'exclusive' }),
    query: async () => ({}),
  }) as LockManager;

/** Web Locks that know who holds what together, and who alone; nobody waits: whoever comes while another is alone is refused. */
export function sharedLocks(): LockManager {
  const held = new Map<string, number>();
  const request = async (
    name: string,
    { mode = 'exclusive', ifAvailable = false }: LockOptions,
    work: (lock: Lock | null) => Promise<unknown>,
  ) => {
    const holders = held.get(name) ?? 0;
    const isFree = mode === 'shared' ? holders >= 0 : holders === 0;
    if (!isFree && ifAvailable) return work(null);
    if (!isFree) throw new Error(`Nobody should have to wait for “${name}”.`);
    held.set(name, mode === 'shared' ? holders + 1 : -1);
    try {
      return await work({ name, mode });
    } finally {
      held.set(name, mode === 'shared' ? (held.get(name) ?? 1) - 1 : 0);
    }
  };
  return { request, query: async () => ({}) } as LockManager;
}

/** Queues a run of a tiny model; its id. */
export const queueRun = (
  database: StudioDatabase,
  datasetId: number,
  position: number,
  changes: Record<string, unknown>,
): Promise<number> => {
  const tiny = { channels: 4, 'pretraining.epochs': 1, 'fineTuning.epochs': 2, ...changes };
  const { id: _id, ...row } = runRow(position, tiny, { datasetId, sourceItems: 132 });
  return database.runs.add(row);
};
