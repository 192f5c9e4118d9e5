import Papa from 'papaparse';
import { safeText } from '../csv.ts';
import { fullTitle } from './headings.ts';
import type { TableModel } from './table.ts';

/**
 * Numbers with all their digits, texts as they are shown. A text that a spreadsheet would compute, such as a dataset that
 * somebody named `=HYPERLINK(…)`, begins with an apostrophe.
 */
export const tableCsv = (table: TableModel): string => `${Papa.unparse(cells(table))}\r\n`;

/** The same between tabs: what a spreadsheet takes from the clipboard. */
export const tableTabs = (table: TableModel): string => Papa.unparse(cells(table), { delimiter: '\t', newline: '\n' });

const cells = ({ columns, rows }: TableModel): (string | number)[][] => [
  columns.map((column) => safeText(fullTitle(column))),
  ...rows.map((row) =>
    row.cells.map(({ text, value }) => (value !== undefined && Number.isFinite(value) ? value : safeText(text))),
  ),
];
