import { describe, expect, it } from 'vitest';
import { PRESETS } from '../../configuration/presets.ts';
import { complete, nest } from '../../configuration/schema.ts';
import type { RunShares } from '../../services/protocol.ts';
import type { RunRow } from '../../storage/database.ts';
import { figureRows, unreadWords } from './figure3.ts';

const run = (id: number, datasetId: number, changes: Record<string, unknown>) =>
  ({
    id,
    datasetId,
    datasetName: `set ${datasetId}`,
    backend: null,
    configuration: complete(PRESETS.quick, nest(changes)),
    result: { bestEpoch: 3 },
  }) as RunRow;
const shares = (runId: number, values: number[], users = 10, group: string | null = null): RunShares => ({
  runId,
  group,
  users,
  all: 20,
  tested: true,
  shares: values,
});

const runs = [
  run(1, 1, { seed: 1 }),
  run(2, 1, { seed: 2 }),
  run(3, 1, { method: 'uaf-soft' }),
  run(4, 2, { dilations: [1, 4, 1] }),
];
const all = [shares(1, [0, 1]), shares(2, [0.5, 1], 12), shares(3, [0.2, 0.4]), shares(4, [1, 1, 1], 5)];

describe('rows of Fig. 3', () => {
  it('are the mean over seeds with its spread', () => {
    const [first, ...others] = figureRows(runs, all, 'methods');
    expect(first.shares[0].mean).toBe(0.25);
    expect(first.shares[0].deviation).toBeCloseTo(Math.SQRT1_2 / 2);
    expect(first.note).toBe('2 runs, 12 of 20 users');
    expect(others.map(({ note }) => note)).toEqual(['epoch 3, 10 of 20 users', 'epoch 3, 5 of 20 users']);
    expect(others[0].shares[0].deviation).toBeNull();
    expect([first.runId, others[0].runId]).toEqual([null, 3]);
  });

  it('stand for methods or datasets, never mixing datasets or settings', () => {
    const more = [...runs, run(5, 1, { temperature: 1 })];
    const shared = [...all, shares(5, [1, 0])];
    expect(figureRows(more, shared, 'methods').map(({ label, note }) => [label, note])).toEqual([
      ['UAF-Hard (dilations [1, 4], temperature τ 10, set 1)', '2 runs, 12 of 20 users'],
      ['UAF-Soft', 'epoch 3, 10 of 20 users'],
      ['UAF-Hard (dilations [1, 4, 1], temperature τ 10, set 2)', 'epoch 3, 5 of 20 users'],
      ['UAF-Hard (dilations [1, 4], temperature τ 1, set 1)', 'epoch 3, 10 of 20 users'],
    ]);
    expect(figureRows(more, shared, 'datasets').map(({ label, note }) => [label, note])).toEqual([
      ['set 1, temperature τ 10', '3 runs, 12 of 20 users'],
      ['set 2', 'epoch 3, 5 of 20 users'],
      ['set 1, temperature τ 1', 'epoch 3, 10 of 20 users'],
    ]);
  });

  it('name what is missing', () => {
    expect(unreadWords([{ runId: 3, why: 'No policies of epoch 2 are stored.' }], runs)).toEqual([
      'UAF-Soft is not shown: No policies of epoch 2 are stored.',
    ]);
  });

  it('say where a share is the mean of soft gates', () => {
    expect(figureRows(runs, all, 'runs').map(({ isSoft }) => isSoft)).toEqual([false, false, true, false]);
    // A mean over Hard and Soft runs is no share of users either.
    expect(figureRows(runs, all, 'datasets').map(({ isSoft }) => isSoft)).toEqual([true, false]);
  });

  it('are one for each group of users', () => {
    const split = [shares(1, [0, 1], 4, 'short'), shares(1, [1, 1], 6, 'long')];
    expect(figureRows(runs.slice(0, 1), split, 'runs').map(({ label, note }) => [label, note])).toEqual([
      ['UAF-Hard · short', 'epoch 3, 4 of 20 users'],
      ['UAF-Hard · long', 'epoch 3, 6 of 20 users'],
    ]);
  });
});
