import type { PairedTest } from '../engine/evaluation/significance.ts';
import { comparisonClaims, profiles } from './claims/comparisons.ts';
import { overFitting } from './claims/overFitting.ts';
import { policyClaims } from './claims/policies.ts';
import { verdictOf } from './claims/verdict.ts';
import { conditionsOf, datasetNames } from './conditions.ts';
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
  /** Why, in some sentences. */
  readonly words: string;
  readonly tests: readonly {
    readonly dataset: string;
    readonly first: string;
    readonly second: string;
    readonly metric: string;
    readonly seeds: number;
    readonly test: PairedTest;
    /** Holm's, over the claim's tests on all datasets, of p for what the claim asks (see `claims/judge.ts`); null without a test. */
    readonly corrected: number | null;
  }[];
  /** The template whose runs would tell more; null where all is decided. */
  readonly template: string | null;
}

/**
 * Every claim of the paper, tested on runs with their details; runs without them are compared over seeds alone.
 *
 * - Compared are runs of the same dataset, backend and settings (`conditionsOf`), among the seeds that both sides have; of a dataset the
 *   first condition that has anything of what the claim compares, in the order that all tables share (`bestOfDatasets`). Results have no
 *   say in it.
 * - HR@5 and MRR@5 among the candidates, or accuracy, are both tested over test instances and seeds as crossed random effects
 *   (`testOverBoth`); what holds and what does not is said in `claims/judge.ts`, at .05 after Holm's correction.
 * - Of several datasets each has its tests, and the correction is for all of them. A claim holds where it holds on all datasets, and does
 *   not where it does not on one.
 * - Methods that a claim names and that did not run leave the rest to decide; the words name them.
 */
export function verdicts(runs: readonly ResultRun[]): Verdict[] {
  const conditions = conditionsOf(runs);
  const names = datasetNames(conditions.map(({ dataset }) => dataset));
  const questions = [...comparisonClaims, overFitting, ...policyClaims, profiles];
  return questions.map((question) => verdictOf(question, conditions, names));
}
