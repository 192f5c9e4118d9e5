import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { instancesOf } from './dataset.ts';
import { NO_EVENT_FILTERS } from './filters.ts';
import { NO_FILTERS, prepare } from './prepare.ts';
import { medianOf, shapeOf, shorterThan } from './shape.ts';
import { SIMULATOR_DEFAULTS, simulate } from './simulator.ts';
import { splitInstances } from './split.ts';
import { drained } from './steps.ts';
import { summarise } from './summary.ts';
import { readingOf } from './testing.ts';

/** What a function gives, or what it says when it throws. */
function outcomeOf<T>(of: () => T): T | string {
  try {
    return of();
  } catch (error) {
    return String(error);
  }
}

describe('the shape of a dataset', () => {
  it('counts users, lengths, targets and popularity', () => {
    const shape = shapeOf(
      prepare(
        'd',
        readingOf(
          ['u', 'u', 'u', 'v', 'w'].map((user, i) => [user, 'aabab'[i], i]),
          [
            ['u', 'x', 1],
            ['u', 'x', 2],
            ['u', 'y', 3],
            ['v', 'x', 4],
            ['t', 'z', 5],
          ],
        ),
        NO_FILTERS,
      ),
    );
    expect(shape.users).toEqual({ both: 2, sourceOnly: 1, targetOnly: 1 });
    expect(Array.from(shape.sourceLengths.subarray(0, 4))).toEqual([0, 2, 0, 1]);
    expect(Array.from(shape.targetsPerUser.subarray(0, 4))).toEqual([0, 1, 0, 1]);
    expect(shape.targetPopularity).toMatchObject({ first: 0.75, rare: 2 });
    const { shares } = shape.targetPopularity;
    expect([shares[0], shares[25], shares[50], shares[100]]).toEqual([0, 0.375, 0.75, 1]);
    expect([medianOf(shape.sourceLengths), shorterThan(shape.sourceLengths, 3)]).toEqual([1, 2]);
  });

  it('finds the targets that the random split never trains', () => {
    const dataset = simulate({ ...SIMULATOR_DEFAULTS, users: 40 });
    const { user: _, item } = instancesOf(dataset);
    const { train, test } = splitInstances(dataset, instancesOf(dataset), 'random', 1);
    const seen = new Set(Array.from(train, (i) => item[i]));
    const unseenTest = Array.from(test).filter((i) => !seen.has(item[i])).length;
    expect(unseenTest).toBeGreaterThan(0);
    expect(shapeOf(dataset).unseen).toEqual({
      splitSeed: 1,
      test: test.length,
      unseenTest,
      unseenItems: dataset.targetItems.length - seen.size,
    });
  });

  it('counts those longer than it has entries for together', () => {
    const source = Array.from({ length: 300 }, (_, i) => ['u', `i${i}`, i] as const);
    const shape = shapeOf(prepare('d', readingOf(source, [['u', 'x', 1]]), NO_FILTERS));
    expect(shape.sourceLengths.at(-1)).toBe(1);
    expect(shape.sourcePopularity.shares[10]).toBeCloseTo(0.1);
  });

  it('is told before anything is prepared as it is afterwards', () => {
    const event = (items: string) => fc.tuple(fc.constantFrom(...'abcdef'), fc.constantFrom(...items), fc.nat(9));
    const events = (items: string) => fc.array(event(items), { minLength: 20, maxLength: 60 });
    fc.assert(
      fc.property(events('ABCD'), events('WXYZ'), fc.constantFrom(null, 2, 4), fc.nat(3), (source, target, before, most) => {
        const reading = { ...readingOf(source, target), pretrainingUsers: before };
        const settings = {
          minimumTargetItemCount: 2,
          maximumTargetsPerUser: most,
          filters: { ...NO_EVENT_FILTERS, repeats: 'first' as const },
        };
        const told = outcomeOf(() => drained(summarise(reading, settings)));
        const prepared = outcomeOf(() => {
          const dataset = prepare('d', reading, settings);
          return { figures: dataset.figures, shape: shapeOf(dataset), timed: dataset.timed };
        });
        expect(told).toEqual(prepared);
      }),
    );
  });
});
