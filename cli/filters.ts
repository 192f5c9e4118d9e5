import { type EventFilters, NO_EVENT_FILTERS } from '../src/data/filters.ts';
import { UsageError } from './errors.ts';
import { oneOf } from './oneOf.ts';

const KEYS = Object.keys(NO_EVENT_FILTERS) as (keyof EventFilters)[];
const REPEATS = ['keep', 'consecutive', 'first'] as const;
const DOMAINS = ['source', 'target', 'both'] as const;
const DAY = 86_400_000;

/**
 * Filters as the command line, or an experiment's file, says them: `core=5`, `from=2013-01-01`. Days are whole ones, in UTC.
 *
 * @throws UsageError naming what is possible
 */
export function filtersOf(words: readonly string[], said: string): EventFilters {
  let filters = NO_EVENT_FILTERS;
  for (const word of words) {
    const [name, value = ''] = word.split('=').map((part) => part.trim());
    const key = oneOf(said, name, KEYS);
    filters = { ...filters, [key]: numberOrWord(key, value, `${said} ${word}`) };
  }
  return filters;
}

function numberOrWord(key: keyof EventFilters, value: string, said: string): string | number {
  switch (key) {
    case 'repeats':
      return oneOf(said, value, REPEATS);
    case 'coreOf':
      return oneOf(said, value, DOMAINS);
    case 'from':
    case 'until':
      return timeOf(key, value, said);
    default:
      if (!/^\d+$/.test(value) || Number(value) < Number(NO_EVENT_FILTERS[key]) || !Number.isSafeInteger(Number(value)))
        throw new UsageError(`${said}: “${value}” is no whole number from ${NO_EVENT_FILTERS[key]} on.`);
      return Number(value);
  }
}

function timeOf(key: 'from' | 'until', value: string, said: string): number {
  if (/^\d{4}-\d{2}-\d{2}$/.test(value) && Number.isFinite(Date.parse(value)))
    return Date.parse(value) + (key === 'until' ? DAY - 1 : 0);
  if (value !== '' && Number.isFinite(Number(value))) return Number(value);
  throw new UsageError(`${said}: “${value}” is no day such as 2013-01-31, and no number.`);
}
