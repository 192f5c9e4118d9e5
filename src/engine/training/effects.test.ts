import * as tf from '@tensorflow/tfjs';
import { beforeAll, describe, expect, it } from 'vitest';
import { parseOptions } from '../../../cli/options.ts';
import { runsOn } from '../../../cli/plannedData.ts';
import { PARAMETER_GROUPS } from '../../configuration/parameters.ts';
import { PRESETS } from '../../configuration/presets.ts';
import { type Configuration, complete, flatten, nest, type Value } from '../../configuration/schema.ts';
import { type Dataset, instancesOf, ragged } from '../../data/dataset.ts';
import { prepare } from '../../data/prepare.ts';
import { randomStream } from '../../data/random.ts';
import { SIMULATOR_DEFAULTS, simulate } from '../../data/simulator.ts';
import { readingOf } from '../../data/testing.ts';
import type { EvaluationTask } from '../evaluation/evaluate.ts';
import { metricNames, selectionOf } from '../evaluation/metrics.ts';
import { pairwiseLoss } from '../kernels/pairwise/index.ts';
import type { Batch, MethodContext } from '../methods/method.ts';
import { methodOf } from '../methods/registry.ts';
import { uafHard } from '../methods/uaf.ts';
import { nextItemLoss } from '../model/nextItem.ts';
import { initialise, type StoredParameters, upload } from '../model/parameters.ts';
import { reward } from '../model/policy.ts';
import { openNodeBackend } from '../node.ts';
import { taskOf } from './fineTuning.ts';
import type { Observer, Progress } from './observer.ts';
import type { Pretrained } from './pretraining.ts';
import { run } from './run.ts';
import { SourceBatches } from './sourceBatches.ts';

/** For each key of the configuration what it is meant to do, and a proof that it does: not merely that something changes. */

const dataset = simulate({ ...SIMULATOR_DEFAULTS, users: 60 });
const KEYS = Object.keys(flatten(PRESETS.paper));

const tiny = (changes: Record<string, unknown>): Configuration =>
  complete(
    PRESETS.quick,
    nest({ channels: 4, dilations: [1, 1], adapterWidth: 2, 'pretraining.epochs': 1, 'fineTuning.epochs': 2, ...changes }),
  );

async function train(changes: Record<string, unknown>, on: Dataset = dataset) {
  const progress: Progress[] = [];
  const observer: Observer = {
    now: () => performance.now(),
    turn: async () => {},
    progress: (told) => progress.push(told),
    pretrainingEpoch: async () => {},
    pretrainingReused: async () => {},
    fineTuningEpoch: async () => {},
  };
  const models = new Map<string, Pretrained>();
  const store = {
    get: async (key: string) => models.get(key),
    put: async (key: string, model: Pretrained) => {
      models.set(key, model);
    },
  };
  return { ...(await run(on, tiny(changes), store, observer)), progress };
}

const contextOf = (changes: Record<string, unknown>): MethodContext => ({
  configuration: tiny(changes),
  task: 'ranking',
  sourceItems: dataset.figures.sourceItems,
  targetItems: dataset.figures.targetItems,
  popularity: new Float32Array(dataset.figures.targetItems),
});

/** Values of one size for all parameters of a method, so that nothing vanishes; `own` replaces some. */
function parametersOf(method: string, context: MethodContext, own: StoredParameters = {}): StoredParameters {
  const specifications = methodOf(method).parameters(context);
  return {
    ...initialise(
      specifications.map((p) => ({ ...p, initial: { kind: 'normal', deviation: 0.3 } })),
      1,
    ),
    ...own,
  };
}

/** A head start of the right items with which the blocks decide whether they stand in the top five. */
const BORDERLINE = 1;

