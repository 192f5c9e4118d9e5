import { describeMethod } from '../../configuration/methods.ts';
import type { DatasetRow, RunRow } from '../../storage/database.ts';
import { comparablePair, isOfDemo } from './demo.ts';

const hasPolicy = ({ configuration }: RunRow): boolean => describeMethod(configuration.method).policy !== null;

/**
 * Whose policies the Train page shows: those that are being trained, or else the newest; when the demo has just ended those that
 * its story tells of.
 *
 * @param drawn started runs on the dataset, oldest first
 * @param isOver nothing is queued: between two runs the picture stays
 */
export function shownRun(drawn: readonly RunRow[], dataset: DatasetRow, isOver = true): RunRow | undefined {
  const active = drawn.find(({ status }) => status === 'running' || status === 'paused');
  const newest = drawn.findLast(hasPolicy);
  if (active !== undefined) return hasPolicy(active) ? active : newest;
  const told = isOver && newest !== undefined && isOfDemo(dataset, newest) ? comparablePair(drawn)?.hardRun : undefined;
  return told ?? newest;
}

/** The epoch whose policies are shown: the newest while a run goes on, then the best, which its results are of; 0 before the first. */
export const shownEpoch = ({ result }: RunRow, epochs: readonly { readonly epoch: number }[]): number =>
  result?.bestEpoch ?? Math.max(0, ...epochs.map(({ epoch }) => epoch));
