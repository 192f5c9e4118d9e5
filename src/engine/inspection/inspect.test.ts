import * as tf from '@tensorflow/tfjs';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { PRESETS } from '../../configuration/presets.ts';
import { complete, nest } from '../../configuration/schema.ts';
import { rowOf, targetUsersOf } from '../../data/dataset.ts';
import { SIMULATOR_DEFAULTS, simulate } from '../../data/simulator.ts';
import { evaluate, policiesOf, scoresOf } from '../evaluation/evaluate.ts';
import { gatesOfPattern } from '../evaluation/policies.ts';
import { trunkUsers } from '../methods/finetune.ts';
import { userBatch } from '../methods/userBatch.ts';
import { openNodeBackend } from '../node.ts';
import { contextOf, type Task, taskOf } from '../training/fineTuning.ts';
import { decide, type FinishedModel, recommend, whatIfs } from './inspect.ts';
import { trained } from './testing.ts';

const dataset = simulate({ ...SIMULATOR_DEFAULTS, users: 120 });
const configuration = (method: string) =>
  complete(
    PRESETS.quick,
    nest({
      method,
      channels: 6,
      dilations: [1, 1, 2],
      'pretraining.epochs': 1,
      'fineTuning.epochs': 4,
      'fineTuning.learningRate': 0.02,
    }),
  );
const silent = async () => {};

interface Trained {
  readonly finished: FinishedModel;
  readonly task: Task;
  readonly ranks: { readonly sampled: Int32Array; readonly all: Int32Array };
}

async function train(method: string): Promise<Trained> {
  const { finished, fineTuned } = await trained(dataset, configuration(method));
  if ('predicted' in fineTuned.outcomes) throw new Error('a ranking has ranks');
  return { finished, task: finished.task, ranks: fineTuned.outcomes };
}

const readerOf = (user: number) => ({ user, items: rowOf(dataset.source, user) });

/**
 * The scores that a run gives to a user whose gates are forced to hard ones: the plain trunk, each of whose blocks is either the
 * frozen one or its fine-tuned copy. It knows no gates at all.
 */
async function forced({ model }: FinishedModel, user: number, gates: readonly number[]): Promise<Float32Array> {
  const chosen = Object.entries(model.parameters).flatMap(([name, tensor]) => {
    const copy = /^tuned_blocks\.(\d+)\./.exec(name);
    const frozen = /^blocks\.(\d+)\./.exec(name);
    if (copy !== null) return gates[Number(copy[1])] === 1 ? [[name.replace('tuned_', ''), tensor] as const] : [];
    return frozen !== null && gates[Number(frozen[1])] === 1 ? [] : [[name, tensor] as const];
  });
  const parameters = Object.fromEntries(chosen);
  const plain = {
    ...model,
    parameters,
    context: contextOf(dataset, configuration('finetune-all'), taskOf(dataset, configuration('finetune-all'))),
  };
  const vectors = tf.tidy(() =>
    trunkUsers(parameters, userBatch(dataset, Int32Array.of(user), 1, plain.context.configuration.sequenceLength), plain.context),
  );
  const scores = await scoresOf(plain, vectors);
  vectors.dispose();
  return scores;
}

let hard: Trained;
let soft: Trained;

beforeAll(async () => {
  await openNodeBackend('wasm');
  hard = await train('uaf-hard');
  soft = await train('uaf-soft');
});
afterAll(() => tf.dispose([hard.finished.model.parameters, soft.finished.model.parameters]));

