import type { PairedTest } from '../engine/evaluation/significance.ts';
import type { ResultRun } from './run.ts';

/** What the paper claims, as something that runs can hold or not. */
export interface Claim {
  readonly id: string;
  readonly statement: string;
  /** Where the paper says so. */
  readonly source: string;
}

/** What the user's runs say to a claim. */
export interface Verdict {
  readonly claim: Claim;
  readonly answer: 'holds' | 'does not hold' | 'cannot be told';
  /** Why, in a sentence or two. */
  readonly words: string;
  readonly tests: readonly {
    readonly dataset: string;
    readonly first: string;
    readonly second: string;
    readonly metric: string;
    readonly seeds: number;
    readonly test: PairedTest;
  }[];
  /** The template whose runs would tell; null where they are there. */
  readonly template: string | null;
}

/** Every claim of the paper, tested on runs with their details. */
export function verdicts(_runs: readonly ResultRun[]): Verdict[] {
  return [];
}
