import { describe, expect, it } from 'vitest';
import { metricsOf } from '../../engine/evaluation/metrics.ts';
import type { ResultRun } from '../run.ts';
import { DATASET, madeRanks, resultRun } from '../testing.ts';
import { paperTables } from './paper.ts';
import { runsTable } from './runs.ts';
import type { TableModel } from './table.ts';

/** Ten ranks of which so many are 1: HR@5 and MRR@5 are their tenth. */
const hits = (count: number) => Array.from({ length: 10 }, (_, i) => (i < count ? 1 : 9));
const COST = { trained: 40, parameters: 160, operations: 12_345 };

function of(id: string, runs: readonly ResultRun[]): TableModel {
  const table = paperTables(runs).find((one) => one.id === id);
  if (table === undefined) throw new Error(`There is no table “${id}”.`);
  return table;
}
const words = ({ rows }: TableModel) => rows.map(({ cells }) => cells.map(({ text }) => text));
const ids = (runs: readonly ResultRun[]) => paperTables(runs).map(({ id }) => id);

/** What every table has to keep. */
function isWhole({ columns, rows }: TableModel): boolean {
  return rows.every(({ cells }) => cells.length === columns.length && cells.every(({ text }) => text !== 'NaN'));
}

describe('the paper’s tables', () => {
  const runs = [
    resultRun('uaf-hard', 1, hits(6)),
    resultRun('uaf-hard', 2, hits(8)),
    resultRun('finetune-all', 1, hits(5)),
    resultRun('finetune-all', 2, hits(5)),
    resultRun('finetune-last-3', 1, hits(4), { changes: { dilations: [1, 1, 1] } }),
    resultRun('most-popular', 1, hits(2)),
    resultRun('most-popular', 2, hits(2)),
  ];

  it('are none without runs', () => {
    expect(paperTables([])).toEqual([]);
  });

  it('put methods in the paper’s order, means ± deviations, the best in bold and published values beside them', () => {
    const table = of('table-2', runs);
    expect(table.columns.map(({ title, group }) => [group, title])).toEqual([
      [undefined, 'Method'],
      ['d', 'MRR@5'],
      ['d', 'HR@5'],
      ...['ColdRec-1', 'ColdRec-2', 'ColdRec-3', 'ColdRec-4'].map((name) => ['HR@5 published, other data', name]),
    ]);
    expect(words(table)).toEqual([
      ['MostPop', '0.20', '0.20', '–', '–', '–', '–'],
      ['Finetune-All', '0.50 ± 0.00', '0.50 ± 0.00', '.4345', '.5758', '.2192', '.3495'],
      ['UAF-Hard', '0.70 ± 0.14', '0.70 ± 0.14', '.4378', '.5824', '.2212', '.3640'],
    ]);
    expect(table.rows.map(({ cells }) => cells.map(({ best }) => best === true))).toEqual([
      [false, false, false, false, false, false, false],
      [false, false, false, false, false, false, false],
      [false, true, true, false, false, false, false],
    ]);
    expect(table.rows.map(({ ruleAbove }) => ruleAbove)).toEqual([false, true, true]);
    expect(table.notes.join(' ')).toContain('d: N = 10 test instances; the target among 100 candidates');
    expect(table.notes.join(' ')).toContain('are of different data');
  });

  it('put the published values of the same name beside ours, without that sentence', () => {
    const dataset = { ...DATASET, name: 'coldrec-2' };
    const table = of('table-2', [resultRun('uaf-hard', 1, hits(6), { dataset })]);
    expect(table.columns.map(({ group }) => group)).toEqual([
      undefined,
      'coldrec-2',
      'coldrec-2',
      'ColdRec-2, published',
      'ColdRec-2, published',
    ]);
    expect(words(table)).toEqual([['UAF-Hard', '0.60', '0.60', '.3940', '.5824']]);
    expect(table.notes.join(' ')).not.toContain('different data');
    expect(words(of('table-1', [resultRun('uaf-hard', 1, hits(6), { dataset })]))[1]).toEqual([
      'ColdRec-2, published',
      '',
      '645,981',
      '1,472,428',
      '',
      '17,880',
      '2,947,688',
      '',
      '',
      '',
    ]);
  });

  it('go on in another table after four datasets', () => {
    const many = ['a', 'b', 'c', 'd', 'e'].map((name) =>
      resultRun('uaf-hard', 1, hits(6), { dataset: { ...DATASET, name, hash: name } }),
    );
    expect(of('table-2', many).columns).toHaveLength(1 + 4 * 2 + 4);
    expect(
      of('table-2-2', many)
        .columns.map(({ group }) => group)
        .slice(1, 3),
    ).toEqual(['e', 'e']);
  });

  it('warn where the best epoch was chosen on test', () => {
    const onTest = [resultRun('uaf-hard', 1, hits(6), { changes: { 'fineTuning.selectOn': 'test' } })];
    expect(of('table-2', onTest).notes.join(' ')).toContain('Warning: on d the best epoch was chosen on the test data.');
    expect(of('table-2', runs).notes.join(' ')).not.toContain('Warning');
  });

  it('are there for what ran alone', () => {
    expect(ids(runs)).toEqual(['table-1', 'table-2', 'significance-HR5', 'significance-MRR5', 'runs']);
    const more = [
      resultRun('uaf-random', 1, hits(3)),
      resultRun('uaf-random', 1, hits(1), { changes: { evaluationSeed: 9 } }),
      resultRun('uaf-hard-gru', 1, hits(6)),
      resultRun('uaf-hard', 1, hits(4), { changes: { 'fineTuning.trainingFraction': 0.1 } }),
    ];
    expect(ids([...runs, ...more])).toEqual(expect.arrayContaining(['table-3', 'table-4', 'table-5']));
    expect(words(of('table-3', [...runs, ...more])).map((cells) => cells.slice(0, 4))).toEqual([
      ['UAF-Random, gates as in training', '0.30', '0.30', '.4346'],
      ['UAF-Random, other gates', '0.10', '0.10', '–'],
      ['UAF-Hard', '0.70 ± 0.14', '0.70 ± 0.14', '.4378'],
    ]);
    expect(words(of('table-5', more))[0].slice(0, 5)).toEqual(['UAF-Hard', '0.40', '0.40', '.3714', '.4651']);
    expect([...runs, ...more].length).toBeGreaterThan(0);
    expect(paperTables([...runs, ...more]).every(isWhole)).toBe(true);
  });

  it('have accuracy and F1 of profiles', () => {
    const dataset = { ...DATASET, name: 'GenEst', task: 'profile' as const };
    const outcomes = { predicted: Int32Array.from([0, 1, 1, 1]) };
    const run = resultRun('uaf-soft', 1, [1], { dataset, report: { test: metricsOf(outcomes, [0, 1, 1, 0], []) } });
    expect(words(of('table-7', [run]))).toEqual([['UAF-Soft', '0.75', '0.73', '.9048', '.8215']]);
  });
});

