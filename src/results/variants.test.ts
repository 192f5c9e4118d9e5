import { describe, expect, it } from 'vitest';
import { isFinished } from './run.ts';
import { resultRun } from './testing.ts';
import { differencesAmong, inOrder, labelsAmong, variantsOf } from './variants.ts';

const run = (method: string, seed = 1, changes: Record<string, unknown> = {}) => resultRun(method, seed, [1, 9], { changes });
const of = (...runs: ReturnType<typeof run>[]) => variantsOf(runs.filter(isFinished).map((one, place) => ({ run: one, place })));

describe('variants', () => {
  it('are runs that differ in nothing that they read but the seed', () => {
    const variants = of(
      run('finetune-all', 2),
      run('uaf-hard'),
      run('finetune-all', 1, { temperature: 1, 'evaluation.cutoffs': [5] }),
      run('uaf-hard', 2, { temperature: 1 }),
    );
    expect(variants.map(({ method, runs, newest }) => [method, runs.map(({ report }) => report.seed), newest])).toEqual([
      ['finetune-all', [1, 2], 2],
      ['uaf-hard', [1], 1],
      ['uaf-hard', [2], 3],
    ]);
  });

  it('are told apart by data and backend', () => {
    const there = { ...run('uaf-hard'), environment: { ...run('uaf-hard').environment, backend: 'webgpu' } };
    const variants = of(run('uaf-hard'), there);
    expect(variants.map(labelsAmong(variants))).toEqual(['UAF-Hard (wasm)', 'UAF-Hard (webgpu)']);
    const elsewhere = { ...run('uaf-hard'), dataset: { ...run('uaf-hard').dataset, hash: 'e' } };
    expect(of(run('uaf-hard'), elsewhere)).toHaveLength(2);
  });

  it('of UAF-Random are one whatever the seed of the gates, if these are those of training', () => {
    const variants = of(
      run('uaf-random', 1),
      run('uaf-random', 2, { evaluationSeed: 2 }),
      run('uaf-random', 1, { evaluationSeed: 9 }),
      run('uaf-random', 2, { evaluationSeed: 8 }),
    );
    expect(variants.map(({ runs }) => runs.length)).toEqual([2, 2]);
    expect(variants.map(labelsAmong(variants))).toEqual(['UAF-Random', 'UAF-Random, other gates']);
  });

  it('come in the paper’s order', () => {
    const methods = ['own', 'uaf-hard', 'finetune-all', 'finetune-last-5', 'finetune-last-2', 'most-popular', 'finetune-last-3'];
    const deep = { dilations: [1, 2, 4, 8, 1] };
    expect(inOrder(of(...methods.map((method) => run(method, 1, deep)))).map(({ method }) => method)).toEqual([
      'most-popular',
      'finetune-last-2',
      'finetune-last-3',
      'finetune-last-5',
      'finetune-all',
      'uaf-hard',
      'own',
    ]);
  });

  it('of which several things vary say only what is not as with most', () => {
    const variants = of(
      run('uaf-hard'),
      run('uaf-hard', 1, { 'fineTuning.batchSize': 32 }),
      run('uaf-hard', 1, { evaluationGate: 'sampled' }),
    );
    expect(variants.map(labelsAmong(variants))).toEqual([
      'UAF-Hard',
      'UAF-Hard (batch size B 32)',
      'UAF-Hard (gates at evaluation sampled, evaluation seed 0)',
    ]);
  });

  it('say in what they differ from those of their name', () => {
    const variants = of(run('uaf-rl', 1, { rewardGamma: 0.5 }), run('uaf-rl', 1, { dilations: [1, 2] }), run('uaf-hard'));
    expect(variants.map(differencesAmong(variants))).toEqual(['dilations [1, 4], γ 0.5', 'dilations [1, 2], γ 1', '']);
    expect(variants.map(labelsAmong(variants, ['dilations']))).toEqual(['UAF-RL (γ 0.5)', 'UAF-RL (γ 1)', 'UAF-Hard']);
  });
});
