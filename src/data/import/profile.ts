import { isNumber, thingNamed } from './keyed.ts';
import { keyedFormats, type LongFormat, type Recognition, recognise } from './recognise.ts';
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

/** Characters that are looked at: not the whole of large files, but far more ids than a preview has. */
const LOOKED_AT = 1 << 21;
/** Of a table about something nearly all rows are about different things; a few may be there twice. */
const MOSTLY = 0.9;
const NONE: ReadonlySet<string> = new Set();

/** @throws ImportError for a file that cannot be read, or has only one column */
export async function profileOf(file: SourceFile, { format, columns }: Recognition): Promise<FileProfile> {
  const text = await readBeginning(file, LOOKED_AT);
  switch (format.format) {
    case 'pretraining-lines':
    case 'fine-tuning-lines':
      return lineProfile(text, format.format);
    case 'long':
    case 'labels':
      return tableProfile(file, text, format, columns);
    case 'names':
    case 'attributes':
      // Taken for this beside other files than now.
      return profileOf(file, await recognise(file));
  }
}

function tableProfile(file: SourceFile, text: string, format: LongFormat, columns: readonly string[]): FileProfile {
  const { names, attributes } = keyedFormats(file, text);
  const whole = sample(text, format.separator, Number.POSITIVE_INFINITY);
  const rows = whole.slice(Number(format.header));
  const keyed = names.separator === format.separator ? whole : sample(text, names.separator, Number.POSITIVE_INFINITY);
  const hasHeader = names.header || attributes.header;
  const about = keyed.slice(Number(hasHeader));
  const users = columnOf(rows, format.user);
  const different = new Set(users);
  const itemKeys = new Set(columnOf(about, names.item));
  const thing = hasHeader ? namedThing(keyed[0]) : null;
  const saysBoth = format.header && named(USER)(columns[format.user]) && named(ITEM)(columns[format.item]);
  const isCatalogue = thing === 'item' && itemKeys.size >= MOSTLY * about.length;
  const shares = (c: number) => new Set(columnOf(about, c)).size / Math.max(1, about.length);
  const isNumeric = (c: number) => columnOf(about, c).every(isNumber);
  const others = Array.from({ length: attributes.width }, (_, c) => c).filter((c) => c !== attributes.user);
  return {
    lines: null,
    isInteractions: saysBoth || (different.size < MOSTLY * users.length && !isCatalogue),
    isDated: format.time !== null,
    isLabels: format.format === 'labels',
    width: attributes.width,
    users: different,
    items: new Set(columnOf(rows, format.item)),
    targets: NONE,
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
    itemKeys: NONE,
    userKeys: NONE,
    about: null,
    hasNames: false,
    hasClasses: false,
  };
}
