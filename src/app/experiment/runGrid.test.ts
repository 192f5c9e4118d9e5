import { expect, it } from 'vitest';
import type { RunResultRow, RunStatus } from '../../storage/database.ts';
import { runGrid } from './runGrid.ts';
import { runRow } from './testing.ts';

const run = (id: number, method: string, seed: number, status: RunStatus) =>
  runRow(id, { method, seed }, { status, result: status === 'finished' ? ({} as RunResultRow) : null });

it('has a row for each configuration and a column for each seed', () => {
  const grid = runGrid([run(1, 'uaf-hard', 2, 'queued'), run(2, 'uaf-hard', 1, 'queued'), run(3, 'finetune-all', 1, 'queued')]);
  expect(grid.seeds).toEqual([1, 2]);
  expect(grid.rows.map(({ label, runs }) => [label, runs.get(1)?.id, runs.get(2)?.id])).toEqual([
    ['UAF-Hard', 2, 1],
    ['Finetune-All', 3, undefined],
  ]);
});

it('of runs that are the same shows the finished one, and names all', () => {
  const grid = runGrid([
    run(1, 'uaf-hard', 1, 'failed'),
    run(2, 'uaf-hard', 1, 'finished'),
    run(3, 'uaf-hard', 1, 'stopped'),
    run(4, 'uaf-soft', 1, 'queued'),
    run(5, 'uaf-soft', 1, 'failed'),
    run(6, 'uaf-rl', 1, 'failed'),
    run(7, 'uaf-rl', 1, 'interrupted'),
  ]);
  expect(grid.rows.map(({ runs }) => runs.get(1)?.id)).toEqual([2, 4, 7]);
  expect(grid.labels.get(1)).toBe('UAF-Hard, seed 1');
  expect(grid.labels.size).toBe(7);
  expect(grid.unanswered.map(({ id }) => id)).toEqual([7]);
});
