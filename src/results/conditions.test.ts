import { describe, expect, it } from 'vitest';
import { conditionsOf, datasetNames, otherVariants, variantOf } from './conditions.ts';
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
  it('prefers seeds, then the paper’s settings, then the newest', () => {
    const taken = (runs: Parameters<typeof conditionsOf>[0]) => {
      const [condition] = conditionsOf(runs);
      const variant = variantOf(condition, 'uaf-hard');
      return variant && [variant.runs[0].report.configuration.temperature, otherVariants(condition, variant)];
    };
    expect(taken([run('uaf-hard', 1, { temperature: 1 }), run('uaf-hard'), run('uaf-hard', 1, { temperature: 5 })])).toEqual([
      10, 2,
    ]);
    expect(taken([run('uaf-hard', 1, { temperature: 1 }), run('uaf-hard', 2, { temperature: 1 }), run('uaf-hard')])).toEqual([
      1, 1,
    ]);
    expect(taken([run('uaf-hard', 1, { temperature: 1 }), run('uaf-hard', 1, { temperature: 5 })])).toEqual([5, 1]);
    expect(taken([run('finetune-all')])).toBeNull();
  });
});

describe('datasetNames', () => {
  it('are told apart by their hash where they are the same', () => {
    const names = datasetNames([DATASET, { ...DATASET, hash: '0123456789' }, { ...DATASET, hash: 'x', name: 'other' }]);
    expect(Array.from(names.values())).toEqual(['d (d)', 'd (012345)', 'other']);
  });
});
