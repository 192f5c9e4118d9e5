import ttest from '@stdlib/stats-ttest';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  averageOverSeeds,
  groupedTest,
  holm,
  overSeeds,
  pairedTest,
  rankCorrelation,
  testOverInstances,
  testOverSeeds,
} from './significance.ts';

describe('paired t-test', () => {
  it('agrees with @stdlib’s, also where p is tiny', () => {
    fc.assert(
      fc.property(
        fc.array(fc.double({ min: -1, max: 1, noNaN: true }), { minLength: 2, maxLength: 60 }),
        fc.double({ min: -0.5, max: 0.5, noNaN: true }),
        (noise, shift) => {
          const differences = noise.map((x, i) => x + shift + 1e-3 * i);
          const ours = pairedTest(differences);
          const theirs = ttest(differences);
          expect(ours.effect).toBeCloseTo(theirs.mean, 10);
          expect(ours.standardError).toBeCloseTo(theirs.sd, 10);
          expect(Math.abs((ours.p ?? Number.NaN) - theirs.pValue)).toBeLessThan(1e-6);
        },
      ),
    );
    // t is 30 with 99 degrees of freedom: 1 − F(t) would be 0 in floating point.
    const far = Array.from({ length: 100 }, (_, i) => 3 + (i % 2 === 0 ? 1 : -1) * Math.sqrt(99 / 100));
    expect(pairedTest(far).p).toBeGreaterThan(0);
    expect(pairedTest(far).p).toBeLessThan(1e-50);
  });

  it('says nothing where nothing can be said', () => {
    expect(pairedTest([0.3])).toMatchObject({ p: null, n: 1 });
    expect(pairedTest([0.1 + 0.2, 0.3, 0.3])).toMatchObject({ p: null, n: 3, standardError: 0 });
  });
});

describe('paired t-test over groups', () => {
  const differences = [0.3, -0.1, 0.4, 0.2, 0.6, 0.1];

  it('is the paired one where each difference is a group of its own', () => {
    expect(groupedTest(differences, [4, 1, 7, 2, 9, 3])).toEqual({
      ...pairedTest(differences),
      standardError: expect.closeTo(pairedTest(differences).standardError, 12),
      p: expect.closeTo(pairedTest(differences).p ?? Number.NaN, 10),
    });
  });

  it('knows no more of instances that are repeated within their group', () => {
    const twice = [...differences, ...differences];
    const grouped = groupedTest(twice, [0, 1, 2, 3, 4, 5, 0, 1, 2, 3, 4, 5]);
    expect(grouped.n).toBe(12);
    expect(grouped.standardError).toBeCloseTo(pairedTest(differences).standardError, 12);
    expect(grouped.p).toBeCloseTo(pairedTest(differences).p ?? Number.NaN, 10);
    expect(pairedTest(twice).p).toBeLessThan(grouped.p ?? 0);
  });

  it('says nothing of a single group', () => {
    expect(groupedTest([1, 2, 3], [5, 5, 5])).toMatchObject({ effect: 2, p: null });
  });
});

describe('Holm’s correction', () => {
  it('agrees with numbers worked by hand', () => {
    // In order .005 · 4, .01 · 3, .03 · 2, .04 · 1; the last may not be below the one before it.
    expect(holm([0.01, 0.04, 0.03, 0.005])).toEqual([0.03, 0.06, 0.06, 0.02]);
  });

  it('leaves out what was not tested, and ends at 1', () => {
    expect(holm([null, 0.02, null, 0.9])).toEqual([null, 0.04, null, 0.9]);
    expect(holm([0.6, 0.7])).toEqual([1, 1]);
    expect(holm([])).toEqual([]);
  });
});

describe('rank correlation', () => {
  it('is Spearman’s, ties at their mean rank', () => {
    // By hand: ranks 1, 2.5, 2.5, 4, 5 against 2, 1, 3, 4.5, 4.5.
    const { rho, p, n } = rankCorrelation([10, 20, 20, 30, 99], [5, 1, 7, 8, 8]);
    expect([rho, n]).toEqual([expect.closeTo(7.5 / 9.5, 10), 5]);
    // t = ρ √(3 / (1 − ρ²)) = 2.228 with 3 degrees of freedom.
    expect(p).toBeCloseTo(0.1122, 3);
  });

  it('is not defined where a variable does not vary', () => {
    expect(rankCorrelation([1, 1, 1], [1, 2, 3])).toEqual({ rho: null, p: null, n: 3 });
  });
});

describe('comparisons of runs', () => {
  const run = (instances: number[], values: number[]) => ({
    instances: Int32Array.from(instances),
    values: Float64Array.from(values),
  });

  it('pair the instances that both sides share, each with its mean over seeds', () => {
    const first = averageOverSeeds([run([3, 5, 9], [1, 0, 1]), run([3, 5, 9], [0, 0, 1])]);
    const second = averageOverSeeds([run([5, 9, 11], [1, 0, 1])]);
    // Instance 5: 0 − 1; instance 9: 1 − 0.
    expect(testOverInstances(first, second)).toMatchObject({ n: 2, effect: 0 });
    expect(testOverInstances(first, averageOverSeeds([run([3], [0])]))).toMatchObject({ n: 1, effect: 0.5 });
  });

  it('pair seeds by their number', () => {
    const result = (seed: number, value: number) => ({ seed, value });
    const first = [result(1, 1), result(2, 0.5), result(4, 0.5)];
    const second = [result(2, 0), result(1, 0.5)];
    const test = testOverSeeds(first, second);
    expect(test).toMatchObject({ n: 2, effect: 0.5, p: null });
  });

  it('mean and standard deviation over seeds', () => {
    const { value, deviation, n } = overSeeds([1, 2, 4]);
    expect(value).toBeCloseTo(7 / 3, 12);
    expect(deviation).toBeCloseTo(Math.sqrt(7 / 3), 12);
    expect(n).toBe(3);
  });
});
