import { gatesOfPattern } from '../../engine/evaluation/policies.ts';
import type { WhatIfs } from '../../engine/inspection/inspect.ts';
import { patternWords } from './words.ts';

/** The picture's columns are the patterns of the first ⌈N/2⌉ blocks, its rows those of the others. */
export const acrossOf = (blocks: number): number => Math.ceil(blocks / 2);

/** The pattern of gates, rounded. */
export const patternOf = (gates: readonly number[]): number =>
  gates.reduce((pattern, gate, l) => (gate > 0.5 ? pattern | (1 << l) : pattern), 0);

/** The pattern in a cell of the picture. Of a row's or column's blocks the first varies slowest, as digits do. */
export function patternAt(blocks: number, row: number, column: number): number {
  const across = acrossOf(blocks);
  const down = blocks - across;
  let pattern = 0;
  for (let l = 0; l < across; l++) pattern |= ((column >> (across - 1 - l)) & 1) << l;
  for (let l = 0; l < down; l++) pattern |= ((row >> (down - 1 - l)) & 1) << (across + l);
  return pattern;
}

/** The ranks that the picture shows: among the candidates where there are any. */
export const shownRanks = ({ rankSampled, rankAll }: WhatIfs): Int32Array => rankSampled ?? rankAll;

interface Best {
  readonly rank: number;
  /** Of the patterns that share the best rank, the own (rounded) one, or else the one with the highest score. */
  readonly pattern: number;
  /** How many share it. */
  readonly count: number;
}

/** @param own the pattern of the own policy, rounded */
export function bestOf(whatIfs: WhatIfs, own: number): Best {
  const ranks = shownRanks(whatIfs);
  const rank = ranks.reduce((least, each) => Math.min(least, each));
  const sharing = Array.from(ranks.keys()).filter((pattern) => ranks[pattern] === rank);
  const highest = sharing.reduce((a, b) => (whatIfs.score[b] > whatIfs.score[a] ? b : a));
  return { rank, pattern: ranks[own] === rank ? own : highest, count: sharing.length };
}

/**
 * The own policy and the best one in words: “Own policy: rank 3; best of 4: rank 1 with [fine-tuned, frozen].”
 *
 * @param ownRank null while it is not known
 * @param rounded the pattern nearest to an own policy that mixes; null for one that does not
 */
export function whatIfWords(
  { rank, pattern, count }: Best,
  ranks: Int32Array,
  ownRank: number | null,
  rounded: number | null,
  blocks: number,
): string {
  const all = ranks.length;
  const others = (sharing: number) =>
    sharing === 1 ? '; one other is as good' : sharing > 1 ? `; ${sharing} others are as good` : '';
  const best = `est of ${all}: rank ${rank} with ${patternWords(gatesOfPattern(pattern, blocks))}${others(count - 1)}.`;
  if (ownRank === null) return `B${best}`;
  if (count === all && ownRank === rank)
    return `Rank ${rank} under each of the ${all} policies: for this target the gates do not matter.`;
  if (rounded === null)
    return ownRank <= rank
      ? `Own policy: rank ${ownRank}; none of the ${all} is better${others(count - 1)}.`
      : `Own policy: rank ${ownRank}; b${best}`;
  const nearest = `it mixes, and is none of these; the nearest, ${patternWords(gatesOfPattern(rounded, blocks))}, has rank ${ranks[rounded]}`;
  return `Own policy: rank ${ownRank} (${nearest}). B${best}`;
}

/** Shades of a colour there are, 0 to 9. */
const DARKEST = 9;

/** The shade of a rank among `of`: 9 for the first, 0 for the last, on a logarithmic scale: from 1 to 2 is a long way. */
export const shadeOf = (rank: number, of: number): number =>
  of <= 1 ? DARKEST : Math.max(0, Math.round(DARKEST * (1 - Math.log(rank) / Math.log(of))));
