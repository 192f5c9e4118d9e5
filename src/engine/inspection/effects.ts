import * as tf from '@tensorflow/tfjs';
import { permutation, randomStream } from '../../data/random.ts';
import { type EvaluationTask, evaluate, policiesOf } from '../evaluation/evaluate.ts';
import { instanceValues, type Measured, meanOf, type Outcomes } from '../evaluation/metrics.ts';
import { gatesOfPattern, MOST_TRIED_BLOCKS, type UserPolicies } from '../evaluation/policies.ts';
import { type Correlation, groupedTest, type PairedTest, rankCorrelation } from '../evaluation/significance.ts';
import type { FinishedModel } from './inspect.ts';

/**
 * Gates that take the place of a user's own: the opposite ones, those of another user, all frozen, all fine-tuned, or, of the
 * 2^N hard policies and the own one, those under which a metric is highest over the user's own test instances, for each metric
 * by itself: an upper bound that looks at the answers.
 */
export type Replacement = 'own' | 'opposite' | 'shuffled' | 'frozen' | 'tuned' | 'hindsight';

/** A headline metric under other policies. */
interface EffectMetric {
  /** HR@5 and MRR@5 among the candidates, or accuracy. */
  readonly name: string;
  readonly measured: Measured;
  /**
   * This − own, paired over instances, those of one user as a group: policies are replaced user by user. Null for `own` itself;
   * `hindsight` has no p, since it cannot be worse.
   */
  readonly test: PairedTest | null;
}

interface EffectRow {
  readonly gates: Replacement;
  /** Test instances, and their users. Of `hindsight` they may be fewer: each of its 2^N policies is an evaluation. */
  readonly n: number;
  readonly users: number;
  /**
   * Share of the instances whose target gets another rank among the candidates (another class) than under the own policy; null
   * for `hindsight`, which is another choice for each metric.
   */
  readonly reranked: number | null;
  readonly metrics: readonly EffectMetric[];
}

/** Test metrics under other policies than the users' own. */
export interface PolicyEffects {
  /** Users, drawn at random from the `of` users of the test instances. */
  readonly users: number;
  readonly of: number;
  /** The target and its negatives; the classes of a profile task. */
  readonly candidates: number;
  /** Without `hindsight` where there are more than `MOST_TRIED_BLOCKS` blocks. */
  readonly rows: readonly EffectRow[];
  /** Share of these users to whom shuffling gives other gates than their own (Soft rounded at ½). */
  readonly changedByShuffling: number;
}

/** Lets long work be stopped and watched. */
interface Watch {
  /** Awaited between passes; what it throws ends the work. */
  readonly turn: () => Promise<void>;
  /** How much is done, 0 to 1. */
  readonly share: (share: number) => void;
}

/** So many users times policies are tried in hindsight at most. */
const HINDSIGHT_ROWS = 65_536;

/**
 * Evaluates the test instances of at most `most` users under replaced gates: whether it matters whose policy a user has. What
 * is drawn (users, whose policy a user gets) depends on the split's seed alone.
 *
 * @param hindsightRows users × policies that are tried in hindsight at most
 */
