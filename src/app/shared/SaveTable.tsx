import type { TableModel } from '../../results/tables/table.ts';
import { download, fileName } from './download.ts';
import { SaveMenu } from './SaveMenu.tsx';

interface SaveTableProps {
  /** Names the menu and the files. */
  readonly title: string;
  /** What is written; a function is asked when it is saved. */
  readonly table: TableModel | (() => TableModel | Promise<TableModel>);
}

/** Saves a table as CSV, Markdown or LaTeX, or copies it for a text or a spreadsheet. */
export function SaveTable({ title, table }: SaveTableProps) {
  const model = async () => (typeof table === 'function' ? table() : table);
  const file = (extension: string, type: string, write: (table: TableModel) => Promise<string>) => async () =>
    download(fileName(title, extension), new Blob([await write(await model())], { type }));
  return (
    <SaveMenu
      title={title}
      ways={[
        { label: 'CSV', save: file('csv', 'text/csv', async (t) => (await import('../../results/tables/csv.ts')).tableCsv(t)) },
        {
          label: 'Markdown',
          save: file('md', 'text/markdown', async (t) => (await import('../../results/tables/markdown.ts')).tableMarkdown(t)),
        },
        {
          label: 'LaTeX',
          save: file('tex', 'application/x-tex', async (t) => (await import('../../results/tables/latex.ts')).tableLatex(t)),
        },
        {
          label: 'Copy',
          save: async () => {
            // A browser wants the promise, not the text, while the press of the button is fresh.
            const written = model();
            const html = written.then(async (t) => (await import('../../results/tables/html.ts')).tableHtml(t));
            const plain = written.then(async (t) => (await import('../../results/tables/csv.ts')).tableTabs(t));
            await navigator.clipboard.write([new ClipboardItem({ 'text/html': html, 'text/plain': plain })]);
          },
        },
      ]}
    />
  );
}
