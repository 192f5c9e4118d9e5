import * as tf from '@tensorflow/tfjs';
import { PRESETS } from '../../configuration/presets.ts';
import type { Configuration } from '../../configuration/schema.ts';
import { type RandomStream, randomStream, standardNormal } from '../../data/random.ts';
import { type Reach, trunkGeometry } from '../kernels/block/geometry.ts';
import { type Branch, gatedResidualBlocks, residualBlock } from '../kernels/block/index.ts';
import { BRANCH_PARAMETERS } from '../kernels/block/reference.ts';
import { sampledSoftmaxCrossEntropy, softmaxCrossEntropy } from '../kernels/crossEntropy/index.ts';
import { gatherRows } from '../kernels/embedding/index.ts';
import { pairwiseLoss } from '../kernels/pairwise/index.ts';
import { rank } from '../kernels/rank/index.ts';
import type { Batch, MethodContext } from '../methods/method.ts';
import { methodOf } from '../methods/registry.ts';
import { nextItemLoss } from '../model/nextItem.ts';
import { initialise } from '../model/parameters.ts';
import { drawLogUniform } from '../training/logUniform.ts';
import { Optimiser } from '../training/optimiser.ts';
import { pretrainingParameters } from '../training/pretraining.ts';

// What is computed on one backend and on another, to be compared: operations at random shapes, and steps of training.

const normal = (seed: number, name: string, shape: number[]): tf.Tensor => {
  const random = randomStream(seed, name);
  return tf.tensor(
    Float32Array.from({ length: tf.util.sizeFromShape(shape) }, () => standardNormal(random)),
    shape,
  );
};

const integers = (random: RandomStream, count: number, below: number): Int32Array =>
  Int32Array.from({ length: count }, () => random.integer(below));

/** Larger than the others, where kernels go other ways: several tiles, rows in parts, columns beyond the last tile, many classes. */
const LARGE = [
  { batch: 6, length: 30, channels: 36, taps: 3, classes: 700 },
  { batch: 2, length: 20, channels: 132, taps: 3, classes: 1100 },
];
/** Seeds of these shapes. */
export const LARGE_SEEDS = LARGE.map((_, i) => 1001 + i);

/** Shapes that are awkward on purpose: odd channels, one position, one row, few taps and many; at the last position and everywhere. */
function shapeOf(seed: number) {
  const random = randomStream(seed, 'shape');
  const between = (from: number, to: number) => from + random.integer(to - from + 1);
  const small = {
    batch: between(1, 5),
    length: between(1, 9),
    channels: between(1, 24),
    taps: [3, 3, 3, 1, 2, 5][random.integer(6)],
    classes: between(20, 170),
  };
  const large = seed > 1000 ? LARGE[seed - 1001] : {};
  const dilations = [between(1, 4), between(1, 4)];
  return { random, ...small, ...large, dilations, reach: (random.integer(2) === 0 ? 'last' : 'everywhere') as Reach };
}

const branchOf = (seed: number, name: string, taps: number, k: number): Branch =>
  Object.fromEntries(
    BRANCH_PARAMETERS.map((p) => [p, normal(seed, `${name} ${p}`, p.endsWith('kernel') ? [taps, k, k] : [k])]),
  ) as Branch;

/** Value and gradients of Σ y · dy. */
function evaluate(forward: () => tf.Tensor, inputs: tf.Tensor[], seed: number): tf.Tensor[] {
  const y = forward();
  const dy = normal(seed, 'dy', y.shape);
  return [y, ...tf.engine().gradients(() => tf.sum(tf.mul(forward(), dy)), inputs).grads];
}

type Compute = (seed: number) => tf.Tensor[];