export async function policyEffects(
  finished: FinishedModel,
  most: number,
  watch: Watch,
  hindsightRows: number = HINDSIGHT_ROWS,
): Promise<PolicyEffects> {
  const { model, dataset, task } = finished;
  const { dilations, dataset: settings } = model.context.configuration;
  const blocks = dilations.length;
  const streamOf = (purpose: string) => randomStream(settings.splitSeed, purpose);
  const all = Int32Array.from(new Set(task.test.user));
  const users = sample(all, most, streamOf('effects/users'));
  const tested = taskOfUsers(task.test, users);
  const own = await policiesOf(model, dataset, users, watch.turn);
  if (own === null) throw new Error(`${model.method.id} has no policy.`);
  const giver = shuffled(users.length, streamOf('effects/shuffled'));
  const tried = blocks > MOST_TRIED_BLOCKS ? 0 : 2 ** blocks;
  const hindsightUsers =
    tried === 0 ? new Int32Array() : sample(users, Math.max(1, Math.floor(hindsightRows / tried)), streamOf('effects/hindsight'));

  const total = 5 * users.length + tried * hindsightUsers.length;
  let done = 0;
  const under = async (on: EvaluationTask, gate: (row: number, block: number) => number): Promise<Outcomes> => {
    const outcomes = await evaluate({ ...model, gates: gatesFor(own, gate) }, dataset, on, watch.turn);
    done += new Set(on.user).size;
    watch.share(done / total);
    return outcomes;
  };
  const ownGate = (row: number, block: number) => own.gate[row * blocks + block];
  const names = dataset.task === 'profile' ? ['accuracy'] : ['HR@5', 'MRR@5'];

  const ownOutcomes = await under(tested, ownGate);
  const rows: EffectRow[] = [
    {
      gates: 'own',
      ...sizeOf(tested),
      reranked: 0,
      metrics: names.map((name) => ({ name, measured: meanOf(gainsOf(ownOutcomes, tested, name)), test: null })),
    },
  ];
  const replaced: [Replacement, (row: number, block: number) => number][] = [
    ['opposite', (row, block) => 1 - ownGate(row, block)],
    ['shuffled', (row, block) => ownGate(giver[row], block)],
    ['frozen', () => 0],
    ['tuned', () => 1],
  ];
  for (const [gates, gate] of replaced) {
    const outcomes = await under(tested, gate);
    const metrics = names.map((name) => {
      const values = gainsOf(outcomes, tested, name);
      return { name, measured: meanOf(values), test: differenceOf(values, gainsOf(ownOutcomes, tested, name), tested.user) };
    });
    rows.push({ gates, ...sizeOf(tested), reranked: rerankedShare(outcomes, ownOutcomes), metrics });
  }

  if (tried > 0) {
    const some = taskOfUsers(tested, hindsightUsers);
    const options = [partOf(ownOutcomes, tested, some)];
    for (let p = 0; p < tried; p++) {
      const gates = gatesOfPattern(p, blocks);
      options.push(await under(some, (_, block) => gates[block]));
    }
    const metrics = names.map((name) => {
      const [ownGains, ...gains] = options.map((outcomes) => gainsOf(outcomes, some, name));
      const values = inHindsight([ownGains, ...gains], some.user);
      const test = differenceOf(values, ownGains, some.user);
      return { name, measured: meanOf(values), test: { ...test, p: null } };
    });
    rows.push({ gates: 'hindsight', ...sizeOf(some), reranked: null, metrics });
  }
  const rounded = (row: number) => gatesOfRow(own, row).join('');
  const changed = users.filter((_, row) => rounded(row) !== rounded(giver[row])).length;
  return {
    users: users.length,
    of: all.length,
    candidates: task.candidates,
    rows,
    changedByShuffling: changed / users.length,
  };
}

/** The hard gates of a row. */
const gatesOfRow = ({ gate, blocks }: UserPolicies, row: number): number[] =>
  Array.from(gate.subarray(row * blocks, (row + 1) * blocks), (g) => (g > 0.5 ? 1 : 0));

/** At most `most` of some users, in their order. */
function sample(users: Int32Array, most: number, random: ReturnType<typeof randomStream>): Int32Array {
  if (users.length <= most) return users;
  return permutation(random, users.length)
    .slice(0, most)
    .sort()
    .map((i) => users[i]);
}

/** For each row another one, whose policy it gets: a random cycle through all, so that nobody keeps their own (but one alone). */
function shuffled(rows: number, random: ReturnType<typeof randomStream>): Int32Array {
  const cycle = permutation(random, rows);
  const giver = new Int32Array(rows);
  cycle.forEach((row, i) => {
    giver[row] = cycle[(i + 1) % rows];
  });
  return giver;
}

/** The instances of some users. */
function taskOfUsers({ instances, user, item, negatives }: EvaluationTask, users: Int32Array): EvaluationTask {
  const chosen = new Set(users);
  const kept = Int32Array.from(user.keys()).filter((i) => chosen.has(user[i]));
  return {
    instances: kept.map((i) => instances[i]),
    user: kept.map((i) => user[i]),
    item: kept.map((i) => item[i]),
    negatives: negatives && ((place) => negatives(kept[place])),
  };
}

const sizeOf = ({ user }: EvaluationTask) => ({ n: user.length, users: new Set(user).size });

/** The outcomes of `part`, whose instances are some of those of `whole`; both in the dataset's order. */
function partOf(outcomes: Outcomes, whole: EvaluationTask, part: EvaluationTask): Outcomes {
  const chosen = new Set(part.instances);
  const pick = (values: Int32Array) => values.filter((_, i) => chosen.has(whole.instances[i]));
  if ('predicted' in outcomes) return { predicted: pick(outcomes.predicted) };
  return { sampled: pick(outcomes.sampled), all: pick(outcomes.all) };
}

