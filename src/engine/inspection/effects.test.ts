import * as tf from '@tensorflow/tfjs';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { PRESETS } from '../../configuration/presets.ts';
import { complete, nest } from '../../configuration/schema.ts';
import { SIMULATOR_DEFAULTS, simulate } from '../../data/simulator.ts';
import { metricOf } from '../evaluation/metrics.ts';
import { openNodeBackend } from '../node.ts';
import type { FineTuned } from '../training/fineTuning.ts';
import { type PolicyEffects, policyEffects, type Replacement, resemblance } from './effects.ts';
import type { FinishedModel } from './inspect.ts';
import { trained } from './testing.ts';

const dataset = simulate({ ...SIMULATOR_DEFAULTS, users: 1000 });
const configuration = complete(
  PRESETS.quick,
  nest({
    method: 'uaf-hard',
    dilations: [1, 1],
    'pretraining.epochs': 10,
    'fineTuning.epochs': 12,
    'fineTuning.learningRate': 0.01,
  }),
);
const silent = async () => {};

let finished: FinishedModel;
let fineTuned: FineTuned;
let effects: PolicyEffects;
const shares: number[] = [];

const rowOf = (gates: Replacement, of = effects) => {
  const row = of.rows.find((each) => each.gates === gates);
  if (row === undefined) throw new Error(`no row ${gates}`);
  return row;
};
const reciprocal = (gates: Replacement, of = effects) => rowOf(gates, of).metrics[1].measured.value;

beforeAll(async () => {
  await openNodeBackend('wasm');
  ({ finished, fineTuned } = await trained(dataset, configuration));
  effects = await policyEffects(finished, 10_000, { turn: silent, share: (share) => shares.push(share) });
}, 60_000);
afterAll(() => tf.dispose(finished.model.parameters));

describe('whether the policy matters', () => {
  it('measures the own policy as the run did', () => {
    const { test } = fineTuned;
    expect(rowOf('own').n).toBe(test.n);
    for (const { name, measured, test: paired } of rowOf('own').metrics) {
      expect(measured).toEqual(metricOf(test, name, 'sampled'));
      expect(paired).toBeNull();
    }
  });

  it('pairs each replacement with the own policy, instance by instance', () => {
    for (const gates of ['opposite', 'shuffled', 'frozen', 'tuned', 'hindsight'] as const) {
      for (const [i, { measured, test }] of rowOf(gates).metrics.entries()) {
        expect(test?.n).toBe(rowOf(gates).n);
        expect(test?.effect).toBeCloseTo(measured.value - rowOf('own').metrics[i].measured.value, 10);
      }
    }
  });

  it('finds that a policy that tells the planted kinds apart matters', () => {
    expect(effects.changedByShuffling).toBeGreaterThan(0.2);
    expect(reciprocal('own')).toBeGreaterThan(reciprocal('shuffled'));
    expect(reciprocal('shuffled')).toBeGreaterThan(reciprocal('opposite'));
    expect(rowOf('shuffled').metrics[1].test?.p).toBeLessThan(0.01);
  });

  it('has an upper bound in hindsight, by each metric, of which chance says nothing', () => {
    for (const gates of ['own', 'opposite', 'shuffled', 'frozen', 'tuned'] as const) {
      rowOf('hindsight').metrics.forEach(({ measured, test }, i) => {
        expect(measured.value).toBeGreaterThanOrEqual(rowOf(gates).metrics[i].measured.value);
        expect(test?.p).toBeNull();
      });
    }
  });

  it('tries fewer users in hindsight where there is much to try, drawn at random, beside their own policies', async () => {
    const few = await policyEffects(finished, 10_000, { turn: silent, share: () => {} }, 4 * 30);
    const row = rowOf('hindsight', few);
    expect([row.users, rowOf('own', few).users]).toEqual([30, few.users]);
    // Their own policies are not those of everybody; and the first thirty users would be others.
    const { test, measured } = row.metrics[1];
    expect(measured.value - (test?.effect ?? 0)).not.toBeCloseTo(reciprocal('own'), 6);
    const first = await policyEffects(finished, 30, { turn: silent, share: () => {} }, 4 * 30);
    expect(measured.value).not.toBe(reciprocal('hindsight', first));
    expect(rowOf('hindsight', first).n).toBe(rowOf('own', first).n);
  });

  it('counts the targets that get another rank', () => {
    expect(rowOf('own').reranked).toBe(0);
    expect(rowOf('opposite').reranked).toBeGreaterThan(0.5);
  });

  it('tells how much is done, to the end', () => {
    expect(shares).toEqual(shares.toSorted((a, b) => a - b));
    expect(shares.at(-1)).toBeCloseTo(1, 10);
  });

  it('takes as many users as it is asked to, the same ones each time', async () => {
    const some = await policyEffects(finished, 50, { turn: silent, share: () => {} });
    expect(some).toMatchObject({ users: 50, of: new Set(finished.task.test.user).size });
    expect(rowOf('own', some).n).toBeLessThan(effects.rows[0].n);
    expect(await policyEffects(finished, 50, { turn: silent, share: () => {} })).toEqual(some);
  });

  it('costs nothing to shuffle a policy that is the same for everyone', async () => {
    const everybody = (_parameters: unknown, { sequences }: { sequences: { rows: number } }) => {
      const gate = tf.tile(tf.tensor2d([[1, 0]]), [sequences.rows, 1]);
      return { gate, probability: gate };
    };
    const alike = { ...finished, model: { ...finished.model, method: { ...finished.model.method, policy: everybody } } };
    const same = await policyEffects(alike, 10_000, { turn: silent, share: () => {} });
    expect(same.changedByShuffling).toBe(0);
    expect(rowOf('shuffled', same).metrics.map(({ test }) => test?.effect)).toEqual([0, 0]);
    expect(rowOf('shuffled', same).reranked).toBe(0);
    expect(reciprocal('opposite', same)).not.toBe(reciprocal('own', same));
  });

  it('stops when it is told to', async () => {
    const before = tf.memory().numTensors;
    const turn = async () => {
      throw new Error('enough');
    };
    await expect(policyEffects(finished, 50, { turn, share: () => {} })).rejects.toThrow('enough');
    expect(tf.memory().numTensors).toBe(before);
  });
});

describe('resemblance', () => {
  // Three users with 0, 1 and 2 frozen blocks, whose two targets Finetune-CLS ranks better the more they keep.
  const gate = Float32Array.of(1, 1, 0, 1, 0, 0);
  const tested = Int32Array.of(0, 0, 1, 1, 2, 2);

  it('correlates frozen blocks with how well Finetune-CLS ranks', () => {
    const found = resemblance({ gate, blocks: 2 }, (user) => user, tested, Int32Array.of(10, 5, 4, 4, 1, 2));
    expect(found.correlation.rho).toBeCloseTo(1, 10);
    expect(found.groups.map(({ frozen, users }) => [frozen, users])).toEqual([
      [0, 1],
      [1, 1],
      [2, 1],
    ]);
    expect(found.groups.map(({ reciprocalRank }) => reciprocalRank.value)).toEqual(
      [0.15, 0.25, 0.75].map((v) => expect.closeTo(v, 6)),
    );
  });

  it('leaves out users without a policy, and knows no correlation where nothing varies', () => {
    const found = resemblance(
      { gate: Float32Array.of(0, 0), blocks: 2 },
      (user) => (user < 2 ? 0 : undefined),
      tested,
      Int32Array.of(1, 1, 2, 2, 3, 3),
    );
    expect(found.correlation).toEqual({ rho: null, p: null, n: 2 });
    expect(found.groups).toHaveLength(1);
  });
});
