import * as tf from '@tensorflow/tfjs';
import { PRESETS } from '../../configuration/presets.ts';
import type { Configuration } from '../../configuration/schema.ts';
import { adamStep } from '../kernels/adam/index.ts';
import { causalTaps, trunkGeometry } from '../kernels/block/geometry.ts';
import { causalConvolution } from '../kernels/block/index.ts';
import { gatherRows } from '../kernels/embedding/index.ts';
import { matMul } from '../kernels/matmul.ts';
import { rank } from '../kernels/rank/index.ts';
import type { Batch, Method, MethodContext } from '../methods/method.ts';
import { METHODS, methodOf } from '../methods/registry.ts';
import { type UafMethod, uafHard, uafHardGru, uafSoft, uafSoftGru } from '../methods/uaf.ts';
import { reinforcedLoss } from '../methods/uafReinforced.ts';
import { nextItemLoss, type SourceBatch } from '../model/nextItem.ts';
import { hiddenStates, plainBlocks } from '../model/nextitnet.ts';
import type { Parameters } from '../model/parameters.ts';
import { pairDifference, reward } from '../model/policy.ts';

interface Values {
  readonly shape: number[];
  readonly data: number[];
}

/** One file of the golden folder. */
export interface GoldenCase {
  readonly name: string;
  readonly config: Partial<Configuration> & {
    readonly channels: number;
    readonly kernelSize: number;
    readonly dilations: number[];
  } & {
    readonly dilation?: number;
    readonly learningRate?: number;
    readonly policyNetwork?: string;
    readonly multiTaskWeight?: number;
  };
  readonly parameters: Record<string, Values>;
  readonly inputs: Record<string, Values>;
  readonly expected: Record<string, Values>;
  readonly gradients: Record<string, Values>;
}

/** How far one tensor of a case is from what it should be. */
export interface Comparison {
  readonly tensor: string;
  /** Largest difference, as a share of what is allowed: above 1 is wrong. */
  readonly error: number;
}

type Outputs = Record<string, tf.Tensor | number[]>;

/** Computes a case on tfjs's current backend and compares every expected value and gradient. */
export async function compare(golden: GoldenCase): Promise<Comparison[]> {
  const computed = compute(golden);
  const comparisons: Comparison[] = [];
  const wanted = [
    ...Object.entries(golden.expected),
    ...Object.entries(golden.gradients).map(([name, values]): [string, Values] => [`gradient of ${name}`, values]),
  ];
  for (const [tensor, { data }] of wanted) {
    const output = computed[tensor];
    if (output === undefined) throw new Error(`${golden.name}: ${tensor} was not computed.`);
    const values = Array.isArray(output) ? output : await output.data();
    comparisons.push({ tensor, error: relativeError(values, data) });
  }
  return comparisons;
}

function relativeError(values: ArrayLike<number>, expected: readonly number[]): number {
  if (values.length !== expected.length) return Number.POSITIVE_INFINITY;
  const allowed = 2e-6 + 2e-4 * expected.reduce((largest, x) => Math.max(largest, Math.abs(x)), 0);
  const error = expected.reduce((largest, x, i) => Math.max(largest, Math.abs(values[i] - x)), 0) / allowed;
  return expected.every((_, i) => Number.isFinite(values[i])) ? error : Number.POSITIVE_INFINITY;
}

/** What a case is about, by the beginning of its name; what is not here is a method. */
const LAYER_CASES: readonly [prefix: string, compute: (golden: GoldenCase) => Outputs][] = [
  ['causal-conv', convolutionCase],
  ['residual-block', blockCase],
  ['pretraining', pretrainingCase],
  ['profile', profileCase],
  ['mtl', multiTaskCase],
  ['uaf-rl', reinforcedCase],
  ['uaf-', uafCase],
  ['adam', adamCase],
  ['ranking', rankingCase],
];

function compute(golden: GoldenCase): Outputs {
  const layer = LAYER_CASES.find(([prefix]) => golden.name.startsWith(prefix));
  return layer === undefined ? methodCase(golden) : layer[1](golden);
}

const tensor = ({ data, shape }: Values) => tf.tensor(data, shape, 'float32');
const integers = ({ data }: Values) => Int32Array.from(data);
const tensors = (values: Record<string, Values>) =>
  Object.fromEntries(Object.entries(values).map(([name, v]) => [name, tensor(v)]));

/** The gradients of a scalar for the named tensors, as `gradient of …`. */
function gradientsOf(loss: () => tf.Tensor, of: Record<string, tf.Tensor>): Outputs {
  const { grads } = tf.engine().gradients(loss, Object.values(of), undefined, true);
  return Object.fromEntries(Object.keys(of).flatMap((name, i) => (grads[i] === null ? [] : [[`gradient of ${name}`, grads[i]]])));
}

