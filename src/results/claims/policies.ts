import { describeMethod } from '../../configuration/methods.ts';
import { type CrossedTest, equivalence, unpairedTest } from '../../engine/evaluation/crossed.ts';
import { isCollapsed, type PolicySummary } from '../../engine/evaluation/policies.ts';
import { holm } from '../../engine/evaluation/significance.ts';
import type { Verdict } from '../claims.ts';
import { bestOfDatasets, type Condition, isTenth, variantOf } from '../conditions.ts';
import { counted, difference, listed, pWords, thousands } from '../digits.ts';
import { shownSettings } from '../shownSettings.ts';
import type { Variant } from '../variants.ts';
import { decides } from './judge.ts';
import { type DatasetAnswer, missingWords, type Question } from './verdict.ts';

const UAF = ['uaf-hard', 'uaf-soft', 'uaf-rl'];

/** Shares of users that nobody would tell apart in Fig. 3. */
const SHARE_MARGIN = 0.05;

/**
 * What Fig. 3 says of policies, at the best epoch over the users of the test instances. The first two are counted, not tested: all users
 * are there, and what varies are runs. They hold where every run is so, do not where no run is, and else cannot be told.
 */
export const policyClaims: readonly Question[] = [
  {
    id: 'personal',
    statement: 'Policies differ between users: no policy covers 99 % of them.',
    source: 'Question 2, Fig. 3',
    template: 'figure-3',
    needs: 'It takes runs of UAF-Hard, UAF-Soft or UAF-RL.',
    ask: (conditions, names) =>
      mainVariants(conditions, UAF).map(({ condition, found }) => {
        const words = (method: string, policies: readonly PolicySummary[]) => {
          const distinct = policies.map((policy) => policy.distinct);
          const range = Array.from(new Set([Math.min(...distinct), Math.max(...distinct)]))
            .map(thousands)
            .join(' to ');
          const collapsed = policies.filter((policy) => policy.collapsed).length;
          const all = thousands(2 ** condition.configuration.dilations.length);
          return `${label(method)} has ${range} of ${all} policies${collapsed === 0 ? '' : `, and treats everybody alike in ${collapsed} of ${counted(policies.length, 'run')}`}`;
        };
        const { name, settings } = about(condition, found, conditions, names);
        return countedAnswer(name, found, UAF, (policy) => !policy.collapsed, words, settings);
      }),
  },
  {
    id: 'no-block-for-all',
    statement: 'No block is fine-tuned for all users (99 %) by UAF-Hard.',
    source: 'Question 2, Fig. 3',
    template: 'figure-3',
    needs: 'It takes runs of UAF-Hard.',
    ask: (conditions, names) =>
      mainVariants(conditions, ['uaf-hard']).map(({ condition, found }) => {
        const words = (method: string, policies: readonly PolicySummary[]) => {
          const largest = policies.map(({ utilisation }) => Math.max(...utilisation));
          return `the block that ${label(method)} fine-tunes most is fine-tuned for ${listed(largest.map((share) => `${(Math.floor(1000 * share) / 10).toFixed(1)} %`))} of the users`;
        };
        const isSo = ({ utilisation }: PolicySummary) => !utilisation.some((share) => isCollapsed(share, 1));
        const { name, settings } = about(condition, found, conditions, names);
        return countedAnswer(name, found, ['uaf-hard'], isSo, words, settings);
      }),
  },
  {
    id: 'policies-between-datasets',
    statement: 'Policies differ between datasets: UAF-Hard fine-tunes some block for another share of the users.',
    source: 'Question 2, Fig. 3',
    template: 'figure-3',
    needs: 'It takes runs of UAF-Hard on two datasets, with the same number of blocks.',
    ask: (conditions, names) => betweenDatasets(conditions, names),
  },
];

const label = (method: string): string => describeMethod(method).label;
const nameOf = ({ dataset }: Condition, names: ReadonlyMap<string, string>): string => names.get(dataset.hash) ?? dataset.name;
const policiesOf = ({ runs }: Variant): PolicySummary[] => runs.flatMap(({ report }) => report.policy ?? []);

/** How a dataset is called, and which settings are shown of it. */
function about(
  condition: Condition,
  variants: readonly Variant[],
  conditions: readonly Condition[],
  names: ReadonlyMap<string, string>,
): { name: string; settings: string[] } {
  const name = nameOf(condition, names);
  return { name, settings: shownSettings([{ name, condition, variants }], conditions) };
}

/** Of each dataset the condition that is shown of some methods, and their variants there. */
const mainVariants = (conditions: readonly Condition[], methods: readonly string[]) =>
  bestOfDatasets(conditions, (condition) => {
    if (condition.dataset.task !== 'ranking' || isTenth(condition)) return null;
    const found = methods.flatMap((method) => variantOf(condition, method) ?? []).filter((one) => policiesOf(one).length > 0);
    return found.length === 0 ? null : found;
  });