describe('counterfactuals', () => {
  it('equal the scores of a run whose gates are forced to the pattern', async () => {
    for (const user of [0, 7, 63]) {
      const patterns = Array.from({ length: 8 }, (_, p) => gatesOfPattern(p, 3));
      const item = 5;
      const wanted = { item, instance: null };
      const all = await whatIfs(hard.finished, readerOf(user), wanted);
      const recommended = await recommend(hard.finished, readerOf(user), patterns, wanted);
      const seen = new Set<string>();
      for (const [p, gates] of patterns.entries()) {
        const expected = await forced(hard.finished, user, gates);
        seen.add(expected[item].toPrecision(6));
        const { top, target } = recommended[p];
        expect(target?.score).toBeCloseTo(expected[item], 5);
        expect(all.score[p]).toBeCloseTo(expected[item], 5);
        const order = Array.from(expected.keys()).sort((a, b) => expected[b] - expected[a]);
        expect(top.map((each) => each.item)).toEqual(order.slice(0, 5));
        for (const each of top) expect(each.score).toBeCloseTo(expected[each.item], 5);
        expect(target?.rankAll).toBe(order.indexOf(item) + 1);
        expect(all.rankAll[p]).toBe(order.indexOf(item) + 1);
      }
      // The blocks differ: each pattern gives another score.
      expect(seen.size).toBe(8);
    }
  });

  it('mix both blocks under gates between 0 and 1', async () => {
    const wanted = { item: 3, instance: null };
    const gates = [
      [0, 0, 0],
      [0.5, 0.5, 0.5],
      [1, 1, 1],
    ];
    const scores = (await recommend(soft.finished, readerOf(2), gates, wanted)).map(({ target }) => target?.score);
    expect(new Set(scores).size).toBe(3);
  });

  it('leave nothing behind', async () => {
    const before = tf.memory().numTensors;
    await whatIfs(hard.finished, readerOf(1), { item: 1, instance: null });
    await recommend(hard.finished, readerOf(1), [[0, 1, 0]], null);
    await decide(hard.finished, readerOf(1));
    expect(tf.memory().numTensors).toBe(before);
  });

  it('refuse more blocks than can be tried', async () => {
    const { model } = hard.finished;
    const nine = { ...model.context.configuration, dilations: new Array<number>(9).fill(1) };
    const finished = { ...hard.finished, model: { ...model, context: { ...model.context, configuration: nine } } };
    await expect(whatIfs(finished, readerOf(0), { item: 0, instance: null })).rejects.toThrow('2^9 policies');
  });
});

describe('a user under their own policy', () => {
  it.each(['uaf-hard', 'uaf-soft'])('has the decisions and the test ranks of the run (%s)', async (method) => {
    const { finished, task, ranks } = method === 'uaf-hard' ? hard : soft;
    const policies = await policiesOf(finished.model, dataset, targetUsersOf(dataset), silent);
    const users = Array.from(targetUsersOf(dataset));
    for (const at of [0, 10, 20]) {
      const user = task.test.user[at];
      const { gate, probability } = await decide(finished, readerOf(user));
      const row = 3 * users.indexOf(user);
      expect(gate).toEqual(Array.from(policies?.gate.subarray(row, row + 3) ?? []));
      expect(probability).toEqual(Array.from(policies?.probability.subarray(row, row + 3) ?? []));
      const wanted = { item: task.test.item[at], instance: task.test.instances[at] };
      const [{ target }] = await recommend(finished, readerOf(user), [gate], wanted);
      expect(target).toMatchObject({ rankAll: ranks.all[at], rankSampled: ranks.sampled[at] });
    }
  });

  it('is read from the most recent items alone', async () => {
    const items = Array.from(rowOf(dataset.source, 4));
    const [whole, longer, other] = await Promise.all(
      [items, [1, 2, 3, ...items], items.toReversed()].map((sequence) => decide(hard.finished, { user: -1, items: sequence })),
    );
    expect(longer).toEqual(whole);
    expect(other.probability).not.toEqual(whole.probability);
  });
});

describe('replaced gates in an evaluation', () => {
  it('take the place of the policy’s', async () => {
    const { model, task } = hard.finished;
    const gates = (_users: Int32Array, rows: number) => tf.ones([rows, 3]);
    const replaced = await evaluate({ ...model, gates }, dataset, task.test, silent);
    if ('predicted' in replaced) throw new Error('a ranking has ranks');
    const at = 12;
    const wanted = { item: task.test.item[at], instance: task.test.instances[at] };
    const [{ target }] = await recommend(hard.finished, readerOf(task.test.user[at]), [[1, 1, 1]], wanted);
    expect(target?.rankAll).toBe(replaced.all[at]);
    expect(Array.from(replaced.all)).not.toEqual(Array.from(hard.ranks.all));
  });
});
