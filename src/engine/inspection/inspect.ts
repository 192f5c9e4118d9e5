import * as tf from '@tensorflow/tfjs';
import type { Configuration } from '../../configuration/schema.ts';
import type { Dataset } from '../../data/dataset.ts';
import { drawNegatives } from '../../data/split.ts';
import { type Model, rankTargets, scoresOf } from '../evaluation/evaluate.ts';
import { gatesOfPattern, MOST_TRIED_BLOCKS } from '../evaluation/policies.ts';
import { gatherRows } from '../kernels/embedding/index.ts';
import { matMul } from '../kernels/matmul.ts';
import type { Method, UserBatch } from '../methods/method.ts';
import { methodOf } from '../methods/registry.ts';
import { type StoredParameters, upload } from '../model/parameters.ts';
import { contextOf, type Task, taskOf } from '../training/fineTuning.ts';

/** A finished run's model in the current backend. */
export interface LoadedModel {
  readonly model: Model;
  readonly dataset: Dataset;
  readonly task: Task;
}

/** … of a method with a policy. */
export interface FinishedModel extends LoadedModel {
  /** The method's. */
  readonly policy: NonNullable<Method['policy']>;
}

/** Stored parameters that are not those of their run: they came from a file. */
class WrongModelError extends Error {
  override name = 'WrongModelError';
}

/**
 * Loads the model of a run. The caller disposes of its parameters.
 *
 * @param epoch that the parameters are of
 * @throws UnsuitableDatasetError, and WrongModelError where the parameters are not those of the configuration
 */
export function loadModel(dataset: Dataset, configuration: Configuration, stored: StoredParameters, epoch: number): LoadedModel {
  const method = methodOf(configuration.method);
  const task = taskOf(dataset, configuration);
  const context = contextOf(dataset, configuration, task);
  for (const { name, shape } of method.parameters(context)) {
    const own = stored[name]?.shape.join(' × ');
    if (own === undefined) throw new WrongModelError(`The stored model has no tensor ${name}.`);
    if (own === shape.join(' × ')) continue;
    throw new WrongModelError(`The tensor ${name} of the stored model is ${own}, not ${shape.join(' × ')}.`);
  }
  return { model: { method, parameters: upload(stored), context, epoch, cache: null }, dataset, task };
}

/** As `loadModel`, of a method with a policy. @throws also Error for a method without one */
export const openModel = (...words: Parameters<typeof loadModel>): FinishedModel => withPolicy(loadModel(...words));

/** A loaded model as one of a method with a policy. @throws Error for a method without one */
export function withPolicy(loaded: LoadedModel): FinishedModel {
  const { method } = loaded.model;
  if (method.policy === undefined) throw new Error(`${method.id} has no policy to look into.`);
  return { ...loaded, policy: method.policy };
}

/** Whose sequence a model reads. */
export interface Reader {
  /** The dataset's number of the user: what is drawn for a user is drawn by it. −1 for a sequence composed by hand. */
  readonly user: number;
  /** Source items by number, oldest first. */
  readonly items: ArrayLike<number>;
}

/** What is ranked for a reader. */
export interface Ranking {
  /** A target item, or class. */
  readonly item: number;
  /** Its place among the dataset's instances, which decides its candidates; null for an item that is none of the reader's. */
  readonly instance: number | null;
}

/** What a model recommends to one reader under one policy. */
export interface Recommendation {
  /** The gates it was made under, [N]. */
  readonly policy: readonly number[];
  /** The five items (classes) with the highest scores, best first. */
  readonly top: readonly { readonly item: number; readonly score: number }[];
  /** Null where nothing in particular is looked for. */
  readonly target: {
    /** w_y · h + b_y. */
    readonly score: number;
    readonly rankAll: number;
    /** Among the candidates of its instance; null for an item that is no instance of the user, and in profile tasks. */
    readonly rankSampled: number | null;
  } | null;
}

/** A target under each of the 2^N hard policies, by their number (`gatesOfPattern`). */
export interface WhatIfs {
  readonly score: Float32Array;
  readonly rankAll: Int32Array;
  /** Null as in `Recommendation`. */
  readonly rankSampled: Int32Array | null;
}

const TOP = 5;
const ROWS_AT_A_TIME = 64;

/** The decisions of the policy network for a reader, [N] each. */
export async function decide(
  { model, policy }: FinishedModel,
  reader: Reader,
): Promise<{ gate: readonly number[]; probability: readonly number[] }> {
  const { parameters, context, epoch } = model;
  const decided = tf.tidy(() => ({ ...policy(parameters, batchOf(reader, 1, model), context, epoch) }));
  const [gate, probability] = await Promise.all([decided.gate.data(), decided.probability.data()]);
  tf.dispose([decided.gate, decided.probability]);
  return { gate: Array.from(gate), probability: Array.from(probability) };
}

/** What is recommended to a reader under each of some policies of [N] gates; a gate may lie between 0 and 1. */
export async function recommend(
  finished: FinishedModel,
  reader: Reader,
  policies: readonly (readonly number[])[],
  wanted: Ranking | null,
): Promise<Recommendation[]> {
  const { model } = finished;
  const vectors = underPolicies(model, reader, policies);
  try {
    const scores = await scoresOf(model, vectors);
    const items = model.context.targetItems;
    const ranks = wanted && (await ranksOf(finished, vectors, wanted));
    return policies.map((policy, row) => {
      const own = scores.subarray(row * items, (row + 1) * items);
      const target = wanted &&
        ranks && {
          score: own[wanted.item],
          rankAll: ranks.all[row],
          rankSampled: ranks.sampled === null ? null : ranks.sampled[row],
        };
      return { policy, top: highest(own, TOP), target };
    });
  } finally {
    vectors.dispose();
  }
}

