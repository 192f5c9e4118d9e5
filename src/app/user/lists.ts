import type { Recommendation } from '../../engine/inspection/inspect.ts';
import type { NamedItem, SubjectTarget } from '../../services/protocol.ts';
import { count } from '../format.ts';

/** A recommendation with the names of its items. */
export type NamedRecommendation = Recommendation & { readonly items: readonly NamedItem[] };

/** One line of a list. */
export interface ListLine {
  readonly item: NamedItem;
  readonly score: number;
  /** The part that it is a target of the user in; null for an item that is none. */
  readonly part: SubjectTarget['part'] | null;
  /** Not in the list under the own policy. */
  readonly differs: boolean;
}

/** The top of a recommendation, each item with what is remarkable about it. */
export function linesOf(
  { top, items }: NamedRecommendation,
  own: NamedRecommendation,
  targets: readonly SubjectTarget[],
): ListLine[] {
  const ownItems = new Set(own.top.map(({ item }) => item));
  return top.map(({ item, score }, i) => ({
    item: items[i],
    score,
    part: targets.find(({ item: { number } }) => number === item)?.part ?? null,
    differs: !ownItems.has(item),
  }));
}

/** Decimals for the scores of lists that are compared: three where all of them are small. */
export const scoreDigits = (lists: readonly NamedRecommendation[]): number =>
  lists.every(({ top }) => top.every(({ score }) => Math.abs(score) < 1)) ? 3 : 2;

interface Sizes {
  readonly task: 'ranking' | 'profile';
  readonly candidates: number;
  readonly targetItems: number;
}

/** Where what is looked for stands: “rank 3 of 100 candidates, 41 of 480 items”. */
export function rankWords(target: NonNullable<Recommendation['target']>, { task, candidates, targetItems }: Sizes): string {
  if (task === 'profile') return `rank ${target.rankAll} of ${count(targetItems)} classes`;
  const all = `${count(target.rankAll)} of ${count(targetItems)} items`;
  return target.rankSampled === null ? `rank ${all}` : `rank ${target.rankSampled} of ${candidates} candidates, ${all}`;
}