/** Operations at the shapes that a seed gives. */
const OPERATIONS: Readonly<Record<string, Compute>> = {
  'residual blocks': (seed) => {
    const { batch, length, channels, taps, dilations, reach } = shapeOf(seed);
    const { positions, blocks } = trunkGeometry(length, dilations, taps, reach);
    const x = normal(seed, 'x', [batch, positions.length, channels]);
    const branches = blocks.map((_, l) => branchOf(seed, `b${l}`, taps, channels));
    const forward = () => blocks.reduce((input, geometry, l) => residualBlock(input, branches[l], geometry), x);
    return evaluate(forward, [x, ...branches.flatMap((branch) => Object.values(branch))], seed);
  },
  'gated blocks': (seed) => {
    const { random, batch, length, channels, taps, dilations, reach } = shapeOf(seed);
    const { positions, blocks } = trunkGeometry(length, dilations, taps, reach);
    const x = normal(seed, 'x', [batch, positions.length, channels]);
    const gates = Float32Array.from({ length: 2 * batch }, () => [0, 1, 0.3][random.integer(3)]);
    const gate = tf.tensor2d(gates, [batch, 2]);
    const [frozen, tuned] = ['f', 't'].map((name) => blocks.map((_, l) => branchOf(seed, `${name}${l}`, taps, channels)));
    const forward = () => gatedResidualBlocks(x, frozen, tuned, gate, blocks);
    const taped = tf.engine().gradients(forward, [gate], tf.ones([batch, blocks[1].second.outer, channels])).value;
    return [taped, ...evaluate(forward, [x, gate, ...tuned.flatMap((branch) => Object.values(branch))], seed)];
  },
  'cross-entropy': (seed) => {
    const { random, batch, length, channels, classes } = shapeOf(seed);
    const rows = batch * length;
    const targets = integers(random, rows, classes);
    const inputs = [normal(seed, 'h', [rows, channels]), normal(seed, 'w', [classes, channels]), normal(seed, 'b', [classes])];
    return evaluate(() => softmaxCrossEntropy(inputs[0], inputs[1], inputs[2], targets, (t) => t > 0), inputs, seed);
  },
  'sampled cross-entropy': (seed) => {
    const { random, batch, length, channels, classes } = shapeOf(seed);
    const rows = batch * length;
    const targets = integers(random, rows, classes);
    const sampled = drawLogUniform(random, 1, classes - 1, 7);
    const inputs = [normal(seed, 'h', [rows, channels]), normal(seed, 'w', [classes, channels]), normal(seed, 'b', [classes])];
    const loss = () => sampledSoftmaxCrossEntropy(inputs[0], inputs[1], inputs[2], targets, (t) => t > 0, sampled);
    return evaluate(loss, inputs, seed);
  },
  'pairwise loss': (seed) => {
    const { random, batch, channels } = shapeOf(seed);
    const inputs = [normal(seed, 'h', [batch, channels]), normal(seed, 'w', [9, channels]), normal(seed, 'b', [9])];
    const [positives, negatives] = [integers(random, batch, 9), integers(random, batch, 9)];
    const pairs = { loss: seed % 2 === 0 ? ('bpr' as const) : ('bce' as const), instances: 1 + random.integer(batch) };
    return evaluate(() => pairwiseLoss(inputs[0], inputs[1], inputs[2], positives, negatives, pairs), inputs, seed);
  },
  'rows of a table': (seed) => {
    const { random, channels } = shapeOf(seed);
    const table = normal(seed, 'table', [12, channels]);
    // One of the rows is read often enough to be summed by many.
    const ids = integers(random, 200, 12).map((id, i) => (i % 4 === 0 ? id : 0));
    return evaluate(() => gatherRows(table, ids), [table], seed);
  },
  ranks: (seed) => {
    const { random, channels } = shapeOf(seed);
    const [users, items, instances] = [1 + random.integer(6), 2 + random.integer(80), 1 + random.integer(20)];
    // Few different values, so that scores are equal often.
    const coarse = (name: string, shape: number[]) => tf.round(normal(seed, name, shape));
    const { all, sampled } = rank(coarse('u', [users, channels]), coarse('w', [items, channels]), coarse('b', [items]), {
      rows: integers(random, instances, users),
      targets: integers(random, instances, items),
      negatives: integers(random, instances * 5, items),
    });
    return [all, sampled];
  },
};

export const OPERATION_NAMES = Object.keys(OPERATIONS);

