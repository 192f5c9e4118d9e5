import { type CrossedTest, equivalence, testAgainst } from '../../engine/evaluation/crossed.ts';
import { holm } from '../../engine/evaluation/significance.ts';
import type { Verdict } from '../claims.ts';

/** Differences of HR@5, MRR@5 and accuracy that nobody would notice: ± .01. */
export const MARGIN = 0.01;

const LEVEL = 0.05;

/**
 * What a claim asks of first − second. The sets of what counts for it and against it:
 *
 * - `more`: above 0 / below 0.
 * - `much more`: above +margin / below +margin.
 * - `at least`: above −margin (not noticeably worse) / below 0.
 * - `same`: between −margin and +margin (two one-sided tests) / other than 0, and beyond the margin as measured.
 */
export type Ask = 'more' | 'much more' | 'at least' | 'same';

export interface Asked {
  readonly ask: Ask;
  readonly test: CrossedTest;
  /** In the metric's unit. */
  readonly margin: number;
}

export interface Judgement {
  readonly answer: Verdict['answer'];
  /** Of each test Holm's p for the claim, and against it; null where nothing varies. */
  readonly claimed: readonly (number | null)[];
  readonly contrary: readonly (number | null)[];
}

/**
 * The answer of the tests of one claim on one dataset: it does not hold if one of them is against it, it holds if all are for it, at .05
 * after Holm's correction over all of them; else it cannot be told.
 */
export function judge(asked: readonly Asked[]): Judgement {
  const claimed = holm(asked.map(claimedP));
  const contrary = holm(asked.map(contraryP));
  const answer = contrary.some((p) => p !== null && p < LEVEL)
    ? 'does not hold'
    : claimed.length > 0 && claimed.every((p) => p !== null && p < LEVEL)
      ? 'holds'
      : 'cannot be told';
  return { answer, claimed, contrary };
}

/** @returns whether one of the p-values decides */
export const decides = (p: number | null): boolean => p !== null && p < LEVEL;

function claimedP({ ask, test, margin }: Asked): number | null {
  if (ask === 'same') return equivalence(test, margin);
  const threshold = { more: 0, 'much more': margin, 'at least': -margin }[ask];
  return onSide(test, threshold, true);
}

function contraryP({ ask, test, margin }: Asked): number | null {
  if (ask === 'much more') return onSide(test, margin, false);
  if (ask !== 'same') return onSide(test, 0, false);
  return Math.abs(test.effect) > margin ? (testAgainst(test, 0)?.p ?? null) : test.freedom === 0 ? null : 1;
}

/** Two-sided p where the difference lies on one side of a threshold, and 1 where it lies on the other. */
function onSide(test: CrossedTest, threshold: number, above: boolean): number | null {
  const tested = testAgainst(test, threshold);
  return tested && (tested.isAbove === above ? tested.p : 1);
}
