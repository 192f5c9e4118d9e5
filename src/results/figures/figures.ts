import type { ResultRun } from '../run.ts';
import type { Figure } from './figure.ts';

/** The figures of some runs: Figs. 3 and 4, and what else their configurations differ in. */
export function figuresOf(_runs: readonly ResultRun[]): Figure[] {
  return [];
}
