import { describeMethod } from '../../configuration/methods.ts';
import type { RunRow } from '../../storage/database.ts';
import { comparablePair } from './demo.ts';

const hasPolicy = ({ configuration }: RunRow): boolean => describeMethod(configuration.method).policy !== null;

/**
 * Whose policies the Train page shows: those that are being trained; when all is done those that the story tells of, if it was
 * told; else the newest.
 *
 * @param drawn started runs, oldest first
 */
export function shownRun(drawn: readonly RunRow[], isStory: boolean): RunRow | undefined {
  const active = drawn.find(({ status }) => status === 'running' || status === 'paused');
  if (active !== undefined && hasPolicy(active)) return active;
  const told = isStory && active === undefined ? comparablePair(drawn)?.hardRun : undefined;
  return told ?? drawn.findLast(hasPolicy);
}

/** The epoch whose policies are shown: the newest while a run goes on, then the best, which its results are of; 0 before the first. */
export const shownEpoch = ({ result }: RunRow, epochs: readonly { readonly epoch: number }[]): number =>
  result?.bestEpoch ?? Math.max(0, ...epochs.map(({ epoch }) => epoch));
