import { describe, expect, it } from 'vitest';
import type { PolicyEffects, Replacement } from '../../../engine/inspection/effects.ts';
import { differenceWords, pWords, verdict } from './words.ts';

type Difference = readonly [effect: number, standardError: number, p: number | null];

const effects = (differences: Partial<Record<Replacement, Difference>>, changedByShuffling: number): PolicyEffects => ({
  users: 1000,
  of: 1000,
  candidates: 100,
  changedByShuffling,
  rows: Object.entries(differences).map(([gates, [effect, standardError, p]]) => ({
    gates: gates as Replacement,
    n: 1200,
    users: 900,
    reranked: standardError === 0 ? 0 : 0.3,
    metrics: [{ name: 'HR@5', measured: { value: 0.6, error: 0.01 }, test: { effect, standardError, p, n: 1200 } }],
  })),
});

const nothing: Difference = [-0.001, 0.004, 0.8];

describe('verdict on the policies', () => {
  it('calls them personal where shuffling costs something', () => {
    const [first] = verdict(effects({ shuffled: [-0.083, 0.012, 1e-9] }, 0.47));
    expect(first).toBe(
      'With another user’s policy HR@5 falls from 0.683 to 0.600 (by 8.3 ± 1.2 points, p < .001; N = 1,200 instances of 900 users). 47 % of the users get other gates by it: the policy is personal, and it matters.',
    );
  });

  it('says so where everyone has the same', () => {
    expect(verdict(effects({ shuffled: [0, 0, null] }, 0))[0]).toMatch(/not even one rank.*the policy is the same for everyone/);
    expect(verdict(effects({ shuffled: nothing }, 0))[0]).toMatch(
      /nothing that can be seen .*: nobody gets other gates .* the same for everyone/,
    );
    expect(verdict(effects({ shuffled: nothing }, 0.021))[0]).toContain(
      'only 2.1 % of the users get other gates by it, so what the policy decides is the same for nearly everyone',
    );
  });

  it('does not call policies personal that are the same when rounded', () => {
    expect(verdict(effects({ shuffled: [-0.03, 0.01, 0.003] }, 0.01))[0]).toMatch(
      /falls .*by 3\.0 ± 1\.0 .*hardly anybody .*1\.0 %/,
    );
  });

  it('says so where policies differ and nothing comes of it', () => {
    const [first] = verdict(effects({ shuffled: nothing }, 0.47));
    expect(first).toContain('costs nothing that can be seen (HR@5 falls from 0.601 to 0.600 by 0.10 ± 0.40 points, p = .80;');
    expect(first).toContain('although 47 % of the users get other gates');
    expect(first).toContain('does not matter');
  });

  it('does not call a difference that cannot be seen a rise', () => {
    expect(verdict(effects({ shuffled: [0, 0.002, 1] }, 0.1))[0]).toContain(
      '(HR@5 stays at 0.600, changed by 0.00 ± 0.20 points, p = 1.00;',
    );
  });

  it('is honest about strangers’ policies that are better', () => {
    expect(verdict(effects({ shuffled: [0.03, 0.01, 0.003] }, 0.4))[0]).toMatch(/rises .*3\.0 ± 1\.0 points.*not personal/);
  });

  it('speaks of one metric: the first that is clear enough for one of several', () => {
    const both = (p: number): PolicyEffects => {
      const { rows, ...rest } = effects({ shuffled: nothing, tuned: nothing, frozen: nothing }, 0.5);
      const test = { effect: -0.02, standardError: 0.008, p, n: 1200 };
      const metric = { name: 'MRR@5', measured: { value: 0.4, error: 0.01 }, test };
      return { ...rest, rows: rows.map((row) => ({ ...row, metrics: [...row.metrics, metric] })) };
    };
    const [clear, fixed] = verdict(both(0.012));
    expect(clear).toMatch(/MRR@5 falls from 0\.420 to 0\.400 \(by 2\.00 ± 0\.80 points/);
    expect(fixed).not.toContain('HR@5');
    expect(verdict(both(0.04))[0]).toMatch(/costs nothing that can be seen .*HR@5/);
  });

  it('compares with one fixed policy for everybody', () => {
    const [, second] = verdict(effects({ shuffled: nothing, tuned: nothing, frozen: [-0.2, 0.02, 1e-9] }, 0.4));
    expect(second).toMatch(
      /^All blocks fine-tuned for everyone is as good, as far as can be seen \(.*\); with all frozen for everyone HR@5 falls from 0\.800 to 0\.600 \(by 20\.0/,
    );
    const [, same] = verdict(effects({ shuffled: nothing, tuned: [0, 0, null], frozen: [0.1, 0.02, 1e-9] }, 0.4));
    expect(same).toMatch(
      /^With all blocks fine-tuned for everyone not one rank differs; with all frozen for everyone HR@5 rises/,
    );
  });
});

describe('differences', () => {
  it('have the digits of their standard error', () => {
    expect(differenceWords(-0.0832, 0.0123)).toBe('−0.083 ± 0.012');
    expect(differenceWords(0.0832, 0.0123, 100)).toBe('+8.3 ± 1.2');
    expect(differenceWords(-0.0001, 0.012)).toBe('0.000 ± 0.012');
    expect(differenceWords(0, 0)).toBe('0.000 ± 0.000');
  });

  it('gives p as many digits as matter', () => {
    expect(pWords(0.00001)).toBe('p < .001');
    expect(pWords(0.0213)).toBe('p = .021');
    expect(pWords(0.7123)).toBe('p = .71');
  });
});
