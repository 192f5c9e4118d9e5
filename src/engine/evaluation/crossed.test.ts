import { describe, expect, it } from 'vitest';
import { randomStream, standardNormal } from '../../data/random.ts';
import { detectable, equivalence, type SeededRun, testAgainst, testOfSeeds, testOverBoth, unpairedTest } from './crossed.ts';
import { averageOverSeeds, groupedTest, pairedTest, testOverInstances, testOverSeeds } from './significance.ts';

const run = (seed: number, values: readonly number[], instances = values.map((_, i) => 2 * i)): SeededRun => ({
  seed,
  instances: Int32Array.from(instances),
  values: Float64Array.from(values),
  users: null,
});
const nil = (seeds: readonly number[], instances: number) => seeds.map((seed) => run(seed, new Array(instances).fill(0)));

describe('the test over seeds and instances', () => {
  it('is that of instances with one seed', () => {
    const differences = [0.3, -0.1, 0.4, 0.2, 0.6];
    expect(testOverBoth([run(1, differences)], nil([1], 5))).toEqual({
      ...pairedTest(differences),
      seeds: 1,
      users: null,
      freedom: 4,
    });
  });

  it('is that of seeds where instances do not differ', () => {
    const levels = [0.5, 0.2, 0.3];
    const runs = levels.map((level, s) => run(s, new Array(40).fill(level)));
    const test = testOverBoth(runs, nil([0, 1, 2], 40));
    const seeds = pairedTest(levels);
    expect(test).toMatchObject({ n: 40, seeds: 3 });
    expect(test.standardError).toBeCloseTo(seeds.standardError, 12);
    expect(test.freedom).toBeCloseTo(2, 10);
    expect(test.p).toBeCloseTo(seeds.p ?? Number.NaN, 10);
  });

  it('agrees with a table worked by hand', () => {
    // Row means 2, 4; column means 1, 3, 5; grand mean 3. MS_seed 6, MS_instance 8, residuals (1, 0, −1), (−1, 0, 1): MS_error 2.
    const test = testOverBoth([run(1, [1, 2, 3]), run(2, [1, 4, 7])], nil([1, 2], 3));
    expect(test).toMatchObject({ effect: 3, n: 3, seeds: 2 });
    expect(test.standardError).toBeCloseTo(Math.sqrt((6 + 8 - 2) / 6), 12);
    expect(test.freedom).toBeCloseTo(144 / (36 / 1 + 64 / 2 + 4 / 2), 12);
  });

  describe('where users are known', () => {
    const of = (users: readonly number[], runs: readonly SeededRun[]) =>
      runs.map((one) => ({ ...one, users: Int32Array.from(users) }));
    const rows = [
      [1, 2, 3],
      [1, 4, 7],
    ];
    const runs = rows.map((row, s) => run(s, row));

    it('is the same of users with one instance', () => {
      const test = testOverBoth(of([7, 3, 5], runs), nil([0, 1], 3));
      const { users, ...rest } = testOverBoth(runs, nil([0, 1], 3));
      expect([users, test.users]).toEqual([null, 3]);
      for (const key of ['effect', 'standardError', 'p', 'n', 'seeds', 'freedom'] as const)
        expect(test[key]).toBeCloseTo(rest[key] ?? Number.NaN, 12);
    });

    it('is that of their means, where users have as many instances', () => {
      const twice = rows.map((row, s) =>
        run(
          s,
          row.flatMap((value) => [value - 5, value + 5]),
        ),
      );
      const test = testOverBoth(nil([0, 1], 6), of([0, 0, 1, 1, 2, 2], twice));
      const ofMeans = testOverBoth(nil([0, 1], 3), runs);
      expect(test).toMatchObject({ n: 6, users: 3, seeds: 2 });
      expect(test.effect).toBeCloseTo(-3, 12);
      expect(test.standardError).toBeCloseTo(ofMeans.standardError, 12);
      expect(test.p).toBeCloseTo(ofMeans.p ?? Number.NaN, 12);
    });

    it('is that of groups with one seed, whatever their sizes', () => {
      const differences = [0.3, -0.1, 0.4, 0.2, 0.6];
      const users = [4, 4, 4, 9, 11];
      expect(testOverBoth(of(users, [run(1, differences)]), nil([1], 5))).toEqual({
        ...groupedTest(differences, users),
        seeds: 1,
        users: 3,
        freedom: 2,
      });
      expect(testOverBoth(of([4, 4, 4, 4, 4], [run(1, differences)]), nil([1], 5))).toMatchObject({ p: null, users: 1 });
    });

    it('has the mean over all instances as its effect, and seeds that differ by nothing else', () => {
      const levels = [0.5, 0.2, 0.3];
      const users = Array.from({ length: 40 }, (_, i) => Math.floor(Math.sqrt(i)));
      const constant = of(
        users,
        levels.map((level, s) => run(s, new Array(40).fill(level))),
      );
      const test = testOverBoth(constant, nil([0, 1, 2], 40));
      expect(test.effect).toBeCloseTo(1 / 3, 12);
      expect(test.standardError).toBeCloseTo(pairedTest(levels).standardError, 12);
      expect(test.users).toBe(7);
    });

    it('takes them of the instances that all runs have', () => {
      const first = of([1, 2, 3], [run(1, [1, 1, 1], [0, 4, 6]), run(2, [1, 0, 1], [0, 4, 6])]);
      const second = [run(2, [0, 0, 5], [4, 6, 8]), run(1, [0, 0, 5], [4, 6, 8])];
      expect(testOverBoth(first, second)).toMatchObject({ effect: 0.75, n: 2, seeds: 2, users: 2 });
      expect(testOverBoth(of([1, 3, 3], first), second)).toMatchObject({ n: 2, users: 1, p: null });
    });
  });

  it('is never surer than either test alone', () => {
    for (let trial = 0; trial < 50; trial++) {
      const random = randomStream(trial, 'surer');
      const runs = [1, 2, 3].map((seed) =>
        run(
          seed,
          Array.from({ length: 8 }, () => standardNormal(random)),
        ),
      );
      const test = testOverBoth(runs, nil([1, 2, 3], 8));
      const overInstances = testOverInstances(averageOverSeeds(runs), averageOverSeeds(nil([1], 8)));
      const mean = ({ values }: SeededRun) => values.reduce((sum, value) => sum + value, 0) / values.length;
      const overSeeds = pairedTest(runs.map(mean));
      expect(test.standardError).toBeGreaterThanOrEqual(overInstances.standardError - 1e-12);
      expect(test.standardError).toBeGreaterThanOrEqual(overSeeds.standardError - 1e-12);
    }
  });

  it('pairs the seeds and instances that both sides have', () => {
    const first = [run(1, [1, 1, 1], [0, 4, 6]), run(2, [1, 0, 1], [0, 4, 6]), run(7, [9, 9, 9], [0, 4, 6])];
    const second = [run(2, [0, 0, 5], [4, 6, 8]), run(1, [0, 0, 5], [4, 6, 8])];
    expect(testOverBoth(first, second)).toMatchObject({ effect: 0.75, n: 2, seeds: 2 });
    expect(testOverBoth(first, [run(3, [1])])).toMatchObject({ n: 0, seeds: 0, p: null });
  });

  describe('rejects a true null hypothesis one time in twenty', () => {
    /** How often at .05, with this spread between seeds; between instances and of the rest it is 1. */
    function rejections(deviation: number, seeds: number, perUser = 1) {
      const [trials, instances] = [1000, 60];
      const users = Int32Array.from({ length: instances }, (_, i) => Math.floor(i / perUser));
      let [both, apart, plain] = [0, 0, 0];
      for (let trial = 0; trial < trials; trial++) {
        const random = randomStream(trial, 'type I error', deviation);
        const ofUser = Array.from({ length: instances / perUser }, () => standardNormal(random));
        const ofInstance = Array.from(users, (user) => ofUser[user]);
        const runs = Array.from({ length: seeds }, (_, s) => {
          const ofSeed = deviation * standardNormal(random);
          return run(
            s,
            ofInstance.map((b) => ofSeed + b + standardNormal(random)),
          );
        });
        const none = nil([0, 1, 2, 3].slice(0, seeds), instances);
        const known = perUser === 1 ? runs : runs.map((one) => ({ ...one, users }));
        if ((testOverBoth(known, none).p ?? 1) < 0.05) both++;
        if ((testOverBoth(runs, none).p ?? 1) < 0.05) apart++;
        if ((testOverInstances(averageOverSeeds(runs), averageOverSeeds(none)).p ?? 1) < 0.05) plain++;
      }
      return { both: both / trials, apart: apart / trials, plain: plain / trials };
    }

    it('where seeds differ, and the test over instances does so four times in ten', () => {
      const { both, plain } = rejections(0.6, 4);
      expect(both).toBeGreaterThan(0.02);
      expect(both).toBeLessThan(0.08);
      expect(plain).toBeGreaterThan(0.3);
    });

    it('where they do not', () => {
      const { both } = rejections(0, 3);
      expect(both).toBeGreaterThan(0.02);
      expect(both).toBeLessThan(0.08);
    });

    it('where the instances of a user move together, and does so three times as often if it does not know of them', () => {
      const { both, apart } = rejections(0, 3, 3);
      expect(both).toBeGreaterThan(0.02);
      expect(both).toBeLessThan(0.08);
      expect(apart).toBeGreaterThan(0.15);
    });
  });
});

