import type { EventFilters } from '../src/data/filters.ts';
import type { EventFormat, FileFormat } from '../src/data/import/format.ts';
import { type Separator, separatorProblem } from '../src/data/import/separators.ts';
import type { Supplements } from '../src/data/import/supplement.ts';
import { TIME_UNITS, type TimeUnit } from '../src/data/import/times.ts';
import type { SimulatorSettings } from '../src/data/simulator.ts';
import { UsageError } from './errors.ts';
import { filtersOf } from './filters.ts';
import { oneOf } from './oneOf.ts';

/** What is read. With labels the target file is not needed, and not used. */
type Files =
  | { readonly kind: 'long'; readonly source: string; readonly target: string | null; readonly labels: string | null }
  | { readonly kind: 'both'; readonly source: string; readonly labels: null }
  | { readonly kind: 'lines'; readonly source: string; readonly target: string; readonly labels: string | null };

/** One dataset: from where, and how it is read. */
export interface DataChoice {
  /** Null: what the files, or the simulator, are called. */
  readonly name: string | null;
  readonly simulate: SimulatorSettings | null;
  /** Null without `simulate`: the demo. */
  readonly files: Files | null;
  /** Paths of the optional files. */
  readonly supplements: { readonly [K in keyof Supplements]: string | null };
  readonly skipBadRows: boolean;
  /** Null: nothing is left out before the preparation. */
  readonly filters: EventFilters | null;
  /** Undefined: as recognised. */
  readonly separator: Separator | undefined;
  /** Corrects what was recognised. */
  readonly correct: (format: FileFormat, columns: readonly string[]) => FileFormat;
}

/** As the command line, or an experiment's file, says it. */
export interface DataWords {
  readonly source?: string;
  readonly target?: string;
  /** One file with both domains, and what its domain column has for source and target. */
  readonly both?: string;
  readonly domains?: string;
  readonly pretrain?: string;
  readonly finetune?: string;
  readonly labels?: string;
  readonly columns?: string;
  readonly separator?: string;
  readonly timeUnit?: string;
  readonly skipBadRows?: boolean;
  readonly filter?: readonly string[];
  readonly sourceNames?: string;
  readonly targetNames?: string;
  readonly attributes?: string;
}

/** How one of the words is called where it was said: `--time-unit`. */
export type Saying = (word: keyof DataWords) => string;

/** @throws UsageError for words that do not go together, or without the other half of a pair */
export function filesOfWords(words: DataWords, say: Saying): DataChoice {
  return {
    name: null,
    simulate: null,
    files: filesOf(words, say),
    supplements: supplementsOf(words, say),
    skipBadRows: words.skipBadRows ?? false,
    filters: words.filter === undefined ? null : wantedFilters(words.filter, filesOf(words, say) !== null, say('filter')),
    separator: separatorOf(words.separator, say),
    correct: correction(words, say),
  };
}

function filesOf({ source, target, both, pretrain, finetune, ...rest }: DataWords, say: Saying): Files | null {
  const labels = rest.labels ?? null;
  const long = [source, target].filter((file) => file !== undefined);
  const lines = [pretrain, finetune].filter((file) => file !== undefined);
  if (rest.domains !== undefined && both === undefined)
    throw new UsageError(`${say('domains')} says what of ${say('both')} is source and target.`);
  if (both !== undefined) {
    if (long.length + lines.length > 0 || labels !== null)
      throw new UsageError(`${say('both')} is one file with both domains: no other file of interactions or labels goes with it.`);
    return { kind: 'both', source: both, labels: null };
  }
  if (long.length > 0 && lines.length > 0)
    throw new UsageError(`Give either ${say('source')} and ${say('target')}, or ${say('pretrain')} and ${say('finetune')}.`);
  if (lines.length === 1) throw new UsageError(`${say('pretrain')} and ${say('finetune')} go together: they are a pair.`);
  if (lines.length === 2) return { kind: 'lines', source: lines[0], target: lines[1], labels };
  if (source !== undefined && labels !== null) return { kind: 'long', source, target: target ?? null, labels };
  if (long.length === 1)
    throw new UsageError(
      `${say('source')} and ${say('target')} go together: one file a domain. (Or ${say('source')} and ${say('labels')}.)`,
    );
  if (labels !== null)
    throw new UsageError(
      `${say('labels')} needs the source sequences: ${say('source')}, or ${say('pretrain')} and ${say('finetune')}.`,
    );
  return source !== undefined && target !== undefined ? { kind: 'long', source, target, labels: null } : null;
}

