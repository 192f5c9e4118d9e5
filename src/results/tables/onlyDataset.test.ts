import { expect, it } from 'vitest';
import { withoutOnlyDataset } from './onlyDataset.ts';
import type { TableModel } from './table.ts';

const table = (...names: string[]): TableModel => ({
  id: 't',
  title: 'A table',
  columns: [
    { title: 'Dataset', align: 'left' },
    { title: 'p', align: 'right' },
  ],
  rows: names.map((text) => ({ cells: [{ text }, { text: '.5' }] })),
  notes: [],
});

it('says a single dataset in the title, and several in their column', () => {
  const { title, columns, rows } = withoutOnlyDataset(table('d', ''));
  expect([title, columns.length, rows.map(({ cells }) => cells.length)]).toEqual(['A table, d', 1, [1, 1]]);
  expect(withoutOnlyDataset(table('d', 'e'))).toEqual(table('d', 'e'));
});
