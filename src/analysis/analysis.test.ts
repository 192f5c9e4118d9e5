import { describe, expect, it } from 'vitest';
import { SIMULATOR_DEFAULTS, simulate } from '../data/simulator.ts';
import { areaUnderCurve } from '../engine/evaluation/policies.ts';
import { packPolicies } from '../storage/policies.ts';
import { BINS, blockFigures, separatedFrom } from './blocks.ts';
import { clusteredOrder } from './clustering.ts';
import { distinctPolicies } from './distinct.ts';
import { groupingsOf, quantiles } from './groupings.ts';
import { type Policies, patternOf } from './policies.ts';
import { rankChange, UnpairedRunsError } from './rankChange.ts';
import { recoveryOf, toldApart } from './recovery.ts';
import { byGroup, byProbability, byRankChange, bySimilarity } from './rows.ts';

/** Hard policies from words such as 0110. */
function hard(...patterns: string[]): Policies {
  const gate = Float32Array.from(patterns.join(''), Number);
  return { bytes: packPolicies({ gate, probability: gate }), blocks: patterns[0].length, kind: 'hard' };
}

function soft(blocks: number, ...probabilities: number[]): Policies {
  const probability = Float32Array.from(probabilities);
  return { bytes: packPolicies({ gate: probability, probability }), blocks, kind: 'soft' };
}

const shown = (policies: Policies, order: Int32Array) => Array.from(order, (user) => patternOf(policies, user));

describe('figures of blocks', () => {
  it('gives shares, separation and distribution of each block, of all or of chosen users', () => {
    const policies = hard('01', '01', '11', '01');
    const all = blockFigures(policies, null);
    expect(all.users).toBe(4);
    expect(all.shares).toEqual([0.25, 1]);
    expect(all.separation[0]).toBeCloseTo(Math.sqrt(0.25 * 0.75));
    expect(all.separation[1]).toBe(0);
    expect([all.histogram[0], all.histogram[BINS - 1], all.histogram[2 * BINS - 1]]).toEqual([3, 1, 4]);
    const half = blockFigures(policies, Uint8Array.of(1, 0, 1, 0));
    expect(half).toMatchObject({ users: 2, shares: [0.5, 1], separation: [0.5, 0] });
  });

  it('counts a soft gate as its probability', () => {
    expect(blockFigures(soft(1, 0.2, 0.4), null).shares[0]).toBeCloseTo(0.3, 2);
  });

  it('says from which epoch on a block stays separated', () => {
    expect(separatedFrom([1, 2, 3, 4], [0, 0.3, 0.1, 0.4])).toBe(4);
    expect(separatedFrom([1, 2, 3], [0.3, 0.4, 0.5])).toBe(1);
    expect(separatedFrom([1, 2, 3], [0, 0.4, 0.1])).toBeNull();
  });
});

describe('distinct policies', () => {
  it('are counted, largest first, and known for each user', () => {
    const distinct = distinctPolicies(hard('10', '01', '01'));
    expect(distinct.patterns).toEqual(['01', '10']);
    expect(Array.from(distinct.sizes)).toEqual([2, 1]);
    expect(Array.from(distinct.of)).toEqual([1, 0, 0]);
  });

  it('round a soft policy at one half, and leave out who was not asked for', () => {
    const distinct = distinctPolicies(soft(2, 0.4, 0.6, 0.9, 0.9), Uint8Array.of(1, 0));
    expect(distinct.patterns).toEqual(['01']);
    expect(Array.from(distinct.of)).toEqual([0, -1]);
  });

  it('hold with 32 blocks', () => {
    const pattern = `1${'0'.repeat(31)}`;
    expect(distinctPolicies(hard(pattern)).patterns).toEqual([pattern]);
  });
});

