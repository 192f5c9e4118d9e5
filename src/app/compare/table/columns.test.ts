import { describe, expect, it } from 'vitest';
import { filterChoices, filtered, withAsked } from '../filter.ts';
import { knownRun } from '../knownRuns.ts';
import { runRow } from '../testing.ts';
import { type ColumnContext, columnOf, columnsOf, differingColumns, nameWidth } from './columns.ts';
import { entriesOfGroups, entriesOfRuns } from './entries.ts';
import { KEYS } from './keys.ts';

const known = (id: number, changes: Record<string, unknown>, test?: number) =>
  knownRun(runRow({ id, changes, test }), id === 4 ? 'Table 2' : null, new Map());
const RUNS = [
  known(1, { method: 'finetune-all', seed: 1 }, 0.2),
  known(2, { method: 'finetune-all', seed: 2 }, 0.4),
  known(3, { method: 'uaf-hard', seed: 1 }),
  known(4, { method: 'uaf-hard', seed: 1, 'fineTuning.epochs': 7 }),
];
const context: ColumnContext = { metric: 'HR@5', protocol: 'sampled', hidden: new Set(), grouped: false };
const text = (id: string, row: number, others: Partial<ColumnContext> = {}) => {
  const own = { ...context, ...others };
  const entries = own.grouped ? entriesOfGroups(RUNS, own.hidden) : entriesOfRuns(RUNS, new Map([[1, 'one']]), own.hidden);
  return columnOf(id, own, KEYS)?.text(entries[row]);
};

describe('columns', () => {
  it('show any key, metric or measure of a run', () => {
    expect(text('name', 0)).toBe('one');
    expect(text('metric', 0)).toBe('0.20 ± 0.10');
    expect(text('metric:MRR@5', 1)).toBe('0.40 ± 0.10');
    expect(text('key:fineTuning.epochs', 3)).toBe('7');
    expect(text('measure:bestEpoch', 0)).toBe('1');
    expect(text('measure:fineTunedShare', 0)).toBe('–');
    expect(text('experiment', 3)).toBe('Table 2');
    expect(text('changes', 3)).toContain('fineTuning.epochs 7');
  });

  it('of groups show mean ± standard deviation over their seeds', () => {
    expect(text('metric', 0, { grouped: true })).toBe('0.30 ± 0.14');
    expect(text('metric', 1, { grouped: true })).toBe('0.500 (one seed)');
    expect(text('seed', 0, { grouped: true })).toBe('1, 2');
    expect(text('seeds', 0, { grouped: true })).toBe('2');
  });

  it('of a trial show its validation results', () => {
    expect(text('metric', 0, { hidden: new Set([1]) })).toBe('not measured');
  });

  it('that there are not are left out, and none is there twice', () => {
    expect(text('metric:constructor', 0)).toBe('not measured');
    const ids = columnsOf(['seed', 'run', 'key:nothing', 'measure:nothing', 'nothing', 'seed'], context, KEYS).map(
      ({ id }) => id,
    );
    expect(ids).toEqual(['run', 'name', 'metric', 'seed']);
  });

  it('have no more digits than a deviation has, and room for the whole name', () => {
    const runs = [0.16404, 0.16595].map((test, i) => known(i + 1, { method: 'finetune-all', seed: i + 1 }, test));
    const [entry] = entriesOfGroups(runs, new Set());
    expect(columnOf('metric', { ...context, grouped: true }, KEYS)?.text(entry)).toBe('0.1650 ± 0.0014');
    expect(nameWidth([{ ...entry, label: 'UAF-Hard (temperature τ 100)' }])).toBeGreaterThan(nameWidth([entry]));
    expect(nameWidth([{ ...entry, label: 'x'.repeat(900) }])).toBeLessThan(500);
  });

  it('of what differs are those keys exactly; the name stands for the method', () => {
    expect(differingColumns(['method', 'seed', 'fineTuning.epochs'])).toEqual(['seed', 'key:fineTuning.epochs']);
  });
});

describe('filters', () => {
  const none = { method: null, dataset: null, status: null, experiment: null, text: '' };
  const ids = (filter: Partial<typeof none> | { method: string }) =>
    filtered(RUNS, { ...none, ...filter }).map(({ run }) => run.id);

  it('find words anywhere, all of them', () => {
    expect(ids({ text: '' })).toEqual([1, 2, 3, 4]);
    expect(ids({ text: 'UAF  epochs' })).toEqual([4]);
    expect(ids({ text: 'table 2' })).toEqual([4]);
    expect(ids({ text: '#3' })).toEqual([3]);
    expect(ids({ text: 'nowhere' })).toEqual([]);
  });

  it('keep a method, and offer what there is', () => {
    expect(ids({ method: 'finetune-all' })).toEqual([1, 2]);
    expect(filterChoices(RUNS).method.map(({ label }) => label)).toEqual(['Finetune-All', 'UAF-Hard']);
    expect(filterChoices(RUNS).experiment).toEqual([]);
  });

  it('show what a link asks for and no run has', () => {
    const { method } = filterChoices(RUNS);
    expect(withAsked(method, null)).toBe(method);
    expect(withAsked(method, 'uaf-hard')).toBe(method);
    expect(withAsked(method, 'mtl').at(-1)).toEqual({ value: 'mtl', label: 'mtl (no runs)' });
  });
});
