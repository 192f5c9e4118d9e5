import { fullTitle } from './headings.ts';
import type { Cell, TableModel } from './table.ts';

/** As GitHub reads it: the title above, the notes below. */
export function tableMarkdown({ title, columns, rows, notes }: TableModel): string {
  const line = (cells: readonly string[]) => `| ${cells.join(' | ')} |`;
  const table = [
    line(columns.map((column) => literal(fullTitle(column)))),
    `|${columns.map(({ align }) => (align === 'right' ? ' ---: |' : ' --- |')).join('')}`,
    ...rows.map((row) => line(row.cells.map(written))),
  ].join('\n');
  const list = notes.map((note) => `- ${literal(note)}`).join('\n');
  return `${[`**${literal(title)}**`, table, list].filter((part) => part !== '').join('\n\n')}\n`;
}

const written = ({ text, best }: Cell): string => (best && text.trim() !== '' ? `**${literal(text.trim())}**` : literal(text));

/** A text that Markdown shows as it is: no markup, no cell's end, no HTML. */
const literal = (text: string): string =>
  text
    .replace(/\s+/g, ' ')
    .replace(/[\\`*_~[\]|#]/g, '\\$&')
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;');
