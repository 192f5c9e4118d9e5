import { describe, expect, it } from 'vitest';
import { bestOfDatasets, conditionsOf, datasetNames, variantOf } from './conditions.ts';
import { DATASET, resultRun } from './testing.ts';

const run = (method: string, seed = 1, changes: Record<string, unknown> = {}) => resultRun(method, seed, [1, 9], { changes });
const methodsIn = (runs: Parameters<typeof conditionsOf>[0]) =>
  conditionsOf(runs).map(({ variants }) => variants.map(({ method, runs: own }) => `${method}×${own.length}`).sort());

describe('conditionsOf', () => {
  it('parts runs that differ in what both read, and in backend or data', () => {
    const elsewhere = { ...run('finetune-all'), environment: { ...run('finetune-all').environment, backend: 'webgpu' } };
    const other = resultRun('finetune-all', 1, [1], { dataset: { ...DATASET, hash: 'e' } });
    expect(methodsIn([run('finetune-all'), run('uaf-hard', 1, { channels: 8 }), elsewhere, other])).toHaveLength(4);
    expect(methodsIn([run('finetune-all'), run('uaf-hard', 1, { temperature: 1, 'evaluation.cutoffs': [5] })])).toEqual([
      ['finetune-all×1', 'uaf-hard×1'],
    ]);
  });

  it('has what does not read a setting for each of its values', () => {
    const runs = [
      run('finetune-zero'),
      run('most-popular', 1, { 'pretraining.epochs': 3, channels: 4 }),
      run('uaf-hard', 1, { 'pretraining.epochs': 5 }),
      run('uaf-hard', 1, { 'pretraining.epochs': 9 }),
      run('uaf-hard', 1, { channels: 8 }),
    ];
    expect(methodsIn(runs)).toEqual([
      ['finetune-zero×1', 'most-popular×1', 'uaf-hard×1'],
      ['finetune-zero×1', 'most-popular×1', 'uaf-hard×1'],
      ['most-popular×1', 'uaf-hard×1'],
    ]);
  });

  it('lets what reads least join a condition without a pre-trained method', () => {
    expect(
      methodsIn([run('most-popular'), run('finetune-zero', 1, { channels: 8 }), run('finetune-zero', 2, { channels: 8 })]),
    ).toEqual([['finetune-zero×2', 'most-popular×1']]);
  });

  it('takes of repetitions the last, and leaves out what failed', () => {
    const [first, second] = [resultRun('uaf-hard', 1, [1]), resultRun('uaf-hard', 1, [9])];
    const failed = resultRun('uaf-hard', 2, [1], { report: { status: 'failed', test: null } });
    const [{ variants }] = conditionsOf([first, second, failed]);
    expect(variants.map(({ runs }) => runs)).toEqual([[second]]);
  });

  it('tells gates of UAF-Random by whether they are those of training', () => {
    const gates = [0, 1, 7, 8].map((evaluationSeed, i) =>
      run('uaf-random', i < 2 ? i + 1 : i - 1, { evaluationSeed: i === 1 ? 2 : evaluationSeed }),
    );
    const [{ variants }] = conditionsOf(gates);
    expect(variants.map(({ otherGates, runs }) => [otherGates, runs.length])).toEqual([
      [false, 2],
      [true, 2],
    ]);
  });
});

describe('variantOf', () => {
  it('prefers seeds, then the settings of other methods, then the preset’s, then the newest', () => {
    const taken = (runs: Parameters<typeof conditionsOf>[0]) => {
      const [condition] = conditionsOf(runs);
      const variant = variantOf(condition, 'uaf-hard');
      return variant?.runs[0].report.configuration.temperature;
    };
    expect(taken([run('uaf-hard', 1, { temperature: 1 }), run('uaf-hard'), run('uaf-hard', 1, { temperature: 5 })])).toBe(10);
    expect(taken([run('uaf-hard', 1, { temperature: 1 }), run('uaf-hard', 2, { temperature: 1 }), run('uaf-hard')])).toBe(1);
    expect(taken([run('uaf-hard', 1, { temperature: 1 }), run('uaf-rl', 1, { temperature: 1 }), run('uaf-hard')])).toBe(1);
    expect(taken([run('uaf-hard', 1, { temperature: 1 }), run('uaf-hard', 1, { temperature: 5 })])).toBe(5);
    expect(taken([run('finetune-all')])).toBeUndefined();
  });
});

describe('bestOfDatasets', () => {
  const taken = (runs: Parameters<typeof conditionsOf>[0]) =>
    bestOfDatasets(conditionsOf(runs), () => 0).map(({ condition }) => condition.configuration.fineTuning.batchSize);
  const with128 = { 'fineTuning.batchSize': 128 };

  it('prefers runs, then methods, then the preset’s settings, then the newest', () => {
    const here = [run('finetune-all'), run('uaf-hard')];
    expect(taken([...here, run('finetune-all', 1, with128), run('uaf-hard', 1, with128)])).toEqual([64]);
    expect(taken([...here, ...[1, 2, 3].map((seed) => run('uaf-hard', seed, with128))])).toEqual([128]);
    expect(taken([...here, run('uaf-hard', 1, with128), run('uaf-hard', 2, with128)])).toEqual([64]);
    expect(taken([run('finetune-all', 1, { 'fineTuning.batchSize': 8 }), run('finetune-all', 1, with128)])).toEqual([128]);
  });
});

describe('datasetNames', () => {
  it('are told apart by their hash where they are the same', () => {
    const names = datasetNames([DATASET, { ...DATASET, hash: '0123456789' }, { ...DATASET, hash: 'x', name: 'other' }]);
    expect(Array.from(names.values())).toEqual(['d (d)', 'd (012345)', 'other']);
  });
});
