import type { Separator } from './rows.ts';
import { columnOf, mode, named } from './table.ts';

/** A table about items: what each of them is called. */
export interface NamesFormat {
  readonly format: 'names';
  readonly separator: Separator;
  readonly header: boolean;
  /** Columns a row has. */
  readonly width: number;
  readonly item: number;
  readonly name: number;
}

/** A table about users: every column but `user` is an attribute. */
export interface AttributesFormat {
  readonly format: 'attributes';
  readonly separator: Separator;
  readonly header: boolean;
  readonly width: number;
  readonly user: number;
}

/** Whole names of columns: an item may well be called “The Book Thief”, which no column is. */
const ITEM_COLUMN =
  /^((item|product|movie|book|track|article|business|song|video|game|news|parent)s?[ _-]?)?(id|number|no|key|code)$|^(item|product|movie|book|track|article|business|song|video|game|iid|sku|(parent[ _-]?)?asin)$/i;
const NAME_COLUMN =
  /^((item|product|movie|book|track|article|business|song|video|game)s?[ _-]?)?(name|title|headline|description|label|text)$/i;
const USER_COLUMN =
  /^((user|reviewer|customer|visitor|session|member|person)s?[ _-]?)?(id|number|no|key)$|^(user|uid|reviewer|customer|visitor|session|member|person)$/i;

/** Rows of a table with names of items, item by item. */
export function recogniseNames(rows: readonly string[][], separator: Separator): NamesFormat {
  const width = mode(rows.map((row) => row.length));
  // The header, as far as rows are wide.
  const first = rows[0].slice(0, width);
  const find = (pattern: RegExp) => first.findIndex(named(pattern));
  const [itemColumn, nameColumn] = [find(ITEM_COLUMN), find(NAME_COLUMN)];
  const item = itemColumn >= 0 ? itemColumn : nameColumn === 0 ? 1 : 0;
  const name = nameColumn >= 0 && nameColumn !== item ? nameColumn : item === 0 ? 1 : 0;
  return { format: 'names', separator, header: itemColumn >= 0 || nameColumn >= 0, width, item, name };
}

/** Rows of a table with attributes of users, user by user. */
export function recogniseAttributes(rows: readonly string[][], separator: Separator): AttributesFormat {
  const width = mode(rows.map((row) => row.length));
  const body = rows.slice(1);
  const first = rows[0].slice(0, width);
  const userColumn = first.findIndex(named(USER_COLUMN));
  // Without a telling name: a header is a first row whose words stand over numbers.
  const over = first.some((field, c) => field !== '' && !isNumber(field) && mostlyNumbers(columnOf(body, c)));
  return { format: 'attributes', separator, header: userColumn >= 0 || over, width, user: Math.max(0, userColumn) };
}

export const isNumber = (text: string): boolean => text.trim() !== '' && Number.isFinite(Number(text));

/** Nine of ten fields are numbers; not those of an empty column. */
const mostlyNumbers = (fields: readonly string[]): boolean =>
  fields.length > 0 && fields.filter(isNumber).length > 0.9 * fields.length;

/** Whether a header's word says that its column holds items, or users; null where it says neither. */
export function thingNamed(column: string): 'item' | 'user' | null {
  // “id” alone may be either's.
  if (/^(id|number|no|key|code)$/i.test(column)) return null;
  if (named(USER_COLUMN)(column)) return 'user';
  return named(ITEM_COLUMN)(column) ? 'item' : null;
}
