import { describe, expect, it } from 'vitest';
import type { Metrics } from '../engine/evaluation/metrics.ts';
import { resultRun } from './testing.ts';
import { type Tested, testsBetween } from './tests.ts';

/** A run by the rank of each of its test instances. */
function tested(method: string, seed: number, ranks: readonly number[], changes: Record<string, unknown> = {}): Tested {
  const { dataset, report, details } = resultRun(method, seed, ranks, { changes });
  if (report.test === null) throw new Error('It is finished.');
  return { dataset: dataset.hash, configuration: report.configuration, test: report.test, details };
}

const all = tested('finetune-all', 1, [9, 9, 9, 1]);
const hard = tested('uaf-hard', 1, [1, 1, 9, 1]);

describe('groups of runs', () => {
  it('are tested pair by pair, over instances, over seeds and over both', () => {
    const [[, first], [second]] = testsBetween([[all], [hard]], 'HR@5', 'sampled', 'instances');
    expect(first).toMatchObject({ effect: -0.5, n: 4 });
    expect(second).toEqual({ ...first, effect: 0.5 });
    expect(testsBetween([[all], [hard]], 'HR@5', 'sampled', 'seeds')[0][1]).toMatchObject({ n: 1, p: null });
    const again = [all, tested('finetune-all', 2, [9, 1, 9, 9])];
    const other = [hard, tested('uaf-hard', 2, [1, 1, 1, 9])];
    expect(testsBetween([again, other], 'HR@5', 'sampled', 'both')[1][0]).toMatchObject({ effect: 0.5, n: 4, seeds: 2 });
  });

  it('have MostPop for each of their seeds, however many of it ran', () => {
    const popular = tested('most-popular', 1, [9, 9, 9, 1]);
    const seeds = [hard, tested('uaf-hard', 2, [1, 1, 1, 9])];
    for (const mostPopular of [[popular], [popular, tested('most-popular', 5, [9, 9, 9, 1])]]) {
      expect(testsBetween([seeds, mostPopular], 'HR@5', 'sampled', 'both')[0][1]).toMatchObject({ effect: 0.5, n: 4, seeds: 2 });
      expect(testsBetween([mostPopular, seeds], 'HR@5', 'sampled', 'seeds')[0][1]).toMatchObject({ effect: -0.5, n: 2 });
    }
  });

  it('are tested over users where these are known', () => {
    const users = Int32Array.of(3, 3, 8, 8);
    const known = [all, hard].map((run) => [{ ...run, details: run.details && { ...run.details, users } }]);
    expect(testsBetween(known, 'HR@5', 'sampled', 'both')[0][1]).toMatchObject({ n: 4, users: 2, seeds: 1 });
  });

  it.each([
    ['instances', 'no test instance in common'],
    ['both', 'no test instance of the same seed in common'],
  ] as const)('have nothing to pair over %s where ranks were not kept', (over, reason) => {
    const bare = { ...hard, details: null };
    expect(testsBetween([[all], [bare]], 'HR@5', 'sampled', over)).toEqual([
      [null, { reason }],
      [{ reason }, null],
    ]);
  });

  it('may be gone when they are asked for', () => {
    expect(testsBetween([[all], []], 'HR@5', 'sampled', 'instances')[0][1]).toEqual({ reason: 'deleted' });
  });

  it.each([
    [{ 'evaluation.candidates': 20 }, 'sampled', 'instances', 'other candidates'],
    [{ 'dataset.splitSeed': 2 }, 'sampled', 'instances', 'other candidates'],
    [{ 'dataset.splitSeed': 2 }, 'all', 'seeds', 'other test instances'],
    [{ 'fineTuning.selectOn': 'test' }, 'all', 'seeds', 'other test instances'],
  ] as const)('are not tested where %j makes it another task', (changes, protocol, over, reason) => {
    const other = tested('mtl', 1, [1, 2, 3, 4], changes);
    expect(testsBetween([[all], [other]], 'HR@5', protocol, over)[0][1]).toEqual({ reason });
    expect(testsBetween([[all], [{ ...other, dataset: 'another' }]], 'HR@5', protocol, over)[0][1]).toEqual({
      reason: 'another dataset',
    });
  });

  it('are tested over seeds for a metric that is no mean over instances', () => {
    const scores = (method: string, seed: number, macroF1: number): Tested => {
      const test: Metrics = { n: 4, accuracy: 0, macroF1, standardError: { accuracy: 0, macroF1: 0 }, confusion: [[4]] };
      return { ...tested(method, seed, [1]), test, details: null };
    };
    const groups = [
      [scores('mtl', 1, 0.5), scores('mtl', 2, 0.4)],
      [scores('peterrec', 1, 0.2), scores('peterrec', 2, 0.3)],
    ];
    expect(testsBetween(groups, 'macroF1', 'sampled', 'seeds')[0][1]).toMatchObject({ n: 2, effect: 0.2 });
  });
});
