import { describe, expect, it } from 'vitest';
import { testOverBoth } from '../evaluation/crossed.ts';
import { instanceValues, metricsOf } from '../evaluation/metrics.ts';
import { pairedTests, type TestedRun } from './report.ts';

const instances = Int32Array.of(0, 1, 2, 3);
const targets = Int32Array.of(0, 0, 0, 0);
const users = Int32Array.of(4, 4, 7, 9);
function tested(method: string, seed: number, ranks: readonly number[]): TestedRun {
  const outcomes = { sampled: Int32Array.from(ranks), all: Int32Array.from(ranks) };
  return { method, seed, instances, targets, users, outcomes, test: metricsOf(outcomes, targets, [5]) };
}
const a = [tested('a', 1, [1, 2, 3, 9]), tested('a', 2, [1, 9, 9, 9])];
const b = [tested('b', 1, [2, 2, 9, 9]), tested('b', 2, [2, 9, 3, 1])];

describe('pairedTests', () => {
  it('are over instances, over both and over seeds', () => {
    const tests = pairedTests([...a, ...b]).filter(({ metric }) => metric === 'MRR@5');
    expect(tests.map(({ first, second, over, n }) => [first, second, over, n])).toEqual([
      ['a', 'b', 'instances', 4],
      ['a', 'b', 'both', 4],
      ['a', 'b', 'seeds', 2],
    ]);
    for (const { effect } of tests) expect(effect).toBeCloseTo((1 + 1 / 3 - 1 / 2 + (1 - 1 / 2 - 1 / 3 - 1)) / 8, 12);
    const seeded = (runs: readonly TestedRun[]) =>
      runs.map(({ seed, outcomes }) => ({
        seed,
        instances,
        users,
        values: instanceValues(outcomes, targets, 'MRR@5', 'sampled') ?? new Float64Array(),
      }));
    const { p, standardError } = testOverBoth(seeded(a), seeded(b));
    expect(tests[1]).toMatchObject({ p, standardError, seeds: 2, users: 3 });
  });

  it('with one seed are over instances alone, which the one over both says', () => {
    const tests = pairedTests([a[0], b[0]].map((run) => ({ ...run, users: null }))).filter(({ metric }) => metric === 'HR@5');
    expect(tests.map(({ over, seeds }) => [over, seeds])).toEqual([
      ['instances', undefined],
      ['both', 1],
    ]);
    expect(tests[1].p).toBe(tests[0].p);
  });
});
