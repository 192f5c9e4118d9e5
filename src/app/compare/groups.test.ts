import { describe, expect, it } from 'vitest';
import { PRESETS } from '../../configuration/presets.ts';
import { complete, nest } from '../../configuration/schema.ts';
import type { Metrics } from '../../engine/evaluation/metrics.ts';
import type { OutcomeRow, RunRow, RunStatus } from '../../storage/database.ts';
import { references } from '../shared/series.ts';
import { deletedWith, finishedRuns, hiddenTrials, runsToLookAt } from '../shared/trials.ts';
import { comparablePair } from '../train/demo.ts';
import { groupBySeed, groupMean, testsBetween } from './groups.ts';

const metrics = (value: number): Metrics => ({
  n: 4,
  sampled: { 'HR@5': value, 'MRR@5': value },
  all: { 'HR@5': value, 'MRR@5': value },
  standardError: { sampled: { 'HR@5': 0.1, 'MRR@5': 0.1 }, all: { 'HR@5': 0.1, 'MRR@5': 0.1 } },
});

interface Sketch {
  readonly id: number;
  readonly changes?: Record<string, unknown>;
  readonly test?: number;
  readonly validation?: number;
  readonly search?: string;
  readonly status?: RunStatus;
}

const run = ({ id, changes = {}, test = 0.5, validation, search, status = 'finished' }: Sketch): RunRow => ({
  id,
  datasetId: 1,
  datasetName: 'd',
  configuration: complete(PRESETS.quick, nest(changes)),
  preset: 'quick',
  scenario: null,
  sourceItems: 10,
  search: search ?? null,
  experimentId: null,
  status,
  position: id,
  createdAt: 0,
  startedAt: 0,
  finishedAt: 0,
  backend: { name: 'wasm', adapter: '', software: false, reason: '', variant: '', largestTable: null },
  error: null,
  pretraining: [],
  result:
    status === 'finished'
      ? {
          bestEpoch: 1,
          test: metrics(test),
          validation: validation === undefined ? null : metrics(validation),
          policy: null,
          candidates: 100,
          classes: null,
          byTrainingTargets: null,
          cost: null,
          split: null,
          seconds: { pretraining: 0, fineTuning: 0, evaluation: 0, recommendation: null },
        }
      : null,
});

const outcome = (runId: number, ranks: number[]): OutcomeRow => ({
  runId,
  outcomes: { sampled: Int32Array.from(ranks), all: Int32Array.from(ranks) },
  instances: Int32Array.from(ranks.keys()),
  targets: new Int32Array(ranks.length),
  policies: null,
});

describe('groups of runs', () => {
  const runs = [
    run({ id: 1, changes: { method: 'finetune-all', seed: 1 }, test: 0.2 }),
    run({ id: 2, changes: { method: 'finetune-all', seed: 2 }, test: 0.4 }),
    run({ id: 3, changes: { method: 'uaf-hard', seed: 1 } }),
    run({ id: 4, changes: { method: 'uaf-hard', seed: 1, temperature: 1 } }),
    run({ id: 5, changes: { method: 'finetune-all', seed: 2 }, test: 0.6 }),
    run({ id: 6, changes: { method: 'finetune-all', seed: 3 }, status: 'failed' }),
  ];

  it('differ in more than the seed, and say in what; repetitions count once', () => {
    const groups = groupBySeed(runs);
    expect(groups.map(({ label, runs: own }) => [label, own.map(({ id }) => id)])).toEqual([
      ['Finetune-All', [1, 5]],
      ['UAF-Hard (temperature τ 10)', [3]],
      ['UAF-Hard (temperature τ 1)', [4]],
    ]);
    const mean = groupMean(groups[0], 'HR@5', 'sampled');
    expect(mean?.value).toBeCloseTo(0.4, 12);
    expect(mean?.deviation).toBeCloseTo(Math.sqrt(0.08), 12);
    expect(groupMean(groups[0], 'HR@20', 'sampled')).toBeUndefined();
  });

  it('are tested pair by pair, over instances and over seeds', () => {
    const groups = groupBySeed(runs.filter(({ id }) => [1, 3].includes(id)));
    const outcomes = new Map([outcome(1, [9, 9, 9, 1]), outcome(3, [1, 1, 9, 1])].map((row) => [row.runId, row]));
    const [[, all], [hard]] = testsBetween(groups, outcomes, 'HR@5', 'sampled', 'instances');
    expect(all).toMatchObject({ effect: -0.5, n: 4 });
    expect(hard).toEqual({ ...all, effect: 0.5 });
    expect(testsBetween(groups, outcomes, 'HR@5', 'sampled', 'seeds')[0][1]).toMatchObject({ n: 1, p: null });
    expect(testsBetween(groups, new Map(), 'HR@5', 'sampled', 'instances')).toMatchObject([
      [null, { reason: 'no test instance in common' }],
      [{ reason: 'no test instance in common' }, null],
    ]);
  });

  it.each([
    [{ evaluation: { candidates: 20 } }, 'sampled', 'instances', 'other candidates'],
    [{ dataset: { splitSeed: 2 } }, 'sampled', 'instances', 'other candidates'],
    [{ dataset: { splitSeed: 2 } }, 'all', 'seeds', 'other test instances'],
    [{ fineTuning: { selectOn: 'test' } }, 'all', 'seeds', 'other test instances'],
  ] as const)('are not tested where %j makes it another task', (changes, protocol, over, reason) => {
    const groups = groupBySeed([run({ id: 1 }), run({ id: 2, changes: { method: 'mtl', ...changes } })]);
    const outcomes = new Map([outcome(1, [9, 1]), outcome(2, [1, 2])].map((row) => [row.runId, row]));
    expect(testsBetween(groups, outcomes, 'HR@5', protocol, over)[0][1]).toEqual({ reason });
  });

  it('are tested over seeds for a metric that is no mean over instances', () => {
    const scores = (id: number, seed: number, macroF1: number): RunRow => {
      const row = run({ id, changes: { method: id < 3 ? 'mtl' : 'peterrec', seed } });
      const test: Metrics = { n: 4, accuracy: 0, macroF1, standardError: { accuracy: 0, macroF1: 0 }, confusion: [[4]] };
      return { ...row, result: row.result && { ...row.result, test } };
    };
    const groups = groupBySeed([scores(1, 1, 0.5), scores(2, 2, 0.4), scores(3, 1, 0.2), scores(4, 2, 0.3)]);
    expect(testsBetween(groups, new Map(), 'macroF1', 'sampled', 'seeds')[0][1]).toMatchObject({ n: 2, effect: 0.2 });
  });
});

