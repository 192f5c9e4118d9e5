import { type CrossedTest, detectable } from '../../engine/evaluation/crossed.ts';
import type { Claim, Verdict } from '../claims.ts';
import type { Condition } from '../conditions.ts';
import { counted, difference, digitsFor, listed, pWords, sizeWords } from '../digits.ts';
import { groupedBy } from '../lists.ts';
import { type Ask, type Asked, decides, type Judgement, judge } from './judge.ts';

/** A claim with how runs answer it. */
export interface Question extends Claim {
  readonly template: string;
  /** What it takes, as a sentence: said where nothing can be tested. */
  readonly needs: string;
  /** What there is on each dataset of which there is something to say: its answer, or the tests that decide it. */
  readonly ask: (
    conditions: readonly Condition[],
    names: ReadonlyMap<string, string>,
  ) => readonly (DatasetAnswer | DatasetTests)[];
}

/** The tests of a claim on one dataset. */
export interface DatasetTests {
  readonly dataset: string;
  readonly tests: readonly ClaimTest[];
  /** Further sentences. */
  readonly notes: readonly string[];
  /** Whether runs that the claim is also about are not there. */
  readonly isPartial: boolean;
}

/** What the runs on one dataset, or on several together, say. */
export interface DatasetAnswer {
  readonly dataset: string;
  readonly answer: Verdict['answer'];
  /** A sentence each. */
  readonly words: readonly string[];
  readonly tests: Verdict['tests'];
  /** Whether runs that the claim is also about are not there. */
  readonly isPartial: boolean;
}

/** A number a run: there is nothing to pair but seeds. */
export const BEST_EPOCH = 'best epoch';

/** One test of a claim. */
export interface ClaimTest extends Asked {
  readonly first: string;
  readonly second: string;
  readonly metric: string;
  /** What the pairs are: with `seeds` also n counts them. */
  readonly over: 'instances' | 'seeds' | 'runs';
}

export function verdictOf(question: Question, conditions: readonly Condition[], names: ReadonlyMap<string, string>): Verdict {
  const { id, statement, source, template, needs } = question;
  const claim = { id, statement, source };
  const answers = answersOf(question.ask(conditions, names));
  if (answers.length === 0) return { claim, answer: 'cannot be told', words: needs, tests: [], template };
  const all = (answer: Verdict['answer']) => answers.filter((one) => one.answer === answer);
  const answer =
    all('does not hold').length > 0 ? 'does not hold' : all('holds').length === answers.length ? 'holds' : 'cannot be told';
  const isDecided = answers.every((one) => one.answer !== 'cannot be told' && !one.isPartial);
  return {
    claim,
    answer,
    words: [...countsWords(answers), ...answers.flatMap(({ words }) => words)].join(' '),
    tests: answers.flatMap(({ tests }) => tests),
    template: isDecided ? null : template,
  };
}

/** “It holds on 2 of 4 datasets, does not hold on 1 and cannot be told on 1.” Nothing of a single one. */
function countsWords(answers: readonly DatasetAnswer[]): string[] {
  if (answers.length < 2) return [];
  const on = (answer: Verdict['answer']) => answers.filter((one) => one.answer === answer).length;
  const others = (['does not hold', 'cannot be told'] as const).filter((answer) => on(answer) > 0);
  const counts = [
    `holds on ${on('holds')} of ${answers.length} datasets`,
    ...others.map((answer) => `${answer} on ${on(answer)}`),
  ];
  const isTested = answers.some(({ tests }) => tests.length > 0);
  return [`It ${listed(counts)}.`, ...(isTested ? ['Holm’s correction is for the tests on all of them.'] : [])];
}

/** Where tests decide, those on all datasets do so together. */
function answersOf(replies: readonly (DatasetAnswer | DatasetTests)[]): DatasetAnswer[] {
  const judged = judge(replies.map((reply) => ('answer' in reply ? [] : reply.tests)));
  const count = replies.reduce((sum, reply) => sum + ('answer' in reply ? 0 : reply.tests.length), 0);
  return replies.map((reply, i) => ('answer' in reply ? reply : answered(reply, judged[i], count)));
}

/** The answer of the tests on one dataset. @param count of the tests on all datasets */
function answered(
  { dataset, tests, notes, isPartial }: DatasetTests,
  { answer, claimed, contrary }: Judgement,
  count: number,
): DatasetAnswer {
  const places = tests.map((_, place) => place);
  const surest = (ps: readonly (number | null)[], of: readonly number[]) =>
    of.reduce((a, b) => ((ps[b] ?? 1) < (ps[a] ?? 1) ? b : a));
  const leastSure = (of: readonly number[]) => of.reduce((a, b) => ((claimed[b] ?? 2) > (claimed[a] ?? 2) ? b : a));
  const words: string[] = [];
  if (answer === 'does not hold') {
    const place = surest(contrary, places);
    words.push(
      `On ${dataset} it does not hold, most surely by this: ${testWords(tests[place], contrary[place], CONTRARY[tests[place].ask])}.`,
    );
  } else if (answer === 'holds') {
    const place = leastSure(places);
    const which = tests.length === 1 ? 'it holds' : `it holds in all ${tests.length} tests; the least certain of them`;
    words.push(`On ${dataset} ${which}: ${testWords(tests[place], claimed[place], CLAIMED[tests[place].ask])}.`);
  } else {
    const undecided = places.filter((place) => !decides(claimed[place]));
    const place = leastSure(undecided);
    const many =
      tests.length === 1 ? '' : ` (${undecided.length} of ${tests.length} tests are undecided; the least certain of them)`;
    words.push(`On ${dataset} it cannot be told${many}: ${testWords(tests[place], claimed[place], CLAIMED[tests[place].ask])}.`);
    words.push(...powerWords(tests[place], count));
  }
  return {
    dataset,
    answer,
    words: [...words, ...countsByPair(tests, claimed, contrary), ...keptWords(tests), ...notes],
    tests: tests.map(({ first, second, metric, test }, i) => {
      const ps = [claimed[i], contrary[i]].filter((p) => p !== null);
      const { effect, standardError, p, n } = test;
      const corrected = ps.length === 0 ? null : Math.min(...ps);
      return { dataset, first, second, metric, seeds: test.seeds, test: { effect, standardError, p, n }, corrected };
    }),
    isPartial,
  };
}