/** What an operation gives at the shapes of a seed, on tfjs's current backend. */
export async function outcomeOf(operation: string, seed: number): Promise<number[][]> {
  const tensors = tf.tidy(() => OPERATIONS[operation](seed));
  const values = await Promise.all(tensors.map(async (tensor) => Array.from(await tensor.data())));
  tf.dispose(tensors);
  return values;
}

/** The largest difference of two results as a share of the largest value of each tensor; infinite where one is not a number. */
export function distance(a: readonly number[][], b: readonly number[][]): number {
  return Math.max(
    ...a.map((values, i) => {
      const scale = values.reduce((most, x) => Math.max(most, Math.abs(x)), 1e-3);
      const most = values.reduce((largest, x, j) => Math.max(largest, Math.abs(x - b[i][j])), 0);
      const isWhole = values.length === b[i].length && b[i].every(Number.isFinite);
      return isWhole ? most / scale : Number.POSITIVE_INFINITY;
    }),
  );
}

const SIZES = { channels: 8, dilations: [1, 2], sequenceLength: 7, sourceItems: 40, targetItems: 25, rows: 12 };
const LEARNING_RATE = 3e-3;

/** Steps of a method, or of pre-training, on small random batches; padding and repeated items occur. */
export class Training {
  private readonly optimiser: Optimiser;
  private readonly configuration: Configuration;
  private readonly context: MethodContext;
  private steps = 0;

  /** @param of a method's id, `pre-training`, or `pre-training-sampled` */
  constructor(private readonly of: string) {
    const { channels, dilations, sequenceLength, sourceItems, targetItems } = SIZES;
    const method = of.startsWith('pre-training') ? 'finetune-all' : of;
    const quick = PRESETS.quick;
    this.configuration = { ...quick, method, channels, dilations, sequenceLength, adapterWidth: 3, warmupEpochs: 1 };
    const popularity = new Float32Array(targetItems);
    this.context = { configuration: this.configuration, task: 'ranking', sourceItems, targetItems, popularity };
    const pretrained = initialise(pretrainingParameters(this.configuration, sourceItems), 1);
    const { parameters, isTrained } = methodOf(method);
    this.optimiser = of.startsWith('pre-training')
      ? new Optimiser(pretrained, () => true, LEARNING_RATE)
      : new Optimiser(
          initialise(parameters(this.context), 1, pretrained),
          (name) => isTrained(name, this.context),
          LEARNING_RATE,
        );
  }

  /** The loss of the next step. */
  async step(): Promise<number> {
    const step = ++this.steps;
    const random = randomStream(step, 'batch');
    const loss = this.optimiser.step((parameters) => {
      if (this.of.startsWith('pre-training')) return nextItemLoss(parameters, this.source(random), this.configuration);
      return methodOf(this.of).loss(parameters, this.batch(random, step), this.context);
    });
    const [value] = await loss.data();
    loss.dispose();
    return value;
  }

  dispose(): void {
    this.optimiser.dispose();
  }

  private items(random: RandomStream): Int32Array {
    const { rows, sequenceLength, sourceItems } = SIZES;
    const items = integers(random, rows * sequenceLength, sourceItems).map((item) => 1 + item);
    // Every third sequence is shorter.
    return items.map((item, i) => (Math.floor(i / sequenceLength) % 3 === 0 && i % sequenceLength < 3 ? 0 : item));
  }

  private source(random: RandomStream) {
    const sampled = this.of === 'pre-training-sampled' ? drawLogUniform(random, 1, SIZES.sourceItems, 9) : null;
    return { items: this.items(random), rows: SIZES.rows, counted: SIZES.rows - 1, sampled };
  }

  private batch(random: RandomStream, step: number): Batch {
    const { rows, sequenceLength: length, targetItems } = SIZES;
    return {
      sequences: { items: this.items(random), rows, length },
      users: Int32Array.from({ length: rows }, (_, row) => row),
      positives: integers(random, rows, targetItems),
      negatives: integers(random, rows, targetItems),
      instances: rows - 2,
      // UAF-RL: its warm-up first, then rewards.
      epoch: step <= 10 ? 1 : 2,
      random: (purpose) => randomStream(step, purpose),
      source: () => this.source(random),
    };
  }
}
