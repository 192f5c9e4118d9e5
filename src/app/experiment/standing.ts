import type { RunRow, RunStatus } from '../../storage/database.ts';
import { UNDONE } from '../../storage/queue.ts';

/** Where the runs of an experiment stand. */
export interface Standing {
  readonly total: number;
  readonly finished: number;
  readonly failed: number;
  /** Stopped, or left behind by a closed tab. */
  readonly ended: number;
  readonly waiting: number;
  readonly held: number;
  readonly current: RunRow | undefined;
}

export function standingOf(runs: readonly RunRow[]): Standing {
  const number = (...statuses: RunStatus[]) => runs.filter(({ status }) => statuses.includes(status)).length;
  return {
    total: runs.length,
    finished: number('finished'),
    failed: number('failed'),
    ended: number('stopped', 'interrupted'),
    waiting: number('queued'),
    held: number('held'),
    current: runs.find(({ status }) => status === 'running' || status === 'paused'),
  };
}

/** Whether the user holds it: nothing of it is trained until they let it go on. */
export const isHeld = ({ held, waiting, current }: Standing): boolean =>
  waiting === 0 && (current === undefined ? held > 0 : current.status === 'paused');

/** “3 of 45 finished, 1 failed, paused”. */
export function standingWords(standing: Standing): string {
  const { total, finished, failed, ended } = standing;
  if (total === 0) return 'no runs';
  return [
    finished === total ? `all ${total} finished` : `${finished} of ${total} finished`,
    ...(failed > 0 ? [`${failed} failed`] : []),
    ...(ended > 0 ? [`${ended} stopped`] : []),
    ...(isHeld(standing) ? ['paused'] : []),
  ].join(', ');
}

/** Experiments as the queue takes them, then those that are done, the newest first. */
export function inQueueOrder<E extends { readonly id: number }>(experiments: readonly E[], runs: readonly RunRow[]): E[] {
  const places = new Map<number, number>();
  for (const { experimentId, position } of unfinished(runs)) {
    if (experimentId !== null) places.set(experimentId, Math.min(position, places.get(experimentId) ?? position));
  }
  const placeOf = ({ id }: E) => places.get(id) ?? Number.MAX_VALUE;
  return experiments.toSorted((a, b) => placeOf(a) - placeOf(b) || b.id - a.id);
}

/** The runs that can be tried again. */
export const undone = (runs: readonly RunRow[]): RunRow[] => runs.filter(({ status }) => UNDONE.includes(status));

/** What is still to be computed. */
export const unfinished = (runs: readonly RunRow[]): RunRow[] =>
  runs.filter(({ status }) => ['queued', 'held', 'running', 'paused'].includes(status));
