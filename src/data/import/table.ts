import { splitRows } from './rows.ts';
import type { Separator } from './separators.ts';

const SAMPLED_ROWS = 400;

/** The first rows of a text, as a separator cuts them. */
export const sample = (text: string, separator: Separator, rows = SAMPLED_ROWS): string[][] =>
  splitRows(text, separator, 1)
    .rows.slice(0, rows)
    .map(({ fields }) => fields.map((field) => field.trim()));

/** Names of columns have no digits; ids such as “user-17” do. “userAge” is two words. */
export const named = (pattern: RegExp) => (field: string) =>
  pattern.test(field.replace(/([a-z])([A-Z])/g, '$1 $2')) && !/\d/.test(field);
export const USER = /user|uid|reviewer|customer|visitor|session/i;
export const ITEM = /item|product|asin|movie|book|business|track|article|iid/i;
export const LABEL = /(^|[^a-z])(label|class|gender|sex|age|bracket|status|profile)([^a-z]|$)/i;
export const TIME = /time|date|^ts$|unix/i;
export const DOMAIN = /domain|market|platform|^site$/i;

/** The fields of a column that are not empty. */
export const columnOf = (rows: readonly string[][], column: number): string[] =>
  rows.map((row) => row[column]).filter((field) => field !== undefined && field !== '');

/** The most frequent value; 0 of none. */
export function mode(values: readonly number[]): number {
  const counts = new Map<number, number>();
  for (const value of values) counts.set(value, (counts.get(value) ?? 0) + 1);
  return [...counts].reduce((best, entry) => (entry[1] > best[1] ? entry : best), [0, 0])[0];
}
