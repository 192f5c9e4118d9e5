import { describe, expect, it } from 'vitest';
import { metricsOf } from '../engine/evaluation/metrics.ts';
import type { PolicySummary } from '../engine/evaluation/policies.ts';
import type { EpochReport } from '../engine/training/report.ts';
import { seedsWarning } from './claims/seedsWarning.ts';
import { verdicts } from './claims.ts';
import type { ResultRun } from './run.ts';
import { DATASET, madeRanks, resultRun } from './testing.ts';

const of = (id: string, runs: readonly ResultRun[]) => {
  const verdict = verdicts(runs).find(({ claim }) => claim.id === id);
  if (verdict === undefined) throw new Error(`There is no claim “${id}”.`);
  return verdict;
};

/** Runs of a method with seeds 1, 2, …, with one share of hits; instances are as hard for all. */
const runs = (method: string, share: number, seeds = 3, more: Parameters<typeof resultRun>[3] = {}, n = 600) =>
  Array.from({ length: seeds }, (_, s) => resultRun(method, s + 1, madeRanks(method, s + 1, share, n), more));

const OTHER = { ...DATASET, name: 'e', hash: 'e' };

describe('claims that compare', () => {
  it('hold where every method is better in both metrics', () => {
    const verdict = of(
      'uaf-finetune-all',
      ['uaf-hard', 'uaf-soft', 'uaf-rl'].flatMap((id) => runs(id, 0.7)).concat(runs('finetune-all', 0.4)),
    );
    expect(verdict).toMatchObject({ answer: 'holds', template: null });
    expect(verdict.tests).toHaveLength(6);
    expect(verdict.tests[0]).toMatchObject({
      dataset: 'd',
      first: 'UAF-Hard',
      second: 'Finetune-All',
      metric: 'HR@5',
      seeds: 3,
      test: { n: 600 },
    });
    expect(verdict.words).toContain('On d it holds in all 6 tests');
    expect(verdict.words).toContain('N = 600 test instances, 3 seeds');
  });

  it('do not hold where it is the other way round', () => {
    const verdict = of('pretraining', [...runs('finetune-all', 0.4), ...runs('finetune-zero', 0.6)]);
    expect(verdict).toMatchObject({ answer: 'does not hold', template: null });
    expect(verdict.words).toMatch(/Finetune-All − Finetune-Zero is −0\.\d+ ± 0\.\d+ in HR@5, p/);
  });

  it('count the methods that are for and against', () => {
    const all = [...runs('uaf-hard', 0.7), ...runs('uaf-soft', 0.5), ...runs('uaf-rl', 0.3), ...runs('mtl', 0.5)];
    const { answer, words } = of('uaf-mtl', all);
    expect(answer).toBe('does not hold');
    expect(words).toContain(
      'Each against MTL: UAF-Hard: better (1 of 3); it cannot be told of UAF-Soft (1 of 3); UAF-RL: worse (1 of 3).',
    );
  });

  it('say which settings they are of, where a method has several', () => {
    const smaller = { changes: { 'fineTuning.batchSize': 128 } };
    const pair = (more = {}) => [...runs('finetune-all', 0.6, 1, more), ...runs('finetune-zero', 0.4, 1, more)];
    const words = of('pretraining', [...pair(), ...pair(smaller)]).words;
    expect(words).toContain('There are runs with several settings; shown here: batch size B 64.');
    expect(of('pretraining', pair(smaller)).words).not.toContain('several settings');
  });

  it('cannot be told of too few instances, and say what could have been seen', () => {
    const verdict = of('pretraining', [...runs('finetune-all', 0.52, 3, {}, 30), ...runs('finetune-zero', 0.5, 3, {}, 30)]);
    expect(verdict).toMatchObject({ answer: 'cannot be told', template: 'table-2' });
    expect(verdict.words).toMatch(/Runs like these find a difference of 0\.\d+ or more four times in five/);
  });

  it('cannot be told without runs, and name them and a template', () => {
    expect(of('uaf-mtl', runs('uaf-hard', 0.5))).toMatchObject({ answer: 'cannot be told', tests: [], template: 'table-2' });
    expect(of('uaf-mtl', runs('uaf-hard', 0.5)).words).toContain('runs of UAF-Hard, UAF-Soft or UAF-RL and of MTL');
    expect(verdicts([]).every(({ answer }) => answer === 'cannot be told')).toBe(true);
  });

  it('name the methods that did not run', () => {
    const verdict = of('uaf-peterrec', [...runs('uaf-hard', 0.7), ...runs('peterrec', 0.4)]);
    expect(verdict).toMatchObject({ answer: 'holds', template: 'table-2' });
    expect(verdict.words).toContain('Of UAF-Soft and UAF-RL there is no such run.');
  });

  it('say that the chance of training is unknown with one seed', () => {
    const verdict = of('pretraining', [...runs('finetune-all', 0.6, 1), ...runs('finetune-zero', 0.4, 1)]);
    expect(verdict.answer).toBe('holds');
    expect(seedsWarning([verdict])).toContain('With one seed p is of the chance of the test instances alone');
  });

  it('say that two seeds are few', () => {
    const two = [...runs('finetune-all', 0.6, 2), ...runs('finetune-zero', 0.4, 2)];
    expect(seedsWarning([of('pretraining', two)])).toContain('From two seeds the chance of training can hardly be judged');
    expect(seedsWarning([of('pretraining', [...runs('finetune-all', 0.6), ...runs('finetune-zero', 0.4)])])).toBeNull();
  });

  it('are not decided by instances where seeds disagree', () => {
    const moody = (method: string, shares: readonly number[]) =>
      shares.map((share, s) => resultRun(method, s + 1, madeRanks(method, s + 1, share, 600)));
    const disagreeing = [...moody('finetune-all', [0.7, 0.5, 0.35]), ...moody('finetune-zero', [0.4, 0.4, 0.4])];
    expect(of('pretraining', disagreeing).answer).toBe('cannot be told');
  });

  it('take only runs of the same settings', () => {
    const otherRate = { changes: { 'fineTuning.learningRate': 0.5 } };
    const unlike = [...runs('finetune-all', 0.7), ...runs('uaf-hard', 0.4, 3, otherRate)];
    expect(of('uaf-finetune-all', unlike)).toMatchObject({ answer: 'cannot be told', tests: [] });
    // What a method does not read makes no difference: τ is no setting of Finetune-All, nor pre-training one of MostPop.
    const longer = { changes: { 'pretraining.epochs': 20, temperature: 1 } };
    const alike = [
      ...runs('finetune-all', 0.6, 3, longer),
      ...runs('uaf-hard', 0.9, 3, { changes: { 'pretraining.epochs': 20 } }),
    ];
    expect(of('uaf-finetune-all', alike).answer).toBe('holds');
    expect(of('floor', [...alike, ...runs('most-popular', 0.3, 1)])).toMatchObject({ answer: 'holds', tests: { length: 4 } });
  });

  it('hold on several datasets only if on all', () => {
    const here = [...runs('finetune-all', 0.6), ...runs('finetune-zero', 0.4)];
    const there = (all: number) => [
      ...runs('finetune-all', all, 3, { dataset: OTHER }),
      ...runs('finetune-zero', 0.4, 3, { dataset: OTHER }),
    ];
    expect(of('pretraining', [...here, ...there(0.6)])).toMatchObject({ answer: 'holds', tests: { length: 4 } });
    const half = of('pretraining', [...here, ...there(0.2)]);
    expect(half.answer).toBe('does not hold');
    expect(half.words).toContain(
      'It holds on 1 of 2 datasets and does not hold on 1. Holm’s correction is for the tests on all of them.',
    );
  });

  it('correct for the tests on all datasets, not on each alone', () => {
    const on = (hash: string) => ({ dataset: { ...DATASET, name: hash, hash } });
    const pair = (all: number, hash: string) => [
      ...runs('finetune-all', all, 3, on(hash)),
      ...runs('finetune-zero', 0.4, 3, on(hash)),
    ];
    const [alone] = of('pretraining', pair(0.6, 'a')).tests;
    const [among] = of('pretraining', [...pair(0.6, 'a'), ...pair(0.4, 'b'), ...pair(0.4, 'c')]).tests;
    expect(among.test).toEqual(alone.test);
    expect(among.corrected ?? 0).toBeGreaterThan(2 * (alone.corrected ?? 1));
  });

  it('say of how many users the instances are, where that is known', () => {
    const users = Int32Array.from({ length: 600 }, (_, i) => Math.floor(i / 3));
    const known = [...runs('finetune-all', 0.6), ...runs('finetune-zero', 0.4)].map((run) => ({
      ...run,
      details: run.details && { ...run.details, users },
    }));
    expect(of('pretraining', known).words).toContain('N = 600 test instances of 200 users, 3 seeds');
  });

  it('say where they trained on a part that is no tenth', () => {
    const part = { changes: { 'fineTuning.trainingFraction': 0.01 } };
    const all = [...runs('finetune-all', 0.3, 3, part), ...runs('uaf-hard', 0.6, 3, part)];
    expect(of('little-data', all).tests).toEqual([]);
    expect(of('uaf-finetune-all', all).words).toContain('These trained on 1 % of the training instances.');
  });

  it('fall back on seeds where ranks were not kept', () => {
    const lost = (all: ResultRun[]) => all.map((run) => ({ ...run, details: null }));
    const verdict = of('pretraining', [...lost(runs('finetune-all', 0.8, 4)), ...runs('finetune-zero', 0.3, 4)]);
    expect(verdict.answer).toBe('holds');
    expect(verdict.tests[0].test.n).toBe(4);
    expect(verdict.words).toContain('Ranks were not kept of all runs');
    const single = of('pretraining', [...lost(runs('finetune-all', 0.8, 1)), ...runs('finetune-zero', 0.3, 1)]);
    expect(single.answer).toBe('cannot be told');
    expect(single.words).toContain('ranks were not kept, and there is one seed only');
  });

  it('tell random gates of training from others', () => {
    const other = { changes: { evaluationSeed: 99 } };
    const all = [...runs('uaf-random', 0.6), ...runs('uaf-random', 0.3, 3, other), ...runs('uaf-hard', 0.8)];
    expect(of('other-gates', all).answer).toBe('holds');
    expect(of('policy-same-gates', all).tests[0].second).toBe('UAF-Random with the same gates');
    expect(of('policy-other-gates', all)).toMatchObject({ answer: 'holds', tests: { length: 2 } });
  });

  it('ask of a GRU to be the same, which needs a narrow test', () => {
    const twin = (n: number) => [...runs('uaf-hard', 0.5, 2, {}, n), ...runs('uaf-hard', 0.5, 2, {}, n).map(asGru)];
    expect(of('gru', twin(400)).answer).toBe('holds');
    expect(of('gru', [...runs('uaf-hard', 0.5, 2, {}, 50), ...runs('uaf-hard-gru', 0.5, 2, {}, 50)]).answer).toBe(
      'cannot be told',
    );
    expect(of('gru', [...runs('uaf-hard', 0.7), ...runs('uaf-hard-gru', 0.3)]).answer).toBe('does not hold');
  });

  it('keep a tenth of the data apart', () => {
    const tenth = { changes: { 'fineTuning.trainingFraction': 0.1 } };
    const all = [
      ...runs('finetune-all', 0.6),
      ...runs('uaf-hard', 0.3),
      ...runs('finetune-all', 0.3, 3, tenth),
      ...runs('uaf-hard', 0.6, 3, tenth),
    ];
    expect(of('little-data', all).answer).toBe('holds');
    expect(of('uaf-finetune-all', all).answer).toBe('does not hold');
  });

  it('test accuracy alone of profiles', () => {
    const dataset = { ...DATASET, task: 'profile' as const };
    const profile = (method: string, share: number) => runs(method, share, 2, { dataset }).map(asProfile);
    const verdict = of('profiles', [...profile('uaf-soft', 0.7), ...profile('finetune-all', 0.4)]);
    expect(verdict).toMatchObject({ answer: 'holds', tests: [{ metric: 'accuracy', first: 'UAF-Soft' }] });
    expect(of('uaf-finetune-all', [...profile('uaf-soft', 0.7), ...profile('finetune-all', 0.4)]).tests).toEqual([]);
  });
});