describe('trials of a search', () => {
  const trial = (id: number, validation: number, status?: RunStatus) =>
    run({ id, validation, search: 's', changes: { channels: id }, status });

  it('show the test result of the best by validation alone, once all are done', () => {
    expect(hiddenTrials([trial(1, 0.1), trial(2, 0.3), trial(3, 0.2)])).toEqual(new Set([1, 3]));
    expect(hiddenTrials([trial(1, 0.1), trial(2, 0.3), trial(3, 0, 'queued')])).toEqual(new Set([1, 2, 3]));
    expect(hiddenTrials([trial(1, 0.1), trial(2, 0.3), trial(3, 0, 'failed')])).toEqual(new Set([1, 3]));
    expect(hiddenTrials([run({ id: 1 }), run({ id: 2, search: 's', changes: { method: 'most-popular' } })])).toEqual(new Set());
  });

  it('are not looked at, nor are runs that go on or have no policy', () => {
    const policy = { utilisation: [1], distinct: 1, entropy: 0, collapsed: true };
    const withPolicy = (row: RunRow): RunRow => ({ ...row, result: row.result && { ...row.result, policy } });
    const runs = [
      ...[trial(1, 0.1), trial(2, 0.3), run({ id: 3 })].map(withPolicy),
      run({ id: 4 }),
      run({ id: 5, status: 'running' }),
    ];
    expect(finishedRuns(runs).map(({ id }) => id)).toEqual([2, 3, 4]);
    expect(runsToLookAt(runs).map(({ id }) => id)).toEqual([2, 3]);
  });

  it('go together, so that none of the others takes the place of the best', () => {
    const runs = [trial(1, 0.1), trial(2, 0.3), run({ id: 3, search: 's', changes: { method: 'mtl' } }), run({ id: 4 })];
    expect(deletedWith(runs[1], runs)).toEqual([1, 2]);
    expect(deletedWith(runs[3], runs)).toEqual([4]);
    expect(deletedWith(trial(5, 0, 'queued'), runs)).toEqual([5]);
  });
});

describe('what stands beside results', () => {
  const hard = run({ id: 1, changes: { method: 'uaf-hard' }, test: 0.4 });
  const all = run({ id: 2, changes: { method: 'finetune-all' }, test: 0.3 });
  const trial = run({ id: 3, changes: { method: 'finetune-all', channels: 8 }, test: 0.9, search: 's' });
  const elsewhere = run({ id: 4, changes: { method: 'finetune-all', evaluation: { candidates: 20 } }, test: 0.8 });

  it('the story compares the newest runs of one task, and never looks at trials of a search', () => {
    expect(comparablePair([hard, all, trial, elsewhere])).toMatchObject({ hard: metrics(0.4), all: metrics(0.3) });
    expect(comparablePair([hard, trial, elsewhere, { ...all, datasetId: 2 }])).toBeNull();
  });

  it('curves have MostPop beside them where it ranks the same candidates, and chance', () => {
    const popular = run({ id: 5, changes: { method: 'most-popular' }, test: 0.2 });
    const candidatesOf = () => 100;
    expect(references([hard, all], [popular, hard], 'HR@5', 'sampled', candidatesOf)).toEqual([
      { label: 'MostPop (test)', y: 0.2 },
      { label: 'chance', y: 0.05 },
    ]);
    expect(references([hard], [hard], 'MRR@5', 'sampled', candidatesOf)[0].y).toBeCloseTo(
      (1 + 1 / 2 + 1 / 3 + 1 / 4 + 1 / 5) / 100,
      12,
    );
    const other = run({ id: 6, changes: { method: 'most-popular', evaluation: { candidates: 20 } } });
    expect(references([hard], [other], 'HR@5', 'sampled', candidatesOf)).toEqual([{ label: 'chance', y: 0.05 }]);
    expect(references([hard, elsewhere], [popular], 'HR@5', 'sampled', ({ id }) => 20 * id)).toEqual([]);
  });
});