/** What each instance adds to a headline metric. */
function gainsOf(outcomes: Outcomes, { item }: EvaluationTask, name: string): Float64Array {
  const values = instanceValues(outcomes, item, name, 'sampled');
  if (values === undefined) throw new Error(`${name} is no metric of these outcomes.`);
  return values;
}

/** Values − others, the instances of one user as a group. */
const differenceOf = (values: Float64Array, others: Float64Array, user: Int32Array): PairedTest =>
  groupedTest(
    values.map((value, i) => value - others[i]),
    user,
  );

/** The share of instances with another rank among the candidates, or another class. */
function rerankedShare(outcomes: Outcomes, others: Outcomes): number {
  const placesOf = (of: Outcomes) => ('predicted' in of ? of.predicted : of.sampled);
  const [places, before] = [placesOf(outcomes), placesOf(others)];
  return places.filter((place, i) => place !== before[i]).length / places.length;
}

/** Gates [rows, N] of users by their rows in `own`; rows that only fill are frozen. */
function gatesFor({ users, blocks }: UserPolicies, gate: (row: number, block: number) => number) {
  const rowOf = new Map(Array.from(users, (user, row) => [user, row]));
  return (asked: Int32Array, rows: number): tf.Tensor => {
    const values = new Float32Array(rows * blocks);
    asked.forEach((user, i) => {
      const row = rowOf.get(user);
      if (row === undefined) throw new Error(`User ${user} has no gates.`);
      for (let l = 0; l < blocks; l++) values[i * blocks + l] = gate(row, l);
    });
    return tf.tensor2d(values, [rows, blocks]);
  };
}

/** Each user's instances under the option that adds most to the metric over them; of equal ones the first. */
function inHindsight(options: readonly Float64Array[], user: Int32Array): Float64Array {
  const best = new Float64Array(user.length);
  for (let from = 0; from < user.length; ) {
    let end = from;
    while (end < user.length && user[end] === user[from]) end++;
    const parts = options.map((gains) => gains.subarray(from, end));
    const sums = parts.map((gains) => gains.reduce((sum, gain) => sum + gain, 0));
    best.set(parts[sums.indexOf(Math.max(...sums))], from);
    from = end;
  }
  return best;
}

/** The paper's hypothesis: who keeps more frozen blocks is a user whose target domain resembles the source domain. */
export interface Resemblance {
  /**
   * Spearman's ρ over users, between the blocks that stay frozen (Σ 1 − I_l) and the mean reciprocal rank of their test
   * targets, among the candidates, under Finetune-CLS: it knows the source domain alone.
   */
  readonly correlation: Correlation;
  /** Users by their number of frozen blocks (Soft rounded at ½), and how well Finetune-CLS ranks their targets. */
  readonly groups: readonly { readonly frozen: number; readonly users: number; readonly reciprocalRank: Measured }[];
}

/**
 * Whether users whose domains resemble each other keep more blocks.
 *
 * @param rowOf where a user's policy stands; undefined for one without
 * @param tested the test instances of the run of Finetune-CLS: their users ascend
 * @param ranks of their targets in it, among the candidates
 */
export function resemblance(
  { gate, blocks }: Pick<UserPolicies, 'gate' | 'blocks'>,
  rowOf: (user: number) => number | undefined,
  tested: Int32Array,
  ranks: Int32Array,
): Resemblance {
  const frozen: number[] = [];
  const frozenBlocks: number[] = [];
  const reciprocal: number[] = [];
  for (let from = 0; from < tested.length; ) {
    let end = from;
    while (end < tested.length && tested[end] === tested[from]) end++;
    const row = rowOf(tested[from]);
    if (row !== undefined) {
      const own = gate.subarray(row * blocks, (row + 1) * blocks);
      frozen.push(own.reduce((sum, g) => sum + 1 - g, 0));
      frozenBlocks.push(own.filter((g) => g <= 0.5).length);
      reciprocal.push(ranks.subarray(from, end).reduce((sum, rank) => sum + 1 / rank, 0) / (end - from));
    }
    from = end;
  }
  const groups = Array.from({ length: blocks + 1 }, (_, count) => {
    const values = reciprocal.filter((_, i) => frozenBlocks[i] === count);
    return { frozen: count, users: values.length, reciprocalRank: meanOf(values) };
  });
  return { correlation: rankCorrelation(frozen, reciprocal), groups: groups.filter(({ users }) => users > 0) };
}
