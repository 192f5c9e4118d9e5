import { element, type Markup } from '../markup.ts';
import { headings } from './headings.ts';
import type { Cell, TableModel } from './table.ts';

/** A table with its title and notes; how it looks is the page's. */
export function tableMarkup({ title, columns, rows, notes }: TableModel): Markup {
  const upper = headings(columns);
  const table = element(
    'table',
    {},
    // A block of its own: it wraps where the table is wider than the screen.
    element('caption', {}, element('span', {}, title)),
    element(
      'thead',
      {},
      upper.length > 0 &&
        element(
          'tr',
          {},
          upper.map(({ group, span }) =>
            group === null
              ? element('td', { colspan: span })
              : element('th', { scope: 'colgroup', colspan: span, class: 'group' }, group),
          ),
        ),
      element(
        'tr',
        {},
        columns.map(({ title: name, align }) => element('th', { scope: 'col', class: align }, name)),
      ),
    ),
    element(
      'tbody',
      {},
      rows.map(({ cells, ruleAbove }) =>
        element(
          'tr',
          { class: ruleAbove ? 'rule' : undefined },
          cells.map((cell, i) => written(cell, i, columns[i]?.align ?? 'left')),
        ),
      ),
    ),
  );
  const list =
    notes.length > 0 &&
    element(
      'ul',
      { class: 'notes' },
      notes.map((note) => element('li', {}, note)),
    );
  return element(
    'div',
    { class: 'table' },
    element('div', { class: 'wide', tabindex: 0, role: 'region', 'aria-label': title }, table),
    list,
  );
}

export const tableHtml = (table: TableModel): string => tableMarkup(table).source;

/** The first of a row names it. */
function written({ text, best, title }: Cell, column: number, align: string): Markup {
  const words = unbroken(text);
  const content = best ? element('strong', {}, words) : words;
  if (column === 0) return element('th', { scope: 'row', class: align, title }, content);
  return element('td', { class: align, title }, content);
}

/** A number stays in one line with its spread, and p with its value. */
const unbroken = (text: string): string =>
  text.replace(/ ([±=<]) /g, '\u00a0$1\u00a0').replace(/,? df /g, (words) => words.replaceAll(' ', '\u00a0'));
