import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Report } from '../src/engine/training/report.ts';

let folder = '';
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'studio-'));
  const rows = (items: number, each: number) =>
    Array.from({ length: 30 * each }, (_, i) => `user ${i % 30},item-${(i * 7 + (i % 30)) % items},${1_357_430_400 + i}`).join(
      '\n',
    );
  writeFileSync(join(folder, 'source.csv'), `user_id,item_id,timestamp\n${rows(25, 8)}\n`);
  writeFileSync(join(folder, 'target.csv'), `user_id,item_id,timestamp\n${rows(12, 4)}\n`);
});
afterAll(() => rmSync(folder, { recursive: true }));

const experiment = (...words: string[]) =>
  spawnSync('npx', ['--no-install', 'tsx', 'cli/experiment.ts', ...words], { encoding: 'utf8' });
const small =
  '--set channels=4 --set sequenceLength=6 --set pretraining.epochs=1 --set fineTuning.epochs=2 --set fineTuning.batchSize=16'.split(
    ' ',
  );
const files = () => ['--source', join(folder, 'source.csv'), '--target', join(folder, 'target.csv')];

describe('npm run experiment', () => {
  it('writes the report, the ranks and the policies, and exits 0', () => {
    const out = join(folder, 'out');
    const { status, stdout, stderr } = experiment(
      ...files(),
      '--methods',
      'most-popular,uaf-hard',
      '--seeds',
      '1,2',
      '--out',
      out,
      ...small,
    );
    expect(stderr).not.toMatch(/Error/);
    expect(status).toBe(0);
    expect(stdout).toMatch(/uaf-hard: HR@5 .* \(mean ± sd over 2 seeds\)/);
    const report: Report = JSON.parse(readFileSync(join(out, 'report.json'), 'utf8'));
    expect(report).toMatchObject({
      version: 1,
      environment: { backend: 'wasm' },
      dataset: { sourceUsers: 30, sourceInteractions: 240, targetUsers: 30, instances: 120, train: 96, validation: 6, test: 18 },
    });
    expect(report.runs.map(({ id, status: ended }) => [id, ended])).toEqual([
      ['most-popular-1', 'finished'],
      ['uaf-hard-1', 'finished'],
      ['most-popular-2', 'finished'],
      ['uaf-hard-2', 'finished'],
    ]);
    const [popular, hard] = report.runs;
    expect(popular.pretraining).toBeNull();
    expect(hard.pretraining?.epochs.map(({ epoch }) => epoch)).toEqual([1]);
    expect(hard.epochs.map(({ epoch, utilisation }) => [epoch, utilisation?.length])).toEqual([
      [1, 2],
      [2, 2],
    ]);
    expect(hard.test).toMatchObject({
      n: 18,
      sampled: { 'HR@5': expect.any(Number) },
      standardError: { all: { 'MRR@5': expect.any(Number) } },
    });
    const lines = readFileSync(join(out, 'instances-uaf-hard-1.csv'), 'utf8').trim().split('\n');
    expect(lines[0]).toBe('user,item,rank_sampled,rank_all');
    expect(lines).toHaveLength(19);
    // The report's metric is the mean over the file's ranks.
    const ranks = lines.slice(1).map((line) => Number(line.split(',')[3]));
    expect(hard.test?.all['HR@5']).toBeCloseTo(ranks.filter((rank) => rank <= 5).length / 18, 9);
    const policies = readFileSync(join(out, 'policies-uaf-hard-1.csv'), 'utf8').trim().split('\n');
    expect(policies[0]).toBe('user,block_1,block_2');
    expect(policies).toHaveLength(31);
    expect(policies[1]).toMatch(/^user 0,[01],[01]$/);
  });

  it.each([
    ['an unknown key', ['--set', 'chanels=4'], /no configuration key “chanels”. The nearest is “channels”/],
    ['an unknown option', ['--sauce', 'x'], /Unknown option '--sauce'/],
    ['an unknown method', ['--methods', 'uaf-best'], /There is no method “uaf-best”/],
    ['a missing file', ['--source', 'nowhere.csv', '--target', 'nowhere.csv'], /nowhere.csv cannot be opened/],
    ['half a pair', ['--pretrain', 'a.csv'], /--pretrain and --finetune go together/],
    ['profile tasks', ['--labels', 'l.csv'], /not part of this version/],
  ])('%s is told in a sentence, without a stack', (_name, words, sentence) => {
    const { status, stderr } = experiment(...words);
    expect(status).toBe(2);
    expect(stderr).toMatch(sentence);
    expect(stderr).not.toMatch(/at .*\.ts/);
  });

  it('a run that fails is in the report, and the exit code says so', () => {
    const out = join(folder, 'failed');
    const { status } = experiment(
      ...files(),
      '--methods',
      'finetune-all',
      '--out',
      out,
      ...small,
      '--set',
      'fineTuning.learningRate=1e30',
    );
    expect(status).toBe(1);
    const report: Report = JSON.parse(readFileSync(join(out, 'report.json'), 'utf8'));
    expect(report.runs[0]).toMatchObject({ status: 'failed', error: expect.stringMatching(/DivergedError/), test: null });
  });
});
