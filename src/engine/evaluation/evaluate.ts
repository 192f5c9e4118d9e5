import * as tf from '@tensorflow/tfjs';
import { type Dataset, paddedSequences } from '../../data/dataset.ts';
import { matMul } from '../kernels/matmul.ts';
import type { Method, MethodContext } from '../methods/method.ts';
import type { Sequences } from '../model/nextitnet.ts';
import type { Parameters } from '../model/parameters.ts';
import { type Ranks, rankAmong, rankAmongAll } from './metrics.ts';
import type { UserPolicies } from './policies.ts';

/** Instances to rank: their users ascend, so that each user is passed through the trunk once. */
export interface RankingTask {
  readonly user: Int32Array;
  readonly item: Int32Array;
  /** Per instance, the other candidates of the sampled protocol. */
  readonly negatives: readonly Int32Array[];
}

/** A model at evaluation. */
export interface Model {
  readonly method: Method;
  readonly parameters: Parameters;
  readonly context: MethodContext;
}

/** Users a pass. Fixed, so that buffers are reused; the last pass is filled with padding. */
const USERS_AT_A_TIME = 256;
/** At most this many scores are read back at a time (16 MB). */
const SCORES_AT_A_TIME = 1 << 22;

/** The ranks of a task's targets under both protocols. `turn` is awaited between passes. */
export async function rank(model: Model, dataset: Dataset, task: RankingTask, turn: () => Promise<void>): Promise<Ranks> {
  const users = task.user.filter((user, i) => i === 0 || task.user[i - 1] !== user);
  const items = model.context.targetItems;
  const size = Math.max(1, Math.min(USERS_AT_A_TIME, users.length, Math.floor(SCORES_AT_A_TIME / items)));
  const ranks = { sampled: new Int32Array(task.user.length), all: new Int32Array(task.user.length) };
  let instance = 0;
  for (let from = 0; from < users.length; from += size) {
    const part = users.subarray(from, from + size);
    const scored = tf.tidy(() => scoreAll(model, sequencesFor(model, dataset, part, size)));
    const scores = (await scored.data()) as Float32Array;
    scored.dispose();
    for (let row = 0; row < part.length; row++) {
      for (; instance < task.user.length && task.user[instance] === part[row]; instance++) {
        const target = task.item[instance];
        ranks.all[instance] = rankAmongAll(scores, row * items, items, target);
        ranks.sampled[instance] = rankAmong(scores, row * items, task.negatives[instance], target);
      }
    }
    await turn();
  }
  return ranks;
}

/** The decisions for `users`, or null for a method without a policy. */
export async function policiesOf(
  model: Model,
  dataset: Dataset,
  users: Int32Array,
  turn: () => Promise<void>,
): Promise<UserPolicies | null> {
  const { method, parameters, context } = model;
  const { policy } = method;
  if (policy === undefined) return null;
  const blocks = context.configuration.dilations.length;
  const gate = new Float32Array(users.length * blocks);
  const probability = new Float32Array(users.length * blocks);
  const size = Math.min(USERS_AT_A_TIME, users.length);
  for (let from = 0; from < users.length; from += size) {
    const part = users.subarray(from, from + size);
    const decided = tf.tidy(() => ({ ...policy(parameters, sequencesFor(model, dataset, part, size), context) }));
    const kept = part.length * blocks;
    gate.set((await decided.gate.data()).subarray(0, kept), from * blocks);
    probability.set((await decided.probability.data()).subarray(0, kept), from * blocks);
    tf.dispose([decided.gate, decided.probability]);
    await turn();
  }
  return { users, blocks, gate, probability };
}

function sequencesFor({ context }: Model, dataset: Dataset, users: Int32Array, rows: number): Sequences {
  const length = context.configuration.sequenceLength;
  const items = new Int32Array(rows * length);
  items.set(paddedSequences(dataset, users, length));
  return { items, rows, length };
}

/** o = W h + b for all target items: [B, |Y|]. */
function scoreAll({ method, parameters, context }: Model, sequences: Sequences): tf.Tensor {
  const gate = method.policy?.(parameters, sequences, context).gate ?? null;
  const users = method.users(parameters, sequences, gate, context);
  const products = matMul(users, parameters['target.weight'], false, true);
  const bias = parameters['target.bias'];
  return bias === undefined ? products : tf.add(products, bias);
}
