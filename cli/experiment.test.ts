import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { metricOf } from '../src/engine/evaluation/metrics.ts';
import type { Report } from '../src/engine/training/report.ts';
import { main } from './main.ts';

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

const command = (...words: string[]) =>
  spawnSync(process.execPath, ['--import', 'tsx', 'cli/experiment.ts', ...words], { encoding: 'utf8' });

/** The same in this process, which loads the engine once. */
async function experiment(...words: string[]): Promise<{ status: number; stdout: string; stderr: string }> {
  const said = { stdout: '', stderr: '' };
  const onto = (stream: keyof typeof said) => (text: unknown) => {
    said[stream] += text instanceof Error ? `${text.stack}\n` : `${text}\n`;
    return true;
  };
  const spies = [
    vi.spyOn(console, 'log').mockImplementation(onto('stdout')),
    vi.spyOn(console, 'error').mockImplementation(onto('stderr')),
    vi.spyOn(process.stderr, 'write').mockImplementation(onto('stderr')),
  ];
  const status = await main(words);
  for (const spy of spies) spy.mockRestore();
  return { status, ...said };
}
const small =
  '--set channels=4 --set sequenceLength=6 --set pretraining.epochs=1 --set fineTuning.epochs=2 --set fineTuning.batchSize=16'.split(
    ' ',
  );
const files = () => ['--source', join(folder, 'source.csv'), '--target', join(folder, 'target.csv')];

