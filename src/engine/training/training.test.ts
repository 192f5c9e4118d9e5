import * as tf from '@tensorflow/tfjs';
import { beforeAll, describe, expect, it } from 'vitest';
import { METHOD_DESCRIPTIONS } from '../../configuration/methods.ts';
import { PRESETS } from '../../configuration/presets.ts';
import { type Configuration, complete, nest } from '../../configuration/schema.ts';
import { SIMULATOR_DEFAULTS, simulate } from '../../data/simulator.ts';
import { StoppedError, UnsuitableDatasetError } from '../errors.ts';
import { selectionOf } from '../evaluation/metrics.ts';
import { openNodeBackend } from '../node.ts';
import { taskOf } from './fineTuning.ts';
import type { Observer } from './observer.ts';
import type { Pretrained } from './pretraining.ts';
import { type RunResult, run } from './run.ts';

const dataset = simulate({ ...SIMULATOR_DEFAULTS, users: 40 });

const silent: Observer = {
  now: () => performance.now(),
  turn: async () => {},
  progress: () => {},
  pretrainingEpoch: async () => {},
  pretrainingReused: async () => {},
  fineTuningEpoch: async () => {},
};

const tiny = (changes: Record<string, unknown>): Configuration =>
  complete(PRESETS.quick, nest({ channels: 6, dilations: [1, 1], 'pretraining.epochs': 2, 'fineTuning.epochs': 3, ...changes }));

function train(changes: Record<string, unknown>, observer: Observer = silent): Promise<RunResult> {
  const models = new Map<string, Pretrained>();
  const store = {
    get: async (key: string) => models.get(key),
    put: async (key: string, pretrained: Pretrained) => {
      models.set(key, pretrained);
    },
  };
  return run(dataset, tiny(changes), store, observer);
}

const numbers = ({ pretraining, fineTuned }: RunResult) => ({
  pretraining: pretraining?.epochs,
  epochs: fineTuned.epochs,
  test: fineTuned.test,
  outcomes: fineTuned.outcomes,
  policies: fineTuned.policies,
  parameters: fineTuned.parameters,
});

beforeAll(() => openNodeBackend('wasm'));

