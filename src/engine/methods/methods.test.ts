import * as tf from '@tensorflow/tfjs';
import fc from 'fast-check';
import { afterEach, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import { PRESETS } from '../../configuration/presets.ts';
import { type Configuration, complete, nest } from '../../configuration/schema.ts';
import { type RandomStream, randomStream, standardNormal } from '../../data/random.ts';
import { heapOf } from '../kernels/heap.ts';
import { untracked } from '../kernels/operation.ts';
import { initialise, type StoredParameters, upload } from '../model/parameters.ts';
import { gumbelDifference, hardGate, pairDifference } from '../model/policy.ts';
import { openNodeBackend } from '../node.ts';
import { Optimiser } from '../training/optimiser.ts';
import type { Batch, Method, MethodContext } from './method.ts';
import { METHODS, methodOf } from './registry.ts';
import { gatedUsers } from './uaf.ts';
import { correctness } from './uafReinforced.ts';

const SOURCE_ITEMS = 9;
const TARGET_ITEMS = 7;
const ROWS = 5;
const LENGTH = 6;

const configurationOf = (changes: Record<string, unknown>): Configuration =>
  complete(
    PRESETS.quick,
    nest({
      channels: 4,
      dilations: [1, 1],
      adapterWidth: 2,
      sequenceLength: LENGTH,
      temperature: 1,
      warmupEpochs: 0,
      ...changes,
    }),
  );

function contextOf(changes: Record<string, unknown>, task: MethodContext['task'] = 'ranking'): MethodContext {
  const popularity = Float32Array.from({ length: TARGET_ITEMS }, (_, i) => TARGET_ITEMS - i);
  return { configuration: configurationOf(changes), task, sourceItems: SOURCE_ITEMS, targetItems: TARGET_ITEMS, popularity };
}

const integers = (stream: RandomStream, count: number, bound: number) =>
  Int32Array.from({ length: count }, () => stream.integer(bound));

/** A batch whose random streams begin anew each time it is asked for, so that a loss can be computed twice. */
function batchOf(seed: number, epoch = 1): Batch {
  const stream = randomStream(seed, 'test batch');
  const items = integers(stream, ROWS * LENGTH, SOURCE_ITEMS + 1);
  const positives = integers(stream, ROWS, TARGET_ITEMS);
  const streams = new Map<string, RandomStream>();
  return {
    sequences: { items, rows: ROWS, length: LENGTH },
    users: Int32Array.from({ length: ROWS }, (_, row) => row + 10),
    positives,
    negatives: positives.map((item) => (item + 1) % TARGET_ITEMS),
    instances: ROWS - 1,
    epoch,
    random: (purpose) => {
      const known = streams.get(purpose) ?? randomStream(seed, purpose);
      streams.set(purpose, known);
      return known;
    },
    source: () => ({
      items: integers(randomStream(seed, 'source'), 4 * LENGTH, SOURCE_ITEMS + 1),
      rows: 4,
      counted: 3,
      sampled: null,
    }),
  };
}

/** Values large enough for every part of the network to matter; the copies of a fine-tuned block differ from it. */
function storedFor(method: Method, context: MethodContext, seed: number): StoredParameters {
  const specifications = method.parameters(context);
  return Object.fromEntries(
    specifications.map(({ name, shape }) => {
      const random = randomStream(seed, name);
      const values = Float32Array.from({ length: tf.util.sizeFromShape(shape) }, () => 0.4 * standardNormal(random));
      return [name, { shape, values: name.endsWith('gamma') ? values.map((x) => 1 + x) : values }];
    }),
  );
}

beforeAll(() => openNodeBackend('cpu'));

const trainable = METHODS.filter(({ start }) => start !== 'counts').concat(methodOf('finetune-last-1'));

describe('gradients against finite differences', () => {
  /**
   * ⟨∇L, d⟩ and its central difference, for the trained parameters that `along` takes. The direction d is the gradient's own
   * plus a random one, both of length 1: steep enough to be measured in single precision, and free to find what is missing.
   */
  function slopes(method: Method, context: MethodContext, seed: number, along: (name: string) => boolean) {
    const stored = storedFor(method, context, seed);
    const names = Object.keys(stored).filter((name) => method.isTrained(name, context) && along(name));
    const gradient: ArrayLike<number>[] = [];
    tf.tidy(() => {
      const parameters = upload(stored);
      const batch = batchOf(seed);
      const trained = names.map((name) => parameters[name]);
      const { grads } = tf.engine().gradients(() => method.loss(parameters, batch, context), trained, undefined, true);
      names.forEach((name, i) => {
        gradient.push(grads[i] === null ? stored[name].values.map(() => 0) : Array.from(grads[i].dataSync()));
      });
    });
    const noise = names.map((name) => {
      const random = randomStream(seed, 'direction', name);
      return stored[name].values.map(() => standardNormal(random));
    });
    const dot = (a: readonly ArrayLike<number>[], b: readonly ArrayLike<number>[]) =>
      a.reduce((sum, x, i) => sum + Array.from(x).reduce((part, value, j) => part + value * b[i][j], 0), 0);
    const [gradientLength, noiseLength] = [Math.sqrt(dot(gradient, gradient)), Math.sqrt(dot(noise, noise))];
    const direction = gradient.map((g, i) => Array.from(g, (x, j) => x / gradientLength + noise[i][j] / noiseLength));
    const lossAt = (step: number) =>
      tf.tidy(() => {
        const moved = names.map((name, i) => {
          const { shape, values } = stored[name];
          return [name, { shape, values: values.map((x, j) => x + step * direction[i][j]) }];
        });
        return method.loss(upload({ ...stored, ...Object.fromEntries(moved) }), batchOf(seed), context).dataSync()[0];
      });
    const step = 2e-3;
    return { slope: dot(gradient, direction), difference: (lossAt(step) - lossAt(-step)) / (2 * step) };
  }

  // What a straight-through gate passes on is not the slope of its forward pass: the golden cases have that.
  const isSmooth = (id: string) => (name: string) => !(id.startsWith('uaf-hard') && name.startsWith('policy.'));

  it.each(trainable.map((method) => [method.id, method] as const))('%s', (id, method) => {
    for (const task of ['ranking', 'profile'] as const) {
      const context = contextOf({ method: id }, task);
      const found = Array.from({ length: 7 }, (_, seed) => slopes(method, context, seed + 1, isSmooth(id)));
      for (const { slope } of found) expect(slope).toBeGreaterThan(0.01);
      // relu and the steps of a reward have kinks: some of the points may lie beside one.
      const agreeing = found.filter(({ slope, difference }) => Math.abs(slope - difference) <= 0.02 * slope);
      expect(agreeing.length, JSON.stringify(found)).toBeGreaterThanOrEqual(5);
    }
  });
});

describe('twenty steps with the kernels of wasm give the losses of the reference', () => {
  const STEPS = 20;

  /** The loss of each step, each on a batch of its own. */
  async function losses(backend: 'cpu' | 'wasm', method: Method, context: MethodContext): Promise<number[]> {
    await openNodeBackend(backend);
    const optimiser = new Optimiser(storedFor(method, context, 3), (name) => method.isTrained(name, context), 0.003);
    const values = Array.from({ length: STEPS }, (_, step) => {
      const loss = optimiser.step((parameters) => method.loss(parameters, batchOf(step + 1, step + 1), context));
      const [value] = loss.dataSync();
      loss.dispose();
      return value;
    });
    optimiser.dispose();
    return values;
  }

  it.each(trainable.map((method) => [method.id, method] as const))('%s', async (id, method) => {
    for (const task of ['ranking', 'profile'] as const) {
      const context = contextOf({ method: id, warmupEpochs: 10 }, task);
      const expected = await losses('cpu', method, context);
      const found = await losses('wasm', method, context);
      for (const [step, loss] of expected.entries()) {
        expect(Math.abs(found[step] - loss), `${task}, step ${step + 1}`).toBeLessThanOrEqual(1e-4 * Math.abs(loss));
      }
    }
    await openNodeBackend('cpu');
  });
});

it('500 steps leave nothing behind', async () => {
  await openNodeBackend('wasm');
  const method = methodOf('uaf-rl');
  const context = contextOf({ method: method.id });
  const optimiser = new Optimiser(storedFor(method, context, 3), (name) => method.isTrained(name, context), 0.003);
  const after = (step: number) => {
    optimiser.step((parameters) => method.loss(parameters, batchOf(step, step), context)).dispose();
    const { numTensors, numBytes, numDataBuffers } = tf.memory();
    return { numTensors, numBytes, numDataBuffers };
  };
  const first = after(1);
  for (let step = 2; step <= 500; step++) expect(after(step)).toEqual(first);
  optimiser.dispose();
  await openNodeBackend('cpu');
});

describe('what is trained', () => {
  const trainedOf = (id: string, changes: Record<string, unknown> = {}) => {
    const context = contextOf({ method: id, ...changes });
    const method = methodOf(id);
    return method
      .parameters(context)
      .map(({ name }) => name)
      .filter((name) => method.isTrained(name, context));
  };

  it('Finetune-Last-N: the last N blocks and the target layer, for any N', () => {
    const dilations = [1, 4, 1, 4];
    for (const count of [1, 2, 3, 4]) {
      const trained = trainedOf(`finetune-last-${count}`, { dilations });
      const blocks = new Set(trained.filter((name) => name.startsWith('blocks.')).map((name) => Number(name.split('.')[1])));
      expect(Array.from(blocks)).toEqual([0, 1, 2, 3].slice(4 - count));
      expect(trained.filter((name) => !name.startsWith('blocks.'))).toEqual(['target.weight', 'target.bias']);
    }
    expect(() => configurationOf({ method: 'finetune-last-3' })).toThrow(/the network has only 2/);
  });

  it('PeterRec: adapters and target layer, and the norms if asked for', () => {
    const kinds = (norms: string) =>
      new Set(
        trainedOf('peterrec', { adapterNorms: norms }).map((name) => name.replace(/\d+/g, '#').split('.').slice(0, 3).join('.')),
      );
    expect(kinds('frozen')).toEqual(new Set(['adapters.#.adapter#', 'target.weight', 'target.bias']));
    expect(kinds('trained')).toEqual(new Set(['adapters.#.adapter#', 'target.weight', 'target.bias', 'blocks.#.norm#']));
  });

  it.each(['uaf-hard', 'uaf-soft', 'uaf-rl', 'uaf-random', 'uaf-hard-gru'])('%s: all but the frozen blocks', (id) => {
    const context = contextOf({ method: id });
    const names = methodOf(id)
      .parameters(context)
      .map(({ name }) => name);
    expect(trainedOf(id)).toEqual(names.filter((name) => !name.startsWith('blocks.')));
    expect(names.filter((name) => name.startsWith('blocks.'))).toHaveLength(2 * 8);
  });
});

describe('gates', () => {
  const some = fc.record({
    logits: fc.array(fc.double({ min: -4, max: 4, noNaN: true }), { minLength: 4, maxLength: 4 }),
    seed: fc.nat(),
    temperature: fc.double({ min: 0.05, max: 50, noNaN: true }),
  });

  it('hard: forward 0 or 1, whatever τ; backward the slope of the softmax at τ', () => {
    fc.assert(
      fc.property(some, ({ logits, seed, temperature }) => {
        const forwardAndBack = (tau: number) =>
          tf.tidy(() => {
            const { value, grads } = tf.engine().gradients(
              () => {
                const difference = pairDifference(input, 'log-softmax', 1);
                return tf.sum(hardGate(difference, gumbelDifference([1, 2], randomStream(seed, 'noise').uniform), tau));
              },
              [input],
              undefined,
              true,
            );
            return { gates: value.dataSync()[0], slope: Array.from(grads[0].dataSync()) };
          });
        const input = tf.tensor2d(logits, [1, 4]);
        const [warm, cool] = [forwardAndBack(temperature), forwardAndBack(1)];
        expect(warm.gates).toBe(cool.gates);
        expect(Number.isInteger(warm.gates)).toBe(true);
        // The most a sigmoid of d/τ can rise is 1 / (4 τ).
        for (const slope of warm.slope) expect(Math.abs(slope)).toBeLessThanOrEqual(1 / (4 * temperature) + 1e-6);
        input.dispose();
      }),
      { numRuns: 40 },
    );
  });

  it('exploration mixes the policy with its opposite: π′ = απ + (1 − α)(1 − π)', () => {
    fc.assert(
      fc.property(fc.double({ min: -3, max: 3, noNaN: true }), fc.double({ min: 0.5, max: 0.999, noNaN: true }), (v, alpha) => {
        const [difference] = tf.tidy(() => pairDifference(tf.tensor2d([0, v], [1, 2]), 'log-softmax', alpha).dataSync());
        const p = 1 / (1 + Math.exp(-v));
        expect(1 / (1 + Math.exp(-difference))).toBeCloseTo(alpha * p + (1 - alpha) * (1 - p), 4);
      }),
    );
  });

  it('UAF-Random: each user’s own, the same for a seed, about half of them 1, other ones for another seed', () => {
    const method = methodOf('uaf-random');
    const users = Int32Array.from({ length: 400 }, (_, i) => i);
    const gates = (changes: Record<string, unknown>, order: Int32Array = users) => {
      const context = contextOf({ method: 'uaf-random', ...changes });
      const sequences = { items: new Int32Array(order.length * LENGTH), rows: order.length, length: LENGTH };
      return tf.tidy(() => method.policy?.({}, { sequences, users: order }, context, 1).gate.arraySync() as number[][]);
    };
    const own = gates({ seed: 5 });
    expect(gates({ seed: 5 }, users.toReversed())).toEqual(own.toReversed());
    expect(gates({ seed: 5, evaluationSeed: 5 })).toEqual(own);
    expect(gates({ seed: 5, evaluationSeed: 6 })).toEqual(gates({ seed: 6 }));
    expect(gates({ seed: 5, evaluationSeed: 6 })).not.toEqual(own);
    const ones = own.flat().reduce((sum, gate) => sum + gate, 0);
    // 800 coins; five deviations.
    expect(Math.abs(ones - 400)).toBeLessThan(5 * Math.sqrt(200));
  });
});

describe('policies at evaluation', () => {
  it.each(METHODS.filter(({ policy }) => policy !== undefined).map((method) => [method.id, method] as const))(
    '%s: a user’s policy does not depend on who else is in the batch',
    (id, method) => {
      for (const evaluationGate of ['argmax', 'sampled']) {
        const context = contextOf({ method: id, evaluationGate });
        const { sequences, users } = batchOf(3);
        const stored = storedFor(method, context, 3);
        const decide = (rows: readonly number[], fill = 0) =>
          tf.tidy(() => {
            const items = new Int32Array((rows.length + fill) * LENGTH);
            rows.forEach((row, i) => {
              items.set(sequences.items.subarray(row * LENGTH, (row + 1) * LENGTH), i * LENGTH);
            });
            const batch = {
              sequences: { items, rows: rows.length + fill, length: LENGTH },
              users: Int32Array.from(rows, (row) => users[row]),
            };
            const decided = method.policy?.(upload(stored), batch, context, 1);
            if (decided === undefined) throw new Error(`${id} decides nothing.`);
            return (decided.gate.arraySync() as number[][]).slice(0, rows.length);
          });
        const all = decide([0, 1, 2, 3, 4]);
        expect(decide([4, 2, 0])).toEqual([all[4], all[2], all[0]]);
        expect(decide([3], 2)).toEqual([all[3]]);
      }
    },
  );
});

describe('UAF-RL', () => {
  /**
   * Two arms: one block, one user, two classes. With the frozen block the model says class 0, with the fine-tuned one class
   * 1; the label decides which arm is right. Only the policy is trained.
   */
  async function fineTuneShare(label: number, changes: Record<string, unknown> = {}, bothRight = false): Promise<number> {
    const method = methodOf('uaf-rl');
    const context: MethodContext = {
      ...contextOf({ method: 'uaf-rl', dilations: [1], exploration: 0.9, ...changes }, 'profile'),
      targetItems: 2,
    };
    const sequences = { items: Int32Array.from([1, 2, 3, 4, 5, 6]), rows: 1, length: LENGTH };
    const users = Int32Array.of(0);
    const drawn = storedFor(method, context, 1);
    const [frozen, tuned] = tf.tidy(() =>
      [0, 1].map(
        (gate) => method.users(upload(drawn), { sequences, users }, tf.tensor2d([[gate]]), context).dataSync() as Float32Array,
      ),
    );
    const weight = new Float32Array(2 * frozen.length);
    frozen.forEach((h, i) => {
      weight[i] = h - tuned[i];
    });
    const middle = frozen.reduce((sum, h, i) => sum + ((h - tuned[i]) * (h + tuned[i])) / 2, 0);
    const stored: StoredParameters = {
      ...drawn,
      'target.weight': { shape: [2, frozen.length], values: weight },
      'target.bias': { shape: [2], values: Float32Array.from([bothRight ? 100 : -middle, 0]) },
      'policy.output.weight': { shape: [2, frozen.length], values: new Float32Array(2 * frozen.length) },
      'policy.output.bias': { shape: [2], values: new Float32Array(2) },
    };
    const optimiser = new Optimiser(stored, (name) => name.startsWith('policy.'), 0.02);
    for (let step = 0; step < 150; step++) {
      const batch: Batch = {
        ...batchOf(step),
        sequences,
        users,
        positives: Int32Array.of(label),
        negatives: new Int32Array(1),
        instances: 1,
      };
      optimiser.step((parameters) => method.loss(parameters, batch, context)).dispose();
    }
    const [probability] = tf.tidy(
      () => method.policy?.(optimiser.parameters, { sequences, users }, context, 1).probability.dataSync() ?? [Number.NaN],
    );
    optimiser.dispose();
    return probability;
  }

  it('learns the better arm of a bandit, whichever it is', async () => {
    expect(await fineTuneShare(0)).toBeLessThan(0.15);
    expect(await fineTuneShare(1)).toBeGreaterThan(0.85);
  });

  it('keeps blocks frozen where both arms are right; the released reward fine-tunes them', async () => {
    expect(await fineTuneShare(0, {}, true)).toBeLessThan(0.15);
    expect(await fineTuneShare(0, { rewardForm: 'released' }, true)).toBeGreaterThan(0.85);
  });

  it('evaluates with the blocks that its curriculum has freed by then; the others are fine-tuned', () => {
    const context = contextOf({ method: 'uaf-rl', dilations: [1, 1, 1], warmupEpochs: 2, curriculum: 'last-to-first' });
    const method = methodOf('uaf-rl');
    const weight = storedFor(method, context, 1)['policy.output.weight'];
    const stored: StoredParameters = {
      ...storedFor(method, context, 1),
      'policy.output.weight': { ...weight, values: new Float32Array(weight.values.length) },
      'policy.output.bias': { shape: [6], values: Float32Array.from([9, -9, 9, -9, 9, -9]) },
    };
    const gateIn = (epoch: number) =>
      tf.tidy(() => Array.from(method.policy?.(upload(stored), batchOf(1), context, epoch).gate.dataSync().slice(0, 3) ?? []));
    expect([2, 3, 4, 5].map(gateIn)).toEqual([
      [0, 0, 0],
      [1, 1, 0],
      [1, 0, 0],
      [0, 0, 0],
    ]);
  });

  it.each([
    [4, 0, 1],
    [5, 0, 0],
    [3, 2, 0],
    [3, 1, 1],
  ])('with %i candidates above the target and %i level with it, correct is %i', (above, level, correct) => {
    const items = 9;
    const bias = Float32Array.from({ length: items }, (_, item) =>
      item === 0 ? 1 : item <= above ? 2 : item <= above + level ? 1 : 0,
    );
    const parameters = { 'target.weight': tf.zeros([items, 4]), 'target.bias': tf.tensor1d(bias) };
    const others = Int32Array.from({ length: items - 1 }, (_, i) => i + 1);
    const judged = correctness(parameters, tf.ones([1, 4]), Int32Array.of(0), others, contextOf({ method: 'uaf-rl' }));
    expect(Array.from(judged.dataSync())).toEqual([correct]);
  });

  it('judges a label right only where it is the likeliest class alone', () => {
    const judge = (bias: number[]) => {
      const parameters = { 'target.weight': tf.zeros([3, 4]), 'target.bias': tf.tensor1d(bias) };
      const context = contextOf({ method: 'uaf-rl' }, 'profile');
      return correctness(parameters, tf.ones([1, 4]), Int32Array.of(0), Int32Array.of(1, 2), context).dataSync()[0];
    };
    expect([judge([2, 1, 0]), judge([1, 1, 0]), judge([1, 2, 0])]).toEqual([1, 0, 0]);
  });

  it('trains as UAF-Hard does in the warm-up, and otherwise after it', () => {
    const context = contextOf({ method: 'uaf-rl', warmupEpochs: 2 });
    const [rl, hard] = ['uaf-rl', 'uaf-hard'].map(methodOf);
    const stored = storedFor(rl, context, 1);
    const lossIn = (method: Method, epoch: number) =>
      tf.tidy(() => method.loss(upload(stored), batchOf(1, epoch), context).dataSync()[0]);
    expect(lossIn(rl, 2)).toBe(lossIn(hard, 2));
    expect(lossIn(rl, 3)).not.toBe(lossIn(hard, 3));
  });
});

describe('what UAF-RL scores its greedy policy with, on wasm', () => {
  const BLOCKS = 3;
  const method = methodOf('uaf-rl');
  const context = contextOf({ method: method.id, dilations: [1, 1, 1] });

  beforeEach(() => openNodeBackend('wasm'));
  afterEach(async () => {
    vi.restoreAllMocks();
    await openNodeBackend('cpu');
  });

  it('is computed without a backward to come; what trains is computed with one', () => {
    const called = vi.spyOn(tf.engine(), 'runKernel');
    const optimiser = new Optimiser(storedFor(method, context, 3), (name) => method.isTrained(name, context), 0.003);
    optimiser.step((parameters) => method.loss(parameters, batchOf(1), context)).dispose();
    optimiser.dispose();
    const calls = (name: string) => called.mock.calls.filter(([kernel]) => kernel === name).length;
    const kinds = ['GatedResidualBlock', 'GatedResidualBlockGradient', 'GatedResidualBlockAlone'];
    expect(kinds.map(calls)).toEqual([BLOCKS, BLOCKS, BLOCKS]);
  });

  it('is one branch a user', () => {
    const convolved = vi.spyOn(heapOf(tf.backend()), 'parallel');
    /** Sequences that pass through a convolution, within the tape of a gradient. */
    const sequences = (wrap: (compute: () => tf.Tensor) => tf.Tensor) => {
      convolved.mockClear();
      tf.tidy(() => {
        const parameters = upload(storedFor(method, context, 3));
        const gate = tf.tensor2d(Array.from({ length: ROWS }, (_, user) => [user % 2, 1, 0]));
        const scale = tf.scalar(1);
        tf.engine().gradients(
          () => {
            const users = wrap(() => gatedUsers(parameters, batchOf(1), gate, context));
            return tf.mul(scale, tf.sum(users));
          },
          [scale],
          undefined,
          true,
        );
      });
      return convolved.mock.calls.reduce((sum, [name, things]) => sum + (name === 'convolve' ? things : 0), 0);
    };
    // Two convolutions a branch.
    expect(sequences(untracked)).toBe(BLOCKS * 2 * ROWS);
    expect(sequences((compute) => compute())).toBe(BLOCKS * 4 * ROWS);
  });
});

describe('first values', () => {
  it('of a GRU are uniform within ±1/√k', () => {
    const context = contextOf({ method: 'uaf-hard-gru', channels: 16 });
    const trunk = methodOf('finetune-all').parameters(context);
    const pretrained = initialise(
      trunk.map((parameter) => ({ ...parameter, initial: { kind: 'constant', value: 0.5 } })),
      1,
    );
    const { 'policy.gru.kernel': kernel } = initialise(methodOf('uaf-hard-gru').parameters(context), 1, pretrained);
    expect(kernel.shape).toEqual([16, 48]);
    expect(Math.max(...kernel.values)).toBeLessThanOrEqual(0.25);
    expect(Math.min(...kernel.values)).toBeGreaterThanOrEqual(-0.25);
    const variance = kernel.values.reduce((sum, x) => sum + x * x, 0) / kernel.values.length;
    expect(variance).toBeCloseTo(0.25 ** 2 / 3, 3);
  });
});