describe('significance', () => {
  it('is row − column, with Holm’s p, mirrored', () => {
    const share = { 'finetune-all': 0.3, 'uaf-hard': 0.6, 'uaf-soft': 0.6 };
    const runs = Object.entries(share).flatMap(([method, hit]) =>
      [1, 2].map((seed) => resultRun(method, seed, madeRanks(method, seed, hit, 500))),
    );
    const table = of('significance-HR5', runs);
    expect(table.columns.map(({ title }) => title)).toEqual(['row − column', 'Finetune-All', 'UAF-Hard', 'UAF-Soft']);
    const [all, hard, soft] = words(table);
    expect(hard[1]).toMatch(/^\+0\.\d+ ± 0\.\d+\* \(p < \.001, df [\d.]+\)$/);
    expect(all[2].slice(1)).toBe(hard[1].slice(1));
    expect(all[2][0]).toBe('−');
    expect(soft[2]).not.toContain('*');
    expect(table.rows[0].cells[1].title ?? '').toBe('');
    expect(table.rows[1].cells[1].title).toBe('N = 500 test instances, 2 seeds');
    expect(ids(runs.slice(0, 2))).not.toContain('significance-HR5');
    expect(ids(runs)).not.toContain('significance-accuracy');
  });
});

describe('further questions', () => {
  it('what pre-training gains, relative to none', () => {
    const runs = [resultRun('finetune-zero', 1, hits(4)), resultRun('finetune-all', 1, hits(6))];
    const [hitRate] = words(of('pretraining', runs));
    // 0.2 / 0.4; the differences are two ones among ten: standard error √(1.6/90).
    expect(hitRate).toEqual(['HR@5', '0.40', '0.60', '+50 ± 33', '.17']);
    // Another seed of one side alone changes its mean and not the gain.
    const [more] = words(of('pretraining', [...runs, resultRun('finetune-zero', 2, hits(8))]));
    expect(more.slice(1)).toEqual(['0.60 ± 0.28', '0.60', '+50 ± 33', '.17']);
  });

  it('how cold: instances of users together, a bin a column', () => {
    const group = (targets: number, count: number, right: number) => ({
      targets,
      test: metricsOf(
        { sampled: Int32Array.from({ length: count }, (_, i) => (i < right ? 1 : 9)), all: new Int32Array(count) },
        [],
        [5],
      ),
    });
    const byTrainingTargets = [group(0, 10, 5), group(5, 10, 2), group(7, 30, 18)];
    const table = of('how-cold', [resultRun('uaf-hard', 1, hits(5), { report: { byTrainingTargets } })]);
    expect(table.columns.map(({ title }) => title)).toEqual(['Method', '0', '5', '7']);
    expect(words(table)).toEqual([
      ['test instances', '10', '10', '30'],
      ['UAF-Hard', '0.50 ± 0.17', '0.20 ± 0.13', '0.600 ± 0.091'],
    ]);
    const many = [...byTrainingTargets, ...[1, 2, 3, 4, 12, 70].map((targets) => group(targets, 1, 1))];
    const classes = of('how-cold', [resultRun('uaf-hard', 1, hits(5), { report: { byTrainingTargets: many } })]);
    expect(classes.columns.map(({ title }) => title)).toEqual(['Method', '0', '1', '2', '3–4', '5–9', '10–19', '50+']);
    expect(words(classes).map((cells) => cells[5])).toEqual(['40', '0.500 ± 0.076']);
  });

  it('what accuracy costs, by γ and β', () => {
    const policy = { utilisation: [0.2, 0.4], distinct: 3, entropy: 0, collapsed: false };
    const seconds = { pretraining: 0, fineTuning: 2, evaluation: 1, recommendation: 0.00123 };
    const report = { cost: COST, policy, seconds };
    const runs = [
      resultRun('uaf-rl', 1, hits(6), { report }),
      resultRun('uaf-rl', 1, hits(5), { report, changes: { rewardGamma: 0.5 } }),
      resultRun('finetune-all', 1, hits(4), { report: { cost: COST } }),
    ];
    expect(words(of('cost', runs))).toEqual([
      ['Finetune-All', '–', '–', '0.40', '–', '12,345', '1'],
      ['UAF-RL', '1', '1', '0.60', '30', '12,345', '1.23'],
      ['UAF-RL', '0.5', '1', '0.50', '30', '12,345', '1.23'],
    ]);
    expect(words(of('what-is-trained', runs))).toEqual([
      ['Finetune-All', '40', '160', '25', '2', '1', '2'],
      ['UAF-RL', '40', '160', '25', '2', '1', '2'],
    ]);
  });

  it('what τ does', () => {
    const at = (temperature: number, count: number, collapsed: boolean) =>
      resultRun('uaf-hard', 1, hits(count), {
        changes: { temperature },
        report: { policy: { utilisation: [1, 1], distinct: collapsed ? 1 : 4, entropy: 0, collapsed } },
      });
    expect(words(of('temperature', [at(10, 7, false), at(1, 5, true)]))).toEqual([
      ['UAF-Hard', '1', '0.50', '0.50', '1', '1 of 1'],
      ['', '10', '0.70', '0.70', '4', '0 of 1'],
    ]);
    expect(ids([at(10, 7, false)])).not.toContain('temperature');
  });

  it('paper against released code: runs that differ in one of its keys', () => {
    const runs = [
      resultRun('uaf-hard', 1, hits(5)),
      resultRun('uaf-hard', 1, hits(7), { changes: { readout: 'mean' } }),
      resultRun('uaf-hard', 1, hits(3), { changes: { targetLoss: 'bce', readout: 'mean' } }),
    ];
    expect(words(of('paper-released', runs)).map((cells) => cells.slice(0, 7))).toEqual([
      ['user vector', 'UAF-Hard', 'last', 'mean', '0.50', '0.70', '+0.20 ± 0.13'],
      ['loss', 'UAF-Hard', 'bpr', 'bce', '0.70', '0.30', '−0.40 ± 0.16'],
    ]);
    expect(ids(runs.slice(0, 1))).not.toContain('paper-released');
  });

  it('paper against released code: gates that are drawn, and other test instances', () => {
    const runs = [
      resultRun('uaf-hard', 1, hits(5)),
      resultRun('uaf-hard', 1, hits(7), { changes: { evaluationGate: 'sampled' } }),
      resultRun('uaf-hard', 1, [...hits(3), ...hits(3)], { changes: { 'fineTuning.selectOn': 'test' } }),
    ];
    const table = of('paper-released', runs);
    expect(table.columns.map(({ group }) => group).filter((group) => group !== undefined)).toEqual([
      ...Array.from({ length: 4 }, () => 'HR@5'),
      'N',
      'N',
    ]);
    expect(words(table).map((cells) => [cells[0], ...cells.slice(6)])).toEqual([
      ['gates at evaluation', '+0.20 ± 0.13', '.17', '10', '10'],
      ['best epoch by', 'not comparable: other test instances', '–', '10', '20'],
    ]);
  });

  it('all runs, with the settings that differ, and why one failed', () => {
    const failed = resultRun('uaf-soft', 2, hits(5), {
      report: { status: 'failed', error: 'DivergedError: at epoch 2', test: null },
    });
    const table = runsTable([resultRun('uaf-hard', 1, hits(5), { changes: { channels: 8 } }), failed]);
    if (table === null) throw new Error('There is no table.');
    expect(table.columns.flatMap(({ title, group }) => (group === 'Settings that differ' ? [title] : []))).toEqual([
      'channels k',
      'adapter width',
    ]);
    expect(words(table)[0].slice(0, 10)).toEqual(['uaf-hard-1', 'd', 'UAF-Hard', '1', '8', '2', '1', '10', '0.50', '0.50']);
    expect(table.rows[1].cells.at(-1)).toEqual({ text: 'failed', title: 'DivergedError: at epoch 2' });
    expect(isWhole(table)).toBe(true);
  });
});
