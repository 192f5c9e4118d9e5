import { describe, expect, it } from 'vitest';
import type { RunRow, RunStatus } from '../../storage/database.ts';
import { references } from '../shared/series.ts';
import { deletedWithAll, finishedRuns, hiddenTrials, runsToLookAt } from '../shared/trials.ts';
import { comparablePair } from '../train/demo.ts';
import { groupBySeed, groupMean, inPaperOrder } from './groups.ts';
import { metrics, runRow as run } from './testing.ts';

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

  it('stand in the order of the paper, those it does not list last', () => {
    const others = [
      run({ id: 7, changes: { method: 'finetune-last-3', dilations: [1, 2, 4] } }),
      run({ id: 8, changes: { method: 'most-popular' } }),
    ];
    const firsts = inPaperOrder(groupBySeed([...others, ...runs])).map(({ runs: [{ id }] }) => id);
    expect(firsts).toEqual([8, 1, 3, 4, 7]);
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
    expect(deletedWithAll([runs[1]], runs)).toEqual([1, 2]);
    expect(deletedWithAll([runs[3], runs[0], runs[1]], runs)).toEqual([4, 1, 2]);
    expect(deletedWithAll([trial(5, 0, 'queued')], runs)).toEqual([5]);
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