describe('a run', () => {
  it.each(METHOD_DESCRIPTIONS.map(({ id }) => id))(
    '%s gives the same numbers twice, to the last bit, and leaves no tensor behind',
    async (method) => {
      const before = tf.memory().numTensors;
      const first = numbers(await train({ method }));
      expect(tf.memory().numTensors).toBe(before);
      expect(numbers(await train({ method }))).toEqual(first);
      expect(first.outcomes).toMatchObject({ all: { length: first.test.n } });
    },
  );

  it('with another seed gives others', async () => {
    const [one, two] = [await train({ method: 'uaf-hard' }), await train({ method: 'uaf-hard', seed: 2 })];
    expect(one.fineTuned.epochs[0].trainLoss).not.toBe(two.fineTuned.epochs[0].trainLoss);
    // The candidates are the split's, not the seed's: a paired test holds.
    const drawn = (changes: Record<string, unknown>) => {
      const { negatives, ...test } = taskOf(dataset, tiny(changes)).test;
      return { ...test, negatives: Array.from(test.item, (_, place) => negatives?.(place)) };
    };
    expect(drawn({})).toEqual(drawn({ seed: 2 }));
  });

  it('learns: the losses fall', async () => {
    const { pretraining, fineTuned } = await train({
      method: 'finetune-all',
      'pretraining.epochs': 8,
      'pretraining.batchSize': 16,
      'fineTuning.epochs': 6,
    });
    const losses = pretraining?.epochs.map(({ loss }) => loss) ?? [];
    expect(losses[7]).toBeLessThan(losses[0] - 0.3);
    expect(fineTuned.epochs[5].trainLoss).toBeLessThan(fineTuned.epochs[0].trainLoss);
    // ln 132 is what guessing costs; 133 classes with the padding.
    expect(losses[0]).toBeCloseTo(Math.log(133), 0);
  });

  it('reads the test set at the best validation epoch', async () => {
    const chosen = { method: 'finetune-all', 'fineTuning.epochs': 12, 'fineTuning.learningRate': 0.05 };
    const { fineTuned } = await train(chosen);
    const values = fineTuned.epochs.map(({ validation }) => selectionOf(validation));
    expect(fineTuned.bestEpoch).toBe(values.indexOf(Math.max(...values)) + 1);
    expect(fineTuned.bestEpoch).toBeLessThan(values.length);
    // A run that ends there has the same parameters, and so the same ranks.
    const shorter = await train({ ...chosen, 'fineTuning.epochs': fineTuned.bestEpoch });
    expect(shorter.fineTuned.outcomes).toEqual(fineTuned.outcomes);
    expect(shorter.fineTuned.parameters).toEqual(fineTuned.parameters);
  });

  it('MostPop needs no epochs and ranks by the counts of the training instances', async () => {
    const { fineTuned } = await train({ method: 'most-popular' });
    expect(fineTuned.epochs).toEqual([]);
    expect(fineTuned.bestEpoch).toBe(0);
    const { instances, split } = taskOf(dataset, tiny({}));
    const counts = new Float32Array(dataset.targetItems.length);
    for (const i of split.train) counts[instances.item[i]]++;
    expect(fineTuned.parameters['target.weight'].values).toEqual(counts);
  });

  it('stops early when asked to', async () => {
    const { fineTuned } = await train({
      method: 'finetune-all',
      'fineTuning.learningRate': 1e-12,
      'fineTuning.patience': 1,
      'fineTuning.epochs': 9,
    });
    expect(fineTuned.epochs).toHaveLength(2);
  });

  it('UAF never trains the frozen blocks, and starts its copies from them', async () => {
    const { pretraining, fineTuned } = await train({ method: 'uaf-hard' });
    const frozen = 'blocks.0.conv1.kernel';
    expect(fineTuned.parameters[frozen].values).toEqual(pretraining?.parameters?.[frozen].values);
    expect(fineTuned.parameters[`tuned_${frozen}`].values).not.toEqual(fineTuned.parameters[frozen].values);
    expect(fineTuned.policies?.users).toHaveLength(40);
  });

  it('Finetune-CLS trains the target layer only', async () => {
    const { pretraining, fineTuned } = await train({ method: 'finetune-cls' });
    for (const [name, { values }] of Object.entries(fineTuned.parameters)) {
      if (!name.startsWith('target.')) expect(values, name).toEqual(pretraining?.parameters?.[name].values);
    }
    const slower = await train({ method: 'finetune-cls', 'fineTuning.learningRate': 1e-9 });
    expect(fineTuned.parameters['target.weight'].values).not.toEqual(slower.fineTuned.parameters['target.weight'].values);
  });

  it('more pre-training changes nothing in the order and the negatives of fine-tuning', async () => {
    // From random values the pre-training cannot reach the model; only shared random streams could.
    const [short, long] = [
      await train({ method: 'finetune-zero' }),
      await train({ method: 'finetune-zero', 'pretraining.epochs': 5 }),
    ];
    expect(numbers(short)).toEqual(numbers(long));
  });

  it.each([1, 4])('ends at once when its observer throws at turn %i, and leaves no tensor behind', async (last) => {
    const before = tf.memory().numTensors;
    let turns = 0;
    const turn = async () => {
      turns++;
      if (turns === last) throw new StoppedError();
    };
    await expect(train({ method: 'uaf-hard' }, { ...silent, turn })).rejects.toThrow(StoppedError);
    expect(turns).toBe(last);
    expect(tf.memory().numTensors).toBe(before);
  });

  it('says what it cannot do', async () => {
    await expect(train({ method: 'uaf-xl' })).rejects.toThrow(/no method “uaf-xl”/);
    await expect(train({ method: 'finetune-all', 'fineTuning.learningRate': 1e30 })).rejects.toThrow(/infinite or not a number/);
    expect(() => taskOf(simulate({ ...SIMULATOR_DEFAULTS, users: 1, targetsPerUser: 1 }), tiny({}))).toThrow(
      UnsuitableDatasetError,
    );
  });

  it('ranks among fewer candidates where the catalogue is small, and says how many', () => {
    const small = simulate({ ...SIMULATOR_DEFAULTS, users: 60, genres: 2, itemsPerGenre: 5 });
    expect(taskOf(small, tiny({})).candidates).toBe(small.targetItems.length);
  });
});
