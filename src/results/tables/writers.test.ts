import Papa from 'papaparse';
import { describe, expect, it } from 'vitest';
import { malformed } from '../xml.testing.ts';
import { tableCsv, tableTabs } from './csv.ts';
import { tableHtml } from './html.ts';
import { latexDocument, tableLatex } from './latex.ts';
import { latexText } from './latexText.ts';
import { tableMarkdown } from './markdown.ts';
import type { TableModel } from './table.ts';

const HOSTILE = ['=1+1', '+1', '-1', '@SUM(A1)', '\tx', '\rx', '=1+1\nx', '-1\r\nx'];
const table: TableModel = {
  id: 't',
  title: 'HR@5 & more | 50 %',
  columns: [
    { title: 'method', align: 'left' },
    { title: 'HR@5', group: 'a_1', align: 'right' },
    { title: 'Δ', group: 'a_1', align: 'right' },
    { title: 'p', group: 'b', align: 'right' },
  ],
  rows: [
    {
      cells: [
        { text: 'UAF|Hard' },
        { text: '.672', value: 0.6719999, best: true },
        { text: '−.030', value: -0.03 },
        { text: '' },
      ],
    },
    { cells: [{ text: '<b>' }, { text: '.5', value: 0.5 }, { text: '' }, { text: '< .001', value: 1e-9 }], ruleAbove: true },
  ],
  notes: ['N ≥ 30, ± 1 sd.'],
};

describe('tableCsv', () => {
  it('has all digits, and a head in one row', () => {
    const { data } = Papa.parse<string[]>(tableCsv(table), { skipEmptyLines: true });
    expect(data).toEqual([
      ['method', 'a_1: HR@5', 'a_1: Δ', 'b: p'],
      ['UAF|Hard', '0.6719999', '-0.03', ''],
      ['<b>', '0.5', '', '1e-9'],
    ]);
  });

  it('parts means from their spread, seeds and N', () => {
    const cells = [{ text: '0.50 ± 0.01', value: 0.5, over: { deviation: 0.0123, seeds: 3, n: 30 } }];
    const one = [{ text: '0.4', value: 0.4, over: { deviation: null, seeds: 1, n: 30 } }];
    const own = { ...table, columns: [table.columns[1]], rows: [{ cells }, { cells: one }, { cells: [{ text: '–' }] }] };
    expect(tableCsv(own).trim().split('\r\n')).toEqual([
      '"a_1: HR@5, mean","a_1: HR@5, sd","a_1: HR@5, seeds","a_1: HR@5, N"',
      '0.5,0.0123,3,30',
      '0.4,,1,30',
      '–,,,',
    ]);
  });

  it('calls settings by their keys', () => {
    const columns = [{ title: 'batch size B', group: 'Settings', key: 'fineTuning.batchSize', align: 'left' as const }];
    expect(tableCsv({ ...table, columns, rows: [] })).toBe('fineTuning.batchSize\r\n');
  });

  it.each(HOSTILE)('lets no spreadsheet compute %j', (text) => {
    const own: TableModel = { ...table, columns: [{ title: text, align: 'left' }], rows: [{ cells: [{ text }] }] };
    const csv = Papa.parse<string[]>(tableCsv(own), { delimiter: ',', newline: '\r\n' });
    const tabs = Papa.parse<string[]>(tableTabs(own), { delimiter: '\t', newline: '\n' });
    for (const { data } of [csv, tabs]) expect([data[0][0], data[1][0]]).toEqual([`'${text}`, `'${text}`]);
  });

  it('leaves negative numbers alone', () => {
    const own = { ...table, columns: [table.columns[0]], rows: [{ cells: [{ text: '−.03', value: -0.03 }] }] };
    expect(tableCsv(own)).toBe('method\r\n-0.03\r\n');
  });
});

describe('tableMarkdown', () => {
  it('has bold bests and no cell that ends early', () => {
    expect(tableMarkdown(table).split('\n')).toEqual([
      '**HR@5 &amp; more \\| 50 %**',
      '',
      '| method | a\\_1: HR@5 | a\\_1: Δ | b: p |',
      '| --- | ---: | ---: | ---: |',
      '| UAF\\|Hard | **.672** | −.030 |  |',
      '| &lt;b> | .5 |  | &lt; .001 |',
      '',
      '- N ≥ 30, ± 1 sd.',
      '',
    ]);
  });
});

describe('tableLatex', () => {
  it('has the rules of booktabs, and headings over their columns', () => {
    const latex = tableLatex(table);
    expect(latex).toContain('\\begin{tabular}{@{}lrrr@{}}');
    expect(latex).toContain('\\multicolumn{1}{@{}l}{} & \\multicolumn{2}{c}{a\\_1} & \\multicolumn{1}{c@{}}{b} \\\\');
    expect(latex).toContain('\\cmidrule(lr){2-3} \\cmidrule(lr){4-4}');
    expect(latex).toContain('UAF\\textbar{}Hard & \\textbf{.672} & $-$.030 &  \\\\\n\\midrule\n');
    expect(latex).toContain('\\footnotesize N $\\geq$ 30, $\\pm$ 1 sd.');
    expect(latex.match(/\\(top|mid|bottom)rule/g)).toEqual(['\\toprule', '\\midrule', '\\midrule', '\\bottomrule']);
  });

  it('goes on in another table where a page ends', () => {
    const rows = Array.from({ length: 100 }, () => table.rows[0]);
    expect(tableLatex({ ...table, rows }).match(/\\begin\{table\}/g)).toHaveLength(3);
    const whole = latexDocument([{ ...table, rows }, table]);
    expect(whole).toContain('(3 of 3)');
    // LaTeX holds few floats back at once.
    expect(whole.match(/\\end\{table\}\s*\\clearpage/g)).toHaveLength(4);
  });
});

describe('latexText', () => {
  it.each([
    ['\\input{x}', '\\textbackslash{}input\\{x\\}'],
    ['a_b & 5 % #1 $x^2~', 'a\\_b \\& 5 \\% \\#1 \\$x\\textasciicircum{}2\\textasciitilde{}'],
    ['−.03 ± .01, Δ γ β τ ≥', '$-$.03 $\\pm$ .01, $\\Delta$ $\\gamma$ $\\beta$ $\\tau$ $\\geq$'],
    ['“a” "b"', "\\textquotedblleft{}a\\textquotedblright{} {''}b{''}"],
    ['[a]* -- <|>', '{[}a{]}{*} -{}- \\textless{}\\textbar{}\\textgreater{}'],
    ['Żółć', "\\.{Z}\\'{o}\\l{}\\'{c}"],
    ['中\n\tx', 'U+4E2D x'],
    ['γβ', '$\\gamma\\beta$'],
    ['$$', '\\$\\$'],
    ['A$β', 'A\\$$\\beta$'],
    ['$−1', '\\$$-$1'],
    ['β$', '$\\beta$\\$'],
    ['−−', '$-{}-$'],
    ['10²³', '10\\textsuperscript{2}\\textsuperscript{3}'],
  ])('%j', (text, latex) => {
    expect(latexText(text)).toBe(latex);
  });
});

describe('tableHtml', () => {
  it('is well-formed and escapes names', () => {
    const html = tableHtml(table);
    expect(malformed(html)).toBeNull();
    expect(html).toContain('<th scope="row" class="left">&lt;b&gt;</th>');
    expect(html).toContain('<th scope="colgroup" colspan="2" class="group">a_1</th>');
    expect(html).toContain('<strong>.672</strong>');
  });
});
