import { presetFor } from '../../../configuration/presets.ts';
import { receptiveField } from '../../../configuration/receptiveField.ts';
import type { Scenario, TargetTask } from '../../../data/dataset.ts';
import { medianOf, RARE, shorterThan } from '../../../data/shape.ts';
import type { DatasetSummary } from '../../../data/summary.ts';
import { count } from '../../format.ts';
import { hasOwnPretraining } from './pair.ts';
import { visibleDifference } from './visibleDifference.ts';

/** Why an experiment on a dataset may say little. */
export interface Doubt {
  /** In a few words. */
  readonly title: string;
  readonly what: string;
  readonly why: string;
  readonly remedy: string;
}

interface Doubted extends DatasetSummary {
  readonly task: TargetTask;
  /** Of a simulated dataset. */
  readonly scenario: Scenario | null;
  /** Names of the files whose rows have neither times nor an order; null where that is not known any more. */
  readonly unordered: readonly string[] | null;
}

const FEW_INSTANCES = 1000;
const FEW_USERS = 500;
/** The share of target items that are rare. */
const NEARLY_ALL = 0.8;
/** The share of test instances whose target training never sees. */
const MANY_UNSEEN = 0.1;
/** The share of instances of one item. */
const DOMINATING = 0.1;

const percent = (share: number): string => `${Math.round(100 * share)} %`;

/** Whatever should be known before an experiment is believed, the most serious first. */
export function doubtsOf(doubted: Doubted): Doubt[] {
  return [fewInstances, fewUsers, rareTargets, dominatingItem, shortSequences, noTimes].flatMap((doubt) => doubt(doubted) ?? []);
}

function fewInstances({ shape: { unseen }, task }: Doubted): Doubt | null {
  if (unseen.test >= FEW_INSTANCES) return null;
  const metric = task === 'profile' ? 'accuracy' : 'HR@5';
  const visible = visibleDifference(Math.max(1, unseen.test), task === 'profile' ? 0.5 : 0.3);
  return {
    title: `only ${count(unseen.test)} test instances`,
    what: `The random split leaves ${count(unseen.test)} instances to test on, fewer than ${count(FEW_INSTANCES)}.`,
    why: `A difference in ${metric} smaller than about ${visible.toFixed(2)} cannot be told from chance.`,
    remedy:
      'Weaken the filters, take more data, or look at large differences alone; more seeds do not help against few instances.',
  };
}

function fewUsers({ figures, shape }: Doubted): Doubt | null {
  const { users } = shape;
  if (users.both >= FEW_USERS) return null;
  const isPair = hasOwnPretraining({ figures, shape });
  return {
    title: `only ${count(users.both)} users ${isPair ? 'to fine-tune on' : 'in both domains'}`,
    what: `${count(users.both)} users have a source sequence and targets, fewer than ${FEW_USERS}.`,
    why: 'Fine-tuning and the policy network learn from these users alone: policies of so few are likely to be all the same.',
    remedy: `Weaken the filters, or ${isPair ? 'take a file with more fine-tuning lines' : 'check that both files write user ids the same way'}.`,
  };
}

function rareTargets({ shape: { targetPopularity, unseen }, figures, task }: Doubted): Doubt | null {
  if (task === 'profile') return null;
  const rare = targetPopularity.rare / Math.max(1, figures.targetItems);
  const unseenTest = unseen.unseenTest / Math.max(1, unseen.test);
  if (rare < NEARLY_ALL && unseenTest < MANY_UNSEEN) return null;
  return {
    title: rare >= NEARLY_ALL ? 'nearly all target items are rare' : 'many test targets are never trained',
    what: `${percent(rare)} of the target items have fewer than ${RARE} interactions, and ${percent(unseenTest)} of the test instances have a target that training never sees.`,
    why: 'An item that is not trained keeps its first random values: no method can rank it better than chance.',
    remedy: 'Raise “Fewest interactions of a target item”, or take a core of the target domain.',
  };
}

function dominatingItem({ shape: { targetPopularity }, task }: Doubted): Doubt | null {
  if (targetPopularity.first < DOMINATING) return null;
  const share = percent(targetPopularity.first);
  if (task === 'profile') {
    if (targetPopularity.first < 0.8) return null;
    return {
      title: 'one class dominates',
      what: `One class has ${share} of the users.`,
      why: `Always saying that class is right as often: accuracy begins at ${share}.`,
      remedy: 'Look at macro F1 rather than at accuracy.',
    };
  }
  return {
    title: 'one target item dominates',
    what: `The most popular target item has ${share} of the instances.`,
    why: 'Recommending it to everybody is right as often: MostPop will be hard to beat.',
    remedy:
      'Run MostPop beside the others and compare with it; keep each item of a user only once, if it is bought again and again.',
  };
}

function shortSequences({ shape: { sourceLengths }, figures, scenario }: Doubted): Doubt | null {
  const { dilations, kernelSize } = presetFor('quick', { scenario, sourceItems: figures.sourceItems });
  const field = receptiveField(dilations, kernelSize);
  const users = sourceLengths.reduce((sum, n) => sum + n, 0);
  const short = shorterThan(sourceLengths, field);
  if (2 * short < users) return null;
  return {
    title: 'short source sequences',
    what: `${percent(short / Math.max(1, users))} of the source sequences are shorter than ${field} items, the receptive field of the preset “quick”; half have at most ${medianOf(sourceLengths)}.`,
    why: 'The trunk then sees whole sequences, padding included: a policy that reads them has little to say that the trunk cannot see itself.',
    remedy: 'Go on, but take fewer or smaller dilations, and a sequence length near that of most sequences.',
  };
}

function noTimes({ timed, task, unordered }: Doubted): Doubt | null {
  const isInOrder = unordered === null ? timed || task === 'profile' : unordered.length === 0;
  if (isInOrder) return null;
  const why = 'If that is not the order in which things happened, sequences mean little';
  const shared = {
    why: task === 'profile' ? `${why}.` : `${why}; and the split “latest”, which does not test on the past, cannot be had.`,
  };
  if (unordered === null) {
    return {
      ...shared,
      title: 'no times',
      what: 'Not all of its files have times, or rows that are said to be in order: such rows are taken as they stand.',
      remedy: 'Import the files again with their time columns, or say there that rows are in order, if they are.',
    };
  }
  const isOne = unordered.length === 1;
  return {
    ...shared,
    title: `no times in ${unordered.join(' and ')}`,
    what: `${unordered.join(' and ')} ${isOne ? 'has' : 'have'} no times, and ${isOne ? 'its' : 'their'} rows are said to be in no order: they are taken as they stand.`,
    remedy: 'Name the time column above, if there is one; or choose “rows are in order” there, if they are.',
  };
}
