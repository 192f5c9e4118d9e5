import Papa from 'papaparse';
import { describe, expect, it } from 'vitest';
import { figuresOf } from './figures/figures.ts';
import { figureSvg } from './figures/svg.ts';
import { HOSTILE_NAMES } from './hostile.testing.ts';
import { htmlReport } from './report.ts';
import { readRunFile, writeRunFile } from './runFile.ts';
import { tableCsv, tableTabs } from './tables/csv.ts';
import { tableHtml } from './tables/html.ts';
import { tableLatex } from './tables/latex.ts';
import { tableMarkdown } from './tables/markdown.ts';
import type { TableModel } from './tables/table.ts';
import { DATASET, madeRanks, resultRun } from './testing.ts';
import { malformed } from './xml.testing.ts';

describe.each(HOSTILE_NAMES)('everything that is written of %j', (name) => {
  const table: TableModel = {
    id: 't',
    title: name,
    columns: [{ title: name, group: name, align: 'left' }],
    rows: [{ cells: [{ text: name, title: name }] }],
    notes: [name],
  };
  const dataset = { ...DATASET, name, origin: { kind: 'files' as const, files: [name, name] } };
  const runs = ['finetune-all', 'uaf-hard'].map((method) => resultRun(method, 1, madeRanks(method, 1, 0.3, 30), { dataset }));
  const markup = [
    htmlReport({ title: name, runs, date: new Date(0), tables: [table], figures: figuresOf(runs), verdicts: [], notes: [name] }),
    tableHtml(table),
    ...figuresOf(runs).map((figure) => figureSvg(figure)),
  ].map(String);

  it('is markup in which it is text', () => {
    for (const source of markup) {
      expect(source).not.toMatch(/<script|<img|<[a-z][^<>]*\son\w+="|[\u202a-\u202e\u2066-\u2069]/);
      expect(malformed(source.replace(/^<!doctype html>/i, '').trim())).toBeNull();
    }
  });

  it('is no formula of a spreadsheet', () => {
    for (const [text, delimiter] of [
      [tableCsv(table), ','],
      [tableTabs(table), '\t'],
    ]) {
      const cells = Papa.parse<string[]>(text, { delimiter, skipEmptyLines: true }).data.flat();
      expect(cells.filter((cell) => /^[=+\-@\t\r\n]/.test(cell))).toEqual([]);
      expect(cells.some((cell) => cell.includes(name))).toBe(true);
    }
  });

  it('is no command of LaTeX, and no second cell of Markdown', () => {
    const latex = tableLatex(table);
    expect(latex).not.toMatch(/\\input|(?<!\\)[#%]|\\write18/);
    const lines = tableMarkdown(table).split('\n');
    const cells = (line: string) => line.split(/(?<!\\)\|/).length;
    expect(lines.filter((line) => line.startsWith('|')).map(cells)).toEqual([3, 3, 3]);
    expect(lines.join('\n')).not.toMatch(/<(img|script|svg)|(?<!\\)\[x\]|^# /m);
  });

  it('is itself again in a file of runs', () => {
    const read = readRunFile(writeRunFile({ ...runs[0], experiment: name }));
    expect([read.dataset.name, read.experiment]).toEqual([name, name]);
  });
});
