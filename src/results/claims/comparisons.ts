import { describeMethod } from '../../configuration/methods.ts';
import { parameterWords } from '../../configuration/parameters.ts';
import type { TargetTask } from '../../data/dataset.ts';
import type { Claim } from '../claims.ts';
import { compare, type Measurement, measurementOf } from '../comparison.ts';
import { bestOfDatasets, type Condition, isTenth, variantOf } from '../conditions.ts';
import { listed } from '../digits.ts';
import { distinct, groupedBy } from '../lists.ts';
import { shownSettings } from '../shownSettings.ts';
import { GATES_WORDS, type Variant } from '../variants.ts';
import { type Ask, MARGIN } from './judge.ts';
import { type ClaimTest, type DatasetAnswer, type DatasetTests, missingWords, type Question } from './verdict.ts';

/** A method, and of UAF-Random with which gates it was evaluated. */
interface Side {
  readonly method: string;
  readonly otherGates?: boolean;
}

interface Pair {
  readonly first: Side;
  readonly second: Side;
  readonly ask: Ask;
}

interface ComparisonClaim extends Claim {
  readonly template: string;
  readonly task: TargetTask;
  /** Whether it is about a tenth of the training instances. */
  readonly tenth: boolean;
  /** Methods that it is about; those without runs are named. */
  readonly about: readonly Side[];
  /** What it takes, where that is not a run of the last of these and of one of the others. */
  readonly takes?: string;
  /** What is compared of what there is. */
  readonly pairs: (there: readonly Side[]) => readonly Pair[];
}

const side = (method: string): Side => ({ method });
const UAF = ['uaf-hard', 'uaf-soft', 'uaf-rl'];
const OTHER_GATES: Side = { method: 'uaf-random', otherGates: true };
const SAME_GATES: Side = { method: 'uaf-random', otherGates: false };

/** The same of each of some methods against another one. */
const eachOf = (methods: readonly string[], second: Side, ask: Ask = 'more') => ({
  about: [...methods.map(side), second],
  pairs: () => methods.map((method) => ({ first: side(method), second, ask })),
});

const usual = { task: 'ranking', tenth: false } as const;

/** From fewer trained blocks to more. */
const BY_BLOCKS = ['finetune-cls', 'finetune-last-1', 'finetune-last-2', 'finetune-all'];

/** Each step of those that ran is no worse than the one before, and the last is better than the first. */
function blockPairs(there: readonly Side[]): Pair[] {
  const ran = BY_BLOCKS.filter((id) => there.some(({ method }) => method === id));
  const steps = ran.slice(1).map((id, i): Pair => ({ first: side(id), second: side(ran[i]), ask: 'at least' }));
  if (steps.length === 0) return [];
  return [...steps, { first: side(ran[ran.length - 1]), second: side(ran[0]), ask: 'more' }];
}

