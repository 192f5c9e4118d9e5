import * as tf from '@tensorflow/tfjs';
import type { Dataset } from '../../data/dataset.ts';
import { gatherRows } from '../kernels/embedding/index.ts';
import { matMul } from '../kernels/matmul.ts';
import { type Ranked, rank } from '../kernels/rank/index.ts';
import type { Method, MethodContext } from '../methods/method.ts';
import { userBatch } from '../methods/userBatch.ts';
import type { Parameters } from '../model/parameters.ts';
import type { UserCache } from '../training/userCache.ts';
import type { Negatives } from './candidates.ts';
import { largestOf, type Outcomes } from './metrics.ts';
import type { UserPolicies } from './policies.ts';

/** Instances to evaluate: their users ascend, so that each user is passed through the trunk once. */
export interface EvaluationTask {
  /** Which of the dataset's instances they are: what runs with other splits are paired by. */
  readonly instances: Int32Array;
  readonly user: Int32Array;
  /** The target item; of a profile task, the class. */
  readonly item: Int32Array;
  /** Null in a profile task. */
  readonly negatives: Negatives | null;
}

/** A model at evaluation. */
export interface Model {
  readonly method: Method;
  readonly parameters: Parameters;
  readonly context: MethodContext;
  /** That the parameters are of; 0 before the first. */
  readonly epoch: number;
  /** What is frozen of the users to evaluate; null where nothing was kept. */
  readonly cache: UserCache | null;
  /** Gates [rows, N] in place of those that the policy decides for `users`; rows beyond them only fill. */
  readonly gates?: (users: Int32Array, rows: number) => tf.Tensor;
}

/** Users, or instances, a pass at most. */
const ROWS_AT_A_TIME = 256;
/** Passes are filled up to a multiple of these, so that there are few sizes of buffers, which are reused. */
const ROW_STEP = 64;
/** At most this many scores exist at a time (16 MB). */
const SCORES_AT_A_TIME = 1 << 22;

const filled = (rows: number, most: number): number => Math.min(most, Math.ceil(rows / ROW_STEP) * ROW_STEP);

/**
 * Ranks the targets of a task under both protocols, or predicts classes. Each user passes through the model once, whatever
 * the number of their instances. `turn` is awaited between passes.
 */
export async function evaluate(
  model: Model,
  dataset: Dataset,
  task: EvaluationTask,
  turn: () => Promise<void>,
): Promise<Outcomes> {
  const instances = task.user.length;
  const predicted = new Int32Array(instances);
  const ranks = { sampled: new Int32Array(instances), all: new Int32Array(instances) };
  const users = Int32Array.from(new Set(task.user));
  const most = Math.min(ROWS_AT_A_TIME, users.length);
  let from = 0;
  for (let first = 0; first < users.length; first += most) {
    const part = users.subarray(first, first + most);
    const rowOf = new Map(Array.from(part, (user, row) => [user, row]));
    let end = from;
    while (end < instances && rowOf.has(task.user[end])) end++;
    const row = task.user.subarray(from, end).map((user) => rowOf.get(user) ?? 0);
    const vectors = tf.tidy(() => usersOf(model, dataset, part, filled(part.length, most)));
    try {
      if (model.context.task === 'profile') {
        const classes = await predict(model, vectors);
        row.forEach((r, i) => {
          predicted[from + i] = classes[r];
        });
        await turn();
      } else {
        await rankTargets(model, vectors, task, row, from, ranks, turn);
      }
    } finally {
      vectors.dispose();
    }
    from = end;
  }
  return model.context.task === 'profile' ? { predicted } : ranks;
}

/**
 * Ranks the targets of some instances, from number `from` on.
 *
 * @param vectors of their users [B, k]
 * @param row for each instance its user's row
 * @param ranks of all instances; theirs are written
 */
export async function rankTargets(
  model: Model,
  vectors: tf.Tensor,
  task: EvaluationTask,
  row: Int32Array,
  from: number,
  ranks: { readonly sampled: Int32Array; readonly all: Int32Array },
  turn: () => Promise<void>,
): Promise<void> {
  const { 'target.weight': weight, 'target.bias': bias } = model.parameters;
  const most = Math.max(1, Math.min(ROWS_AT_A_TIME, Math.floor(SCORES_AT_A_TIME / model.context.targetItems)));
  for (let start = 0; start < row.length; start += most) {
    const rows = row.subarray(start, start + most);
    const { users, ranked } = partOf(task, rows, from + start, most);
    const { all, sampled } = tf.tidy(() => rank(gatherRows(vectors, users), weight, bias, ranked));
    ranks.all.set((await all.data()).subarray(0, rows.length), from + start);
    ranks.sampled.set((await sampled.data()).subarray(0, rows.length), from + start);
    tf.dispose([all, sampled]);
    await turn();
  }
}