function supplementsOf(words: DataWords, say: Saying): DataChoice['supplements'] {
  const given = (['sourceNames', 'targetNames', 'attributes'] as const).find((word) => words[word] !== undefined);
  if (given !== undefined && filesOf(words, say) === null)
    throw new UsageError(
      `${say(given)} needs the files it is about: ${say('source')} and ${say('target')}, or ${say('pretrain')} and ${say('finetune')}.`,
    );
  if (words.targetNames !== undefined && words.labels !== undefined)
    throw new UsageError(`${say('targetNames')} does not go with ${say('labels')}: labels name themselves.`);
  return {
    sourceNames: words.sourceNames ?? null,
    targetNames: words.targetNames ?? null,
    attributes: words.attributes ?? null,
  };
}

function wantedFilters(filter: readonly string[], hasFiles: boolean, said: string): EventFilters {
  if (!hasFiles) throw new UsageError(`${said} needs files of interactions: nothing is filtered of a simulated dataset.`);
  return filtersOf(filter, said);
}

const NAMED_SEPARATORS: Readonly<Record<string, Separator>> = {
  comma: ',',
  semicolon: ';',
  tab: '\t',
  '\\t': '\t',
  space: ' ',
};

function separatorOf(word: string | undefined, say: Saying): Separator | undefined {
  if (word === undefined) return undefined;
  const separator = NAMED_SEPARATORS[word] ?? word;
  const problem = separatorProblem(separator);
  if (problem !== null) throw new UsageError(`${say('separator')}: ${problem}`);
  return separator;
}

function correction(words: DataWords, say: Saying): DataChoice['correct'] {
  const unit = words.timeUnit === undefined ? undefined : oneOf<TimeUnit>(say('timeUnit'), words.timeUnit, TIME_UNITS);
  const columns = words.columns?.split(',').map((column) => column.trim());
  const domains = words.domains?.split(',').map((domain) => domain.trim());
  if (domains !== undefined && (domains.length !== 2 || domains.includes('')))
    throw new UsageError(`${say('domains')}: expected two words of the domain column, the source’s first: music,books.`);
  return (format, names) => {
    if (format.format === 'sequences') return { ...format, timeUnit: unit ?? format.timeUnit };
    if (format.format !== 'long' && format.format !== 'domains') return format;
    const chosen = columns === undefined ? null : columnsOf(columns, names, say('columns'));
    const corrected: EventFormat = { ...format, ...chosen?.events, timeUnit: unit ?? format.timeUnit };
    if (corrected.format !== 'domains') return corrected;
    const [source, target] = domains ?? [corrected.source, corrected.target];
    return { ...corrected, domain: chosen?.domain ?? corrected.domain, source, target };
  };
}

interface ChosenColumns {
  readonly events: Pick<EventFormat, 'user' | 'item' | 'time'>;
  readonly domain: number | null;
}

/** The columns by header names (user, item, time, domain), or by their roles in order. */
function columnsOf(words: readonly string[], names: readonly string[], said: string): ChosenColumns {
  const byName = words.map((word) => names.indexOf(word));
  if (words.length >= 2 && byName.every((column) => column >= 0)) {
    const [user, item, time = null, domain = null] = byName;
    return { events: { user, item, time }, domain };
  }
  const user = words.indexOf('user');
  const item = words.indexOf('item');
  const time = words.findIndex((word) => word === 'timestamp' || word === 'time');
  const domain = words.indexOf('domain');
  if (user < 0 || item < 0) {
    throw new UsageError(
      `${said} ${words.join(',')}: name the user, item, time and domain columns by the header (${names.join(', ')}), or say what each column is, in order: user,item,timestamp.`,
    );
  }
  const missing = words.length > names.length;
  if (missing)
    throw new UsageError(`${said} ${words.join(',')}: the file has only ${names.length} columns (${names.join(', ')}).`);
  return { events: { user, item, time: time < 0 ? null : time }, domain: domain < 0 ? null : domain };
}
