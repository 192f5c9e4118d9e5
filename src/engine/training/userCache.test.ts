import * as tf from '@tensorflow/tfjs';
import { beforeAll, describe, expect, it, vi } from 'vitest';
import { PRESETS } from '../../configuration/presets.ts';
import { type Configuration, complete, nest } from '../../configuration/schema.ts';
import { type Dataset, ragged } from '../../data/dataset.ts';
import { SIMULATOR_DEFAULTS, simulate } from '../../data/simulator.ts';
import { StoppedError } from '../errors.ts';
import { methodOf } from '../methods/registry.ts';
import { initialise, type StoredParameters } from '../model/parameters.ts';
import { openNodeBackend } from '../node.ts';
import { fineTune, taskOf } from './fineTuning.ts';
import type { Observer } from './observer.ts';

const dataset = simulate({ ...SIMULATOR_DEFAULTS, users: 60, targetsPerUser: 4 });
/** Users are of class 0 or 1. */
const profile: Dataset = {
  ...dataset,
  task: 'profile',
  targetItems: ['0', '1'],
  targets: ragged(dataset.users.map((_, user) => [user % 2])),
};
const EPOCHS = 3;

const silent: Observer = {
  now: () => performance.now(),
  turn: async () => {},
  progress: () => {},
  pretrainingEpoch: async () => {},
  pretrainingReused: async () => {},
  fineTuningEpoch: async () => {},
};

const tiny = (changes: Record<string, unknown>): Configuration =>
  complete(
    PRESETS.quick,
    nest({ channels: 6, dilations: [1, 1, 2], 'fineTuning.epochs': EPOCHS, 'fineTuning.learningRate': 0.01, ...changes }),
  );

/** What fine-tuning starts from: first values are all it takes here. */
function startOf(configuration: Configuration): StoredParameters {
  const context = { configuration, task: dataset.task, popularity: new Float32Array() };
  const items = { sourceItems: dataset.sourceItems.length - 1, targetItems: dataset.targetItems.length };
  return initialise(methodOf('finetune-zero').parameters({ ...context, ...items }), 1);
}

/** A run without its seconds, and how often it called each kernel. */
async function trace(changes: Record<string, unknown>, budget?: number, observer = silent, of = dataset) {
  const configuration = tiny(changes);
  const calls = new Map<string, number>();
  const { runKernel } = tf.engine();
  const spy = vi.spyOn(tf.engine(), 'runKernel').mockImplementation((name, ...rest) => {
    calls.set(name, (calls.get(name) ?? 0) + 1);
    return runKernel.call(tf.engine(), name, ...rest);
  });
  try {
    const task = taskOf(of, configuration);
    const { seconds: _, ...numbers } = await fineTune(
      of,
      configuration,
      task,
      { pretrained: startOf(configuration), pretraining: null, resumed: null, cacheBudget: budget },
      observer,
    );
    return { numbers, calls };
  } finally {
    spy.mockRestore();
  }
}

beforeAll(() => openNodeBackend('wasm'));

describe('what is frozen is kept', () => {
  const cases = ['finetune-cls', 'finetune-last-1', 'finetune-last-2'].flatMap((method) =>
    ['last', 'mean'].map((readout) => [method, readout] as const),
  );

  it.each(cases)(
    '%s, readout %s: the same to the last bit, with less work, and no tensor left behind',
    async (method, readout) => {
      const before = tf.memory().numTensors;
      const kept = await trace({ method, readout });
      expect(tf.memory().numTensors).toBe(before);
      const anew = await trace({ method, readout }, 0);
      expect(tf.memory().numTensors).toBe(before);
      expect(kept.numbers).toEqual(anew.numbers);
      expect(kept.numbers.epochs.map(({ trainLoss }) => trainLoss)).toHaveLength(EPOCHS);
      const blocks = ({ calls }: typeof kept) => calls.get('ResidualBlock') ?? 0;
      expect(blocks(kept)).toBeLessThan(blocks(anew));
    },
  );

  it('on the reference backend, too', async () => {
    await openNodeBackend('cpu');
    try {
      const changes = { method: 'finetune-last-1', 'fineTuning.epochs': 1 };
      expect((await trace(changes)).numbers).toEqual((await trace(changes, 0)).numbers);
    } finally {
      await openNodeBackend('wasm');
    }
  });

  it('of a profile task, too', async () => {
    const changes = { method: 'finetune-cls' };
    const { numbers, calls } = await trace(changes, undefined, silent, profile);
    expect(numbers).toEqual((await trace(changes, 0, silent, profile)).numbers);
    // 60 users are one pass through three blocks: once to keep it, and at the end to time a recommendation.
    expect(calls.get('ResidualBlock')).toBe(2 * 3);
  });

  it('up to a budget', async () => {
    const changes = { method: 'finetune-cls', 'fineTuning.epochs': 1 };
    const users = 60;
    const bytes = 4 * 6 * users;
    expect((await trace(changes, bytes)).calls.get('ResidualBlock')).toBe(2 * 3);
    const refused = await trace(changes, bytes - 1);
    expect(refused.calls.get('ResidualBlock')).toBe(3 + ((await trace(changes, 0)).calls.get('ResidualBlock') ?? 0));
  });

  it('a run that is ended while it fills leaves no tensor behind', async () => {
    const before = tf.memory().numTensors;
    const turn = async () => {
      throw new StoppedError();
    };
    await expect(trace({ method: 'finetune-last-1' }, undefined, { ...silent, turn })).rejects.toThrow(StoppedError);
    expect(tf.memory().numTensors).toBe(before);
  });

  it.each(['finetune-all', 'finetune-last-3', 'mtl', 'peterrec', 'uaf-hard'])('%s has nothing to keep', (id) => {
    const configuration = tiny({ method: id });
    const context = { configuration, task: dataset.task, sourceItems: 1, targetItems: 1, popularity: new Float32Array() };
    expect(methodOf(id).frozen?.(context) ?? null).toBeNull();
  });
});

describe('without keeping it', () => {
  const oneStep = { 'fineTuning.epochs': 1, 'fineTuning.batchSize': 512 };

  it.each([1, 2, 3])('Finetune-Last-%i sends no gradient through the frozen blocks, or to the embedding', async (count) => {
    const all = await trace({ method: 'finetune-all', ...oneStep }, 0);
    const last = await trace({ method: `finetune-last-${count}`, ...oneStep }, 0);
    expect(all.calls.get('ResidualBlockGradient')).toBe(3);
    expect(last.calls.get('ResidualBlockGradient')).toBe(count);
    expect(last.calls.get('SegmentSum')).toBe((all.calls.get('SegmentSum') ?? 0) - 1);
  });

  it('Finetune-CLS computes no gradient of the trunk', async () => {
    const { calls } = await trace({ method: 'finetune-cls', ...oneStep }, 0);
    expect(calls.get('ResidualBlock')).toBeGreaterThan(0);
    expect(calls.get('ResidualBlockGradient')).toBeUndefined();
  });
});