/** The same outcomes as a run of the GRU, but for a few instances. */
function asGru(run: ResultRun): ResultRun {
  const ranks = Array.from(run.details && 'sampled' in run.details.outcomes ? run.details.outcomes.sampled : []);
  return resultRun(
    'uaf-hard-gru',
    run.report.seed,
    ranks.map((rank, i) => (i < 4 ? 1 + (i % 2) * 8 : rank)),
  );
}

/** A hit becomes a right class. */
function asProfile(run: ResultRun): ResultRun {
  if (run.details === null || !('sampled' in run.details.outcomes)) throw new Error('These are no ranks.');
  const { targets } = run.details;
  const outcomes = { predicted: run.details.outcomes.sampled.map((rank, i) => (rank <= 5 ? targets[i] : targets[i] + 1)) };
  return { ...run, details: { ...run.details, outcomes }, report: { ...run.report, test: metricsOf(outcomes, targets, [5]) } };
}

describe('over-fitting', () => {
  /** Validation HR@5 rises until an epoch and falls after it. */
  const course = (peak: number): EpochReport[] =>
    Array.from({ length: 10 }, (_, e) => {
      const hits = 18 - Math.abs(e + 1 - peak);
      const outcomes = { sampled: Int32Array.from({ length: 20 }, (_, i) => (i < hits ? 1 : 9)), all: new Int32Array(20) };
      return { epoch: e + 1, trainLoss: 1, validation: metricsOf(outcomes, [], [5]), utilisation: null, policy: null };
    });
  const peaking = (method: string, peaks: readonly number[]) =>
    peaks.map((peak, s) => resultRun(method, s + 1, [1, 9, 9], { report: { epochs: course(peak) } }));

  it('is told by the best epoch, over seeds', () => {
    const verdict = of('over-fitting', [...peaking('finetune-all', [3, 3, 5]), ...peaking('uaf-hard', [9, 9, 9])]);
    expect(verdict).toMatchObject({ answer: 'holds', tests: [{ seeds: 3, test: { n: 3 } }] });
    expect(verdict.tests[0].test.effect).toBeCloseTo(16 / 3, 10);
    expect(verdict.words).toContain('at epoch 3.7 with Finetune-All (0.317 lower at the last epoch)');
    expect(of('over-fitting', [...peaking('finetune-all', [9, 9, 7]), ...peaking('uaf-hard', [3, 3, 3])]).answer).toBe(
      'does not hold',
    );
  });

  it('cannot be answered with few epochs', () => {
    const short = { changes: { 'fineTuning.epochs': 2 } };
    const { answer, words, tests } = of('over-fitting', [
      ...runs('finetune-all', 0.4, 2, short),
      ...runs('uaf-hard', 0.5, 2, short),
    ]);
    expect([answer, tests]).toEqual(['cannot be told', []]);
    expect(words).toContain('cannot be answered with so few epochs (2)');
    expect(words).toContain('goes by HR@5');
  });

  it('cannot be told of one seed', () => {
    const verdict = of('over-fitting', [...peaking('finetune-all', [3]), ...peaking('uaf-hard', [9])]);
    expect(verdict).toMatchObject({ answer: 'cannot be told', template: 'figure-4' });
    expect(verdict.words).toContain('one seed in common');
  });
});

