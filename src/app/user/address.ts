import type { Subject } from '../../services/protocol.ts';
import { type Hand, handText, readHand } from './hand.ts';

/** What the page of one user shows: all of it stands in the address, so that a link brings back the same view. */
export interface UserAddress {
  readonly run: number | null;
  /** Null: the first user of the dataset. */
  readonly subject: Subject | null;
  readonly hand: Hand;
  /** Which of the user's targets is looked for, from 1; null for the usual one. */
  readonly target: number | null;
  /** The target item, by its number, that is looked for with a composed sequence; null for none. */
  readonly item: number | null;
}

const wholeNumber = (text: string | null): number | null => (text !== null && /^\d+$/.test(text) ? Number(text) : null);

/** Reads `run=3&user=u-17&hand=01&target=2` or `run=3&items=5.17.3&item=4`. What is not understood counts as not given. */
export function readAddress(search: URLSearchParams): UserAddress {
  const user = search.get('user');
  const items = search.get('items');
  const sequence = items === null ? null : items.split('.').flatMap((text) => wholeNumber(text) ?? []);
  return {
    run: wholeNumber(search.get('run')),
    subject: user !== null ? { user } : sequence !== null ? { sequence } : null,
    hand: readHand(search.get('hand') ?? ''),
    target: wholeNumber(search.get('target')),
    item: wholeNumber(search.get('item')),
  };
}

/** The contrary of `readAddress`; only what is given is written. */
export function writeAddress({ run, subject, hand, target, item }: UserAddress): Record<string, string> {
  return {
    ...(run === null ? {} : { run: String(run) }),
    ...(subject === null ? {} : 'user' in subject ? { user: subject.user } : { items: subject.sequence.join('.') }),
    ...(hand.length === 0 ? {} : { hand: handText(hand) }),
    ...(target === null ? {} : { target: String(target) }),
    ...(item === null ? {} : { item: String(item) }),
  };
}

/** A link to one user of a run. */
export const userLink = (run: number, user: string): string =>
  `/user?${new URLSearchParams({ run: String(run), user }).toString()}`;