/** UAF-RL after its warm-up; with so large a bias its model is always right, and rewards are about the blocks alone. */
function reinforced(changes: Record<string, unknown>, ahead = 100): { context: MethodContext; stored: StoredParameters } {
  const context = contextOf({ method: 'uaf-rl', warmupEpochs: 0, exploration: 0.6, ...changes });
  const { targetItems } = context;
  const bias = { shape: [targetItems], values: Float32Array.from({ length: targetItems }, (_, item) => (item < 4 ? ahead : 0)) };
  return { context, stored: parametersOf('uaf-rl', context, { 'target.bias': bias }) };
}

function batchOf(context: MethodContext, epoch = 1, seeds: Readonly<Record<string, number>> = {}): Batch {
  const { sequenceLength } = context.configuration;
  const items = Int32Array.from({ length: 4 * sequenceLength }, (_, i) => 1 + (i % 100));
  return {
    sequences: { items, rows: 4, length: sequenceLength },
    users: Int32Array.from([0, 1, 2, 3]),
    positives: Int32Array.from([0, 1, 2, 3]),
    negatives: Int32Array.from([4, 5, 6, 7]),
    instances: 4,
    epoch,
    random: (purpose) => randomStream(seeds[purpose] ?? 1, purpose),
    source: () => ({ items, rows: 4, counted: 4, sampled: null }),
  };
}

const lossOf = (context: MethodContext, stored: StoredParameters, batch = batchOf(context)): number =>
  tf.tidy(() => methodOf(context.configuration.method).loss(upload(stored), batch, context).dataSync()[0]);

function gradientOf(name: string, context: MethodContext, stored: StoredParameters, epoch = 1): Float32Array {
  return tf.tidy(() => {
    const parameters = upload(stored);
    const loss = () => methodOf(context.configuration.method).loss(parameters, batchOf(context, epoch), context);
    const { grads } = tf.engine().gradients(loss, [parameters[name]], undefined, true);
    return grads[0].dataSync().slice() as Float32Array;
  });
}

/** Whether the user vector depends on the item at a position of the sequence. */
function sees(position: number, changes: Record<string, unknown>): boolean {
  const context = contextOf({ method: 'finetune-all', ...changes });
  const stored = parametersOf('finetune-all', context);
  const { sequences, users } = batchOf(context);
  const vector = (items: Int32Array) =>
    tf.tidy(() =>
      methodOf('finetune-all')
        .users(upload(stored), { sequences: { ...sequences, items }, users }, null, context)
        .dataSync(),
    );
  const changed = sequences.items.slice();
  changed[position] = 110;
  return vector(sequences.items)[0] !== vector(changed)[0];
}

const changed = (a: StoredParameters, b: StoredParameters, name: string): boolean =>
  a[name].values.some((x, i) => x !== b[name].values[i]);
const scalar = (compute: () => tf.Tensor): number => tf.tidy(() => compute().dataSync()[0]);

/** UAF-Hard whose policy network all but decides for fine-tuning every block, and a batch of its 200 users. */
function decided(changes: Record<string, unknown>) {
  const context = contextOf({ method: 'uaf-hard', ...changes });
  const { 'policy.output.weight': weight } = parametersOf('uaf-hard', context);
  const stored = parametersOf('uaf-hard', context, {
    'policy.output.weight': { ...weight, values: new Float32Array(weight.values.length) },
    'policy.output.bias': { shape: [4], values: Float32Array.from([-9, 9, -9, 9]) },
  });
  const rows = 200;
  const items = Int32Array.from({ length: rows * context.configuration.sequenceLength }, (_, i) => 1 + (i % 100));
  const batch = { ...batchOf(context), sequences: { items, rows, length: context.configuration.sequenceLength } };
  const losses = [1, 2, 3, 4].map((gumbel) => lossOf(context, stored, batchOf(context, 1, { gumbel })));
  return {
    /** Share of the gates in training that fine-tune. */
    share: scalar(() => tf.mean(uafHard.trainingGate(upload(stored), batch, context))),
    /** Different losses of four draws of the noise. */
    losses: new Set(losses).size,
  };
}

