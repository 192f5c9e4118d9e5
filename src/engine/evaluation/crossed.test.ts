import { describe, expect, it } from 'vitest';
import { randomStream, standardNormal } from '../../data/random.ts';
import { detectable, equivalence, type SeededRun, testAgainst, testOfSeeds, testOverBoth, unpairedTest } from './crossed.ts';
import { averageOverSeeds, pairedTest, testOverInstances, testOverSeeds } from './significance.ts';

const run = (seed: number, values: readonly number[], instances = values.map((_, i) => 2 * i)): SeededRun => ({
  seed,
  instances: Int32Array.from(instances),
  values: Float64Array.from(values),
});
const nil = (seeds: readonly number[], instances: number) => seeds.map((seed) => run(seed, new Array(instances).fill(0)));

describe('the test over seeds and instances', () => {
  it('is that of instances with one seed', () => {
    const differences = [0.3, -0.1, 0.4, 0.2, 0.6];
    expect(testOverBoth([run(1, differences)], nil([1], 5))).toEqual({ ...pairedTest(differences), seeds: 1, freedom: 4 });
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

  it('rejects a true null hypothesis one time in twenty, where the test over instances does four times in ten', () => {
    const [trials, seeds, instances] = [1000, 4, 60];
    let both = 0;
    let plain = 0;
    for (let trial = 0; trial < trials; trial++) {
      const random = randomStream(trial, 'type I error');
      const ofInstance = Array.from({ length: instances }, () => standardNormal(random));
      const runs = Array.from({ length: seeds }, (_, s) => {
        const ofSeed = 0.6 * standardNormal(random);
        return run(
          s,
          ofInstance.map((b) => ofSeed + b + standardNormal(random)),
        );
      });
      const none = nil([0, 1, 2, 3], instances);
      if ((testOverBoth(runs, none).p ?? 1) < 0.05) both++;
      if ((testOverInstances(averageOverSeeds(runs), averageOverSeeds(none)).p ?? 1) < 0.05) plain++;
    }
    expect(both / trials).toBeGreaterThan(0.02);
    expect(both / trials).toBeLessThan(0.08);
    expect(plain / trials).toBeGreaterThan(0.3);
  });

  it('takes well under a second for 400,000 instances', () => {
    const random = randomStream(1, 'large');
    const instances = Int32Array.from({ length: 400_000 }, (_, i) => i);
    const runs = [1, 2, 3].map((seed) => ({ seed, instances, values: Float64Array.from(instances, () => random.uniform()) }));
    const others = runs.map(({ seed, values }) => ({ seed, instances: instances.slice(), values: values.slice().reverse() }));
    const started = performance.now();
    expect(testOverBoth(runs, others).n).toBe(400_000);
    expect(performance.now() - started).toBeLessThan(900);
  });
});

describe('what a test says', () => {
  const test = { effect: 0.002, standardError: 0.003, p: 0.5, n: 900, seeds: 3, freedom: 1000 };

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
  });

  it('of seeds alone', () => {
    const result = (seed: number, value: number) => ({ seed, value });
    const [first, second] = [
      [result(1, 0.5), result(2, 0.6), result(3, 0.8)],
      [result(3, 0.5), result(1, 0.4), result(2, 0.4)],
    ];
    expect(testOfSeeds(first, second)).toEqual({ ...testOverSeeds(first, second), seeds: 3, freedom: 2 });
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