/** Instances from number `from` on, of users in `rows`: these users, each once, and what is ranked; both filled up. */
function partOf({ item, negatives }: EvaluationTask, rows: Int32Array, from: number, most: number) {
  const distinct = Array.from(new Set(rows));
  const placeOf = new Map(distinct.map((row, place) => [row, place]));
  // The last one is repeated.
  const instances = Int32Array.from({ length: filled(rows.length, most) }, (_, i) => Math.min(i, rows.length - 1));
  // Of the whole catalogue an instance has as many as any other.
  const width = negatives?.(from).length ?? 0;
  const others = new Int32Array(instances.length * width);
  instances.forEach((instance, i) => {
    if (negatives !== null) others.set(negatives(from + instance), i * width);
  });
  const ranked: Ranked = {
    rows: instances.map((instance) => placeOf.get(rows[instance]) ?? 0),
    targets: instances.map((instance) => item[from + instance]),
    negatives: others,
  };
  const users = Int32Array.from({ length: filled(distinct.length, most) }, (_, i) => distinct[Math.min(i, distinct.length - 1)]);
  return { users, ranked };
}

/** w_y · h + b_y of all target items (classes) for user vectors h [B, k]: [B, items], row by row. */
export async function scoresOf({ parameters }: Model, vectors: tf.Tensor): Promise<Float32Array> {
  const { 'target.weight': weight, 'target.bias': bias } = parameters;
  const scored = tf.tidy(() => {
    const products = matMul(vectors, weight, false, true);
    return bias === undefined ? products : tf.add(products, bias);
  });
  const scores = (await scored.data()) as Float32Array;
  scored.dispose();
  return scores;
}

/** The likeliest class of each user, from their vectors [B, k]. */
async function predict(model: Model, vectors: tf.Tensor): Promise<Int32Array> {
  const scores = await scoresOf(model, vectors);
  const rows = vectors.shape[0];
  const classes = scores.length / rows;
  return Int32Array.from({ length: rows }, (_, row) => largestOf(scores, row * classes, classes));
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
  const { sequenceLength } = context.configuration;
  const size = Math.min(ROWS_AT_A_TIME, users.length);
  for (let from = 0; from < users.length; from += size) {
    const part = users.subarray(from, from + size);
    const batch = userBatch(dataset, part, filled(part.length, size), sequenceLength);
    const decided = tf.tidy(() => ({ ...policy(parameters, batch, context, epoch) }));
    const kept = part.length * blocks;
    gate.set((await decided.gate.data()).subarray(0, kept), from * blocks);
    probability.set((await decided.probability.data()).subarray(0, kept), from * blocks);
    tf.dispose([decided.gate, decided.probability]);
    await turn();
  }
  return { users, blocks, gate, probability };
}

/** The user vectors of `users` under the policy's own decisions, one after the other: [users × k]. */
export async function vectorsOf(
  model: Model,
  dataset: Dataset,
  users: Int32Array,
  turn: () => Promise<void>,
): Promise<Float32Array> {
  let vectors = new Float32Array();
  const size = Math.min(ROWS_AT_A_TIME, users.length);
  for (let from = 0; from < users.length; from += size) {
    const part = users.subarray(from, from + size);
    const computed = tf.tidy(() => usersOf(model, dataset, part, filled(part.length, size)));
    const [, width] = computed.shape;
    if (from === 0) vectors = new Float32Array(users.length * width);
    vectors.set(((await computed.data()) as Float32Array).subarray(0, part.length * width), from * width);
    computed.dispose();
    await turn();
  }
  return vectors;
}

/** The user vectors of `users` under the policy's own decisions, or the model's `gates`, filled up to `rows`: [rows, k]. */
function usersOf(model: Model, dataset: Dataset, users: Int32Array, rows: number): tf.Tensor {
  const { method, parameters, context, epoch, cache, gates } = model;
  const batch = {
    ...userBatch(dataset, users, rows, context.configuration.sequenceLength),
    frozen: cache?.rowsOf(users, rows),
  };
  const gate = gates?.(users, rows) ?? method.policy?.(parameters, batch, context, epoch).gate ?? null;
  return method.users(parameters, batch, gate, context);
}