function convolutionCase({ config, parameters, inputs }: GoldenCase): Outputs {
  const { kernel, bias } = tensors(parameters);
  const { x, dy } = tensors(inputs);
  const taps = causalTaps(x.shape[1] as number, config.kernelSize, config.dilation ?? 1);
  const forward = () => causalConvolution(x, kernel, bias, taps);
  return { y: forward(), ...gradientsOf(() => tf.sum(tf.mul(forward(), dy)), { x, kernel, bias }) };
}

function blockCase({ config, parameters, inputs }: GoldenCase): Outputs {
  const named = tensors(parameters);
  const { x, dy } = tensors(inputs);
  const [geometry] = trunkGeometry(x.shape[1] as number, [config.dilation ?? 1], config.kernelSize, 'everywhere').blocks;
  const block = Object.fromEntries(Object.entries(named).map(([name, value]) => [name.replace('block.', 'block.0.'), value]));
  const forward = () => plainBlocks(block, 'block')(x, [geometry], 0);
  return { y: forward(), ...gradientsOf(() => tf.sum(tf.mul(forward(), dy)), { x, ...named }) };
}

function pretrainingCase({ config, parameters, inputs }: GoldenCase): Outputs {
  const named = tensors(parameters);
  const [rows, length] = inputs.items.shape;
  const items = integers(inputs.items);
  const { dilations, kernelSize } = config;
  const configuration = { dilations, kernelSize, pretraining: { ...PRESETS.paper.pretraining, ...config.pretraining } };
  const { sampled, expectedCount } = inputs;
  const batch: SourceBatch = {
    items,
    rows,
    counted: rows,
    sampled: sampled ? { classes: integers(sampled), expectedCounts: Float32Array.from(expectedCount.data) } : null,
  };
  const inputItems = items.filter((_, i) => i % length < length - 1);
  const trunk = { table: named.item_embedding, dilations, kernelSize, blocks: plainBlocks(named, 'blocks') };
  const hidden = hiddenStates(trunk, { items: inputItems, rows, length: length - 1 }, 'everywhere');
  const loss = () => nextItemLoss(named, batch, configuration);
  return { hidden, loss: loss(), ...gradientsOf(loss, named) };
}

function adamCase({ config, parameters, inputs }: GoldenCase): Outputs {
  const w = tensor(parameters.w);
  let state = { parameter: w, first: tf.zerosLike(w), second: tf.zerosLike(w) };
  const after: Outputs = {};
  for (const step of [1, 2, 3]) {
    state = adamStep(state, tensor(inputs[`g${step}`]), config.learningRate ?? 0.01, step);
    // A copy: the next step may write in place.
    after[`w${step}`] = tf.add(state.parameter, 0);
  }
  return after;
}

/** The case breaks ties as the protocol over all items does: equal scores in an earlier column count. */
function rankingCase({ inputs }: GoldenCase): Outputs {
  const [rows, columns] = inputs.scores.shape;
  // Users of whom each item knows one coordinate: their scores are the ones given.
  const { all } = rank(tensor(inputs.scores), tf.eye(columns), undefined, {
    rows: Int32Array.from({ length: rows }, (_, row) => row),
    targets: integers(inputs.targetColumn),
    negatives: new Int32Array(),
  });
  const gains = (gain: (r: tf.Tensor) => tf.Tensor) => tf.mean(tf.mul(tf.cast(tf.lessEqual(all, 5), 'float32'), gain(all)));
  return {
    rank: all,
    hr5: gains((r) => tf.onesLike(r)),
    mrr5: gains((r) => tf.reciprocal(r)),
    ndcg5: gains((r) => tf.div(Math.log(2), tf.log(tf.add(r, 1)))),
  };
}

/** Everything a case of a method needs: its parameters as tensors, its batch and its configuration. */
function setUp({ config, parameters, inputs, gradients }: GoldenCase, task: MethodContext['task'] = 'ranking') {
  const named = tensors(parameters);
  const { policyNetwork: _network, dilation: _dilation, learningRate: _rate, multiTaskWeight, ...changes } = config;
  const { fineTuning } = PRESETS.paper;
  const configuration: Configuration = {
    ...PRESETS.paper,
    ...changes,
    fineTuning: { ...fineTuning, multiTaskWeight: multiTaskWeight ?? fineTuning.multiTaskWeight },
  };
  const targetItems = parameters['target.weight'].shape[0];
  const context: MethodContext = {
    configuration,
    task,
    sourceItems: parameters.item_embedding.shape[0] - 1,
    targetItems,
    popularity: new Float32Array(targetItems),
  };
  const [rows, length] = inputs.items.shape;
  let drawn = 0;
  const batch: Batch = {
    sequences: { items: integers(inputs.items), rows, length },
    users: Int32Array.from({ length: rows }, (_, row) => row),
    positives: integers(inputs.positive ?? inputs.label),
    negatives: inputs.negative ? integers(inputs.negative) : new Int32Array(rows),
    instances: rows,
    epoch: 1,
    random: () => ({ uniform: () => inputs.uniform.data[drawn++], integer: () => Number.NaN }),
    source: () => {
      const { sourceItems } = inputs;
      return { items: integers(sourceItems), rows: sourceItems.shape[0], counted: sourceItems.shape[0], sampled: null };
    },
  };
  const trained = Object.fromEntries(Object.keys(gradients).map((parameter) => [parameter, named[parameter]]));
  const lossOf = (method: Method) => () => {
    drawn = 0;
    return method.loss(named, batch, context);
  };
  const scoresOf = (users: tf.Tensor) =>
    tf.stack([scores(named, users, batch.positives), scores(named, users, batch.negatives)], 1);
  return { named, batch, context, trained, lossOf, scoresOf };
}