function countedAnswer(
  dataset: string,
  variants: readonly Variant[],
  expected: readonly string[],
  isSo: (policy: PolicySummary) => boolean,
  words: (method: string, policies: readonly PolicySummary[]) => string,
  settings: readonly string[],
): DatasetAnswer {
  const policies = variants.flatMap(policiesOf);
  const so = policies.filter(isSo).length;
  const answer = so === policies.length ? 'holds' : so === 0 ? 'does not hold' : 'cannot be told';
  const missing = expected.filter((id) => !variants.some(({ method }) => method === id)).map(label);
  const instances = variants[0].runs[0].report.test.n;
  return {
    dataset,
    answer,
    words: [
      `On ${dataset} it is so in ${so} of ${counted(policies.length, 'run')}: ${variants.map((one) => words(one.method, policiesOf(one))).join('; ')}.`,
      `It is counted over the users of ${counted(instances, 'test instance')}, without a test.`,
      ...(variants.every(({ runs }) => runs.length === 1)
        ? ['With one seed it is not known whether another training would end so.']
        : []),
      ...missingWords(missing),
      ...settings,
    ],
    tests: [],
    isPartial: missing.length > 0,
  };
}

/**
 * Which blocks are used changes with the seed too: datasets differ where the share of users on a block differs by more than between
 * seeds (Student's t over runs, Holm's correction over blocks and pairs of datasets). It holds if every two datasets differ in a block,
 * and does not if two of them have the same share (± .05) in all of them.
 */
function betweenDatasets(conditions: readonly Condition[], names: ReadonlyMap<string, string>): DatasetAnswer[] {
  const main = mainVariants(conditions, ['uaf-hard']);
  const all = main.map(({ condition, found: [variant] }) => ({
    name: nameOf(condition, names),
    shares: policiesOf(variant).map(({ utilisation }) => utilisation),
  }));
  const blocks = mostCommon(all.map(({ shares }) => shares[0].length));
  const sides = all.filter(({ shares }) => shares[0].length === blocks);
  if (sides.length < 2) return [];
  const pairs = sides.flatMap((first, i) => sides.slice(i + 1).map((second) => ({ first, second })));
  const tests = pairs.flatMap(({ first, second }, pair) =>
    Array.from({ length: blocks }, (_, block) => {
      const [a, b] = [first, second].map(({ shares }) => shares.map((run) => run[block]));
      return { pair, block, first: first.name, second: second.name, test: unpairedTest(a, b) };
    }),
  );
  const corrected = holm(tests.map(({ test }) => test.p));
  const differ = pairs.map((_, pair) => tests.some((one, i) => one.pair === pair && decides(corrected[i])));
  const same = pairs.map((_, pair) => tests.every((one) => one.pair !== pair || isSame(one.test)));
  const answer: Verdict['answer'] = differ.every(Boolean) ? 'holds' : same.some(Boolean) ? 'does not hold' : 'cannot be told';
  const place = tests.reduce((best, _, i) => ((corrected[i] ?? 2) < (corrected[best] ?? 2) ? i : best), 0);
  const { first, second, block, test } = tests[place];
  const size = `the share on block ${block + 1} differs by ${difference(test.effect, test.standardError)} between ${first} and ${second}`;
  const p = corrected[place];
  const fewest = Math.min(...sides.map(({ shares }) => shares.length));
  return [
    {
      dataset: listed(sides.map(({ name }) => name)),
      answer,
      words: [
        `Of ${counted(pairs.length, 'pair')} of datasets ${differ.filter(Boolean).length} differ in a block.`,
        `Most surely ${size}${p === null ? '' : `, ${pWords(p)} after Holm’s correction`} (N = ${counted(test.n, 'run')}).`,
        ...(fewest < 2
          ? ['With one seed it cannot be told from what another training would change: it takes at least two on each.']
          : []),
        ...shownSettings(
          main.map(({ condition, found }) => ({ name: nameOf(condition, names), condition, variants: found })),
          conditions,
        ),
      ],
      tests: tests.map((one, i) => ({
        dataset: `${one.first} and ${one.second}`,
        first: `UAF-Hard on ${one.first}`,
        second: `on ${one.second}`,
        metric: `share of users on block ${one.block + 1}`,
        seeds: one.test.seeds,
        test: { effect: one.test.effect, standardError: one.test.standardError, p: one.test.p, n: one.test.n },
        corrected: corrected[i],
      })),
      isPartial: false,
    },
  ];
}

/** Shares that never vary, such as those of collapsed policies, are the same where they are equal. */
const isSame = (test: CrossedTest): boolean =>
  decides(equivalence(test, SHARE_MARGIN)) || (test.seeds > 1 && test.freedom === 0 && Math.abs(test.effect) < 1e-9);

/** The value that occurs most often; of several the first. */
function mostCommon(values: readonly number[]): number {
  const countOf = (value: number) => values.filter((other) => other === value).length;
  return values.reduce((best, value) => (countOf(value) > countOf(best) ? value : best), values[0]);
}
