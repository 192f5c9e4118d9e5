import type { ResultRun } from '../run.ts';
import type { TableModel } from './table.ts';

/** The paper's tables as layouts, of which there is at least one run: the published value and ours side by side. */
export function paperTables(_runs: readonly ResultRun[]): TableModel[] {
  return [];
}