function methodCase(golden: GoldenCase): Outputs {
  // The longest: “finetune-all” and not “finetune-a…”.
  const [id] = METHODS.map((method) => method.id)
    .filter((name) => golden.name.startsWith(name))
    .sort((a, b) => b.length - a.length);
  const method = methodOf(id ?? golden.name);
  const { named, batch, context, trained, lossOf, scoresOf } = setUp(golden);
  const users = method.users(named, batch, null, context);
  const loss = lossOf(method);
  return { readout: users, scores: scoresOf(users), loss: loss(), ...gradientsOf(loss, trained) };
}

function profileCase(golden: GoldenCase): Outputs {
  const { named, batch, context, trained, lossOf } = setUp(golden, 'profile');
  const method = methodOf('finetune-all');
  const users = method.users(named, batch, null, context);
  const logits = tf.add(matMul(users, named['target.weight'], false, true), named['target.bias']);
  const loss = lossOf(method);
  return { readout: users, logits, loss: loss(), ...gradientsOf(loss, trained) };
}

function multiTaskCase(golden: GoldenCase): Outputs {
  const { named, batch, context, trained, lossOf } = setUp(golden);
  const loss = lossOf(methodOf('mtl'));
  return {
    sourceLoss: nextItemLoss(named, batch.source(), context.configuration),
    targetLoss: methodOf('finetune-all').loss(named, batch, context),
    loss: loss(),
    ...gradientsOf(loss, trained),
  };
}

function uafCase(golden: GoldenCase): Outputs {
  const isSoft = golden.name.startsWith('uaf-soft');
  const method: UafMethod =
    golden.config.policyNetwork === 'gru' ? (isSoft ? uafSoftGru : uafHardGru) : isSoft ? uafSoft : uafHard;
  const { named, batch, context, trained, lossOf, scoresOf } = setUp(golden);
  const gate = method.trainingGate(named, batch, context);
  const users = method.users(named, batch, gate, context);
  const loss = lossOf(method);
  return {
    logits: method.logits(named, batch, context),
    gate,
    greedyGate: method.policy(named, batch, context, batch.epoch).gate,
    readout: users,
    scores: scoresOf(users),
    loss: loss(),
    ...gradientsOf(loss, trained),
  };
}

/** Actions and correctness are given; what is checked is everything that follows from them. */
function reinforcedCase(golden: GoldenCase): Outputs {
  const { config, inputs } = golden;
  const method = config.policyNetwork === 'gru' ? uafHardGru : uafHard;
  const { named, batch, context, trained } = setUp(golden);
  const { gateLogits, exploration, rewardGamma, rewardForm } = context.configuration;
  const actions = tensor(inputs.sampledActions);
  const greedyGate = method.policy(named, batch, context, batch.epoch).gate;
  const rewardSampled = reward(actions, tensor(inputs.correctSampled), rewardGamma, rewardForm);
  const rewardGreedy = reward(greedyGate, tensor(inputs.correctGreedy), rewardGamma, rewardForm);
  const parts = () => {
    const difference = pairDifference(method.logits(named, batch, context), gateLogits, exploration);
    const free = tf.ones([config.dilations.length]);
    return reinforcedLoss(named, batch, context, difference, actions, free, () => tf.sub(rewardSampled, rewardGreedy));
  };
  const { users, target, selfCritical, total } = parts();
  return {
    logits: method.logits(named, batch, context),
    greedyGate,
    rewardSampled,
    rewardGreedy,
    readout: users,
    bprLoss: target,
    scstLoss: selfCritical,
    loss: total,
    ...gradientsOf(() => parts().total, trained),
  };
}

/** o = w_y · h + b_y for one target item a row: users [B, k] → [B]. */
function scores(parameters: Parameters, users: tf.Tensor, items: Int32Array): tf.Tensor {
  const weight = gatherRows(parameters['target.weight'], items);
  const products = tf.sum(tf.mul(users, weight), 1);
  const bias = parameters['target.bias'];
  return bias === undefined ? products : tf.add(products, gatherRows(bias, items));
}
