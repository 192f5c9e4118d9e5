import type { UserAttribute } from '../dataset.ts';
import { quoted } from '../errors.ts';
import { freeName } from '../freeName.ts';
import { readAbout } from './about.ts';
import { numberLabel, quantileBins } from './bins.ts';
import type { AttributesFormat } from './format.ts';
import { isNumber } from './keyed.ts';
import { count, leftovers, tidy } from './names.ts';
import type { ParseOptions } from './parse.ts';
import type { SourceFile } from './text.ts';

/** Numbers with more different values than this are put into groups. */
const MOST_NUMBERS = 12;
const MOST_GROUPS = 8;
/** Words: with more different values than this, the rare ones are put together. */
const MOST_WORDS = 64;
const OTHER = 'other';
/** How files of numbers write that there is none. */
const NO_NUMBER = /^(na|n\/a|nan|null|none|nil|-|\?)$/i;
/** Two users with different words say little; with more users than this, such a column is a list of ids. */
const FEWEST_IDS = 12;

/** What is known of the users, and what is to be said about the file. */
export interface ReadAttributes {
  readonly attributes: readonly UserAttribute[];
  /** Sentences. */
  readonly notes: readonly string[];
}

/**
 * Reads a file of attributes: a row a user, every column but the user's an attribute of at most 65 values.
 *
 * @param users all users of the dataset, by number; those without a row get the value ''
 * @param taken names of attributes that the dataset has already
 * @throws ImportError, BadRowsError
 */
export async function readAttributes(
  file: SourceFile,
  format: AttributesFormat,
  users: readonly string[],
  taken: readonly string[],
  options: ParseOptions,
): Promise<ReadAttributes> {
  const table = await readAbout(file, format, format.user, users, 'user', options);
  const attributes: UserAttribute[] = [];
  const notes: string[] = [];
  const names = [...taken];
  table.columns.forEach((column, c) => {
    if (c === format.user) return;
    const name = freeName(tidy(column), names);
    const coded = codesOf(table.rows.map((row) => (row === null ? '' : tidy(row[c]))));
    if (typeof coded === 'string') {
      notes.push(`${quoted(name)} is left out: ${coded}.`);
      return;
    }
    names.push(name);
    attributes.push({ name, values: coded.values, codes: coded.codes });
    if (coded.note !== null) notes.push(`${quoted(name)} ${coded.note}.`);
  });
  const known = table.rows.filter((row) => row !== null).length;
  const what =
    attributes.length === 0
      ? 'No attribute of users could be used'
      : `User attributes: ${attributes.map(({ name }) => name).join(', ')}`;
  return {
    attributes,
    notes: [
      `${what} (${count(known)} of ${count(users.length)} users have a row).`,
      ...notes,
      ...leftovers(file.name, table, 'rows', 'users'),
    ],
  };
}

interface Coded {
  readonly values: readonly string[];
  readonly codes: Uint8Array;
  /** What was done to the column, to follow its name; null if nothing was. */
  readonly note: string | null;
}

/** A column as codes; or, of a column that says nothing, why. */
function codesOf(fields: readonly string[]): Coded | string {
  const given = fields.filter((field) => field !== '');
  const numbers = given.filter(isNumber);
  // One word among numbers makes them words, unless it says that there is no number.
  const isNumeric = numbers.length > 0 && given.every((field) => isNumber(field) || NO_NUMBER.test(field));
  const different = new Set<string | number>(isNumeric ? numbers.map(Number) : given);
  if (different.size === 0) return 'it is empty for all users';
  if (different.size === 1 && given.length === fields.length) return 'it is the same for all users';
  if (isNumeric) return numericCodes(fields, different.size);
  if (different.size === given.length && given.length > FEWEST_IDS) return 'it is different for every user, like an id';
  return wordCodes(fields, given, different.size);
}

function numericCodes(fields: readonly string[], different: number): Coded {
  const values = fields.map((field) => (isNumber(field) ? Number(field) : null));
  const known = values.filter((value) => value !== null);
  if (different <= MOST_NUMBERS) {
    const sorted = [...new Set(known)].sort((a, b) => a - b);
    const decimals = Math.max(...sorted.map((value) => (String(value).split('.')[1] ?? '').length));
    const isLarge = sorted.some((value) => Math.abs(value) >= 10_000);
    const labels = sorted.map((value) => numberLabel(value, decimals, isLarge));
    return {
      ...coded(
        values.map((value) => (value === null ? '' : labels[sorted.indexOf(value)])),
        labels,
      ),
      note: null,
    };
  }
  const { labels, codes } = quantileBins(known, MOST_GROUPS);
  let next = 0;
  const words = values.map((value) => (value === null ? '' : labels[codes[next++]]));
  return { ...coded(words, labels), note: `was cut into ${labels.length} groups of about the same size` };
}

function wordCodes(fields: readonly string[], given: readonly string[], different: number): Coded {
  if (different <= MOST_WORDS) return { ...coded(fields, inOrder(new Set(given))), note: null };
  const frequency = new Map<string, number>();
  for (const field of given) frequency.set(field, (frequency.get(field) ?? 0) + 1);
  const frequent = [...frequency].sort(([a, n], [b, m]) => m - n || (a < b ? -1 : 1)).slice(0, MOST_WORDS - 1);
  const kept = new Set(frequent.map(([word]) => word));
  const words = fields.map((field) => (field === '' || kept.has(field) ? field : OTHER));
  kept.delete(OTHER);
  return {
    ...coded(words, [...inOrder(kept), OTHER]),
    note: `has ${count(different)} different values: all but the ${MOST_WORDS - 1} most frequent are “${OTHER}”`,
  };
}

/** As one reads them: “5-9” before “10-14”. */
const inOrder = (words: Iterable<string>): string[] => [...words].sort(new Intl.Collator('en', { numeric: true }).compare);

/** Places of words in a list, which gets '' at its end where it occurs. */
function coded(words: readonly string[], values: readonly string[]): { values: readonly string[]; codes: Uint8Array } {
  const all = words.includes('') ? [...values, ''] : values;
  const places = new Map(all.map((value, code) => [value, code]));
  return { values: all, codes: Uint8Array.from(words, (word) => places.get(word) ?? 0) };
}
