import type { SequencesFormat } from './format.ts';
import { problemOfTime } from './problems.ts';
import type { Separator } from './separators.ts';

/** The fields of a line; spaces stand for any number of them, and for tabs. */
export function fieldsOf(line: string, separator: Separator): readonly string[] {
  const fields = line.split(separator === ' ' ? /[ \t]+/ : separator).map((field) => field.trim());
  return fields.filter((field) => field !== '');
}

/** An item and its time; the time is '' where none stands. */
export function pairOf(field: string, pair: string): readonly [string, string] {
  const at = field.indexOf(pair);
  return at < 0 ? [field, ''] : [field.slice(0, at).trim(), field.slice(at + pair.length).trim()];
}

/** A line, taken apart. */
export interface Sequence {
  /** Null where users are called by their lines. */
  readonly user: string | null;
  /** The time is null where the format has none. */
  readonly items: readonly { readonly item: string; readonly time: string | null }[];
}

export function sequenceOf(line: string, { separator, hasUser, pair }: SequencesFormat): Sequence {
  const fields = fieldsOf(line, separator);
  const items = (hasUser ? fields.slice(1) : fields).map((field) => {
    if (pair === null) return { item: field, time: null };
    const [item, time] = pairOf(field, pair);
    return { item, time };
  });
  return { user: hasUser ? (fields[0] ?? '') : null, items };
}

/** What is wrong with a line; null if nothing is. */
export function problemOfLine({ user, items }: Sequence, { timeUnit }: SequencesFormat): string | null {
  if (user === '') return 'the user is empty';
  if (items.length === 0) return 'has a user but no items';
  for (const [i, { item, time }] of items.entries()) {
    if (item === '') return `item ${i + 1} is empty`;
    const what = time === null ? null : problemOfTime(time, timeUnit, `item ${i + 1}`);
    if (what !== null) return what;
  }
  return null;
}