describe('orders of rows', () => {
  const two = ['0000', '1111', '0001', '1110', '0000', '1111'];

  it('puts similar policies beside each other, those with fewer fine-tuned blocks first', () => {
    const policies = hard(...two);
    expect(shown(policies, bySimilarity(policies).order)).toEqual(['0000', '0000', '0001', '1110', '1111', '1111']);
  });

  it('lets the small policies follow the nearest of those that are clustered', () => {
    const distinct = distinctPolicies(hard('0000', '0000', '1111', '1111', '0011', '0011', '0001', '1110'));
    const order = Array.from(clusteredOrder(distinct, 3), (place) => distinct.patterns[place]);
    expect(order).toHaveLength(5);
    expect(order.indexOf('1110')).toBe(order.indexOf('1111') + 1);
    expect(Math.min(...['0000', '0011'].map((one) => Math.abs(order.indexOf('0001') - order.indexOf(one))))).toBe(1);
  });

  it('goes from keeping to re-learning by probability', () => {
    const policies = soft(1, 0.9, 0.1, 0.5);
    expect(Array.from(byProbability(policies).order)).toEqual([1, 2, 0]);
  });

  it('makes bands of groups and leaves out empty ones', () => {
    const rows = { order: Int32Array.of(2, 1, 0), bands: [], note: null };
    const grouped = byGroup(rows, { groups: ['a', 'none', 'b'], codes: Uint8Array.of(2, 0, 2) });
    expect(Array.from(grouped.order)).toEqual([1, 2, 0]);
    expect(grouped.bands).toEqual([
      { label: 'a', rows: 1 },
      { label: 'b', rows: 2 },
    ]);
  });

  it('goes by the change of ranks, users without a test instance last', () => {
    const instances = Int32Array.of(0, 1, 2);
    const own = { instances, ranks: Int32Array.of(1, 8, 4) };
    const other = { instances, ranks: Int32Array.of(4, 2, 4) };
    const change = rankChange(own, other, (instance) => [0, 1, 3][instance], 4);
    expect(Array.from(change)).toEqual([2, -2, Number.NaN, 0]);
    const { order, bands } = byRankChange(change);
    expect(Array.from(order)).toEqual([0, 3, 1, 2]);
    expect(bands.map(({ label }) => label)).toEqual(['better here', 'the same', 'worse here', 'not tested']);
    expect(() => rankChange(own, { ...other, instances: Int32Array.of(0, 1, 3) }, () => 0, 4)).toThrow(UnpairedRunsError);
  });
});

describe('groups of users', () => {
  it('are quantiles that never tear equal numbers apart', () => {
    const { groups, codes } = quantiles(Int32Array.of(1, 1, 1, 2, 3, 4, 9, 9), 'item');
    expect(groups).toEqual(['1–2 items', '3–4 items', '9 items']);
    expect(Array.from(codes)).toEqual([0, 0, 0, 0, 1, 1, 2, 2]);
    expect(quantiles(Int32Array.of(1, 1, 1), 'item').groups).toEqual(['1 item']);
  });

  it('know what was planted, and what nobody gave', () => {
    const dataset = simulate({ ...SIMULATOR_DEFAULTS, users: 5 });
    const users = Int32Array.of(0, 4);
    expect(groupingsOf(dataset, users).map(({ key, planted }) => [key, planted])).toEqual([
      ['length', false],
      ['targets', false],
      ['own kind', true],
    ]);
    const attributes = [{ name: 'country \u202e', values: ['', 'AT\u202e'], codes: Uint8Array.of(1, 0, 0, 0, 0) }];
    const imported = groupingsOf({ ...dataset, origin: { kind: 'files', files: [] }, attributes }, users);
    expect(imported[2]).toMatchObject({ label: 'country \ufffd', planted: false, groups: ['not given', 'AT\ufffd'] });
    expect(Array.from(imported[2].codes)).toEqual([1, 0]);
  });
});

describe('recovery of planted kinds', () => {
  const kinds = Uint8Array.of(0, 0, 1, 1);

  it('is perfect, whatever the direction, or chance', () => {
    expect(recoveryOf(hard('01', '01', '11', '11'), kinds)).toEqual({ overall: 1, error: 0, blocks: [1, 0.5] });
    expect(recoveryOf(hard('11', '11', '01', '01'), kinds)).toEqual({ overall: 1, error: 0, blocks: [1, 0.5] });
  });

  it('is the area under the curve', () => {
    const values = [0.1, 0.6, 0.6, 0.3, 0.9, 0.2];
    const codes = Uint8Array.of(0, 0, 1, 1, 1, 0);
    expect(recoveryOf(soft(1, ...values), codes).overall).toBeCloseTo(areaUnderCurve(values, codes));
  });

  it('has a standard error that shrinks with the users', () => {
    const of = (n: number) => toldApart(Int32Array.of(9 * n, n), Int32Array.of(n, 9 * n)).error;
    expect(of(10)).toBeGreaterThan(of(1000));
  });

  it('has the standard error of Hanley and McNeil, whichever class has the higher values', () => {
    const [few, many] = [Int32Array.of(1, 1), Int32Array.of(90, 10)];
    // AUC 0.7 with 2 users who have the higher values, and 100 others.
    const [q1, q2] = [0.7 / 1.3, 0.98 / 1.7];
    const error = Math.sqrt((0.7 * 0.3 + 1 * (q1 - 0.49) + 99 * (q2 - 0.49)) / 200);
    for (const { auc, error: found } of [toldApart(many, few), toldApart(few, many)]) {
      expect(auc).toBeCloseTo(0.7);
      expect(found).toBeCloseTo(error);
    }
  });
});
