import { describe, expect, it } from 'vitest';
import { emptyExperiment, experimentOf, TEMPLATES } from '../../experiments/templates.ts';
import { contentsWords } from './words.ts';

const wordsOf = (id: string) =>
  TEMPLATES.filter((t) => t.id === id).map((t) => contentsWords(experimentOf(t, 'quick', t.tasks[0])))[0];

describe('what an experiment runs', () => {
  it('is said in sentences', () => {
    expect(wordsOf('cost')).toBe(
      'Finetune-All, UAF-Hard, UAF-RL; seeds 1, 2, 3; preset quick. All combinations of rewardGamma: 0, 1, 3; rewardBeta: 0.1, 1, 10.',
    );
    expect(wordsOf('table-5')).toContain('preset quick with training fraction 0.1.');
    expect(wordsOf('table-3')).toContain('Variants: the gates of training; other gates at evaluation.');
    expect(wordsOf('released')).toContain('15 variants, from “as it is” to “all as released”.');
  });

  it('stays short, whatever a link asks for', () => {
    const seeds = Array.from({ length: 5000 }, (_, i) => i);
    expect(contentsWords({ ...emptyExperiment('quick'), seeds, grid: [{ key: 'channels', values: seeds }] })).toBe(
      'MostPop, Finetune-All, UAF-Hard; 5000 seeds; preset quick. All combinations of channels: 5000 values.',
    );
  });
});
