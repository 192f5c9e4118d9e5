import * as tf from '@tensorflow/tfjs';
import { PRESETS } from '../../configuration/presets.ts';
import type { Configuration } from '../../configuration/schema.ts';
import { metricsOf, rankAmongAll } from '../evaluation/metrics.ts';
import { adamStep } from '../kernels/adam/index.ts';
import { causalConvolution, residualBlock } from '../kernels/block/index.ts';
import type { Batch, Method, MethodContext } from '../methods/method.ts';
import { METHODS } from '../methods/registry.ts';
import { branch, embed, hiddenStates } from '../model/nextitnet.ts';
import { policyLogits } from '../model/policy.ts';
import { scores } from '../model/target.ts';
import { pretrainingLoss } from '../training/pretraining.ts';

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

/** Whether this version computes what the case is about. */
export function isComputed({ name, config }: GoldenCase): boolean {
  if (name.startsWith('pretraining-sampled') || config.policyNetwork === 'gru') return false;
  return LAYER_CASES.some(([prefix]) => name.startsWith(prefix)) || methodOfCase(name) !== undefined;
}

const LAYER_CASES: readonly [prefix: string, compute: (golden: GoldenCase) => Outputs][] = [
  ['causal-conv', convolutionCase],
  ['residual-block', blockCase],
  ['pretraining', pretrainingCase],
  ['adam', adamCase],
  ['ranking', rankingCase],
];

function compute(golden: GoldenCase): Outputs {
  const layer = LAYER_CASES.find(([prefix]) => golden.name.startsWith(prefix));
  return layer === undefined ? methodCase(golden) : layer[1](golden);
}

const methodOfCase = (name: string): Method | undefined => METHODS.find(({ id }) => name.startsWith(id));
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
  const forward = () => causalConvolution(x, kernel, bias, config.dilation ?? 1);
  return { y: forward(), ...gradientsOf(() => tf.sum(tf.mul(forward(), dy)), { x, kernel, bias }) };
}

function blockCase({ config, parameters, inputs }: GoldenCase): Outputs {
  const named = tensors(parameters);
  const { x, dy } = tensors(inputs);
  const forward = () => residualBlock(x, branch(named, 'block'), config.dilation ?? 1);
  return { y: forward(), ...gradientsOf(() => tf.sum(tf.mul(forward(), dy)), { x, ...named }) };
}

function pretrainingCase({ config, parameters, inputs }: GoldenCase): Outputs {
  const named = tensors(parameters);
  const [rows, length] = inputs.items.shape;
  const items = integers(inputs.items);
  const configuration = { dilations: config.dilations, pretraining: { ...PRESETS.paper.pretraining, ...config.pretraining } };
  const inputItems = items.filter((_, i) => i % length < length - 1);
  const embedded = embed(named.item_embedding, { items: inputItems, rows, length: length - 1 });
  const loss = () => pretrainingLoss(named, items, rows, rows, configuration);
  return { hidden: hiddenStates(named, embedded, 'blocks', config.dilations), loss: loss(), ...gradientsOf(loss, named) };
}

function adamCase({ config, parameters, inputs }: GoldenCase): Outputs {
  const w = tensor(parameters.w);
  let state = { parameter: w, first: tf.zerosLike(w), second: tf.zerosLike(w) };
  const after: Outputs = {};
  for (const step of [1, 2, 3]) {
    state = adamStep(state, tensor(inputs[`g${step}`]), config.learningRate ?? 0.01, step);
    after[`w${step}`] = state.parameter;
  }
  return after;
}

/** The case breaks ties as the protocol over all items does: equal scores in an earlier column count. */
function rankingCase({ inputs }: GoldenCase): Outputs {
  const [rows, columns] = inputs.scores.shape;
  const values = Float32Array.from(inputs.scores.data);
  const rank = Array.from({ length: rows }, (_, row) =>
    rankAmongAll(values, row * columns, columns, inputs.targetColumn.data[row]),
  );
  const { all } = metricsOf({ all: Int32Array.from(rank), sampled: Int32Array.from(rank) }, [5]);
  return { rank, hr5: [all['HR@5']], mrr5: [all['MRR@5']], ndcg5: [all['NDCG@5']] };
}

function methodCase({ name, config, parameters, inputs, gradients }: GoldenCase): Outputs {
  const method = methodOfCase(name);
  if (method === undefined) throw new Error(`${name}: no method of this name.`);
  const named = tensors(parameters);
  const { policyNetwork: _network, dilation: _dilation, learningRate: _rate, ...changes } = config;
  const configuration: Configuration = { ...PRESETS.paper, ...changes };
  const targetItems = parameters['target.weight'].shape[0];
  const context: MethodContext = {
    configuration,
    sourceItems: parameters.item_embedding.shape[0] - 1,
    targetItems,
    popularity: new Float32Array(targetItems),
  };
  const [rows, length] = inputs.items.shape;
  const batch: Batch = {
    sequences: { items: integers(inputs.items), rows, length },
    positives: integers(inputs.positive),
    negatives: integers(inputs.negative),
    instances: rows,
    noise: () => Float32Array.from(inputs.uniform?.data ?? []),
  };
  const gate = method.trainingGate?.(named, batch, context) ?? null;
  const users = method.users(named, batch.sequences, gate, context);
  const trained = Object.fromEntries(Object.keys(gradients).map((parameter) => [parameter, named[parameter]]));
  const loss = () => method.loss(named, batch, context);
  const outputs: Outputs = {
    readout: users,
    scores: tf.stack([scores(named, users, batch.positives), scores(named, users, batch.negatives)], 1),
    loss: loss(),
    ...gradientsOf(loss, trained),
  };
  if (gate === null || method.policy === undefined) return outputs;
  return {
    ...outputs,
    logits: policyLogits(named, batch.sequences, configuration.readout),
    gate,
    greedyGate: method.policy(named, batch.sequences, context).gate,
  };
}
