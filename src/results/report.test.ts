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
      tests: [
        {
          dataset: HOSTILE,
          first: 'UAF-Random with the same gates',
          second: HOSTILE,
          metric: 'HR@5',
          seeds: 3,
          test: { effect: -0.0123, standardError: 0.0045, p: 0.0062, n: 1234 },
          corrected: 0.0371,
        },
        {
          dataset: 'd',
          first: 'UAF-Soft',
          second: 'Finetune-All',
          metric: 'MRR@5',
          seeds: 1,
          test: { effect: 0, standardError: 0, p: null, n: 4 },
          corrected: null,
        },
      ],
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
      'from source.csv, target.csv. Hash of its contents:',
      'Of methods that ran with one seed p is of the test instances alone.',
      'among 100 candidates',
      'Seeds of training: 1, 2.',
      'Cannot be told.',
      'A table',
      'Fig. 4',
      'Runs that failed',
      'DivergedError',
      'Preset quick.',
      'nothing else: 2 runs (Finetune-All, UAF-RL)',
      'best epoch by test: 1 run (UAF-Hard)',
      'fineTuning.selectOn = test',
      'With one seed p is of the chance of the test instances alone',
      'rewardGamma = 1',
      'Backend wasm on SIMD, kernels relaxed; UAF Studio 0; tests (3 runs).',
      'Warning: some runs choose their best epoch on the test instances.',
      'A random split trains on some interactions',
      'A note of its own.',
      '2026-01-02 03:04 UTC',
    ])
      expect(html).toContain(words);
  });

  it('has the tests behind the claims, with what the answers are by', () => {
    const rows = html.slice(html.indexOf('The tests behind the claims</summary>')).split('<tr').slice(2, 4);
    const cells = rows.map((row) => Array.from(row.matchAll(/<t[dh][^>]*>([^<]*)</g), ([, text]) => text));
    expect(cells[0].slice(2)).toEqual([
      'UAF-Random with the same gates',
      expect.stringContaining('evil'),
      'HR@5',
      '−0.0123\u00a0±\u00a00.0045',
      '.006',
      '.037',
      '1,234',
      '3',
    ]);
    expect(cells[1]).toEqual(['1', 'd', 'UAF-Soft', 'Finetune-All', 'MRR@5', '+0.000', '–', '–', '4', '1']);
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
