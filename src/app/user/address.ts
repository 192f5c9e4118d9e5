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
  /** With a composed sequence, the user whom one came from; null where that is nobody. */
  readonly from: string | null;
  /** Whether what the simulator planted is shown, as on the Policies page. */
  readonly truth: boolean;
}

const wholeNumber = (text: string | null): number | null => (text !== null && /^\d+$/.test(text) ? Number(text) : null);

/** Reads `run=3&user=u-17&hand=01&target=2` or `run=3&items=5.17.3&item=4&from=u-17`, each with `truth=1` or without. What is not understood counts as not given. */
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
    from: search.get('from'),
    truth: search.get('truth') === '1',
  };
}

/** The contrary of `readAddress`; only what is given is written. */
export function writeAddress({ run, subject, hand, target, item, from, truth }: UserAddress): Record<string, string> {
  return {
    ...(run === null ? {} : { run: String(run) }),
    ...(subject === null ? {} : 'user' in subject ? { user: subject.user } : { items: subject.sequence.join('.') }),
    ...(hand.length === 0 ? {} : { hand: handText(hand) }),
    ...(target === null ? {} : { target: String(target) }),
    ...(item === null ? {} : { item: String(item) }),
    ...(from === null ? {} : { from }),
    ...(truth ? { truth: '1' } : {}),
  };
}

/** Nothing that was chosen for one user or run is kept for another; whether the truth is shown is. */
export const FRESH = { hand: [], target: null, item: null, from: null } as const;

const linkTo = (path: string, parts: Record<string, string>, truth: boolean): string =>
  `${path}?${new URLSearchParams({ ...parts, ...(truth ? { truth: '1' } : {}) }).toString()}`;

/** A link to one user of a run, with the planted truth where it is shown already. */
export const userLink = (run: number, user: string, truth = false): string => linkTo('/user', { run: String(run), user }, truth);

/** A link to the policies of a run. */
export const policiesLink = (run: number, truth: boolean): string => linkTo('/policies', { run: String(run) }, truth);
