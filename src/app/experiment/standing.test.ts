import { describe, expect, it } from 'vitest';
import { runGrid } from './runGrid.ts';
import { inQueueOrder, isHeld, standingOf, standingWords, undone, unfinished } from './standing.ts';
import { runRow } from './testing.ts';

const of = (...statuses: Parameters<typeof runRow>[2][]) => statuses.map((more, i) => runRow(i + 1, {}, more));

describe('where an experiment stands', () => {
  it('is said in a few words', () => {
    const runs = of({ status: 'finished' }, { status: 'failed' }, { status: 'stopped' }, { status: 'held' });
    expect(standingWords(standingOf(runs))).toBe('1 of 4 finished, 1 failed, 1 stopped, paused');
    expect([undone(runs).map(({ id }) => id), unfinished(runs).map(({ id }) => id)]).toEqual([[2, 3], [4]]);
    expect(standingWords(standingOf(of({ status: 'finished' })))).toBe('all 1 finished');
    expect(standingWords(standingOf([]))).toBe('no runs');
  });

  it('is listed as the queue will take it, then the newest first', () => {
    const runs = [
      runRow(1, {}, { experimentId: 1, status: 'queued', position: 9 }),
      runRow(2, {}, { experimentId: 2, status: 'finished', position: 2 }),
      runRow(3, {}, { experimentId: 3, status: 'finished', position: 3 }),
      runRow(4, {}, { experimentId: 4, status: 'held', position: 5 }),
    ];
    const experiments = [1, 2, 3, 4].map((id) => ({ id }));
    expect(inQueueOrder(experiments, runs).map(({ id }) => id)).toEqual([4, 1, 3, 2]);
  });

  it('is paused when nothing of it waits to be taken', () => {
    expect(isHeld(standingOf(of({ status: 'held' }, { status: 'queued' })))).toBe(false);
    expect(isHeld(standingOf(of({ status: 'held' }, { status: 'running' })))).toBe(false);
    expect(isHeld(standingOf(of({ status: 'finished' }, { status: 'paused' })))).toBe(true);
    expect(isHeld(standingOf(of({ status: 'finished' })))).toBe(false);
  });
});

describe('the grid of runs', () => {
  it('has a row for each configuration and a column for each seed', () => {
    const runs = [
      runRow(1, { method: 'most-popular', seed: 2 }),
      runRow(2, { method: 'uaf-rl', seed: 2 }),
      runRow(3, { method: 'uaf-rl', seed: 1 }),
      runRow(4, { method: 'uaf-rl', seed: 1, rewardGamma: 3 }),
    ];
    const { seeds, rows } = runGrid(runs);
    expect(seeds).toEqual([1, 2]);
    expect(rows.map(({ label, runs: own }) => [label, Array.from(own.values(), ({ id }) => id)])).toEqual([
      ['MostPop', [1]],
      ['UAF-RL, penalty γ 1', [2, 3]],
      ['UAF-RL, penalty γ 3', [4]],
    ]);
  });

  it('names what is another than in the first row where there is much', () => {
    const keys = [{}, { rewardGamma: 3 }, { readout: 'mean' }, { temperature: 1 }, { rewardBeta: 2 }, { warmupEpochs: 1 }];
    const all = Object.assign({}, ...keys);
    const runs = [...keys, all].map((changes, i) => runRow(i, { method: 'uaf-rl', ...changes }));
    expect(runGrid(runs).rows.map(({ label }) => label)).toEqual([
      'UAF-RL',
      'UAF-RL, penalty γ 3',
      'UAF-RL, user vector mean',
      'UAF-RL, temperature τ 1',
      'UAF-RL, weight β 2',
      'UAF-RL, warm-up epochs 1',
      'UAF-RL, 5 changes',
    ]);
  });
});