describe('what a test says', () => {
  const test = { effect: 0.002, standardError: 0.003, p: 0.5, n: 900, seeds: 3, users: 300, freedom: 1000 };

  it('of another difference than none', () => {
    expect(testAgainst(test, 0.01)).toEqual({ isAbove: false, p: expect.closeTo(0.0078, 3) });
    expect(testAgainst({ ...test, freedom: 0 }, 0.01)).toBeNull();
  });

  it('of being the same: by the side that is nearer to its margin', () => {
    // t = (0.01 − 0.002) / 0.003 = 2.67 on the nearer side.
    expect(equivalence(test, 0.01)).toBeCloseTo(0.0039, 3);
    expect(equivalence({ ...test, effect: 0.02 }, 0.01)).toBeGreaterThan(0.99);
  });

  it('could have seen 2.8 standard errors, and with few runs only more', () => {
    expect(detectable({ ...test, freedom: 1e6 })).toBeCloseTo(2.8 * 0.003, 3);
    // t with one degree of freedom: 12.71 and 1.376.
    expect(detectable({ ...test, freedom: 1 })).toBeCloseTo(14.08 * 0.003, 3);
    // Five that share the level: z of .995 and of .8.
    expect(detectable({ ...test, freedom: 1e6 }, 5)).toBeCloseTo((2.576 + 0.842) * 0.003, 4);
  });

  it('of seeds alone', () => {
    const result = (seed: number, value: number) => ({ seed, value });
    const [first, second] = [
      [result(1, 0.5), result(2, 0.6), result(3, 0.8)],
      [result(3, 0.5), result(1, 0.4), result(2, 0.4)],
    ];
    expect(testOfSeeds(first, second)).toEqual({ ...testOverSeeds(first, second), seeds: 3, users: null, freedom: 2 });
  });

  it('of two groups', () => {
    // Means 2 and 6, squares 2 and 8 with 4 degrees of freedom: variance 2.5, standard error √(5/3).
    const test = unpairedTest([1, 2, 3], [4, 6, 8]);
    expect(test).toMatchObject({ effect: -4, n: 6, seeds: 3, freedom: 4 });
    expect(test.standardError).toBeCloseTo(Math.sqrt(5 / 3), 12);
    expect(unpairedTest([1], [2, 3])).toMatchObject({ p: null, freedom: 0 });
    expect(unpairedTest([1, 1], [0, 0])).toMatchObject({ effect: 1, p: null });
  });
});
