import { type EventFormat, type SequencesFormat, widthOf } from './format.ts';
import { isNumber, thingNamed } from './keyed.ts';
import { keyedFormats, type Recognition, recognise, rowsInBeginning } from './recognise.ts';
import { namedTable } from './sample.ts';
import { fieldsOf, pairOf } from './sequences.ts';
import { columnOf, ITEM, named, sample, USER } from './table.ts';
import { readBeginning, type SourceFile } from './text.ts';

/** What of a file decides its role: the ids in its beginning, and the words of its header. */
export interface FileProfile {
  /** The release's lines; null for a table. */
  readonly lines: 'pretraining-lines' | 'fine-tuning-lines' | null;
  /** Users have several rows, or the header names users and items: what people did. */
  readonly isInteractions: boolean;
  readonly isDated: boolean;
  readonly isLabels: boolean;
  readonly width: number;
  /** Ids, taken for interactions. Target items of fine-tuning lines stand in `targets`. */
  readonly users: ReadonlySet<string>;
  readonly items: ReadonlySet<string>;
  readonly targets: ReadonlySet<string>;
  /** The items of each domain, where a column says of which they are. */
  readonly domains: { readonly source: ReadonlySet<string>; readonly target: ReadonlySet<string> } | null;
  /** Ids, taken for a table about items, or about users. */
  readonly itemKeys: ReadonlySet<string>;
  readonly userKeys: ReadonlySet<string>;
  /** What the header says the table is about. */
  readonly about: 'item' | 'user' | null;
  /** Most of its names would be different words. */
  readonly hasNames: boolean;
  /** Some column has numbers, or words that many users share. */
  readonly hasClasses: boolean;
}

/** Not the whole of large files, but far more ids than a preview has. */
const LOOKED_AT = { characters: 1 << 21, most: 50_000 };
/** Of a table about something nearly all rows are about different things; a few may be there twice. */
const MOSTLY = 0.9;
const NONE: ReadonlySet<string> = new Set();

/** @throws ImportError for a file that cannot be read, or has only one column */
export async function profileOf(file: SourceFile, { format, columns }: Recognition): Promise<FileProfile> {
  switch (format.format) {
    case 'pretraining-lines':
    case 'fine-tuning-lines':
      return lineProfile(await readBeginning(file, LOOKED_AT.characters), format.format);
    case 'sequences':
      return sequencesProfile(await readBeginning(file, LOOKED_AT.characters), format);
    case 'long':
    case 'labels':
    case 'domains':
      return tableProfile(file, format, columns);
    case 'names':
    case 'attributes':
      // Taken for this beside other files than now.
      return profileOf(file, await recognise(file));
  }
}

async function tableProfile(file: SourceFile, format: EventFormat, columns: readonly string[]): Promise<FileProfile> {
  const sampled = await rowsInBeginning(file, format.rows, LOOKED_AT);
  const isText = format.rows.kind === 'delimited';
  const text = isText ? await readBeginning(file, LOOKED_AT.characters) : '';
  const { names, attributes } = keyedFormats(file, sampled, text);
  const isNamed = format.rows.kind !== 'delimited' || format.rows.header;
  const rows = namedTable(sampled, isNamed).data;
  const keyedRows = names.rows;
  const isSame =
    keyedRows.kind !== 'delimited' || (format.rows.kind === 'delimited' && keyedRows.separator === format.rows.separator);
  const keyed =
    isSame || keyedRows.kind !== 'delimited' ? sampled.rows : sample(text, keyedRows.separator, Number.POSITIVE_INFINITY);
  const hasHeader = [names.rows, attributes.rows].some((of) => of.kind === 'delimited' && of.header);
  const head = sampled.names ?? (hasHeader ? keyed[0] : null);
  const about = keyed.slice(Number(hasHeader));
  const users = columnOf(rows, format.user);
  const different = new Set(users);
  const itemKeys = new Set(columnOf(about, names.item));
  const thing = head === null ? null : namedThing(head);
  const saysBoth = isNamed && named(USER)(columns[format.user]) && named(ITEM)(columns[format.item]);
  const isCatalogue = thing === 'item' && itemKeys.size >= MOSTLY * about.length;
  const shares = (c: number) => new Set(columnOf(about, c)).size / Math.max(1, about.length);
  const isNumeric = (c: number) => columnOf(about, c).every(isNumber);
  const others = Array.from({ length: widthOf(attributes.rows) }, (_, c) => c).filter((c) => c !== attributes.user);
  const itemsOf = (domain: string) =>
    new Set(columnOf(format.format === 'domains' ? rows.filter((row) => row[format.domain] === domain) : rows, format.item));
  return {
    lines: null,
    isInteractions: format.format === 'domains' || saysBoth || (different.size < MOSTLY * users.length && !isCatalogue),
    isDated: format.time !== null,
    isLabels: format.format === 'labels',
    width: widthOf(attributes.rows),
    users: different,
    items: new Set(columnOf(rows, format.item)),
    targets: NONE,
    domains: format.format === 'domains' ? { source: itemsOf(format.source), target: itemsOf(format.target) } : null,
    itemKeys,
    userKeys: new Set(columnOf(about, attributes.user)),
    about: thing,
    hasNames: !isNumeric(names.name) && shares(names.name) > 0.5,
    hasClasses: others.some((c) => isNumeric(c) || shares(c) <= 0.5),
  };
}

/** The first column that says what it holds: the things that a table is about stand first. */
const namedThing = (columns: readonly string[]): 'item' | 'user' | null =>
  columns.map(thingNamed).find((thing) => thing !== null) ?? null;

/** Users stand first, or are called by their lines. */
function sequencesProfile(text: string, { separator, hasUser, pair, timeUnit }: SequencesFormat): FileProfile {
  const rows = text.split('\n').map((line) => fieldsOf(line, separator));
  const item = (field: string) => (pair === null ? field : pairOf(field, pair)[0]);
  return {
    ...lineProfile('', 'pretraining-lines'),
    lines: null,
    isDated: pair !== null && timeUnit !== 'number',
    users: new Set(hasUser ? rows.flatMap((row) => row.slice(0, 1)) : rows.map((_, i) => `line-${i + 1}`)),
    items: new Set(rows.flatMap((row) => row.slice(Number(hasUser)).map(item))),
  };
}

/** Users are called by their lines. */
function lineProfile(text: string, lines: NonNullable<FileProfile['lines']>): FileProfile {
  const rows = text.split(/\r\n?|\n/).filter((line) => line.trim() !== '');
  const parts = rows.map((row) => row.split(',,'));
  const words = (part: number) => new Set(parts.flatMap((row) => (row[part] ?? '').split(',').map((word) => word.trim())));
  const prefix = lines === 'pretraining-lines' ? 'pretraining-line' : 'line';
  return {
    lines,
    isInteractions: true,
    isDated: false,
    isLabels: false,
    width: 0,
    users: new Set(rows.map((_, i) => `${prefix}-${i + 1}`)),
    items: words(0),
    targets: lines === 'fine-tuning-lines' ? words(1) : NONE,
    domains: null,
    itemKeys: NONE,
    userKeys: NONE,
    about: null,
    hasNames: false,
    hasClasses: false,
  };
}