/**
 * A target under each of the 2^N hard policies.
 *
 * @throws Error for more than `MOST_TRIED_BLOCKS` blocks
 */
export async function whatIfs(finished: FinishedModel, reader: Reader, wanted: Ranking): Promise<WhatIfs> {
  const { model } = finished;
  const blocks = model.context.configuration.dilations.length;
  if (blocks > MOST_TRIED_BLOCKS) throw new Error(`There are 2^${blocks} policies of ${blocks} blocks: too many to try each.`);
  const count = 2 ** blocks;
  const score = new Float32Array(count);
  const rankAll = new Int32Array(count);
  const rankSampled = hasCandidates(finished, wanted) ? new Int32Array(count) : null;
  for (let from = 0; from < count; from += ROWS_AT_A_TIME) {
    const rows = Math.min(ROWS_AT_A_TIME, count - from);
    const vectors = underPolicies(
      model,
      reader,
      Array.from({ length: rows }, (_, row) => gatesOfPattern(from + row, blocks)),
    );
    try {
      const scores = await scoresOfItem(model, vectors, wanted.item);
      const ranks = await ranksOf(finished, vectors, wanted);
      score.set(scores, from);
      rankAll.set(ranks.all, from);
      if (ranks.sampled !== null) rankSampled?.set(ranks.sampled, from);
    } finally {
      vectors.dispose();
    }
  }
  return { score, rankAll, rankSampled };
}

/** The same sequence `rows` times. */
function batchOf({ user, items }: Reader, rows: number, { context }: Model): UserBatch {
  const length = context.configuration.sequenceLength;
  const recent = Array.from(items).slice(-length);
  const repeated = new Int32Array(rows * length);
  for (let row = 1; row <= rows; row++) repeated.set(recent, row * length - recent.length);
  return { sequences: { items: repeated, rows, length }, users: new Int32Array(rows).fill(user) };
}

/** The user vectors of a reader under each of some policies: [policies, k]. */
function underPolicies(model: Model, reader: Reader, policies: readonly (readonly number[])[]): tf.Tensor {
  const { method, parameters, context } = model;
  const blocks = context.configuration.dilations.length;
  return tf.tidy(() => {
    const gates = tf.tensor2d(policies.flat(), [policies.length, blocks], 'float32');
    return method.users(parameters, batchOf(reader, policies.length, model), gates, context);
  });
}

/** The score of one item for user vectors [B, k]: [B]. */
async function scoresOfItem({ parameters }: Model, vectors: tf.Tensor, item: number): Promise<Float32Array> {
  const { 'target.weight': weight, 'target.bias': bias } = parameters;
  const scored = tf.tidy(() => {
    const products = matMul(vectors, gatherRows(weight, Int32Array.of(item)), false, true);
    return bias === undefined ? products : tf.add(products, tf.slice(bias, item, 1));
  });
  const scores = (await scored.data()) as Float32Array;
  scored.dispose();
  return scores;
}

const hasCandidates = ({ dataset }: FinishedModel, { instance }: Ranking): boolean =>
  dataset.task === 'ranking' && instance !== null;

/** The ranks of an item for user vectors [B, k], as the evaluation counts them: [B] each. */
async function ranksOf(
  finished: FinishedModel,
  vectors: tf.Tensor,
  wanted: Ranking,
): Promise<{ all: Int32Array; sampled: Int32Array | null }> {
  const { model, dataset } = finished;
  const rows = vectors.shape[0];
  const ranks = { all: new Int32Array(rows), sampled: new Int32Array(rows) };
  if (dataset.task === 'profile') {
    const scores = await scoresOf(model, vectors);
    const classes = scores.length / rows;
    const all = ranks.all.map((_, row) => rankIn(scores.subarray(row * classes, (row + 1) * classes), wanted.item));
    return { all, sampled: null };
  }
  const { dataset: settings, evaluation } = model.context.configuration;
  const negatives = hasCandidates(finished, wanted)
    ? drawNegatives(settings.splitSeed, wanted.instance ?? 0, wanted.item, dataset.targetItems.length, evaluation.candidates - 1)
    : new Int32Array();
  const task = {
    instances: new Int32Array(rows),
    user: new Int32Array(rows),
    item: new Int32Array(rows).fill(wanted.item),
    negatives: () => negatives,
  };
  const each = Int32Array.from({ length: rows }, (_, row) => row);
  await rankTargets(model, vectors, task, each, 0, ranks, async () => {});
  return { all: ranks.all, sampled: hasCandidates(finished, wanted) ? ranks.sampled : null };
}

/** The rank of an item, from 1; equal scores of lower numbers count against it. */
const rankIn = (scores: Float32Array, item: number): number =>
  1 + scores.filter((score, other) => score > scores[item] || (score === scores[item] && other < item)).length;

/** The `count` highest scores, best first; of equal ones those of lower numbers, as ranks count them. */
export function highest(scores: Float32Array, count: number): { item: number; score: number }[] {
  const top: { item: number; score: number }[] = [];
  scores.forEach((score, item) => {
    if (top.length === count && !(score > top[count - 1].score)) return;
    const place = top.findIndex((other) => score > other.score);
    top.splice(place < 0 ? top.length : place, 0, { item, score });
    if (top.length > count) top.pop();
  });
  return top;
}
