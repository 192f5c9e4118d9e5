import { describe, expect, it } from 'vitest';
import { complete } from '../../configuration/schema.ts';
import type { Metrics } from '../../engine/evaluation/metrics.ts';
import type { RunRow, RunStatus } from '../../storage/database.ts';
import { datasetRow, resultRow, runRow } from '../../storage/testing.ts';
import { isDemoDone } from './demo.ts';
import { shownEpoch, shownRun } from './shown.ts';
import { lesson } from './storyWords.ts';

const SETTINGS = { minimumTargetItemCount: 1, maximumTargetsPerUser: 0 };
const row = datasetRow({
  origin: { kind: 'simulated', scenario: 'open', seed: 1 },
  settings: SETTINGS,
  timed: true,
});
const test: Metrics = {
  n: 4,
  sampled: { 'HR@5': 0.5 },
  all: { 'HR@5': 0.5 },
  standardError: { sampled: { 'HR@5': 0.1 }, all: { 'HR@5': 0.1 } },
};

/** With two blocks; `distinct` 1 is a policy that is the same for everyone, null no policy. */
const run = (id: number, method: string, status: RunStatus = 'finished', distinct: number | null = null): RunRow => {
  const policy = distinct === null ? null : { utilisation: [1, 1], distinct, entropy: 0, collapsed: distinct === 1 };
  const result = status === 'finished' ? resultRow(test, { bestEpoch: 3, policy }) : null;
  return runRow(id, { method }, { scenario: 'open', status, startedAt: id, finishedAt: 0, result });
};

describe('the demo', () => {
  const all = ['most-popular', 'finetune-all', 'uaf-hard', 'uaf-soft'].map((method, i) => run(i + 1, method));

  it('is done once all of its runs are there, as it would ask for them again', () => {
    expect(isDemoDone(row, all)).toBe(true);
    expect(isDemoDone(row, all.slice(1))).toBe(false);
    expect(isDemoDone(row, [...all.slice(1), run(1, 'most-popular', 'failed')])).toBe(false);
    const other = { ...all[3], configuration: complete(all[3].configuration, { seed: 2 }) };
    expect(isDemoDone(row, [...all.slice(0, 3), other])).toBe(false);
    expect(isDemoDone(row, [...all.slice(0, 3), { ...all[3], search: 's' }])).toBe(false);
  });

  it('says what each scenario teaches, by what came out', () => {
    const [hard, collapsed] = [run(1, 'uaf-hard', 'finished', 2), run(1, 'uaf-hard', 'finished', 1)];
    expect(lesson('hidden', hard, undefined, true)).toMatch(/the policy network can\.$/);
    expect(lesson('hidden', hard, undefined, false)).toMatch(
      /treats users differently; that it helps, HR@5 does not show here\.$/,
    );
    expect(lesson('hidden', collapsed, undefined, true)).toMatch(/did not learn to\.$/);
    expect(lesson('open', hard, run(2, 'uaf-soft', 'finished', 1), false)).toMatch(
      /not needed to be right\..* UAF-Hard found 2 of 4 possible policies, UAF-Soft the same policy for everyone\.$/,
    );
  });
});

describe('the picture of the policies', () => {
  const [all, hard, soft] = [run(1, 'finetune-all'), run(2, 'uaf-hard'), run(3, 'uaf-soft')];

  it('is of what is trained or of the newest, and at the demo’s end of what its story tells of', () => {
    const going = run(4, 'uaf-rl', 'running');
    expect(shownRun([all, hard, soft, going], row)).toBe(going);
    expect(shownRun([all, hard, soft, run(4, 'mtl', 'running')], row)).toBe(soft);
    expect(shownRun([all, hard, soft], row)).toBe(hard);
    expect(shownRun([all, hard, soft], row, false)).toBe(soft);
    const later = { ...run(4, 'uaf-soft'), configuration: complete(soft.configuration, { temperature: 1 }) };
    expect(shownRun([all, hard, soft, later], row)).toBe(later);
    expect(shownRun([all, hard, soft], { ...row, origin: { kind: 'files', files: [] } })).toBe(soft);
    expect(shownRun([all], row)).toBeUndefined();
  });

  it('is of the newest epoch while a run goes on, and then of the best', () => {
    const epochs = [{ epoch: 5 }, { epoch: 4 }];
    expect(shownEpoch(run(1, 'uaf-hard', 'running'), epochs)).toBe(5);
    expect(shownEpoch(run(1, 'uaf-hard', 'running'), [])).toBe(0);
    expect(shownEpoch(run(1, 'uaf-hard'), epochs)).toBe(3);
  });
});
