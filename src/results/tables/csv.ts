import Papa from 'papaparse';
import { safeText } from '../csv.ts';
import { fullTitle } from './headings.ts';
import type { Cell, Column, TableModel } from './table.ts';

/**
 * Numbers with all their digits, texts as they are shown. A column of means over seeds becomes four: mean, standard deviation, seeds and
 * N. A text that a spreadsheet would compute, such as a dataset that somebody named `=HYPERLINK(…)`, begins with an apostrophe.
 */
export const tableCsv = (table: TableModel): string => `${Papa.unparse(cells(table))}\r\n`;

/** The same between tabs: what a spreadsheet takes from the clipboard. */
export const tableTabs = (table: TableModel): string => Papa.unparse(cells(table), { delimiter: '\t', newline: '\n' });

function cells({ columns, rows }: TableModel): (string | number)[][] {
  const isMean = columns.map((_, i) => rows.some((row) => row.cells[i]?.over !== undefined));
  return [
    columns.flatMap((column, i) => titlesOf(column, isMean[i])),
    ...rows.map((row) => row.cells.flatMap((cell, i) => (isMean[i] ? [written(cell), ...partsOf(cell)] : [written(cell)]))),
  ];
}

function titlesOf(column: Column, isMean: boolean): string[] {
  const title = safeText(column.key ?? fullTitle(column));
  return isMean ? ['mean', 'sd', 'seeds', 'N'].map((part) => `${title}, ${part}`) : [title];
}

const written = ({ text, value }: Cell): string | number =>
  value !== undefined && Number.isFinite(value) ? value : safeText(text);

const partsOf = ({ over }: Cell): (string | number)[] =>
  over === undefined ? ['', '', ''] : [over.deviation ?? '', over.seeds, over.n];
