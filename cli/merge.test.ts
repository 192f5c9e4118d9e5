import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { ResultRun } from '../src/results/run.ts';
import { writeRunFile, writeRunFiles } from '../src/results/runFile.ts';
import { DATASET, resultRun } from '../src/results/testing.ts';
import { mergedResults } from './merge.ts';
import { foldersOf, runFileOf } from './outputs.ts';

let folder = '';
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'merge-'));
});
afterEach(() => rmSync(folder, { recursive: true }));

function put(place: string, run: ResultRun): void {
  const file = runFileOf(join(folder, place), run.report.id);
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, writeRunFile(run));
}

const all = (method = 'finetune-all', seed = 1, ranks = [1, 2, 3]) => resultRun(method, seed, ranks);
const merged = async (...places: string[]) => {
  const { datasets, missing } = await mergedResults((places.length === 0 ? ['.'] : places).map((place) => join(folder, place)));
  return {
    ids: datasets.map(({ runs }) => runs.map(({ run }) => run.report.id)),
    folders: datasets.map((one) => one.folder),
    missing,
  };
};

describe('a merge', () => {
  it('has every run once, by seed and method, wherever its file is', async () => {
    put('a', all('uaf-hard', 1));
    put('a', all('finetune-all', 2));
    put('b/deep', all('finetune-all', 1));
    put('b/deep', all('uaf-hard', 1));
    expect((await merged('a', 'b')).ids).toEqual([['finetune-all-1', 'uaf-hard-1', 'finetune-all-2']]);
  });

  it('keeps datasets apart', async () => {
    put('a', all());
    put('a/2', resultRun('finetune-all', 1, [4], { dataset: { ...DATASET, name: 'Other', hash: 'o' } }));
    expect(await merged()).toMatchObject({ ids: [['finetune-all-1'], ['finetune-all-1']], folders: ['other', 'd'] });
  });

  it('takes the run that finished in place of one that failed', async () => {
    const { report, ...rest } = all();
    put('a', { ...rest, report: { ...report, status: 'failed', error: 'e', test: null }, details: null });
    put('b', all());
    const { datasets } = await mergedResults([folder]);
    expect(datasets[0].runs.map(({ run }) => run.report.status)).toEqual(['finished']);
  });

  it('takes files of several runs, too', async () => {
    writeFileSync(join(folder, 'runs.json'), Array.from(writeRunFiles([all(), all('mtl')])).join(''));
    expect((await merged('runs.json')).ids).toEqual([['finetune-all-1', 'mtl-1']]);
  });

  it('leaves policies in the files, and reads them once more', async () => {
    const run = all('uaf-hard');
    const policies = Uint8Array.of(255, 0, 129, 127);
    put('a', { ...run, details: run.details && { ...run.details, policies, epochs: [{ epoch: 1, bytes: policies }] } });
    const { datasets } = await mergedResults([folder]);
    const [found] = datasets[0].runs;
    expect(found.run.details).toMatchObject({ policies: null, epochs: [] });
    expect(found.whole().details).toMatchObject({ policies, epochs: [{ epoch: 1, bytes: policies }] });
    writeFileSync(found.path, writeRunFile(all('mtl')));
    expect(found.whole).toThrow(/written anew meanwhile/);
  });

  it('knows which runs of which plan are missing', async () => {
    const plan = (place: string, name: string, hash: string) => {
      mkdirSync(join(folder, place), { recursive: true });
      const datasets = [{ name, hash, folder: '', runs: ['finetune-all-1', 'mtl-1'] }];
      const file = { format: 'uaf-studio plan', version: 1, name: 'Runs of the command line', datasets };
      writeFileSync(join(folder, place, 'plan.json'), JSON.stringify(file));
    };
    plan('a', DATASET.name, DATASET.hash);
    put('a', all());
    plan('a2', DATASET.name, DATASET.hash);
    put('a2', all('mtl'));
    expect((await merged()).missing).toEqual([]);
    plan('b', 'Other', 'o');
    put('b', resultRun('finetune-all', 1, [4], { dataset: { ...DATASET, name: 'Other', hash: 'o' } }));
    expect((await merged()).missing).toEqual(['Other: mtl-1']);
  });

  it.each<[string, ResultRun, RegExp]>([
    ['one run with two results', all('finetune-all', 1, [1, 2, 9]), /are both run finetune-all-1, with different results/],
    [
      'two datasets of one name',
      resultRun('mtl', 1, [1], { dataset: { ...DATASET, hash: 'other' } }),
      /two datasets that are both called “d”/,
    ],
    [
      'two backends',
      { ...all('mtl'), environment: { ...all().environment, backend: 'webgpu' } },
      /computed by another backend \(wasm, webgpu\)/,
    ],
    [
      'two variants',
      { ...all('mtl'), environment: { ...all().environment, variant: 'other' } },
      /another variant of the backend/,
    ],
  ])('refuses %s', async (_name, run, sentence) => {
    put('a', all());
    put('b', run);
    await expect(merged()).rejects.toThrow(sentence);
  });

  it('does not mind other seconds and machines', async () => {
    const { report, environment, ...rest } = all();
    put('a', all());
    put('b', {
      ...rest,
      environment: { ...environment, adapter: '1 thread', platform: 'elsewhere' },
      report: { ...report, seconds: { ...report.seconds, fineTuning: 99 } },
    });
    expect((await merged()).ids).toEqual([['finetune-all-1']]);
  });

  it('refuses broken files and folders without runs', async () => {
    await expect(merged()).rejects.toThrow(/There are no runs in/);
    await expect(merged('nowhere')).rejects.toThrow(/there is no such folder/);
    put('a', all());
    writeFileSync(join(folder, 'a/runs/x.json'), '{');
    await expect(merged()).rejects.toThrow(/x\.json: This is no run file/);
  });
});

it('datasets have folders of their own, whatever they are called', () => {
  expect(foldersOf(['Music → Books', 'music books', 'runs', '…', 'Bücher', '../up'])).toEqual([
    'music-books',
    'music-books-2',
    'runs-2',
    'dataset',
    'bücher',
    'up',
  ]);
});

it('a run that changes many settings has a file name that a disk takes', () => {
  const id = `uaf-rl-1-${'fineTuning.learningRate=0.001-'.repeat(20)}`;
  expect(runFileOf('', id).length).toBeLessThan(200);
  expect(runFileOf('', id)).not.toBe(runFileOf('', `${id}x`));
  expect(runFileOf('', 'uaf-rl-1-dilations=1_4')).toBe('runs/uaf-rl-1-dilations=1_4.json');
});