describe('claims on policies', () => {
  const policy = (utilisation: number[], collapsed = false): PolicySummary => ({
    utilisation,
    distinct: 3,
    entropy: 0.5,
    collapsed,
  });
  const withPolicies = (dataset: typeof DATASET, all: readonly PolicySummary[]) =>
    all.map((one, s) => resultRun('uaf-hard', s + 1, [1, 2, 9], { dataset, report: { policy: one } }));

  it('count collapse', () => {
    expect(of('personal', withPolicies(DATASET, [policy([0.5, 1]), policy([0.4, 1])]))).toMatchObject({
      answer: 'holds',
      template: 'figure-3',
    });
    expect(of('personal', withPolicies(DATASET, [policy([1, 1], true)])).answer).toBe('does not hold');
    const mixed = of('personal', withPolicies(DATASET, [policy([0.5, 1]), policy([1, 1], true)]));
    expect(mixed.answer).toBe('cannot be told');
    expect(mixed.words).toContain('in 1 of 2 runs');
  });

  it('look for a block that all users use', () => {
    expect(of('no-block-for-all', withPolicies(DATASET, [policy([0.5, 0.98])]))).toMatchObject({
      answer: 'holds',
      template: null,
    });
    expect(of('no-block-for-all', withPolicies(DATASET, [policy([0.5, 0.995])])).answer).toBe('does not hold');
  });

  it('ask whether datasets differ by more than seeds', () => {
    const here = [policy([0.5, 0.9]), policy([0.52, 0.91]), policy([0.51, 0.9])];
    const there = [policy([0.1, 0.9]), policy([0.12, 0.91]), policy([0.1, 0.89])];
    const moody = [policy([0.1, 0.9]), policy([0.9, 0.1]), policy([0.5, 0.5])];
    const answer = (second: readonly PolicySummary[]) =>
      of('policies-between-datasets', [...withPolicies(DATASET, here), ...withPolicies(OTHER, second)]).answer;
    expect(answer(there)).toBe('holds');
    expect(answer(moody)).toBe('cannot be told');
    expect(answer(here)).toBe('does not hold');
    const collapsed = [policy([0, 1], true), policy([0, 1], true)];
    expect(of('policies-between-datasets', [...withPolicies(DATASET, collapsed), ...withPolicies(OTHER, collapsed)]).answer).toBe(
      'does not hold',
    );
    expect(of('policies-between-datasets', withPolicies(DATASET, here))).toMatchObject({ answer: 'cannot be told', tests: [] });
    expect(
      of('policies-between-datasets', [...withPolicies(DATASET, here.slice(1, 2)), ...withPolicies(OTHER, there.slice(1, 2))])
        .words,
    ).toContain('With one seed');
  });
});
