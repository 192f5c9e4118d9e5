import type { EventFilters } from './filters.ts';
import { FURTHEST } from './times.ts';

const DOMAINS: Record<EventFilters['coreOf'], string> = {
  source: 'the source domain',
  target: 'the target domain',
  both: 'each domain',
};

/** 1973-03-03 in milliseconds. Smaller numbers may count anything. */
const MILLISECONDS = 1e11;

/** A moment of a range: a day, or the number that it is. */
const moment = (at: number): string =>
  at >= MILLISECONDS && at <= FURTHEST ? new Date(at).toISOString().slice(0, 10) : String(at);

/** What was left out before the preparation, a sentence a filter, in the order in which they apply; none where nothing was. */
export function filterWords(filters: EventFilters | undefined): string[] {
  if (filters === undefined) return [];
  const { from, until, repeats, core, coreOf, minimumSourceLength, maximumSourceLength, minimumTargetsPerUser } = filters;
  const words: string[] = [];
  if (from !== null || until !== null) {
    const [begin, end] = [from === null ? '' : ` from ${moment(from)}`, until === null ? '' : ` until ${moment(until)}`];
    words.push(`Only events${begin}${end}.`);
  }
  if (repeats === 'consecutive') words.push('No item twice in a row.');
  if (repeats === 'first') words.push('Each item of a user only once, the first time.');
  if (core > 1) words.push(`${core}-core of ${DOMAINS[coreOf]}.`);
  if (minimumSourceLength > 1) words.push(`Only users with at least ${minimumSourceLength} source events.`);
  if (maximumSourceLength > 0) words.push(`Each user keeps the most recent ${maximumSourceLength} source events.`);
  if (minimumTargetsPerUser > 1) words.push(`Targets only of users with at least ${minimumTargetsPerUser} of them.`);
  return words;
}
