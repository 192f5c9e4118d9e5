import { headings } from './headings.ts';
import { latexText } from './latexText.ts';
import type { Cell, Row, TableModel } from './table.ts';

/** What a page holds; longer tables go on in another one. */
const MOST_ROWS = 45;

/** A table with `booktabs`: its title as the caption, its notes below. */
export const tableLatex = (table: TableModel): string => parts(table, (tabular) => tabular).join('\n');

/** A whole document that compiles with nothing but `booktabs` and what belongs to LaTeX itself. Wide tables are made smaller. */
export function latexDocument(tables: readonly TableModel[]): string {
  const fitted = (tabular: string) =>
    ['\\begin{lrbox}{\\fittedtable}', tabular, '\\end{lrbox}', '\\fitted'].map((line) => `${line}%`).join('\n');
  return [
    '\\documentclass{article}',
    '\\usepackage[utf8]{inputenc}',
    '\\usepackage{textcomp}',
    '\\usepackage[a4paper,margin=2cm]{geometry}',
    '\\usepackage{booktabs}',
    '\\usepackage{graphicx}',
    '\\newsavebox{\\fittedtable}',
    '\\newcommand{\\fitted}{\\ifdim\\wd\\fittedtable>\\linewidth\\resizebox{\\linewidth}{!}{\\usebox{\\fittedtable}}\\else\\usebox{\\fittedtable}\\fi}',
    // Titles say themselves which table of the paper they are.
    '\\makeatletter\\renewcommand{\\@makecaption}[2]{\\parbox{\\linewidth}{\\centering #2}\\par}\\makeatother',
    '\\begin{document}',
    // Of each part the floats are set at once: LaTeX holds back a few only.
    ...tables.flatMap((table) => parts(table, fitted).flatMap((part) => [part, '\\clearpage'])),
    '\\end{document}',
    '',
  ].join('\n');
}

/** The table environments of a table, each of some of its rows. */
function parts(table: TableModel, placed: (tabular: string) => string): string[] {
  const count = Math.max(1, Math.ceil(table.rows.length / MOST_ROWS));
  return Array.from({ length: count }, (_, part) => {
    const rows = table.rows.slice(part * MOST_ROWS, (part + 1) * MOST_ROWS);
    const continued = count === 1 ? '' : ` (${part + 1} of ${count})`;
    return [
      '\\begin{table}[htbp]',
      '\\centering',
      `\\caption{${latexText(table.title + continued)}}`,
      '\\smallskip',
      placed(tabularOf(table, rows)),
      ...(table.notes.length === 0 ? [] : ['', `\\medskip\\parbox{\\linewidth}{\\footnotesize ${notesOf(table)}}`]),
      '\\end{table}',
      '',
    ].join('\n');
  });
}

const notesOf = ({ notes }: TableModel): string => notes.map(latexText).join(' ');

function tabularOf({ columns }: TableModel, rows: readonly Row[]): string {
  const upper = headings(columns);
  const line = (cells: readonly string[]) => `${cells.join(' & ')} \\\\`;
  return [
    `\\begin{tabular}{@{}${columns.map(({ align }) => align[0]).join('')}@{}}`,
    '\\toprule',
    ...(upper.length === 0
      ? []
      : [
          line(
            upper.map(
              ({ group, from, span }) =>
                `\\multicolumn{${span}}{${edged(group === null ? 'l' : 'c', from, span, columns.length)}}{${latexText(group ?? '')}}`,
            ),
          ),
          upper
            .flatMap(({ group, from, span }) => (group === null ? [] : [`\\cmidrule(lr){${from + 1}-${from + span}}`]))
            .join(' '),
        ]),
    line(columns.map(({ title, align }, i) => `\\multicolumn{1}{${edged(align[0], i, 1, columns.length)}}{${latexText(title)}}`)),
    '\\midrule',
    ...rows.flatMap(({ cells, ruleAbove }, i) => [...(ruleAbove && i > 0 ? ['\\midrule'] : []), line(cells.map(written))]),
    '\\bottomrule',
    '\\end{tabular}',
  ].join('\n');
}

/** A heading at the edge of a table is as near to it as the column below. */
const edged = (align: string, from: number, span: number, columns: number): string =>
  `${from === 0 ? '@{}' : ''}${align}${from + span === columns ? '@{}' : ''}`;

const written = ({ text, best }: Cell): string => (best && text !== '' ? `\\textbf{${latexText(text)}}` : latexText(text));
