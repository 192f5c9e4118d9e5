import * as tf from '@tensorflow/tfjs';
import { type Dataset, paddedSequences } from '../../data/dataset.ts';
import { matMul } from '../kernels/matmul.ts';
import { rank } from '../kernels/rank/index.ts';
import type { Method, MethodContext, UserBatch } from '../methods/method.ts';
import type { Parameters } from '../model/parameters.ts';
import { largestOf, type Outcomes } from './metrics.ts';
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

/** Users, or instances, a pass. Fixed, so that buffers are reused; the last pass is filled. */
const ROWS_AT_A_TIME = 256;
/** At most this many scores exist at a time (16 MB). */
const SCORES_AT_A_TIME = 1 << 22;

/** Ranks the targets of a task under both protocols, or predicts classes. `turn` is awaited between passes. */
export async function evaluate(
  model: Model,
  dataset: Dataset,
  task: EvaluationTask,
  turn: () => Promise<void>,
): Promise<Outcomes> {
  const instances = task.user.length;
  const size = Math.max(1, Math.min(ROWS_AT_A_TIME, instances, Math.floor(SCORES_AT_A_TIME / model.context.targetItems)));
  const predicted = new Int32Array(instances);
  const ranks = { sampled: new Int32Array(instances), all: new Int32Array(instances) };
  for (let from = 0; from < instances; from += size) {
    const part = partOf(task, from, size);
    const batch = batchOf(model, dataset, part.users, size);
    if (model.context.task === 'profile') {
      const classes = await predict(model, batch);
      for (let i = from; i < part.end; i++) predicted[i] = classes[part.rows[i - from]];
    } else {
      const { all, sampled } = tf.tidy(() => {
        const { 'target.weight': weight, 'target.bias': bias } = model.parameters;
        return rank(usersOf(model, batch), weight, bias, part);
      });
      ranks.all.set((await all.data()).subarray(0, part.end - from), from);
      ranks.sampled.set((await sampled.data()).subarray(0, part.end - from), from);
      tf.dispose([all, sampled]);
    }
    await turn();
  }
  return model.context.task === 'profile' ? { predicted } : ranks;
}

/** `size` instances from `from` on, the last one repeated to fill up, and their users, each once. */
function partOf({ user, item, negatives }: EvaluationTask, from: number, size: number) {
  const end = Math.min(from + size, user.length);
  const instances = Int32Array.from({ length: size }, (_, i) => Math.min(from + i, end - 1));
  const users = Int32Array.from(new Set(user.subarray(from, end)));
  const rowOf = new Map(Array.from(users, (id, row) => [id, row]));
  const width = negatives[from]?.length ?? 0;
  const others = new Int32Array(size * width);
  if (width > 0)
    instances.forEach((instance, i) => {
      others.set(negatives[instance], i * width);
    });
  return {
    end,
    users,
    rows: instances.map((instance) => rowOf.get(user[instance]) ?? 0),
    targets: instances.map((instance) => item[instance]),
    negatives: others,
  };
}

/** The likeliest class of each user. */
async function predict(model: Model, batch: UserBatch): Promise<Int32Array> {
  const { 'target.weight': weight, 'target.bias': bias } = model.parameters;
  const scored = tf.tidy(() => {
    const products = matMul(usersOf(model, batch), weight, false, true);
    return bias === undefined ? products : tf.add(products, bias);
  });
  const scores = (await scored.data()) as Float32Array;
  scored.dispose();
  const classes = weight.shape[0];
  return Int32Array.from({ length: batch.sequences.rows }, (_, row) => largestOf(scores, row * classes, classes));
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
  const size = Math.min(ROWS_AT_A_TIME, users.length);
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

/** The user vectors of a batch under the policy's own decisions, [B, k]. */
function usersOf({ method, parameters, context, epoch }: Model, batch: UserBatch): tf.Tensor {
  const gate = method.policy?.(parameters, batch, context, epoch).gate ?? null;
  return method.users(parameters, batch, gate, context);
}
