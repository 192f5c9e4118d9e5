import type { TableRows } from './readers/table.ts';
import type { Separator } from './separators.ts';
import type { TimeUnit } from './times.ts';

/** A table with a user on each row: which column is what. How its rows are written is another matter. */
interface EventColumns {
  readonly rows: TableRows;
  readonly user: number;
  /** The item; in a file of labels, the label. */
  readonly item: number;
  readonly time: number | null;
  readonly timeUnit: TimeUnit;
  /** Without times: whether a user's rows stand in the order in which they happened. */
  readonly isOrdered: boolean;
}

/** One interaction a row, or one user with their label (a profile task). */
export interface LongFormat extends EventColumns {
  readonly format: 'long' | 'labels';
}

/** One interaction a row, of both domains: a column says of which. */
export interface DomainsFormat extends EventColumns {
  readonly format: 'domains';
  readonly domain: number;
  /** What stands in the column for either; rows with something else are left out. */
  readonly source: string;
  readonly target: string;
}

/** A user's items on each line, oldest first, as many as there are. */
export interface SequencesFormat {
  readonly format: 'sequences';
  readonly separator: Separator;
  /** Whether the first field is the user; else users are called by their lines. */
  readonly hasUser: boolean;
  /** What stands between an item and its time; null where there are only items. */
  readonly pair: string | null;
  readonly timeUnit: TimeUnit;
}

/** The release's files: a user's source items on each line, and for fine-tuning the target items after a double comma. */
export interface LineFormat {
  readonly format: 'pretraining-lines' | 'fine-tuning-lines';
}

/** A table about items: what each of them is called. */
export interface NamesFormat {
  readonly format: 'names';
  readonly rows: TableRows;
  readonly item: number;
  readonly name: number;
}

/** A table about users: every column but `user` is an attribute. */
export interface AttributesFormat {
  readonly format: 'attributes';
  readonly rows: TableRows;
  readonly user: number;
}

/** Formats whose files are tables, and those with an event a row. */
export type TableFormat = LongFormat | DomainsFormat | NamesFormat | AttributesFormat;
export type EventFormat = LongFormat | DomainsFormat;

/** What a file is taken for. */
export type FileFormat = TableFormat | SequencesFormat | LineFormat;

export const isTable = (format: FileFormat): format is TableFormat => 'rows' in format;

/** The columns that a table is read for. */
export function columnsOf(format: TableFormat): readonly number[] {
  switch (format.format) {
    case 'names':
      return [format.item, format.name];
    case 'attributes':
      return Array.from({ length: widthOf(format.rows) }, (_, c) => c);
    case 'long':
    case 'labels':
    case 'domains': {
      const { user, item, time } = format;
      return [user, item, ...(time === null ? [] : [time]), ...(format.format === 'domains' ? [format.domain] : [])];
    }
  }
}

export const widthOf = (rows: TableRows): number => (rows.kind === 'delimited' ? rows.width : rows.fields.length);
