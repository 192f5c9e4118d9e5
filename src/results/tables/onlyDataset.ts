import type { TableModel } from './table.ts';

/** The heading that a column of datasets has. */
const DATASET = 'dataset';

/** A table without its column of datasets, where all its rows are of one: its title says which. */
export function withoutOnlyDataset(table: TableModel): TableModel {
  const place = table.columns.findIndex(({ title, group }) => group === undefined && title.toLowerCase() === DATASET);
  if (place < 0) return table;
  const names = new Set(table.rows.flatMap(({ cells }) => (cells[place].text === '' ? [] : [cells[place].text])));
  if (names.size !== 1) return table;
  const [name] = names;
  return {
    ...table,
    title: `${table.title}, ${name}`,
    columns: table.columns.filter((_, i) => i !== place),
    rows: table.rows.map((row) => ({ ...row, cells: row.cells.filter((_, i) => i !== place) })),
  };
}
