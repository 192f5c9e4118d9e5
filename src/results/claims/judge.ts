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
 * - `at least`: above −margin (not noticeably worse) / below −margin.
 * - `same`: between −margin and +margin (two one-sided tests) / beyond one of them.
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
 * The answers of the tests of one claim on each of some datasets: it does not hold there if one of them is against it, it holds if all are
 * for it, at .05 after Holm's correction over the tests on all datasets; else it cannot be told.
 */
export function judge(datasets: readonly (readonly Asked[])[]): Judgement[] {
  const asked = datasets.flat();
  const claimed = holm(asked.map(claimedP));
  const contrary = holm(asked.map(contraryP));
  let next = 0;
  return datasets.map(({ length }) => {
    const [from, to] = [next, next + length];
    next = to;
    return judgement(claimed.slice(from, to), contrary.slice(from, to));
  });
}

function judgement(claimed: Judgement['claimed'], contrary: Judgement['contrary']): Judgement {
  const isFor = claimed.length > 0 && claimed.every(decides);
  return { answer: contrary.some(decides) ? 'does not hold' : isFor ? 'holds' : 'cannot be told', claimed, contrary };
}

/** @returns whether one of the p-values decides */
export const decides = (p: number | null): boolean => p !== null && p < LEVEL;

function claimedP({ ask, test, margin }: Asked): number | null {
  return ask === 'same' ? equivalence(test, margin) : onSide(test, thresholdOf(ask, margin), true);
}

function contraryP({ ask, test, margin }: Asked): number | null {
  if (ask === 'same') return test.effect > 0 ? onSide(test, margin, true) : onSide(test, -margin, false);
  return onSide(test, thresholdOf(ask, margin), false);
}

/** What divides the claim from its contrary. */
const thresholdOf = (ask: Exclude<Ask, 'same'>, margin: number): number =>
  ({ more: 0, 'much more': margin, 'at least': -margin })[ask];

/** Two-sided p where the difference lies on one side of a threshold, and 1 where it lies on the other. */
function onSide(test: CrossedTest, threshold: number, above: boolean): number | null {
  const tested = testAgainst(test, threshold);
  return tested && (tested.isAbove === above ? tested.p : 1);
}
