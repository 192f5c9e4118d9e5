import type { KnownGrouping, RowOrder } from '../../services/protocol.ts';
import type { RunRow } from '../../storage/database.ts';
import { testedBy } from '../shared/task.ts';

/** The orders that every run has; others go by something known about the users. */
export const ORDERS = [
  { value: 'similar', label: 'similar policies' },
  { value: 'probability', label: 'probability of fine-tuning' },
  { value: 'change', label: 'change of rank against a run' },
  { value: 'dataset', label: 'order of the dataset' },
] as const;

/** What may be seen: planted things only where they were asked for. */
export const visible = (groupings: readonly KnownGrouping[], truth: boolean): KnownGrouping[] =>
  groupings.filter(({ planted }) => truth || !planted);

export const groupingLabel = ({ label, planted }: KnownGrouping): string => (planted ? `${label} (planted truth)` : label);

/** What an order is called in the address. */
export const nameOf = (order: RowOrder): string => (order.by === 'group' ? order.grouping : order.by);

/** What a sorting answers: equal for the same order of the same policies of a run. @param epoch of the policies */
export const sortingKey = (epoch: number, order: RowOrder): string => JSON.stringify([epoch, order]);

/** An order by its name in the address; similar policies where that name means nothing here. */
export function orderNamed(name: string | null, groupings: readonly KnownGrouping[], against: number | null): RowOrder {
  if (name === 'change' && against !== null) return { by: 'change', against };
  if (name === 'probability' || name === 'dataset') return { by: name };
  return groupings.some(({ key }) => key === name) ? { by: 'group', grouping: name ?? '' } : { by: 'similar' };
}

/** Finished runs whose ranks, among all items, can be set against a run's: of the same test instances. Finetune-All comes first, newest first. */
export function comparableRuns(run: RunRow, finished: readonly RunRow[]): RunRow[] {
  const isFirst = ({ configuration }: RunRow) => (configuration.method === 'finetune-all' ? 0 : 1);
  return finished
    .filter((other) => other.id !== run.id && other.result && 'sampled' in other.result.test && testedBy(other) === testedBy(run))
    .toSorted((a, b) => isFirst(a) - isFirst(b) || b.id - a.id);
}
