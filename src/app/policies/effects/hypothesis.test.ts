import { describe, expect, it } from 'vitest';
import { runRow } from '../../../storage/testing.ts';
import { clsRunFor, hypothesisWords } from './hypothesis.ts';

const found = (rho: number | null, p: number | null) => hypothesisWords({ correlation: { rho, p, n: 1000 }, groups: [] });

describe('the paper’s hypothesis in words', () => {
  it('is honest about sign and p', () => {
    expect(found(0.21, 1e-8)).toBe(
      'As the paper supposes, users whose targets Finetune-CLS ranks well keep more blocks frozen (Spearman’s ρ = 0.21, p < .001, N = 1,000 users).',
    );
    expect(found(-0.21, 1e-8)).toMatch(/^Contrary to the paper’s hypothesis, .* keep fewer .*ρ = −0\.21/);
    expect(found(-0.21, 0.06)).toMatch(/^No link can be seen .*p = \.060/);
    expect(found(0.07, 0.01)).toMatch(/The link is weak/);
    expect(found(null, null)).toMatch(/^Nothing can be said/);
  });
});

describe('the run of Finetune-CLS', () => {
  const run = (id: number, changes: Record<string, unknown>, datasetId = 1) =>
    runRow(id, changes, { datasetId, status: 'finished' });
  const cls = { method: 'finetune-cls' };

  it('is of the same dataset and split', () => {
    const own = run(1, { method: 'uaf-hard' });
    expect(
      clsRunFor(own, [
        own,
        run(2, { method: 'finetune-all' }),
        run(3, cls, 2),
        run(4, { ...cls, 'dataset.splitSeed': 7 }),
        run(5, { ...cls, 'fineTuning.selectOn': 'test' }),
      ]),
    ).toBeUndefined();
    expect(clsRunFor(own, [own, run(2, cls)])?.id).toBe(2);
  });

  it('is of the same seed if possible, else the newest', () => {
    const own = run(1, { method: 'uaf-hard', seed: 2 });
    expect(clsRunFor(own, [run(2, { ...cls, seed: 2 }), run(3, { ...cls, seed: 3 })])?.id).toBe(2);
    expect(clsRunFor(own, [run(2, cls), run(3, { ...cls, seed: 3 })])?.id).toBe(3);
  });
});
