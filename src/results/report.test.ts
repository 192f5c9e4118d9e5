import { describe, expect, it } from 'vitest';
import { figuresOf } from './figures/figures.ts';
import { htmlReport, type ReportOf } from './report.ts';
import { DATASET, resultRun } from './testing.ts';
import { malformed } from './xml.testing.ts';

const HOSTILE = '<script src="https://evil.example/x.js"></script><img src=//evil.example/x.png>';
const ranks = [1, 2, 50, 3];
const runs = [
  resultRun('finetune-all', 1, ranks, { dataset: { ...DATASET, name: HOSTILE } }),
  resultRun('uaf-hard', 2, ranks, { dataset: { ...DATASET, name: HOSTILE }, changes: { 'fineTuning.selectOn': 'test' } }),
  resultRun('uaf-rl', 1, ranks, { report: { status: 'failed', test: null, error: `DivergedError: ${HOSTILE}` } }),
];
const of: ReportOf = {
  title: HOSTILE,
  runs,
  date: new Date(Date.UTC(2026, 0, 2, 3, 4)),
  tables: [
    {
      id: 't',
      title: 'A table',
      columns: [{ title: HOSTILE, align: 'left' }],
      rows: [{ cells: [{ text: HOSTILE, title: HOSTILE }] }],
      notes: [HOSTILE],
    },
  ],
  figures: figuresOf(runs),
  verdicts: [
    {
      claim: { id: 'c', statement: 'UAF is better.', source: 'Table 2' },
      answer: 'cannot be told',
      words: HOSTILE,
      tests: [],
      template: null,
    },
  ],
  notes: ['A note of its own.'],
};

describe('htmlReport', () => {
  const html = htmlReport(of);

  it('is well-formed', () => {
    expect(malformed(html.replace('<!doctype html>', '').trim())).toBeNull();
  });

  it('asks nothing of any network, and runs nothing', () => {
    // What attributes say is only text.
    const tags = (html.match(/<[^>]*>/g) ?? []).map((tag) => tag.replace(/="[^"]*"/g, '=""'));
    expect(tags.filter((tag) => /^<(script|img|iframe|link|object|embed|base|form|video|audio|image|use)\b/i.test(tag))).toEqual(
      [],
    );
    expect(tags.filter((tag) => /\s(src|href|xlink:href|action|data|on\w+)=/i.test(tag))).toEqual([]);
    expect(html).not.toMatch(/@import|url\((?!#figure-)/);
    expect(html).toContain("default-src 'none'".replaceAll("'", '&#39;'));
  });

  it('has everything', () => {
    for (const words of [
      'Datasets',
      'among 100 candidates',
      'Seeds of training: 1, 2.',
      'Cannot be told.',
      'A table',
      'Fig. 4',
      'Runs that failed',
      'DivergedError',
      'Preset quick, unchanged.',
      'fineTuning.selectOn = test',
      'rewardGamma = 1',
      'Backend wasm on SIMD, kernels relaxed; UAF Studio 0; tests (3 runs).',
      'Warning: some runs choose their best epoch on the test instances.',
      'A random split trains on some interactions',
      'A note of its own.',
      '2026-01-02 03:04 UTC',
    ])
      expect(html).toContain(words);
  });

  it('warns only of what there is', () => {
    const plain = htmlReport({ ...of, runs: [resultRun('uaf-hard', 1, ranks, { changes: { 'dataset.split': 'latest' } })] });
    expect(plain).not.toContain('Warning');
    expect(plain).not.toContain('A random split');
    expect(plain).not.toContain('Runs that failed');
  });

  it('can be made of nothing', () => {
    const empty = htmlReport({ ...of, runs: [], tables: [], figures: [], verdicts: [], notes: [] });
    expect(malformed(empty.replace('<!doctype html>', '').trim())).toBeNull();
    expect(empty).toContain('No run finished');
  });
});