function filtered(settings: { minimumTargetItemCount: number; maximumTargetsPerUser: number }) {
  const rows = (words: string) => words.split(' ').map((word): [string, string] => [word[0], word[1]]);
  return prepare('d', readingOf(rows('ax ay by bz'), rows('ax ay ax bx bz')), settings);
}

const EFFECTS: Readonly<Record<string, () => void | Promise<void>>> = {
  method: async () => {
    const { fineTuned } = await train({ method: 'peterrec' });
    expect(Object.keys(fineTuned.parameters).some((name) => name.startsWith('adapters.'))).toBe(true);
  },
  seed: async () => {
    const [one, two] = [await train({ method: 'finetune-zero' }), await train({ method: 'finetune-zero', seed: 2 })];
    expect(changed(one.fineTuned.parameters, two.fineTuned.parameters, 'item_embedding')).toBe(true);
    expect(drawn(one.task.test)).toEqual(drawn(two.task.test));
  },
  channels: async () => {
    const { fineTuned } = await train({ method: 'finetune-all', channels: 5 });
    expect(fineTuned.parameters['target.weight'].shape).toEqual([dataset.figures.targetItems, 5]);
  },
  dilations: () => {
    // One block of dilation d sees (kernel 3) 2d + 4d positions back.
    expect([sees(10, { dilations: [1] }), sees(9, { dilations: [1] })]).toEqual([true, false]);
    expect([sees(4, { dilations: [2] }), sees(3, { dilations: [2] })]).toEqual([true, false]);
  },
  kernelSize: () => {
    expect([sees(13, { dilations: [1], kernelSize: 2 }), sees(12, { dilations: [1], kernelSize: 2 })]).toEqual([true, false]);
  },
  sequenceLength: async () => {
    // Markers stand at the first four of 17 positions: with the last 13 alone they are never seen, and never move.
    const marker = dataset.sourceItems.findIndex((name) => name.startsWith('marker'));
    const row = ({ values }: StoredParameters[string]) => values.subarray(4 * marker, 4 * marker + 4);
    const short = await train({ method: 'finetune-zero', sequenceLength: 13, readout: 'mean' });
    const initial = initialise(methodOf('finetune-zero').parameters(contextOf({ method: 'finetune-zero' })), 1);
    expect(row(short.fineTuned.parameters.item_embedding)).toEqual(row(initial.item_embedding));
    const long = await train({ method: 'finetune-zero', readout: 'mean' });
    expect(row(long.fineTuned.parameters.item_embedding)).not.toEqual(row(initial.item_embedding));
  },
  readout: () => {
    expect([sees(0, { dilations: [1] }), sees(0, { dilations: [1], readout: 'mean' })]).toEqual([false, true]);
  },
  targetLoss: () => {
    const softplus = (x: number) => Math.log1p(Math.exp(x));
    const of = (loss: 'bpr' | 'bce') => {
      const [weight, first, second] = [tf.tensor2d([[0.3], [-0.4]]), Int32Array.of(0), Int32Array.of(1)];
      return scalar(() => pairwiseLoss(tf.ones([1, 1]), weight, undefined, first, second, { loss, instances: 1 }));
    };
    expect(of('bpr')).toBeCloseTo(softplus(-0.7), 5);
    expect(of('bce')).toBeCloseTo(softplus(-0.3) + softplus(-0.4), 5);
    const contexts = (['bpr', 'bce'] as const).map((targetLoss) => contextOf({ method: 'finetune-all', targetLoss }));
    const stored = parametersOf('finetune-all', contexts[0]);
    expect(lossOf(contexts[1], stored)).toBeGreaterThan(lossOf(contexts[0], stored));
  },
  targetBias: async () => {
    const [withBias, without] = [
      await train({ method: 'finetune-cls' }),
      await train({ method: 'finetune-cls', targetBias: false }),
    ];
    expect(Object.keys(withBias.fineTuned.parameters)).toContain('target.bias');
    expect(Object.keys(without.fineTuned.parameters)).not.toContain('target.bias');
  },
  temperature: () => {
    // Small changes of the logits: the slope of the softmax falls as 1 / τ.
    const of = (temperature: number) => {
      const context = contextOf({ method: 'uaf-hard', temperature });
      const gradient = gradientOf('policy.output.bias', context, parametersOf('uaf-hard', context));
      return Math.hypot(...gradient);
    };
    expect(of(100) / of(1000)).toBeCloseTo(10, 1);
    const [warm, cool] = [1, 100].map((temperature) => {
      const context = contextOf({ method: 'uaf-hard', temperature });
      return lossOf(context, parametersOf('uaf-hard', context));
    });
    expect(warm).toBe(cool);
  },
  gateLogits: () => {
    // The logits differ by 18, their sigmoids by 1: then the noise decides, and fine-tunes with probability σ(1).
    expect(decided({ gateLogits: 'log-softmax' })).toEqual({ share: 1, losses: 1 });
    const released = decided({ gateLogits: 'sigmoid' });
    expect(released.share).toBeCloseTo(1 / (1 + Math.exp(-1)), 1);
    expect(released.losses).toBeGreaterThan(1);
  },
  evaluationGate: async () => {
    const [argmax, sampled] = [
      (await train({ method: 'uaf-hard' })).fineTuned.policies,
      (await train({ method: 'uaf-hard', evaluationGate: 'sampled', temperature: 10 })).fineTuned.policies,
    ];
    const agrees = (policies: typeof argmax) =>
      Array.from(policies?.gate ?? []).filter((gate, i) => gate === ((policies?.probability[i] ?? 0) > 0.5 ? 1 : 0)).length;
    expect(agrees(argmax)).toBe(120);
    expect(agrees(sampled)).toBeLessThan(120);
  },
  evaluationSeed: async () => {
    const of = async (evaluationSeed: number) =>
      (await train({ method: 'uaf-random', seed: 3, evaluationSeed })).fineTuned.policies?.gate;
    const own = await of(0);
    expect(await of(3)).toEqual(own);
    expect(await of(4)).not.toEqual(own);
  },
  exploration: () => {
    expect(decided({ exploration: 1 })).toEqual({ share: 1, losses: 1 });
    for (const exploration of [0.8, 0.5]) {
      const { share, losses } = decided({ exploration });
      expect(share).toBeCloseTo(exploration, 1);
      expect(losses).toBeGreaterThan(1);
    }
  },
  rewardGamma: () => {
    const losses = (bias: number) =>
      [0, 1, 2].map((rewardGamma) => {
        const { context, stored } = reinforced({ rewardGamma }, bias);
        return lossOf(context, stored);
      });
    // What is never wrong pays no penalty; where one of A and Â is wrong, the loss is linear in it.
    const [none, some] = [losses(100), losses(BORDERLINE)];
    expect(new Set(none).size).toBe(1);
    expect(some[1]).not.toBeCloseTo(some[0], 2);
    expect(some[2] - some[0]).toBeCloseTo(2 * (some[1] - some[0]), 4);
  },
  rewardBeta: () => {
    const [none, one, two] = [0, 1, 2].map((rewardBeta) => {
      const { context, stored } = reinforced({ rewardBeta });
      return lossOf(context, stored);
    });
    expect(one).not.toBe(none);
    expect(two - none).toBeCloseTo(2 * (one - none), 4);
  },
  rewardForm: () => {
    const of = (form: 'paper' | 'released', actions: number[]) =>
      scalar(() => reward(tf.tensor2d([actions]), tf.tensor1d([1]), 1, form));
    expect([of('paper', [0, 0]), of('paper', [1, 0]), of('paper', [1, 1])]).toEqual([1, 0.75, 0]);
    expect([of('released', [0, 0]), of('released', [1, 0]), of('released', [1, 1])]).toEqual([0, 0.75, 1]);
  },
  baselineNoise: () => {
    const losses = (baselineNoise: boolean) => {
      const { context, stored } = reinforced({ baselineNoise });
      return new Set([1, 2, 3, 4, 5, 6].map((seed) => lossOf(context, stored, batchOf(context, 1, { baseline: seed }))));
    };
    expect(losses(false).size).toBe(1);
    expect(losses(true).size).toBeGreaterThan(1);
  },
  warmupEpochs: () => {
    const of = (method: string, warmupEpochs: number, epoch: number) => {
      const context = contextOf({ method, warmupEpochs });
      return lossOf(context, parametersOf('uaf-hard', context), batchOf(context, epoch));
    };
    expect(of('uaf-rl', 2, 2)).toBe(of('uaf-hard', 2, 2));
    expect(of('uaf-rl', 1, 2)).not.toBe(of('uaf-hard', 1, 2));
  },
  curriculum: () => {
    // Pairs of logits by block: before a block is free its logits learn nothing.
    const learning = (curriculum: string, epoch: number) => {
      const { context, stored } = reinforced({ dilations: [1, 1, 1], warmupEpochs: 2, curriculum });
      const gradient = gradientOf('policy.output.bias', context, stored, epoch);
      return [0, 1, 2].map((block) => gradient[2 * block] !== 0);
    };
    expect(learning('last-to-first', 3)).toEqual([false, false, true]);
    expect(learning('last-to-first', 4)).toEqual([false, true, true]);
    expect(learning('last-to-first', 9)).toEqual([true, true, true]);
    expect(learning('none', 3)).toEqual([true, true, true]);
  },
  adapterWidth: async () => {
    const { fineTuned } = await train({ method: 'peterrec', adapterWidth: 3 });
    expect(fineTuned.parameters['adapters.1.adapter2.down.kernel'].shape).toEqual([4, 3]);
  },
  adapterNorms: async () => {
    for (const [adapterNorms, moves] of [
      ['trained', true],
      ['frozen', false],
    ] as const) {
      const { fineTuned, pretraining } = await train({ method: 'peterrec', adapterNorms });
      expect(changed(fineTuned.parameters, pretraining?.parameters ?? {}, 'blocks.0.norm1.gamma')).toBe(moves);
    }
  },
  'pretraining.epochs': async () => {
    expect((await train({ method: 'finetune-cls', 'pretraining.epochs': 3 })).pretraining?.epochs).toHaveLength(3);
  },
  'pretraining.learningRate': async () => {
    const still = await train({ method: 'finetune-cls', 'pretraining.learningRate': 1e-12 });
    const moved = await train({ method: 'finetune-cls' });
    const initial = initialise(methodOf('finetune-zero').parameters(contextOf({ method: 'finetune-zero' })), 1);
    const distance = ({ parameters }: Pretrained) =>
      Math.max(...parameters.item_embedding.values.map((x, i) => Math.abs(x - initial.item_embedding.values[i])));
    expect(distance(still.pretraining as Pretrained)).toBeLessThan(1e-9);
    expect(distance(moved.pretraining as Pretrained)).toBeGreaterThan(1e-3);
  },
  'pretraining.batchSize': async () => {
    const { progress } = await train({ method: 'finetune-cls', 'pretraining.batchSize': 16 });
    expect(progress.find(({ stage }) => stage === 'pretraining')?.steps).toBe(Math.ceil(60 / 16));
  },
  'pretraining.softmax': () => {
    const losses = (changes: Record<string, unknown>) => {
      const configuration = tiny({ 'pretraining.maskPadding': false, ...changes });
      const batch = new SourceBatches(dataset, configuration).pass('pre-training', [1]).batch(1);
      const stored = parametersOf('mtl', contextOf({ method: 'mtl' }));
      return scalar(() => nextItemLoss(upload(stored), batch, configuration));
    };
    const full = losses({});
    // Over all classes the sampled softmax is the full one; over a few it is smaller by what is left out.
    expect(losses({ 'pretraining.softmax': 'sampled', 'pretraining.sampledItems': 5000 })).toBeCloseTo(full, 4);
    expect(losses({ 'pretraining.softmax': 'sampled', 'pretraining.sampledItems': 3 })).not.toBeCloseTo(full, 2);
  },
  'pretraining.sampledItems': () => {
    const batches = new SourceBatches(dataset, tiny({ 'pretraining.softmax': 'sampled', 'pretraining.sampledItems': 7 }));
    const { sampled } = batches.pass('pre-training', [1]).batch(1);
    expect(new Set(sampled?.classes).size).toBe(7);
  },
  'pretraining.maskPadding': () => {
    // Two items after twelve places of padding: the padding's own output row is pulled up only where padding counts.
    const items = Int32Array.from([0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1, 2]);
    const slope = (maskPadding: boolean) =>
      tf.tidy(() => {
        const configuration = tiny({ 'pretraining.maskPadding': maskPadding });
        const parameters = upload(parametersOf('mtl', contextOf({ method: 'mtl' })));
        const loss = () => nextItemLoss(parameters, { items, rows: 1, counted: 1, sampled: null }, configuration);
        const { grads } = tf.engine().gradients(loss, [parameters['output.bias']], undefined, true);
        return grads[0].dataSync()[0];
      });
    expect(slope(true)).toBeGreaterThan(0);
    expect(slope(false)).toBeLessThan(-0.5);
  },
  'fineTuning.epochs': async () => {
    expect((await train({ method: 'finetune-zero', 'fineTuning.epochs': 3 })).fineTuned.epochs).toHaveLength(3);
  },
  'fineTuning.learningRate': async () => {
    const still = await train({ method: 'finetune-all', 'fineTuning.learningRate': 1e-12 });
    const { values } = still.fineTuned.parameters.item_embedding;
    const before = still.pretraining?.parameters?.item_embedding.values ?? [];
    expect(Math.max(...values.map((x, i) => Math.abs(x - before[i])))).toBeLessThan(1e-9);
  },
  'fineTuning.batchSize': async () => {
    const { progress, task } = await train({ method: 'finetune-zero', 'fineTuning.batchSize': 50 });
    expect(progress.find(({ stage }) => stage === 'fine-tuning')?.steps).toBe(Math.ceil(task.split.train.length / 50));
  },
  'fineTuning.patience': async () => {
    const still = { method: 'finetune-zero', 'fineTuning.learningRate': 1e-12, 'fineTuning.epochs': 9 };
    expect((await train({ ...still, 'fineTuning.patience': 2 })).fineTuned.epochs).toHaveLength(3);
    expect((await train(still)).fineTuned.epochs).toHaveLength(9);
  },
  'fineTuning.selectOn': async () => {
    const { task, fineTuned } = await train({ method: 'finetune-zero', 'fineTuning.selectOn': 'test', 'fineTuning.epochs': 4 });
    const { train: trained, validation, test } = task.split;
    expect([trained.length, validation.length, test.length]).toEqual([192, 0, 48]);
    const values = fineTuned.epochs.map((epoch) => selectionOf(epoch.validation));
    expect(fineTuned.bestEpoch).toBe(values.indexOf(Math.max(...values)) + 1);
    expect(fineTuned.test).toEqual(fineTuned.epochs[fineTuned.bestEpoch - 1].validation);
  },
  'fineTuning.trainingFraction': () => {
    const all = taskOf(dataset, tiny({})).split;
    const tenth = taskOf(dataset, tiny({ 'fineTuning.trainingFraction': 0.1 })).split;
    expect(tenth.train).toHaveLength(Math.round(0.1 * all.train.length));
    expect([tenth.validation, tenth.test]).toEqual([all.validation, all.test]);
  },
  'fineTuning.multiTaskWeight': () => {
    const of = (weight: number) => {
      const context = contextOf({ method: 'mtl', 'fineTuning.multiTaskWeight': weight });
      return lossOf(context, parametersOf('mtl', context));
    };
    const context = contextOf({ method: 'finetune-zero' });
    const target = lossOf(context, parametersOf('mtl', contextOf({ method: 'mtl' })));
    expect(of(3) - of(1)).toBeCloseTo(2 * target, 4);
  },
  'dataset.split': () => {
    const { test } = taskOf(dataset, tiny({ 'dataset.split': 'latest' }));
    const { user } = instancesOf(dataset);
    expect(Array.from(test.instances)).toEqual(Array.from(user.keys()).filter((i) => user[i] !== user[i + 1]));
  },
  'dataset.splitSeed': () => {
    const of = (changes: Record<string, unknown>) => drawn(taskOf(dataset, tiny(changes)).test);
    expect(of({ 'dataset.splitSeed': 2 }).instances).not.toEqual(of({}).instances);
    expect(of({ 'dataset.splitSeed': 1 })).toEqual(of({ seed: 9 }));
  },
  'dataset.minimumTargetItemCount': () => {
    expect(filtered({ minimumTargetItemCount: 2, maximumTargetsPerUser: 0 }).targetItems).toEqual(['x']);
  },
  'dataset.maximumTargetsPerUser': () => {
    expect(filtered({ minimumTargetItemCount: 1, maximumTargetsPerUser: 2 }).targets.offsets).toEqual(
      ragged([
        [0, 0],
        [0, 0],
      ]).offsets,
    );
  },
  'evaluation.candidates': () => {
    const { test, candidates } = taskOf(dataset, tiny({ 'evaluation.candidates': 12 }));
    expect(candidates).toBe(12);
    expect(test.item.every((_, place) => test.negatives?.(place).length === 11)).toBe(true);
  },
  'evaluation.cutoffs': async () => {
    const { fineTuned } = await train({ method: 'most-popular', 'evaluation.cutoffs': [3] });
    expect(metricNames(fineTuned.test)).toEqual(['HR@3', 'MRR@3', 'NDCG@3', 'HR@5', 'MRR@5', 'NDCG@5']);
  },
};

