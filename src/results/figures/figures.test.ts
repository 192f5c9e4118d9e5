import { describe, expect, it } from 'vitest';
import type { EpochReport, RunReport } from '../../engine/training/report.ts';
import type { ResultRun } from '../run.ts';
import { DATASET, resultRun } from '../testing.ts';
import type { Figure } from './figure.ts';
import { figuresOf } from './figures.ts';
import { printColour } from './look.ts';

const ranks = (hits: number) => Array.from({ length: 20 }, (_, i) => (i < hits ? 1 : 50));
const withReport = (run: ResultRun, report: Partial<RunReport>): ResultRun => ({ ...run, report: { ...run.report, ...report } });
const epochsOf = (...hits: number[]): EpochReport[] =>
  hits.flatMap((count, i) => {
    const { test } = resultRun('x', 1, ranks(count)).report;
    return test === null ? [] : [{ epoch: i + 1, trainLoss: 1 / (i + 1), validation: test, utilisation: null, policy: null }];
  });
function only<K extends Figure['kind']>(figures: readonly Figure[], kind: K, title: RegExp): Extract<Figure, { kind: K }> {
  const found = figures.filter((figure) => figure.kind === kind && title.test(figure.title));
  expect(found).toHaveLength(1);
  return found[0] as Extract<Figure, { kind: K }>;
}

const policy = (utilisation: number[]) => ({ utilisation, distinct: 2, entropy: 0.5, collapsed: false });

