import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { instancesOf } from './dataset.ts';
import { randomStream } from './random.ts';
import { SIMULATOR_DEFAULTS, simulate } from './simulator.ts';
import { drawNegatives, drawOther, fractionOf, splitInstances } from './split.ts';

const dataset = simulate({ ...SIMULATOR_DEFAULTS, users: 100 });
const instances = instancesOf(dataset);

describe('split', () => {
  it('puts each instance into exactly one part, 80 / 5 / 15 %', () => {
    const { train, validation, test } = splitInstances(dataset, instances, 'random', 1);
    expect([train.length, validation.length, test.length]).toEqual([320, 20, 60]);
    expect(new Set([...train, ...validation, ...test]).size).toBe(400);
  });

  it('depends on its seed alone', () => {
    expect(splitInstances(dataset, instances, 'random', 1)).toEqual(splitInstances(dataset, instances, 'random', 1));
    expect(splitInstances(dataset, instances, 'random', 1).test).not.toEqual(
      splitInstances(dataset, instances, 'random', 2).test,
    );
  });

  it('latest: tests on each user’s last instance and validates on the one before', () => {
    const { train, validation, test } = splitInstances(dataset, instances, 'latest', 1);
    expect(Array.from(test.subarray(0, 2))).toEqual([3, 7]);
    expect(Array.from(validation.subarray(0, 2))).toEqual([2, 6]);
    expect(train.length).toBe(200);
  });

  it('keeps a seeded share of the training instances', () => {
    const { train } = splitInstances(dataset, instances, 'random', 1);
    const tenth = fractionOf(train, 0.1, 1);
    expect(tenth.length).toBe(32);
    expect(tenth.every((i) => train.includes(i))).toBe(true);
  });
});

describe('negatives', () => {
  it('are distinct, never the target, and as many as the catalogue allows', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 2, max: 300 }),
        fc.integer({ min: 1, max: 99 }),
        fc.nat(),
        fc.nat(),
        (items, count, seed, at) => {
          const target = at % items;
          const negatives = drawNegatives(seed, 5, target, items, count);
          expect(negatives.length).toBe(Math.min(count, items - 1));
          expect(new Set(negatives).size).toBe(negatives.length);
          expect(negatives.every((item) => item !== target && item >= 0 && item < items)).toBe(true);
        },
      ),
    );
  });

  it('of training are uniform over the other items, and never the positive', () => {
    const random = randomStream(1, 'negatives');
    const counts = new Array<number>(8).fill(0);
    for (let i = 0; i < 7000; i++) counts[drawOther(random, 5, 8)]++;
    expect(counts[5]).toBe(0);
    // Each of 7 others is expected 1,000 times; five binomial deviations.
    expect(counts.filter((_, item) => item !== 5).every((n) => Math.abs(n - 1000) < 5 * Math.sqrt(1000 * (6 / 7)))).toBe(true);
  });

  it('are uniform over the other items', () => {
    const counts = new Array<number>(10).fill(0);
    for (let instance = 0; instance < 3000; instance++) for (const item of drawNegatives(1, instance, 4, 10, 3)) counts[item]++;
    // Each of 9 others is expected 1,000 times; five binomial deviations.
    expect(counts[4]).toBe(0);
    expect(counts.filter((_, item) => item !== 4).every((n) => Math.abs(n - 1000) < 5 * Math.sqrt(1000 * (2 / 3)))).toBe(true);
  });
});