/** What p is of. */
const CLAIMED: Record<Ask, (margin: string) => string> = {
  more: () => '',
  'much more': (margin) => ` for more than ${margin}`,
  'at least': (margin) => ` for not being ${margin} below`,
  same: (margin) => ` for lying within ±${margin}`,
};

const CONTRARY: Record<Ask, (margin: string) => string> = {
  more: () => '',
  'much more': (margin) => ` for less than ${margin}`,
  'at least': (margin) => ` for being more than ${margin} below`,
  same: (margin) => ` for lying beyond ±${margin}`,
};

function testWords(
  { first, second, metric, test, over, margin }: ClaimTest,
  p: number | null,
  of: (margin: string) => string,
): string {
  const size = `${first} − ${second} is ${difference(test.effect, test.standardError)} in ${metric}`;
  if (p === null) return `${size}, without any spread to judge it by (${countWords(test, over)})`;
  return `${size}, ${pWords(p)}${of(shortNumber(margin))} after Holm’s correction (${countWords(test, over)})`;
}

function countWords(test: CrossedTest, over: ClaimTest['over']): string {
  if (over === 'runs') return `N = ${counted(test.n, 'run')}`;
  return over === 'seeds' ? `N = ${counted(test.n, 'seed')}` : sizeWords(test);
}

/** What could have been seen: a result that is not there is worth as much as the test was able to find. */
function powerWords({ test, ask, over }: ClaimTest, count: number): string[] {
  const size = detectable(test, count);
  if (size === null) return [];
  const level = count === 1 ? '' : ` at the level .05 for all ${count} tests`;
  const what = ask === 'more' ? 'a difference of' : 'what is inside that limit by';
  return [
    `Runs like these find ${what} ${size.toFixed(digitsFor(size))} or more four times in five${level}; more ${over === 'instances' ? 'seeds or test instances' : 'seeds'} would find smaller ones.`,
  ];
}

/** What the tests of a claim say of one pair of methods: for it where all metrics are, against it where one is. */
const PAIR_WORDS: Record<Ask, { readonly claimed: string; readonly contrary: string }> = {
  more: { claimed: 'better', contrary: 'worse' },
  'much more': { claimed: 'better by more than the limit', contrary: 'not better by more than the limit' },
  'at least': { claimed: 'not noticeably worse', contrary: 'noticeably worse' },
  same: { claimed: 'as good', contrary: 'noticeably different' },
};

/** “Pair by pair: worse in 1 of 3 (UAF-RL); of 2 it cannot be told (UAF-Hard and UAF-Soft).” Nothing of a single pair. */
function countsByPair(tests: readonly ClaimTest[], claimed: Judgement['claimed'], contrary: Judgement['contrary']): string[] {
  const places = groupedBy(tests.keys(), (i) => JSON.stringify([tests[i].first, tests[i].second, tests[i].ask]));
  if (places.size < 2) return [];
  const isOneSecond = new Set(tests.map(({ second }) => second)).size === 1;
  const pairs = Array.from(places.values(), (own) => {
    const { first, second, ask } = tests[own[0]];
    const isAgainst = own.some((i) => decides(contrary[i]));
    const isFor = own.every((i) => decides(claimed[i]));
    const { claimed: yes, contrary: no } = PAIR_WORDS[ask];
    return { name: isOneSecond ? first : `${first} against ${second}`, words: isAgainst ? no : isFor ? yes : '' };
  });
  const counts = Array.from(
    groupedBy(pairs, ({ words }) => words),
    ([words, own]) => {
      const names = listed(own.map(({ name }) => name));
      const count = `${own.length} of ${pairs.length}`;
      return words === '' ? `it cannot be told of ${names} (${count})` : `${names}: ${words} (${count})`;
    },
  );
  return [`${isOneSecond ? `Each against ${tests[0].second}` : 'Pair by pair'}: ${counts.join('; ')}.`];
}

function keptWords(tests: readonly ClaimTest[]): string[] {
  const isOverSeeds = tests.some(({ over, metric }) => over === 'seeds' && metric !== BEST_EPOCH);
  return isOverSeeds ? ['Ranks were not kept of all runs: these are tested over seeds alone.'] : [];
}

/** 0.01 → .01 */
const shortNumber = (value: number): string => String(value).replace(/^0/, '');

/** “No run of UAF-Soft and UAF-RL on it.” */
export const missingWords = (labels: readonly string[]): string[] =>
  labels.length === 0 ? [] : [`Of ${listed(labels)} there is no such run.`];
