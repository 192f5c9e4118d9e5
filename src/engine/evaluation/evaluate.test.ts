import * as tf from '@tensorflow/tfjs';
import { beforeAll, describe, expect, it } from 'vitest';
import { PRESETS } from '../../configuration/presets.ts';
import { complete, nest } from '../../configuration/schema.ts';
import { SIMULATOR_DEFAULTS, simulate } from '../../data/simulator.ts';
import { StoppedError } from '../errors.ts';
import { methodOf } from '../methods/registry.ts';
import { initialise, upload } from '../model/parameters.ts';
import { openNodeBackend } from '../node.ts';
import { taskOf } from '../training/fineTuning.ts';
import { type EvaluationTask, evaluate, type Model } from './evaluate.ts';

const dataset = simulate({ ...SIMULATOR_DEFAULTS, users: 300, targetsPerUser: 20 });
const configuration = complete(PRESETS.quick, nest({ method: 'finetune-zero', channels: 6, dilations: [1, 1] }));
const { test: task } = taskOf(dataset, configuration);
const silent = async () => {};

/** A model of random values that tells whom it is asked about, pass after pass. */
function listening(): { model: Model; passes: Int32Array[] } {
  const method = methodOf('finetune-zero');
  const context = {
    configuration,
    task: dataset.task,
    sourceItems: dataset.sourceItems.length - 1,
    targetItems: dataset.targetItems.length,
    popularity: new Float32Array(),
  };
  const passes: Int32Array[] = [];
  const users: typeof method.users = (parameters, batch, gate, of) => {
    passes.push(batch.users);
    return method.users(parameters, batch, gate, of);
  };
  const parameters = upload(initialise(method.parameters(context), 1));
  return { model: { method: { ...method, users }, parameters, context, epoch: 1, cache: null }, passes };
}

const partOf = ({ instances, user, item, negatives }: EvaluationTask, from: number, to: number): EvaluationTask => ({
  instances: instances.slice(from, to),
  user: user.slice(from, to),
  item: item.slice(from, to),
  negatives: negatives && ((place) => negatives(from + place)),
});

beforeAll(() => openNodeBackend('wasm'));

describe('evaluation', () => {
  it('passes each user through the model once, whatever the number of their instances', async () => {
    const { model, passes } = listening();
    const users = Array.from(new Set(task.user));
    // Two passes of users, the first of which has more instances than are ranked at a time; some user’s lie astride.
    expect(users.length).toBeGreaterThan(256);
    expect(task.user.length).toBeGreaterThan(512);
    expect([256, 512].some((i) => task.user[i - 1] === task.user[i])).toBe(true);
    await evaluate(model, dataset, task, silent);
    expect(passes.flatMap((pass) => Array.from(pass))).toEqual(users);
    tf.dispose(model.parameters);
  });

  it('ranks an instance alike, whoever is ranked beside it', async () => {
    const { model } = listening();
    const together = await evaluate(model, dataset, task, silent);
    for (const [from, to] of [
      [0, 1],
      [250, 260],
      [300, task.user.length],
    ]) {
      const apart = await evaluate(model, dataset, partOf(task, from, to), silent);
      if (!('all' in together && 'all' in apart)) throw new Error('These are ranks.');
      expect(apart.all).toEqual(together.all.slice(from, to));
      expect(apart.sampled).toEqual(together.sampled.slice(from, to));
    }
    tf.dispose(model.parameters);
  });

  it('that is ended leaves no tensor behind', async () => {
    const { model } = listening();
    const before = tf.memory().numTensors;
    const turn = async () => {
      throw new StoppedError();
    };
    await expect(evaluate(model, dataset, task, turn)).rejects.toThrow(StoppedError);
    expect(tf.memory().numTensors).toBe(before);
    tf.dispose(model.parameters);
  });
});