describe('npm run experiment', () => {
  it('writes the report, the ranks and the policies, and exits 0', () => {
    const out = join(folder, 'out');
    const { status, stdout, stderr } = command(
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
    expect(stdout).toMatch(/most-popular − uaf-hard .* N = 18 test instances of \d+ users, 2 seeds/);
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
    expect(hard.test && metricOf(hard.test, 'HR@5', 'all')?.value).toBeCloseTo(ranks.filter((rank) => rank <= 5).length / 18, 9);
    const policies = readFileSync(join(out, 'policies-uaf-hard-1.csv'), 'utf8').trim().split('\n');
    expect(policies[0]).toBe('user,block_1,block_2');
    expect(policies).toHaveLength(31);
    expect(policies[1]).toMatch(/^user 0,[01],[01]$/);
  });

  it('reads the optional files, and says what they brought', async () => {
    const [names, people] = [join(folder, 'names.csv'), join(folder, 'people.csv')];
    writeFileSync(names, `item;title\n${Array.from({ length: 12 }, (_, i) => `item-${i};The title, no. ${i}\n`).join('')}`);
    writeFileSync(people, `user,age,club\n${Array.from({ length: 20 }, (_, u) => `user ${u},${20 + u},${u % 2}\n`).join('')}`);
    const optional = ['--source-names', names, '--target-names', names, '--attributes', people];
    const out = join(folder, 'named');
    const { status, stdout } = await experiment(...files(), ...optional, '--methods', 'most-popular', '--out', out, ...small);
    expect(status).toBe(0);
    expect(stdout).toMatch(/Item names for 12 of 25 source items\.\n +Item names for 6 of 6 target items/);
    expect(stdout).toMatch(/User attributes: age, club \(20 of 30 users have a row\)\.\n +“age” was cut into 8 groups/);
  });

  it.each([
    ['an unknown key', ['--set', 'chanels=4'], /no configuration key “chanels”. The nearest is “channels”/],
    ['an unknown option', ['--sauce', 'x'], /Unknown option '--sauce'/],
    ['an unknown method', ['--methods', 'uaf-best'], /There is no method “uaf-best”/],
    ['a missing file', ['--source', 'nowhere.csv', '--target', 'nowhere.csv'], /nowhere.csv cannot be opened/],
    ['half a pair', ['--pretrain', 'a.csv'], /--pretrain and --finetune go together/],
    ['names without interactions', ['--source-names', 'n.csv'], /--source-names needs the files it is about/],
    [
      'names of labels',
      ['--source', 'a.csv', '--labels', 'b.csv', '--target-names', 'n.csv'],
      /--target-names does not go with --labels/,
    ],
    ['labels without sequences', ['--labels', 'l.csv'], /--labels needs the source sequences/],
    ['a grid over a range', ['--search', 'channels=2..8'], /needs --random/],
    ['a method twice', ['--methods', 'mtl,mtl'], /--methods: “mtl” is there twice/],
    ['a seed too large', ['--seeds', '1,4294967296'], /no list of whole numbers/],
    ['an empty seed', ['--seeds', '1,,2'], /empty place/],
    ['a search by test', ['--preset', 'released-code', '--search', 'channels=2,4'], /decides by validation/],
    ['a filter where nothing is filtered', ['--set', 'dataset.maximumTargetsPerUser=2'], /no effect on the demo dataset/],
    ['a search over an unknown key', ['--search', 'chanels=2,4'], /nearest is “channels”/],
  ])('%s is told in a sentence, without a stack', async (_name, words, sentence) => {
    const { status, stderr } = await experiment(...words);
    expect(status).toBe(2);
    expect(stderr).toMatch(sentence);
    expect(stderr).not.toMatch(/at .*\.ts/);
  });

  it('ends with what it was told as an error', () => {
    const { status, stderr } = command('--sauce', 'x');
    expect(status).toBe(2);
    expect(stderr).toMatch(/^Unknown option '--sauce'/);
    expect(stderr).not.toMatch(/at .*\.ts/);
  });

  it('gives the same numbers in another process, to the last bit', async () => {
    const reportOf = async (out: string, run: typeof command | typeof experiment): Promise<Report> => {
      const words = ['--methods', 'mtl,uaf-rl,uaf-soft-gru', '--set', 'warmupEpochs=1', '--set', 'evaluationGate=sampled'];
      expect((await run(...files(), ...words, '--out', join(folder, out), ...small)).status).toBe(0);
      const report: Report = JSON.parse(readFileSync(join(folder, out, 'report.json'), 'utf8'));
      return {
        ...report,
        runs: report.runs.map((run) => ({
          ...run,
          seconds: { pretraining: 0, fineTuning: 0, evaluation: 0, recommendation: null },
        })),
      };
    };
    const first = await reportOf('first', command);
    expect(await reportOf('second', experiment)).toEqual(first);
    // All pairs of three methods, for two metrics.
    expect(first.tests.map(({ over, n }) => `${over} ${n}`)).toEqual(new Array(6).fill(['instances 18', 'both 18']).flat());
    expect(readFileSync(join(folder, 'first', 'instances-uaf-rl-1.csv'), 'utf8')).toBe(
      readFileSync(join(folder, 'second', 'instances-uaf-rl-1.csv'), 'utf8'),
    );
  });

  it('filters of the dataset reach the preparation', async () => {
    const out = join(folder, 'filtered');
    const filters = ['--set', 'dataset.maximumTargetsPerUser=2', '--set', 'dataset.minimumTargetItemCount=5'];
    expect((await experiment(...files(), '--methods', 'most-popular', '--out', out, ...small, ...filters)).status).toBe(0);
    const report: Report = JSON.parse(readFileSync(join(out, 'report.json'), 'utf8'));
    expect(report.dataset).toMatchObject({ instances: 60, targetUsers: 30 });
    expect(report.runs[0].configuration.dataset).toMatchObject({ maximumTargetsPerUser: 2, minimumTargetItemCount: 5 });
  });

  it('predicts labels: accuracy, macro F1, confusion, and who was taken for what', async () => {
    const labels = join(folder, 'labels.csv');
    const rows = Array.from({ length: 30 }, (_, u) => `user ${u},${['young', 'middle', 'old'][u % 3]}`);
    writeFileSync(labels, `user_id,age\n${rows.join('\n')}\nstranger,old\n`);
    const out = join(folder, 'profile');
    const words = [
      '--source',
      join(folder, 'source.csv'),
      '--labels',
      labels,
      '--methods',
      'most-popular,finetune-cls,peterrec,uaf-rl',
    ];
    const { status, stdout } = await experiment(...words, '--set', 'warmupEpochs=1', '--out', out, ...small);
    expect(status).toBe(0);
    expect(stdout).toMatch(/a profile task of 3 classes/);
    expect(stdout).toMatch(/accuracy\s+macroF1/);
    const report: Report = JSON.parse(readFileSync(join(out, 'report.json'), 'utf8'));
    expect(report.dataset).toMatchObject({
      task: 'profile',
      targetUsers: 30,
      targetOnlyUsers: 1,
      train: 25,
      validation: 1,
      test: 4,
    });
    expect(report.dataset.classes).toEqual(expect.arrayContaining(['young', 'middle', 'old']));
    for (const { test, id, epochs, method } of report.runs) {
      expect(test).toMatchObject({ n: 4, accuracy: expect.any(Number), macroF1: expect.any(Number) });
      expect(epochs).toHaveLength(method === 'most-popular' ? 0 : 2);
      const [head, ...lines] = readFileSync(join(out, `instances-${id}.csv`), 'utf8')
        .trim()
        .split('\n');
      expect(head).toBe('user,label,predicted');
      const right = lines.map((line) => line.split(',')).filter(([, label, predicted]) => label === predicted);
      expect(test && metricOf(test, 'accuracy', 'sampled')?.value).toBeCloseTo(right.length / 4, 9);
    }
  });

  it('predicts labels of the release’s lines', async () => {
    const line = (i: number) => `0,0,m${i % 9},m${(i + 1) % 9},m${(i + 2) % 9}`;
    writeFileSync(join(folder, 'pre.csv'), Array.from({ length: 40 }, (_, i) => line(i)).join('\n'));
    writeFileSync(join(folder, 'fine.csv'), Array.from({ length: 20 }, (_, i) => `${line(i)},,b${i % 5}`).join('\n'));
    writeFileSync(join(folder, 'line-labels.csv'), Array.from({ length: 20 }, (_, i) => `line-${i + 1},${i % 2}`).join('\n'));
    const out = join(folder, 'line-profile');
    const words = ['--pretrain', 'pre.csv', '--finetune', 'fine.csv', '--labels', 'line-labels.csv'].map((word) =>
      word.startsWith('--') ? word : join(folder, word),
    );
    expect((await experiment(...words, '--methods', 'finetune-all', '--out', out, ...small)).status).toBe(0);
    const report: Report = JSON.parse(readFileSync(join(out, 'report.json'), 'utf8'));
    expect(report.dataset).toMatchObject({ task: 'profile', sourceUsers: 40, targetUsers: 20, classes: ['0', '1'] });
  });

  it('searches on validation, goes on where it was, and runs the best of each method', async () => {
    const out = join(folder, 'search');
    const words = ['--methods', 'finetune-zero', '--search', 'fineTuning.learningRate=0.000001,0.05', '--out', out];
    const search = (...more: string[]) => experiment(...files(), ...words, ...small, ...more);
    expect((await search('--budget', '1')).stdout).toMatch(/trial 1 of 1/);
    const { status, stdout } = await search();
    expect(status).toBe(0);
    expect(stdout).toMatch(/trial 1 of 2: .*\(known\)/);
    expect(stdout).not.toMatch(/trial 2 of 2: .*\(known\)/);
    const { trials } = JSON.parse(readFileSync(join(out, 'search.json'), 'utf8'));
    expect(trials).toHaveLength(2);
    const best = trials[0].validation >= trials[1].validation ? trials[0] : trials[1];
    const report: Report = JSON.parse(readFileSync(join(out, 'report.json'), 'utf8'));
    expect(report.runs.map(({ configuration }) => configuration)).toEqual([best.configuration]);
    expect(JSON.stringify(trials)).not.toMatch(/"test"/);
  });

  it('leaves out trials that contradict themselves, and reports a method of which none is left', async () => {
    const out = join(folder, 'contradictions');
    const words = ['--methods', 'finetune-last-2,finetune-zero', '--search', 'dilations=[1],[2]', '--set', 'dilations=[1,1]'];
    const { status, stdout } = await experiment(...files(), ...words, ...small, '--out', out);
    expect(status).toBe(1);
    expect(stdout.match(/is left out\. “finetune-last-2” trains the last 2 blocks/g)).toHaveLength(2);
    const report: Report = JSON.parse(readFileSync(join(out, 'report.json'), 'utf8'));
    expect(report.runs.map(({ status: ended }) => ended)).toEqual(['failed', 'finished']);
    expect(report.runs[0].error).toMatch(/SearchFailedError: No trial of finetune-last-2/);
  });

  it('warns where the test set chooses the epoch', async () => {
    const { stdout } = await experiment(
      ...files(),
      '--methods',
      'finetune-zero',
      '--preset',
      'released-code',
      '--out',
      join(folder, 'released'),
      ...small,
    );
    expect(stdout).toMatch(/Warning: the best epoch is chosen on the test instances/);
  });

  it('two threads give the same numbers as one, to the last bit', () => {
    const runsWith = (threads: '1' | '2') => {
      const out = join(folder, `threads-${threads}`);
      const methods = 'finetune-all,uaf-soft,uaf-rl,peterrec,mtl';
      // An odd number of channels, and a batch that does not halve.
      const awkward = ['--set', 'channels=7', '--set', 'fineTuning.batchSize=13', '--set', 'pretraining.batchSize=9'];
      const { status, stdout } = command(
        ...files(),
        '--methods',
        methods,
        '--threads',
        threads,
        '--out',
        out,
        ...small,
        ...awkward,
      );
      expect(status).toBe(0);
      expect(stdout).toMatch(threads === '1' ? /1 thread\)/ : /2 threads\)/);
      const report: Report = JSON.parse(readFileSync(join(out, 'report.json'), 'utf8'));
      return report.runs.map(({ pretraining, epochs, test }) => ({ pretraining, epochs, test }));
    };
    expect(runsWith('2')).toEqual(runsWith('1'));
  });

  it('a run that fails is in the report, and the exit code says so', () => {
    const out = join(folder, 'failed');
    const { status } = command(
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