const claims: readonly ComparisonClaim[] = [
  {
    ...usual,
    id: 'floor',
    statement: 'Every trained method does better than recommending what is popular.',
    source: 'Not in the paper: the floor below which numbers say nothing',
    template: 'table-2',
    about: [side('most-popular')],
    pairs: (there) =>
      there
        .filter(({ method, otherGates }) => method !== 'most-popular' && otherGates !== true)
        .map((first) => ({ first, second: side('most-popular'), ask: 'more' })),
  },
  {
    ...usual,
    ...eachOf(['finetune-all'], side('finetune-zero')),
    id: 'pretraining',
    statement: 'Pre-training helps: Finetune-All does better than the same network from random values.',
    source: 'Table 2',
    template: 'table-2',
  },
  {
    ...usual,
    id: 'more-blocks',
    statement: `The more blocks are trained the better: from Finetune-CLS over -Last1 and -Last2 to Finetune-All no step loses ${MARGIN}, and the last does better than the first.`,
    source: 'Table 2',
    template: 'table-2',
    about: BY_BLOCKS.map(side),
    takes: 'two of Finetune-CLS, -Last1, -Last2 and -All',
    pairs: blockPairs,
  },
  {
    ...usual,
    ...eachOf(UAF, side('finetune-all')),
    id: 'uaf-finetune-all',
    statement: 'UAF does better than the usual fine-tuning of everything.',
    source: 'Question 1, Table 2',
    template: 'table-2',
  },
  {
    ...usual,
    ...eachOf(UAF, side('peterrec')),
    id: 'uaf-peterrec',
    statement: 'UAF does better than PeterRec’s adapters.',
    source: 'Question 1, Table 2',
    template: 'table-2',
  },
  {
    ...usual,
    ...eachOf(UAF, side('mtl')),
    id: 'uaf-mtl',
    statement: 'UAF does better than learning both domains at once.',
    source: 'Question 1, Table 2',
    template: 'table-2',
  },
  {
    ...usual,
    ...eachOf(['uaf-hard'], OTHER_GATES),
    id: 'policy-other-gates',
    statement: 'The policy network matters: UAF-Hard does better than a coin that decides anew at evaluation.',
    source: 'Question 2, Table 3',
    template: 'table-3',
  },
  {
    ...usual,
    ...eachOf(['uaf-hard'], SAME_GATES),
    id: 'policy-same-gates',
    statement: 'The policy network matters: UAF-Hard does better than a coin whose decisions stay as in training.',
    source: 'Question 2, Table 3',
    template: 'table-3',
  },
  {
    ...usual,
    id: 'other-gates',
    statement: `Random gates do much worse when they are drawn anew at evaluation: they lose more than ${MARGIN}.`,
    source: 'Question 2, notes on Table 3',
    template: 'table-3',
    about: [SAME_GATES, OTHER_GATES],
    pairs: () => [{ first: SAME_GATES, second: OTHER_GATES, ask: 'much more' }],
  },
  {
    ...usual,
    id: 'gru',
    statement: `A GRU as policy network does as well: within ±${MARGIN}.`,
    source: 'Question 2, Table 4',
    template: 'table-4',
    about: UAF.flatMap((method) => [side(`${method}-gru`), side(method)]),
    takes: 'a UAF method with a GRU as policy network and of the same method without',
    pairs: () => UAF.map((method) => ({ first: side(`${method}-gru`), second: side(method), ask: 'same' })),
  },
  {
    ...usual,
    ...eachOf(UAF, side('finetune-all')),
    tenth: true,
    id: 'little-data',
    statement: 'With 10 % of the training data UAF does better than Finetune-All.',
    source: 'Question 3, Table 5',
    template: 'table-5',
  },
];

const question = (claim: ComparisonClaim): Question => ({
  ...claim,
  needs: needsOf(claim),
  ask: (conditions, names) => answersOf(claim, conditions, names),
});

/** What is said of recommending, in the order of the paper's questions. */
export const comparisonClaims: readonly Question[] = claims.map(question);

export const profiles: Question = question({
  ...eachOf(UAF, side('finetune-all'), 'at least'),
  task: 'profile',
  tenth: false,
  id: 'profiles',
  statement: `In predicting user profiles UAF is as accurate as Finetune-All or more: it does not lose ${MARGIN}.`,
  source: 'Question 4, Table 7',
  template: 'table-7',
});

function needsOf({ about, takes, task, tenth }: ComparisonClaim): string {
  const where =
    task === 'profile'
      ? ' on a dataset of user profiles'
      : tenth
        ? ` with ${parameterWords('fineTuning.trainingFraction', 0.1)}`
        : '';
  const [last, ...others] = [...about].reverse().map(labelOf);
  const rest = others.length === 0 ? 'another method' : listed(others.reverse(), 'or');
  return `It takes runs of ${takes ?? `${rest} and of ${last}`}${where}, on the same data, with the same settings and seeds.${about.some(({ method }) => method === 'uaf-random') ? ` ${GATES_WORDS}` : ''}`;
}

function labelOf({ method, otherGates }: Side): string {
  const { label } = describeMethod(method);
  return method === 'uaf-random' ? `${label} with ${otherGates ? 'other' : 'the same'} gates` : label;
}

interface Found {
  readonly pair: Pair;
  readonly first: Variant;
  readonly second: Variant;
}