/** With all its candidates. */
const drawn = ({ negatives, ...task }: EvaluationTask) => ({
  ...task,
  negatives: Array.from(task.item, (_, place) => negatives?.(place)),
});

beforeAll(() => openNodeBackend('wasm'));

describe('every key of the configuration', () => {
  it('has an effect that is tested here', () => {
    expect(Object.keys(EFFECTS)).toEqual(KEYS);
  });

  it.each(Object.entries(EFFECTS))('%s does what it says', async (_key, effect) => {
    await effect();
  });
});

/** Another value than the preset's, possible for the key. */
function another(key: string): Value {
  const value = flatten(PRESETS.quick)[key];
  const choices = PARAMETER_GROUPS.flatMap(({ controls }) => controls).find((control) => control.key === key)?.choices;
  if (key === 'method') return 'mtl';
  if (key === 'fineTuning.trainingFraction' || key === 'exploration') return 0.75;
  if (choices) return choices.find((choice) => choice !== value) as string;
  if (Array.isArray(value)) return [2, 3];
  return typeof value === 'boolean' ? !value : Number(value) + 1;
}

describe('from the command line', () => {
  it.each(KEYS)('--set %s=… reaches the run', (key) => {
    const value = another(key);
    const options = parseOptions(['--set', `${key}=${typeof value === 'string' ? value : JSON.stringify(value)}`]);
    if (options === 'help' || options.kind === 'merge') throw new Error('neither was asked for');
    const [{ configuration }] = runsOn(options.experiment, { scenario: null, sourceItems: 100 });
    expect(flatten(configuration)[key]).toEqual(value);
  });
});

describe('on the page', () => {
  it('each key has its control, but for those that are chosen elsewhere', () => {
    const elsewhere = ['method', 'seed', 'dataset.minimumTargetItemCount', 'dataset.maximumTargetsPerUser'];
    const controls = PARAMETER_GROUPS.flatMap((group) => group.controls.map(({ key }) => key));
    expect([...controls, ...elsewhere].sort()).toEqual([...KEYS].sort());
    expect(new Set(controls).size).toBe(controls.length);
  });
});