describe('figuresOf', () => {
  it('has none of nothing, and none of what failed', () => {
    expect(figuresOf([])).toEqual([]);
    expect(figuresOf([withReport(resultRun('uaf-hard', 1, ranks(5)), { status: 'failed', test: null })])).toEqual([]);
  });

  it('draws Fig. 4: means over seeds with their spread, the best epoch, MostPop and chance', () => {
    const figures = figuresOf([
      withReport(resultRun('finetune-all', 1, ranks(8)), { epochs: epochsOf(4, 8, 6) }),
      withReport(resultRun('finetune-all', 2, ranks(8)), { epochs: epochsOf(6, 10) }),
      withReport(resultRun('most-popular', 1, ranks(3)), { epochs: [], bestEpoch: 0 }),
    ]);
    const { lines, levels } = only(figures, 'lines', /^Fig. 4/);
    expect(lines).toHaveLength(1);
    // The third epoch has one seed only.
    expect(lines[0].points.map(({ x }) => x)).toEqual([1, 2]);
    expect(lines[0].points[0].y).toBeCloseTo(0.25);
    expect(lines[0].points[0].high).toBeCloseTo(0.25 + Math.SQRT1_2 * 0.1);
    expect(lines[0].marked).toBe(2);
    expect(levels).toEqual([
      { label: 'MostPop (test)', y: 0.15 },
      { label: 'chance', y: 0.05 },
    ]);
  });

  it('has no level that does not hold for all', () => {
    const other = { 'dataset.splitSeed': 2 };
    const figures = figuresOf([
      resultRun('finetune-all', 1, ranks(8)),
      resultRun('uaf-hard', 1, ranks(8), { changes: other }),
      withReport(resultRun('most-popular', 1, ranks(3)), { epochs: [] }),
    ]);
    expect(only(figures, 'lines', /^Fig. 4/).levels).toEqual([]);
  });

  it('draws Fig. 3 by method, and by dataset where there are several', () => {
    const run = (name: string, seed: number, utilisation: number[]) =>
      withReport(resultRun('uaf-hard', seed, ranks(8), { dataset: { ...DATASET, name, hash: name } }), {
        policy: policy(utilisation),
      });
    const figures = figuresOf([run('a', 1, [0, 1]), run('a', 2, [0.5, 1]), run('b', 1, [1, 1])]);
    expect(only(figures, 'matrix', /^Fig. 3, a:/).rows).toEqual([
      { label: 'UAF-Hard, seed 1', values: [0, 1] },
      { label: 'UAF-Hard, seed 2', values: [0.5, 1] },
    ]);
    expect(only(figures, 'matrix', /^Fig. 3, UAF-Hard:/).rows).toEqual([
      { label: 'a, seed 1', values: [0, 1] },
      { label: 'a, seed 2', values: [0.5, 1] },
      { label: 'b', values: [1, 1] },
    ]);
  });

  it('leaves MTL out of the losses where others are drawn', () => {
    const runs = [resultRun('mtl', 1, ranks(8)), resultRun('finetune-all', 1, ranks(8))];
    const { lines, notes } = only(figuresOf(runs), 'lines', /^Fine-tuning loss/);
    expect(lines.map(({ label }) => label)).toEqual(['Finetune-All']);
    expect(notes.join(' ')).toContain('MTL is left out');
    expect(only(figuresOf(runs.slice(0, 1)), 'lines', /^Fine-tuning loss/).lines).toHaveLength(1);
  });

  it('sets results beside what they cost, and leaves out what costs nothing', () => {
    const cost = (operations: number) => ({ trained: 1, parameters: 2, operations });
    const figures = figuresOf([
      withReport(resultRun('most-popular', 1, ranks(3)), { cost: cost(0), epochs: [] }),
      withReport(resultRun('uaf-rl', 1, ranks(8)), { cost: cost(5e6), policy: policy([0.5, 1]) }),
      withReport(resultRun('uaf-rl', 1, ranks(6), { changes: { rewardGamma: 0.1 } }), {
        cost: cost(4e6),
        policy: policy([0, 0.5]),
      }),
    ]);
    const { series } = only(figures, 'scatter', /^Cost/);
    expect(series.map(({ label }) => label)).toEqual(['UAF-RL']);
    expect(series[0].points.map(({ x, label }) => [x, label])).toEqual([
      [5e6, 'γ 1'],
      [4e6, 'γ 0.1'],
    ]);
    expect(only(figures, 'scatter', /blocks/).series[0].points.map(({ x }) => x)).toEqual([0.75, 0.25]);
  });

  it('takes a setting that is not read for no difference', () => {
    const figures = figuresOf([
      resultRun('finetune-all', 1, ranks(8)),
      resultRun('finetune-all', 2, ranks(6), { changes: { temperature: 1 } }),
      resultRun('uaf-hard', 1, ranks(6)),
    ]);
    expect(only(figures, 'dots', /^Test/).rows.map(({ label, each }) => [label, each.length])).toEqual([
      ['Finetune-All', 2],
      ['UAF-Hard', 1],
    ]);
  });

  it('says how cold users may be, with the instances weighed', () => {
    const { test } = resultRun('x', 1, [1, 1]).report;
    const { test: worse } = resultRun('x', 1, [50, 50, 50, 50, 50, 50]).report;
    if (test === null || worse === null) throw new Error('These runs have finished.');
    const groups = [0, 1, 2, 3, 4, 6, 7, 8, 12].map((targets) => ({ targets, test: targets === 4 ? worse : test }));
    const figures = figuresOf([withReport(resultRun('uaf-hard', 1, ranks(8)), { byTrainingTargets: groups })]);
    const { groups: names, series } = only(figures, 'bars', /^How cold/);
    expect(names).toEqual(['0', '1', '2', '3–4', '5–9', '10–19']);
    expect(series[0].values[3].y).toBeCloseTo(0.25);
  });

  it('draws the temperature where it varies', () => {
    const at = (temperature: number, hits: number) => resultRun('uaf-hard', 1, ranks(hits), { changes: { temperature } });
    const { lines } = only(figuresOf([at(10, 8), at(1, 4)]), 'lines', /^Temperature/);
    expect(lines.map(({ label, points }) => [label, points])).toEqual([
      [
        'UAF-Hard',
        [
          { x: 1, y: 0.2 },
          { x: 10, y: 0.4 },
        ],
      ],
    ]);
  });

  it('has ids of their own, and no more lines than can be told apart', () => {
    const methods = [
      'finetune-zero',
      'finetune-cls',
      'finetune-all',
      'mtl',
      'peterrec',
      'uaf-random',
      'uaf-hard',
      'uaf-soft',
      'uaf-rl',
    ];
    const figures = figuresOf(methods.map((method) => resultRun(method, 1, ranks(8))));
    expect(new Set(figures.map(({ id }) => id)).size).toBe(figures.length);
    const curves = figures.filter((figure) => figure.kind === 'lines' && figure.title.startsWith('Fig. 4'));
    expect(curves).toHaveLength(2);
    for (const figure of curves)
      if (figure.kind === 'lines') expect(figure.lines.map(({ label }) => label)).toContain('Finetune-All');
  });
});

describe('printColour', () => {
  it('takes the light one, dark enough for a line on white', () => {
    expect(printColour('light-dark(#0072b2, #4dabf7)')).toBe('#0072b2');
    expect(printColour('var(--mantine-color-dimmed)')).toBe('#000000');
    expect(printColour('#e69f00')).not.toBe('#e69f00');
  });
});
