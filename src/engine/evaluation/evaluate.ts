import * as tf from '@tensorflow/tfjs';
import { type Dataset, paddedSequences } from '../../data/dataset.ts';
import { matMul } from '../kernels/matmul.ts';
import type { Method, MethodContext, UserBatch } from '../methods/method.ts';
import type { Parameters } from '../model/parameters.ts';
import { largestOf, type Outcomes, rankAmong, rankAmongAll } from './metrics.ts';
import type { UserPolicies } from './policies.ts';

/** Instances to evaluate: their users ascend, so that each user is passed through the trunk once. */
export interface EvaluationTask {
  /** Which of the dataset's instances they are: what runs with other splits are paired by. */
  readonly instances: Int32Array;
  readonly user: Int32Array;
  /** The target item; of a profile task, the class. */
  readonly item: Int32Array;
  /** Per instance, the other candidates of the sampled protocol; none in a profile task. */
  readonly negatives: readonly Int32Array[];
}

/** A model at evaluation. */
export interface Model {
  readonly method: Method;
  readonly parameters: Parameters;
  readonly context: MethodContext;
  /** That the parameters are of; 0 before the first. */
  readonly epoch: number;
}

/** Users a pass. Fixed, so that buffers are reused; the last pass is filled with padding. */
const USERS_AT_A_TIME = 256;
/** At most this many scores are read back at a time (16 MB). */
const SCORES_AT_A_TIME = 1 << 22;

/** Ranks the targets of a task under both protocols, or predicts classes. `turn` is awaited between passes. */
export async function evaluate(
  model: Model,
  dataset: Dataset,
  task: EvaluationTask,
  turn: () => Promise<void>,
): Promise<Outcomes> {
  const items = model.context.targetItems;
  const instances = task.user.length;
  if (model.context.task === 'profile') {
    const predicted = new Int32Array(instances);
    await eachInstance(model, dataset, task, turn, (instance, scores, from) => {
      predicted[instance] = largestOf(scores, from, items);
    });
    return { predicted };
  }
  const ranks = { sampled: new Int32Array(instances), all: new Int32Array(instances) };
  await eachInstance(model, dataset, task, turn, (instance, scores, from) => {
    ranks.all[instance] = rankAmongAll(scores, from, items, task.item[instance]);
    ranks.sampled[instance] = rankAmong(scores, from, task.negatives[instance], task.item[instance]);
  });
  return ranks;
}

/** Scores all target items for each user once, and shows them (from `from` on) to each of the user's instances. */
async function eachInstance(
  model: Model,
  dataset: Dataset,
  task: EvaluationTask,
  turn: () => Promise<void>,
  visit: (instance: number, scores: Float32Array, from: number) => void,
): Promise<void> {
  const users = task.user.filter((user, i) => i === 0 || task.user[i - 1] !== user);
  const items = model.context.targetItems;
  const size = Math.max(1, Math.min(USERS_AT_A_TIME, users.length, Math.floor(SCORES_AT_A_TIME / items)));
  let instance = 0;
  for (let from = 0; from < users.length; from += size) {
    const part = users.subarray(from, from + size);
    const scored = tf.tidy(() => scoreAll(model, batchOf(model, dataset, part, size)));
    const scores = (await scored.data()) as Float32Array;
    scored.dispose();
    for (let row = 0; row < part.length; row++) {
      for (; instance < task.user.length && task.user[instance] === part[row]; instance++) visit(instance, scores, row * items);
    }
    await turn();
  }
}

/** The decisions for `users`, or null for a method without a policy. */
export async function policiesOf(
  model: Model,
  dataset: Dataset,
  users: Int32Array,
  turn: () => Promise<void>,
): Promise<UserPolicies | null> {
  const { method, parameters, context, epoch } = model;
  const { policy } = method;
  if (policy === undefined) return null;
  const blocks = context.configuration.dilations.length;
  const gate = new Float32Array(users.length * blocks);
  const probability = new Float32Array(users.length * blocks);
  const size = Math.min(USERS_AT_A_TIME, users.length);
  for (let from = 0; from < users.length; from += size) {
    const part = users.subarray(from, from + size);
    const decided = tf.tidy(() => ({ ...policy(parameters, batchOf(model, dataset, part, size), context, epoch) }));
    const kept = part.length * blocks;
    gate.set((await decided.gate.data()).subarray(0, kept), from * blocks);
    probability.set((await decided.probability.data()).subarray(0, kept), from * blocks);
    tf.dispose([decided.gate, decided.probability]);
    await turn();
  }
  return { users, blocks, gate, probability };
}

function batchOf({ context }: Model, dataset: Dataset, users: Int32Array, rows: number): UserBatch {
  const length = context.configuration.sequenceLength;
  const items = new Int32Array(rows * length);
  items.set(paddedSequences(dataset, users, length));
  return { sequences: { items, rows, length }, users };
}

/** o = W h + b for all target items: [B, |Y|]. */
function scoreAll({ method, parameters, context, epoch }: Model, batch: UserBatch): tf.Tensor {
  const gate = method.policy?.(parameters, batch, context, epoch).gate ?? null;
  const users = method.users(parameters, batch, gate, context);
  const products = matMul(users, parameters['target.weight'], false, true);
  const bias = parameters['target.bias'];
  return bias === undefined ? products : tf.add(products, bias);
}
