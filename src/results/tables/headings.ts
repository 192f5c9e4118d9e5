import type { Column } from './table.ts';

/** Neighbouring columns under one heading; null where they have none. */
export interface Heading {
  readonly group: string | null;
  /** The first of its columns. */
  readonly from: number;
  readonly span: number;
}

/** The upper row of a table's head; empty where no column has a group. */
export function headings(columns: readonly Column[]): Heading[] {
  if (columns.every(({ group }) => group === undefined)) return [];
  const joined: Heading[] = [];
  columns.forEach(({ group = null }, from) => {
    const last = joined.at(-1);
    if (last !== undefined && last.group === group) joined[joined.length - 1] = { ...last, span: last.span + 1 };
    else joined.push({ group, from, span: 1 });
  });
  return joined;
}

/** Both rows of a head in one, for what has only one. */
export const fullTitle = ({ group, title }: Column): string =>
  [group, title].filter((part) => part !== undefined && part !== '').join(': ');