function answersOf(
  claim: ComparisonClaim,
  conditions: readonly Condition[],
  names: ReadonlyMap<string, string>,
): (DatasetAnswer | DatasetTests)[] {
  const best = bestOfDatasets(conditions, (condition) => {
    if (condition.dataset.task !== claim.task || isTenth(condition) !== claim.tenth) return null;
    const found = foundPairs(claim, condition);
    return found.length === 0 ? null : found;
  });
  return best.map(({ condition, found }) =>
    answerOn(claim, names.get(condition.dataset.hash) ?? condition.dataset.name, condition, found, conditions),
  );
}

function foundPairs({ pairs }: ComparisonClaim, condition: Condition): Found[] {
  const there = condition.variants.map(({ method, otherGates }) => ({ method, otherGates }));
  const sides = Array.from(groupedBy(there, labelOf).values(), ([one]) => one);
  return pairs(sides).flatMap((pair) => {
    const first = variantOf(condition, pair.first.method, pair.first.otherGates);
    const second = variantOf(condition, pair.second.method, pair.second.otherGates);
    return first === null || second === null || commonSeeds(first, second) === 0 ? [] : [{ pair, first, second }];
  });
}

/** MostPop has all seeds: it does not depend on them. */
function commonSeeds(first: Variant, second: Variant): number {
  if (second.method === 'most-popular') return first.runs.length;
  return first.runs.filter(({ report }) => second.runs.some((other) => other.report.seed === report.seed)).length;
}

function answerOn(
  claim: ComparisonClaim,
  dataset: string,
  condition: Condition,
  found: readonly Found[],
  conditions: readonly Condition[],
): DatasetAnswer | DatasetTests {
  const reasons: string[] = [];
  const measured = new Map<string, Map<Variant, Measurement>>();
  const measurement = (variant: Variant, metric: string): Measurement => {
    const known = measured.get(metric) ?? new Map<Variant, Measurement>();
    measured.set(metric, known);
    const own = known.get(variant) ?? measurementOf(variant, metric);
    known.set(variant, own);
    return own;
  };
  const tests = found.flatMap(({ pair, first, second }) =>
    (claim.task === 'profile' ? ['accuracy'] : ['HR@5', 'MRR@5']).flatMap((metric): ClaimTest[] => {
      const compared = compare(measurement(first, metric), measurement(second, metric));
      const names = { first: labelOf(pair.first), second: labelOf(pair.second) };
      if (!('missing' in compared)) return [{ ...names, metric, ask: pair.ask, margin: MARGIN, ...compared }];
      reasons.push(`${names.first} and ${names.second} cannot be compared: ${compared.missing}.`);
      return [];
    }),
  );
  const missing = claim.about.filter(
    ({ method, otherGates }) =>
      !found.some(({ pair }) => [pair.first, pair.second].some((one) => labelOf(one) === labelOf({ method, otherGates }))),
  );
  const variants = distinct(found.flatMap(({ first, second }) => [first, second]));
  const notes = [
    ...distinct(reasons),
    ...missingWords(missing.map(labelOf)),
    ...(variants.some(({ method }) => method === 'uaf-random') ? [GATES_WORDS] : []),
    ...shownSettings([{ name: dataset, condition, variants }], conditions),
    ...partWords(condition),
    ...(condition.configuration.fineTuning.selectOn === 'test'
      ? ['The best epoch was chosen on the test data: results are too good.']
      : []),
  ];
  const isPartial = missing.length > 0 || reasons.length > 0;
  if (tests.length === 0)
    return { dataset, answer: 'cannot be told', words: [`On ${dataset} nothing can be tested.`, ...notes], tests: [], isPartial };
  return { dataset, tests, notes, isPartial };
}

/** Where it is neither all nor the tenth that a claim is about. */
function partWords(condition: Condition): string[] {
  const { trainingFraction } = condition.configuration.fineTuning;
  if (trainingFraction === 1 || isTenth(condition)) return [];
  return [`These trained on ${Number((100 * trainingFraction).toPrecision(3))} % of the training instances.`];
}
