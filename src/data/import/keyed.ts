import type { AttributesFormat, NamesFormat } from './format.ts';
import { headOf, isTypedHeader, namedTable, type Sampled } from './sample.ts';
import { columnOf, named } from './table.ts';

/** Whole names of columns: an item may well be called “The Book Thief”, which no column is. */
const ITEM_COLUMN =
  /^((item|product|movie|book|track|article|business|song|video|game|news|parent)s?[ _-]?)?(id|number|no|key|code)$|^(item|product|movie|book|track|article|business|song|video|game|iid|sku|(parent[ _-]?)?asin)$/i;
const NAME_COLUMN =
  /^((item|product|movie|book|track|article|business|song|video|game)s?[ _-]?)?(name|title|headline|description|label|text)$/i;
const USER_COLUMN =
  /^((user|reviewer|customer|visitor|session|member|person)s?[ _-]?)?(id|number|no|key)$|^(user|uid|reviewer|customer|visitor|session|member|person)$/i;

/** The first rows of a table with names of items, item by item. */
export function recogniseNames(sampled: Sampled): NamesFormat {
  const head = headOf(sampled);
  const find = (pattern: RegExp) => head.findIndex(named(pattern));
  const [itemColumn, nameColumn] = [find(ITEM_COLUMN), find(NAME_COLUMN)];
  const item = itemColumn >= 0 ? itemColumn : nameColumn === 0 ? 1 : 0;
  const name = nameColumn >= 0 && nameColumn !== item ? nameColumn : item === 0 ? 1 : 0;
  const header = itemColumn >= 0 || nameColumn >= 0 || isTypedHeader(sampled.rows[0] ?? []);
  return { format: 'names', rows: namedTable(sampled, header).rows, item, name };
}

/** The first rows of a table with attributes of users, user by user. */
export function recogniseAttributes(sampled: Sampled): AttributesFormat {
  const head = headOf(sampled);
  const userColumn = head.findIndex(named(USER_COLUMN));
  // Without a telling name: a header is a first row whose words stand over numbers.
  const body = sampled.rows.slice(1);
  const over = head.some((field, c) => field !== '' && !isNumber(field) && mostlyNumbers(columnOf(body, c)));
  const header = userColumn >= 0 || over || isTypedHeader(sampled.rows[0] ?? []);
  return { format: 'attributes', rows: namedTable(sampled, header).rows, user: Math.max(0, userColumn) };
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
